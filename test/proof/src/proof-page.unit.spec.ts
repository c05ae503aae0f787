import { readFile } from 'node:fs/promises';
import { PROOF_FIGURES, PROOF_PAGE, proofFigures, readRuns } from './proof-files.js';
import { linesOfRow, proofPage } from './proof-page.js';
import type { ProofRow, RowRun } from './proof-row.js';
import { judged, withRuns } from './proof-verdict.js';
import { ROWS } from './rows.js';

const row: ProofRow = {
  number: 1,
  promise: 'Nothing is lost',
  how: 'parts are killed',
  unit: 'faults',
  target: 300,
  criteria: [
    { figure: 'records', atLeast: 1_000_000 },
    { figure: 'ms of recovery', atMost: 120_000 },
  ],
  small: 4,
  run: null,
};
const run: RowRun = { row: 1, trials: 300, anomalies: 0, target: 300, seconds: 61, counts: { records: 1_000_000, 'ms of recovery': 120_000, cells: 7 }, date: '2031-05-14', commit: 'abc1234', machine: '2 × fictional', command: 'npm run proof' };
/** As runs were written before there were criteria, and before the sources were noted. */
const { commit: _, ...older } = { ...run, trials: 100, target: 100, reached: true, counts: { records: 221_977 } };

describe('the verdict on a row', () => {
  it('is reached with as many trials as are asked for, no anomaly, and every figure at its bound', () => {
    expect(judged(row, run)).toMatchObject({ target: 300, reached: true, criteria: [{ figure: 'records', reached: true }, { figure: 'ms of recovery', reached: true }] });
  });

  it.each([
    ['a trial is missing', { trials: 299 }],
    ['something was not as it must be', { anomalies: 1 }],
    ['a figure that has to be so large is smaller', { counts: { ...run.counts, records: 999_999 } }],
    ['a figure that may be so large is larger', { counts: { ...run.counts, 'ms of recovery': 120_001 } }],
    ['a figure was not measured', { counts: { records: 1_000_000 } }],
  ])('is not reached where %s', (_what, change: Partial<RowRun>) => {
    expect(judged(row, { ...run, ...change }).reached).toBe(false);
  });

  it('is by what is asked for today, also on what was run for less', () => {
    expect(judged(row, older)).toMatchObject({ target: 300, reached: false, criteria: [{ bound: 'at least', measured: 221_977, reached: false }, { bound: 'at most', measured: null, reached: false }] });
  });

  it('of a row that tries all there is, is by how many there were', () => {
    expect(judged({ ...row, target: () => Promise.resolve(400), criteria: [] }, older)).toMatchObject({ target: 100, reached: true });
  });

  it('keeps of other rows what earlier runs found, and nothing of rows there are no more', () => {
    const rows = [row, { ...row, number: 2 }];
    const results = withRuns(rows, [{ ...run, row: 2 }, { ...run, row: 99 }, run], [{ ...run, trials: 9 }]);
    expect(results.map(({ row: number, trials, reached }) => [number, trials, reached])).toEqual([[1, 9, false], [2, 300, true]]);
  });
});

describe('the targets', () => {
  const of = (number: number): Pick<ProofRow, 'target' | 'criteria'> => {
    const { target, criteria } = ROWS.find((each) => each.number === number)!;
    return { target, ...(criteria === undefined ? {} : { criteria }) };
  };

  it('are those that were promised', () => {
    expect(of(1)).toEqual({ target: 300, criteria: [{ figure: 'records', atLeast: 1_000_000 }, { figure: 'ms of recovery', atMost: 120_000 }, { figure: 'ms of a rebuild of them all', atMost: 300_000 }] });
    expect(of(11).criteria).toContainEqual({ figure: 'ms of recovery, the longest', atMost: 60_000 });
    expect(of(12)).toEqual({ target: 1_000_000, criteria: [{ figure: 'kinds of spoiling', atLeast: 50 }] });
    expect(of(13)).toEqual({ target: 100_000, criteria: [{ figure: 'ms of an input, the longest', atMost: 1_000 }] });
    expect(of(16)).toMatchObject({ target: 50, criteria: [{ figure: 'joined and left', atLeast: 600 }, { figure: 'on a Redis Cluster', atLeast: 25 }] });
    expect(of(7)).toEqual({ target: 200, criteria: [{ figure: 'on a node of a cluster', atLeast: 100 }] });
    expect(Object.fromEntries(ROWS.filter(({ target }) => typeof target === 'number').map(({ number, target }) => [number, target]))).toEqual({ 1: 300, 2: 10_000, 4: 3_000, 7: 200, 8: 1_000_000, 9: 100, 10: 100_000, 11: 4, 12: 1_000_000, 13: 100_000, 14: 100_000, 15: 100_000, 16: 50, 23: 10 });
  });
});

describe('the page of the proof', () => {
  it('says nothing of a row that was not run', () => {
    expect(linesOfRow(row, undefined)).toEqual([
      ['1', 'Nothing is lost', '300 faults', 'not run', '', '', ''],
      ['', '', 'at least 1,000,000 records', '', '', '', ''],
      ['', '', 'at most 120,000 ms of recovery', '', '', '', ''],
    ]);
    expect(proofPage(ROWS, [])).not.toMatch(/\| (yes|no) \|/);
  });

  it('has a line for each part of a target', () => {
    expect(linesOfRow(row, judged(row, older))).toEqual([
      ['1', 'Nothing is lost', '300 faults', '100', '0', 'no', '61'],
      ['', '', 'at least 1,000,000 records', '221,977', '', 'no', ''],
      ['', '', 'at most 120,000 ms of recovery', 'not measured', '', 'no', ''],
    ]);
  });

  it('says of a row that tries all there is how many that was', () => {
    const all: ProofRow = { ...row, target: () => Promise.resolve(1), unit: 'patches', criteria: [] };
    expect(linesOfRow(all, undefined)[0]![2]).toBe('all patches');
    expect(linesOfRow(all, judged(all, { ...run, target: 1_090 }))[0]![2]).toBe('all 1,090 patches');
  });

  it('says what a run came to, of which sources, on what, when and by which command', () => {
    const page = proofPage([row], withRuns([row], [run], []));
    for (const part of ['parts are killed. In the run: 7 cells.', '- 2031-05-14, row 1, sources abc1234: `npm run proof` on 2 × fictional']) expect(page).toContain(part);
    expect(proofPage([row], withRuns([row], [older], []))).toContain('row 1, sources not noted');
  });

  it('tells runs apart by their sources', () => {
    const rows = [row, { ...row, number: 2 }, { ...row, number: 3 }];
    const page = proofPage(rows, withRuns(rows, [run, { ...run, row: 2, commit: 'abc1234 + changes' }, { ...run, row: 3 }], []));
    expect(page.split('\n').filter((line) => line.startsWith('- 2031'))).toEqual([
      '- 2031-05-14, rows 1, 3, sources abc1234: `npm run proof` on 2 × fictional',
      '- 2031-05-14, row 2, sources abc1234 + changes: `npm run proof` on 2 × fictional',
    ]);
  });

  it('is what the rows and the last runs say: npm run proof -- --page', async () => {
    const results = withRuns(ROWS, await readRuns(), []);
    expect(await readFile(PROOF_FIGURES, 'utf8')).toBe(proofFigures(results));
    expect(await readFile(PROOF_PAGE, 'utf8')).toBe(proofPage(ROWS, results));
  });
});
