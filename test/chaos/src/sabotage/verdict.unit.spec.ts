import { verdictOf } from './verdict.js';
import type { TestEnd, TestRun } from './workshop.js';

const TEST = 'counts it once';

const run = (end: TestEnd, stopped = false): TestRun => ({ ends: new Map([[TEST, end]]), stopped });

test.each([
  ['failed', false, true, 'caught'],
  ['passed', false, false, 'SURVIVED'],
  ['absent', false, false, 'no proof: with it the test does not run'],
  ['absent', true, true, 'caught: stopped at the limit'],
  ['failed', true, true, 'caught, then stopped at the limit'],
  ['passed', true, false, 'SURVIVED, then stopped at the limit'],
] as const)('a test that passed, and with the patch is %s (stopped: %s)', (end, stopped, caught, text) => {
  expect(verdictOf(run('passed'), run(end, stopped), TEST)).toEqual({ caught, text });
});

test.each([
  ['failed', false, 'no proof: without it the test is failed'],
  ['absent', false, 'no proof: without it the test is absent'],
  ['absent', true, 'no proof: without it the test is absent, stopped at the limit'],
] as const)('a test that is %s without the patch proves nothing (stopped: %s)', (end, stopped, text) => {
  expect(verdictOf(run(end, stopped), run('failed'), TEST)).toEqual({ caught: false, text });
});

test('a run that tells nothing of the test is one without it', () => {
  expect(verdictOf(run('passed'), { ends: new Map(), stopped: false }, TEST)).toEqual({ caught: false, text: 'no proof: with it the test does not run' });
});
