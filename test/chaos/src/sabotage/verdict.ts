import type { TestEnd, TestRun } from './workshop.js';

/** What one patch showed. */
export interface Verdict {
  readonly caught: boolean;
  readonly text: string;
}

const AFTER: Readonly<Record<TestEnd, Verdict>> = {
  failed: { caught: true, text: 'caught' },
  passed: { caught: false, text: 'SURVIVED' },
  absent: { caught: false, text: 'no proof: with it the test does not run' },
};

/**
 * Caught only if the very test that passes without the patch fails with it, or never comes to its end: one that cannot even
 * be loaded notices nothing.
 *
 * @param before the spec's run without the patch
 * @param after the run with it
 * @param test title of the test that has to notice
 */
export function verdictOf(before: TestRun, after: TestRun, test: string): Verdict {
  const was = before.ends.get(test) ?? 'absent';
  if (was !== 'passed') return { caught: false, text: `no proof: without it the test is ${was}${before.stopped ? ', stopped at the limit' : ''}` };
  const end = after.ends.get(test) ?? 'absent';
  if (!after.stopped) return AFTER[end];
  return end === 'absent' ? { caught: true, text: 'caught: stopped at the limit' } : { ...AFTER[end], text: `${AFTER[end].text}, then stopped at the limit` };
}
