import { expect, it } from '@jest/globals';
import { linkPath } from './link-path.js';
import type { Join } from './linking.js';

const subject = (index: number): Buffer => Buffer.alloc(16, index);
const join = (rule: Join['rule'], ...subjects: number[]): Join => ({ rule, subjects: subjects.map(subject) });
const component = {
  subjects: [1, 2, 3, 4, 5].map(subject),
  joins: [join('operator', 4, 5), join('nhs-number', 1, 2), join('nino', 2, 3, 4), join('name-dob-postcode', 1, 3)],
};
const path = (from: number[], to: number[]) => {
  const found = linkPath(component, from.map(subject), to.map(subject));
  return found === null ? null : [found.from[0], ...found.steps.map(({ rule, subject: reached }) => `${rule} ${reached[0]}`)];
};

it('goes over the fewest joins, the first of them where there are several', () => {
  expect(path([1], [5])).toEqual([1, 'nhs-number 2', 'nino 4', 'operator 5']);
  expect(path([1], [3])).toEqual([1, 'name-dob-postcode 3']);
});

it('starts wherever it is shortest, and may be no step at all', () => {
  expect(path([1, 4], [5])).toEqual([4, 'operator 5']);
  expect(path([1, 5], [2, 5])).toEqual([5]);
});

it('is none to somebody else', () => {
  expect(path([1], [9])).toBeNull();
});
