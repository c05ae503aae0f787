import { cellKey, RULES_2026_1 } from '@throughline/outcome-metrics';
import type { Cell } from '@throughline/outcome-metrics';
import { Geography } from '@throughline/reference-data';
import { cutContent, digestOf } from '../cuts/cut.js';
import { feedCsv } from './feed-csv.js';
import { outcomeRows } from './outcome-rows.js';
import { shown } from './suppression.js';

const geography = Geography.load();
const MANCHESTER = 'E08000003';
const position = { facts: { 'partner-events.nhs': [4] }, identifiers: { 'subject-identifiers.nhs': [1] } };
const cell = (change: Partial<Cell>): string =>
  cellKey({ metric: 'job_starts', month: '2026-03', district: MANCHESTER, programme: 'workwell', ageBand: '25-49', priorityGroup: 'none', agreements: ['dsa-a'], ...change });
const rowsOf = (cells: [string, number][]) => outcomeRows(cutContent(new Map(cells), position, RULES_2026_1), geography);

describe('the 10-5 rule', () => {
  it.each([
    [1, 'c'],
    [9, 'c'],
    [10, 10],
    [12, 10],
    [13, 15],
    [17, 15],
    [18, 20],
    [1_002, 1_000],
  ])('shows %d as %s', (count, expected) => {
    expect(shown(count)).toBe(expected);
  });
});

describe('published figures', () => {
  it('are summed to what is published before anything is rounded or withheld', () => {
    // Four cells of 4 each: each alone would be withheld, and rounding first would give 20.
    const cells = (['16-24', '25-49'] as const).flatMap((ageBand) =>
      [['dsa-a'], ['dsa-b']].map((agreements): [string, number] => [cell({ ageBand, agreements }), 4]),
    );
    const rows = rowsOf(cells).filter(({ geography_level }) => geography_level === 'district');
    expect(rows.map(({ breakdown, category, value }) => [breakdown, category, value])).toEqual([
      ['age_band', '16-24', 'c'],
      ['age_band', '25-49', 'c'],
      ['none', 'all', 15],
      ['priority_group', 'none', 15],
    ]);
  });

  it('stand for the district and for the authority it lay in, by name', () => {
    const rows = rowsOf([[cell({}), 30]]).filter(({ breakdown }) => breakdown === 'none');
    expect(rows.map(({ geography_level, geography_code, geography_name, value }) => [geography_level, geography_code, geography_name, value])).toEqual([
      ['authority', 'E47000001', 'Greater Manchester', 30],
      ['district', MANCHESTER, 'Manchester', 30],
    ]);
  });

  it('give an unknown district as such at both levels', () => {
    const rows = rowsOf([[cell({ district: 'unknown' }), 30]]).filter(({ breakdown }) => breakdown === 'none');
    expect(rows.map(({ geography_level, geography_code }) => [geography_level, geography_code])).toEqual([
      ['authority', 'unknown'],
      ['district', 'unknown'],
    ]);
  });

  it('say beside each figure under which rules it was counted, and whether those could be verified', () => {
    const rows = rowsOf([[cell({ metric: 'learning_starts' }), 30], [cell({ metric: 'sustained_13_weeks' }), 30]]);
    expect(new Set(rows.map(({ rules_version }) => rules_version))).toEqual(new Set(['2026.1']));
    expect(rows.filter(({ metric }) => metric === 'sustained_13_weeks').every(({ verified }) => !verified)).toBe(true);
  });

  it('do not depend on the order of cells', () => {
    const cells: [string, number][] = [[cell({}), 12], [cell({ month: '2026-04' }), 20], [cell({ programme: 'restart' }), 11]];
    expect(rowsOf([...cells].reverse())).toEqual(rowsOf(cells));
    expect(digestOf(cutContent(new Map([...cells].reverse()), position, RULES_2026_1))).toEqual(digestOf(cutContent(new Map(cells), position, RULES_2026_1)));
  });

  it('cannot smuggle a formula into a spreadsheet', () => {
    const rows = rowsOf([[cell({ programme: '=cmd|calc' }), 30]]).map((row) => ({ ...row, cut: 1, status: 'provisional' }));
    const lines = feedCsv(rows).trimEnd().split('\r\n');
    expect(lines).toHaveLength(rows.length + 1);
    for (const line of lines.slice(1)) expect(line).toContain(",'=cmd|calc,");
  });
});
