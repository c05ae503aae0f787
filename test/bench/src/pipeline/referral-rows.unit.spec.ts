import { checkNhsNumber } from '@throughline/identity';
import { bareReferral, fullReferral, nhsNumberAt, referralsFile } from './referral-rows.js';

const PLACES = Array.from({ length: 30_000 }, (_, place) => place);

describe('referrals of new people', () => {
  it('have a right NHS number each, another for every one', () => {
    const numbers = PLACES.map(nhsNumberAt);
    expect(new Set(numbers).size).toBe(PLACES.length);
    for (const number of numbers) expect(checkNhsNumber(number)).toBe('PASSED');
  });

  it('are of people whom nothing makes one: no name comes twice with one day of birth', () => {
    const people = PLACES.map((place) => fullReferral(place, '2032-03-11').split(',').slice(4, 7).join(' '));
    expect(new Set(people).size).toBe(PLACES.length);
    expect(people[0]).toMatch(/^[a-z]+ [a-z]+ \d{4}-\d{2}-\d{2}$/);
  });
});

it('a file holds its header and a row for each, with as many fields', () => {
  const lines = referralsFile([bareReferral('P-1', '2031-05-14'), fullReferral(7, '2032-03-11')]).split('\n');
  expect(lines).toHaveLength(4);
  expect(lines.at(-1)).toBe('');
  expect(lines.slice(0, 3).map((line) => line.split(',').length)).toEqual([12, 12, 12]);
});
