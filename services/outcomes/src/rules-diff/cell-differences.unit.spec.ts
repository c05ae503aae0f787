import { cellKey } from '@throughline/outcome-metrics';
import { Geography } from '@throughline/reference-data';
import { cellDifferences, differenceRows } from './cell-differences.js';

const cell = (metric: string, district: string, month = '2026-05') =>
  cellKey({ metric, month, district, programme: 'workwell', ageBand: '25-49', priorityGroup: 'none', agreements: ['dsa-a'] });
const MANCHESTER = 'E08000003';

describe('what two versions count differently', () => {
  const before = new Map([[cell('job_starts', MANCHESTER), 5], [cell('job_starts', MANCHESTER, '2026-06'), 2], [cell('referrals', MANCHESTER), 9], [cell('into_work', 'unknown'), 1]]);
  const after = new Map([[cell('job_starts', MANCHESTER), 4], [cell('job_starts', MANCHESTER, '2026-06'), 3], [cell('referrals', MANCHESTER), 9], [cell('earnings_outcome', 'E09999999'), 1]]);

  it('is every cell of another count, also one that the other has not', () => {
    expect(cellDifferences(before, after)).toEqual([
      { cell: cell('earnings_outcome', 'E09999999'), before: 0, after: 1 },
      { cell: cell('into_work', 'unknown'), before: 1, after: 0 },
      { cell: cell('job_starts', MANCHESTER), before: 5, after: 4 },
      { cell: cell('job_starts', MANCHESTER, '2026-06'), before: 2, after: 3 },
    ]);
    expect(cellDifferences(before, new Map(before))).toEqual([]);
  });

  it('is added up by metric and authority, where people only moved as well', () => {
    expect(differenceRows(before, after, Geography.load())).toEqual([
      { metric: 'earnings_outcome', authority: 'none', name: 'none', before: 0, after: 1, cells: 1 },
      { metric: 'into_work', authority: 'unknown', name: 'unknown', before: 1, after: 0, cells: 1 },
      { metric: 'job_starts', authority: 'E47000001', name: 'Greater Manchester', before: 7, after: 7, cells: 2 },
    ]);
  });
});
