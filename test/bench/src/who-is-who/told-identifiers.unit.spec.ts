import { decodeEvent } from '@throughline/event-contracts';
import { linkClosure } from '@throughline/identity';
import { PARTITIONS, toldOf } from './told-identifiers.js';

const PEOPLE = 3_000;
const everybody = Array.from({ length: PEOPLE }, (_, person) => toldOf(person));
const first = everybody.flatMap((each) => each.first);

it('says what its records say, each where its subject belongs', () => {
  for (const { subject, identifiers, value, partition } of [...first.slice(0, 200), ...everybody.flatMap(({ corrections }) => corrections)]) {
    const event = decodeEvent(value);
    expect(event).toMatchObject({ type: 'SubjectIdentified', value: { meta: { subject }, identifiers } });
    expect(partition).toBeGreaterThanOrEqual(0);
    expect(partition).toBeLessThan(PARTITIONS);
  }
});

it('names each subject once, and again only with a later word', () => {
  const names = first.map(({ subject }) => subject.toString('hex'));
  expect(new Set(names).size).toBe(names.length);
  const corrections = everybody.flatMap((each) => each.corrections);
  expect(corrections.length).toBeGreaterThan(0);
  expect(corrections.every(({ subject }) => names.includes(subject.toString('hex')))).toBe(true);
});

it('is about people whom several sources know, most of whom can be told to be one', () => {
  const components = linkClosure(first.map(({ subject, identifiers }) => ({ subject, identifiers })));
  const perPerson = first.length / PEOPLE;
  expect(perPerson).toBeGreaterThan(2.4);
  expect(perPerson).toBeLessThan(3);
  expect(components.length).toBeGreaterThan(PEOPLE);
  expect(components.length).toBeLessThan(PEOPLE * 1.5);
  expect(components.some(({ conflicts }) => conflicts.length > 0)).toBe(true);
});
