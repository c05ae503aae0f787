import { runHistories, tellOf } from './run-histories.js';
import { runHistory } from './run-history.js';

const HISTORIES = 300;

describe('the platform in one process, with everything going wrong that can', () => {
  it('shows what the recount knows at the end of every history, and accounts for every record', async () => {
    const { failures, faults } = await runHistories(1, HISTORIES, undefined, 1);
    const [first] = failures;
    expect(first === undefined ? '' : await tellOf(first)).toBe('');
    expect(faults).toBeGreaterThan(HISTORIES);
  }, 600_000);

  it.each([3, 7, 11, 26, 120])('goes the same way twice: %i', async (seed) => {
    const [once, again] = [await runHistory(seed), await runHistory(seed)];
    expect(again).toEqual(once);
    expect(once.steps).toBeGreaterThan(100);
  });
});
