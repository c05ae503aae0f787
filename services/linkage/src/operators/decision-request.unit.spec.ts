import { DECISION_REQUEST } from './decision-request.js';

const request = { kind: 'SPLIT', subjects: ['0a'.repeat(16)], by: 'j.okafor', reason: 'RELATIVES' };
const isTaken = (more: object): boolean => DECISION_REQUEST.safeParse({ ...request, ...more }).success;

it.each(['council copied the row above', 'twins. see case 12', 'typed twice', 'moved in 2026'])('takes the words "%s"', (note) => {
  expect(isTaken({ note })).toBe(true);
});

it.each([
  ['an NHS number', '943 476 5919 was typed'],
  ['an NHS number within a word', 'no9434765919'],
  ['a National Insurance number', 'had qq 12 34 56 c'],
  ['a telephone number', 'rang 01632 960001 twice'],
  ['a postcode', 'both at sw1a 1aa'],
  ['a date', 'born 1990-02-03'],
  ['a name as one writes it', 'ask Mr Okafor'],
  ['lines', 'one\ntwo'],
  ['a letter', 'x'.repeat(201)],
])('refuses %s', (_, note) => {
  expect(isTaken({ note })).toBe(false);
});

it.each(['J Okafor', '9434765919', 'a', 'j@example'])('refuses to be told by "%s"', (by) => {
  expect(isTaken({ by })).toBe(false);
});

it('repeats nothing of what it refuses', () => {
  const { error } = DECISION_REQUEST.safeParse({ kind: 'secret-1', subjects: ['secret-2'], by: 'secret 3', reason: 'secret-4', note: 'SECRET', secret: 1 });
  expect(error?.issues.length).toBeGreaterThan(4);
  expect(error?.issues.map(({ message }) => message).join()).not.toMatch(/secret/i);
});
