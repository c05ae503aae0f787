import type { InForce } from './in-force.js';
import { peopleOf } from './people.js';
import type { Subject } from './people.js';

const subject = (certain: readonly string[], demographic: readonly string[] = []): Subject => ({
  facts: [{ body: { type: 'SubjectIdentified', certain, dateOfBirth: null, demographic } } as unknown as InForce],
});
const sizes = (subjects: readonly Subject[], most?: number) => peopleOf(subjects, most).map((person) => person.length).sort();

it('takes what more subjects share than one person can be for nobody’s, and one fewer for a person’s', () => {
  const three = [subject(['NINO:A']), subject(['NINO:A']), subject(['NINO:A'])];
  expect(sizes(three, 3)).toEqual([3]);
  expect(sizes(three, 2)).toEqual([1, 1, 1]);
});

it('lets it contradict nothing either', () => {
  const filler = ['NINO:A', 'NINO:B'];
  const people = [subject(filler, ['X']), subject(['NINO:A'], ['X']), subject(['NINO:A']), subject(['NINO:B'], ['X'])];
  expect(sizes(people, 4)).toEqual([4]);
  expect(sizes([subject(filler, ['X']), subject(['NINO:A']), subject(['NINO:A']), subject([], ['X'])], 2)).toEqual([1, 1, 2]);
});

it('has a bound that no person reaches', () => {
  expect(sizes(Array.from({ length: 100 }, () => subject(['NINO:A'])))).toEqual([100]);
  expect(sizes(Array.from({ length: 101 }, () => subject(['NINO:A'])))).toHaveLength(101);
});
