import type { ProofRow, RowResult } from './proof-row.js';

const whole = (value: number): string => Math.round(value).toLocaleString('en-GB');

/** A row's result as it stands on the page and in the terminal; nothing is said where nothing was run. */
export function cellsOfRow(row: ProofRow, result: RowResult | undefined): string[] {
  const { number, promise, unit, target } = row;
  const wanted = typeof target === 'number' ? `${whole(target)} ${unit}` : `all ${result === undefined ? '' : `${whole(result.target)} `}${unit}`;
  if (result === undefined) return [String(number), promise, wanted, 'not run', '', '', ''];
  return [String(number), promise, wanted, whole(result.trials), whole(result.anomalies), result.reached ? 'yes' : 'no', whole(result.seconds)];
}

export const HEADINGS = ['', 'promise', 'target', 'trials', 'anomalies', 'reached', 'seconds'] as const;

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** `docs/proof.md`, from what `docs/proof.json` holds. */
export function proofPage(rows: readonly ProofRow[], results: readonly RowResult[]): string {
  const resultOf = (row: ProofRow) => results.find((result) => result.row === row.number);
  const runs = new Map(results.map(({ date, machine, command }) => [[date, machine, command].join('\n'), { date, machine, command }]));
  return [
    '# Proof',
    '',
    'Written by `npm run proof -- --date YYYY-MM-DD`; do not edit. A row keeps the last run that was written; one that says "not run" has no figure at all. Reached: as many trials as the target says, and no anomaly.',
    '',
    line(HEADINGS),
    '|--:|---|--:|--:|--:|---|--:|',
    ...rows.map((row) => line(cellsOfRow(row, resultOf(row)))),
    '',
    '## What a trial is',
    '',
    ...rows.map((row) => `- ${row.number}: ${row.how}.${countsOf(resultOf(row))}`),
    '',
    '## Runs',
    '',
    ...(runs.size === 0 ? ['None.'] : [...runs.values()].map((run) => `- ${run.date}, rows ${results.filter((result) => isOf(result, run)).map(({ row }) => row).join(', ')}: \`${run.command}\` on ${run.machine}`)),
    '',
  ].join('\n');
}

const isOf = (result: RowResult, run: Pick<RowResult, 'date' | 'machine' | 'command'>): boolean =>
  result.date === run.date && result.machine === run.machine && result.command === run.command;

function countsOf(result: RowResult | undefined): string {
  const counts = Object.entries(result?.counts ?? {}).map(([name, count]) => `${whole(count)} ${name}`);
  return counts.length === 0 ? '' : ` In the run: ${counts.join(', ')}.`;
}

/** What was known, with what a run found out in its place. */
export function withResults(known: readonly RowResult[], found: readonly RowResult[]): RowResult[] {
  const rows = new Map([...known, ...found].map((result) => [result.row, result]));
  return [...rows.values()].sort((a, b) => a.row - b.row);
}
