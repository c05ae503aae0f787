import type { SubjectIdentifier } from '@throughline/event-contracts';
import { linkClosure } from '@throughline/identity';
import fc from 'fast-check';

import type { Decision } from './decisions.js';
import type { InForce } from './in-force.js';
import { peopleOf } from './people.js';
import type { Subject } from './people.js';

const subject = (certain: readonly string[], demographic: readonly string[] = [], id: string | null = null, dateOfBirth: string | null = null): Subject => ({
  id,
  facts: [{ body: { type: 'SubjectIdentified', certain, dateOfBirth, demographic } } as unknown as InForce],
});
const sizes = (subjects: readonly Subject[], most?: number) => peopleOf(subjects, [], most).map((person) => person.length).sort();

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

describe('what operators decided', () => {
  const idOf = (n: number): string => Buffer.alloc(16, n).toString('hex');
  const at = (second: number): string => new Date(second * 1_000).toISOString();
  const people = (subjects: readonly Subject[], decisions: readonly Decision[]): string[] => peopleOf(subjects, decisions).map((person) => person.map(({ id }) => id?.slice(0, 2)).sort().join(' ')).sort();

  it('joins whom nothing else does, and takes from whoever is moved out what is shared', () => {
    const three = [subject(['NINO:A'], [], idOf(1)), subject(['NINO:A'], [], idOf(2)), subject([], [], idOf(3))];
    const split: Decision = { decision: idOf(9), kind: 'SPLIT', subjects: [idOf(2)], apartFrom: [idOf(1)], at: at(1) };
    expect(people(three, [])).toEqual(['01 02', '03']);
    expect(people(three, [split])).toEqual(['01', '02', '03']);
    expect(people(three, [split, { decision: idOf(8), kind: 'JOIN', subjects: [idOf(2), idOf(3)], apartFrom: [], at: at(2) }])).toEqual(['01', '02 03']);
    expect(people(three, [split, { decision: idOf(8), kind: 'JOIN', subjects: [idOf(1), idOf(2)], apartFrom: [], at: at(2) }])).toEqual(['01 02', '03']);
  });

  it('makes of any identifiers the people that the platform makes of them', () => {
    const few = (...tokens: readonly string[]) => fc.subarray([...tokens], { maxLength: 2 });
    const who = fc.record({ certain: few('NINO:A', 'NINO:B', 'ULN:A', 'NHS_NUMBER:A', 'NHS_NUMBER:B'), demographic: few('X', 'Y'), born: fc.constantFrom(null, null, '2001-01-01', '2002-02-02') });
    const ids = [1, 2, 3, 4, 5, 6];
    const anyone = fc.subarray(ids, { minLength: 1, maxLength: 3 });
    const decision = fc.record({ kind: fc.constantFrom('SPLIT' as const, 'JOIN' as const), of: anyone, from: anyone, second: fc.integer({ min: 1, max: 3 }) });
    const token = (kind: SubjectIdentifier['kind'], value: string): SubjectIdentifier => ({ kind, check: 'PASSED', token: { keyId: 'k', value: Buffer.from(value.padEnd(16)) } });
    let decidedUpon = 0;
    fc.assert(
      fc.property(fc.array(who, { minLength: 6, maxLength: 6 }), fc.array(decision, { maxLength: 4 }), (holders, made) => {
        const decisions = made.map(({ kind, of, from, second }, index): Decision => ({
          decision: Buffer.alloc(16, 50 + index).toString('hex'),
          kind,
          subjects: of.map(idOf),
          apartFrom: kind === 'JOIN' ? [] : from.filter((each) => !of.includes(each)).map(idOf),
          at: at(second),
        }));
        const told = holders.map(({ certain, demographic, born }, index) => subject(certain, demographic, idOf(index + 1), born));
        const platform = linkClosure(
          holders.map(({ certain, demographic, born }, index) => ({
            subject: Buffer.alloc(16, index + 1),
            identifiers: [
              ...certain.map((text) => token(text.slice(0, text.indexOf(':')) as SubjectIdentifier['kind'], text.slice(-1))),
              ...demographic.map((text) => token('NAME_DOB_POSTCODE', text)),
              ...(born === null ? [] : [token('DATE_OF_BIRTH', born)]),
            ],
          })),
          100,
          decisions.map(({ decision: id, kind, subjects, apartFrom, at: when }) => ({ id, kind, decidedAt: Date.parse(when), subjects: subjects.map((each) => Buffer.from(each, 'hex')), apartFrom: apartFrom.map((each) => Buffer.from(each, 'hex')) })),
        );
        const expected = platform.map(({ subjects }) => subjects.map((each) => each.toString('hex').slice(0, 2)).sort().join(' ')).sort();
        expect(people(told, decisions)).toEqual(expected);
        if (people(told, []).join() !== expected.join()) decidedUpon += 1;
      }),
      { numRuns: 2_000 },
    );
    expect(decidedUpon).toBeGreaterThan(200);
  });
});
