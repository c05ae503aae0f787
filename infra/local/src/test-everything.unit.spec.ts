import { tallyLine, tallyOfJest } from './test-everything.js';

const results = { success: true, numPassedTests: 10, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };

test('the last line adds up tests and checks', () => {
  expect(tallyLine([{ passed: 1, failed: 0 }, tallyOfJest(results), { passed: 0, failed: 1 }])).toBe('11 passed, 1 failed');
});

test.each([
  ['a failed test', { ...results, success: false, numFailedTests: 2 }, { passed: 10, failed: 2 }],
  ['a suite that cannot be loaded', { ...results, success: false, numRuntimeErrorTestSuites: 1 }, { passed: 10, failed: 1 }],
  ['a run that failed for another reason', { ...results, success: false }, { passed: 10, failed: 1 }],
  ['a run that left no result', undefined, { passed: 0, failed: 1 }],
])('%s counts as failed', (_case, run, tally) => {
  expect(tallyOfJest(run)).toEqual(tally);
});
