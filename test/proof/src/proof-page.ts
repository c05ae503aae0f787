import type { JudgedCriterion, ProofRow, RowResult } from './proof-row.js';

const whole = (value: number): string => Math.round(value).toLocaleString('en-GB');
const yesOrNo = (reached: boolean): string => (reached ? 'yes' : 'no');

export const HEADINGS = ['', 'promise', 'target', 'measured', 'anomalies', 'reached', 'seconds'] as const;

/** A row's result as it stands on the page and in the terminal, and a line for each further part of its target; nothing is said where nothing was run. */
export function linesOfRow(row: ProofRow, result: RowResult | undefined): string[][] {
  const { number, promise, unit, target, criteria = [] } = row;
  const wanted = typeof target === 'number' ? `${whole(target)} ${unit}` : `all ${result === undefined ? '' : `${whole(result.target)} `}${unit}`;
  if (result === undefined) {
    return [
      [String(number), promise, wanted, 'not run', '', '', ''],
      ...criteria.map(({ figure, atLeast, atMost }) => ['', '', `${atLeast === undefined ? 'at most' : 'at least'} ${whole(atLeast ?? atMost ?? 0)} ${figure}`, '', '', '', '']),
    ];
  }
  return [
    [String(number), promise, wanted, whole(result.trials), whole(result.anomalies), yesOrNo(result.reached), whole(result.seconds)],
    ...result.criteria.map(lineOfCriterion),
  ];
}

const lineOfCriterion = ({ figure, bound, target, measured, reached }: JudgedCriterion): string[] =>
  ['', '', `${bound} ${whole(target)} ${figure}`, measured === null ? 'not measured' : whole(measured), '', yesOrNo(reached), ''];

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** What runs have in common that stand in one line. */
const RUN = ['date', 'commit', 'machine', 'command'] as const;

/** `docs/proof.md`, from what `docs/proof.json` holds. */
export function proofPage(rows: readonly ProofRow[], results: readonly RowResult[]): string {
  const resultOf = (row: ProofRow) => results.find((result) => result.row === row.number);
  const runs = Map.groupBy(results, (result) => JSON.stringify(RUN.map((part) => result[part])));
  return [
    '# Proof',
    '',
    'Written by `npm run proof`; do not edit. A row keeps its last run that was written, of the sources named under "Runs"; one that says "not run" has no figure at all. Reached: as many trials as the target says, no anomaly, and every further part of the target, which has a line of its own below.',
    '',
    line(HEADINGS),
    '|--:|---|--:|--:|--:|---|--:|',
    ...rows.flatMap((row) => linesOfRow(row, resultOf(row)).map(line)),
    '',
    '## What a trial is',
    '',
    ...rows.map((row) => `- ${row.number}: ${row.how}.${countsOf(resultOf(row))}`),
    '',
    '## Runs',
    '',
    ...(runs.size === 0 ? ['None.'] : [...runs.values()].map(runText)),
    '',
  ].join('\n');
}

function runText(results: readonly RowResult[]): string {
  const [{ date, commit, command, machine }] = results as readonly [RowResult];
  const numbers = results.map(({ row }) => row).join(', ');
  return `- ${date}, ${results.length === 1 ? 'row' : 'rows'} ${numbers}, sources ${commit ?? 'not noted'}: \`${command}\` on ${machine}`;
}

/** Of what has no line of its own. */
function countsOf(result: RowResult | undefined): string {
  const own = new Set(result?.criteria.map(({ figure }) => figure));
  const counts = Object.entries(result?.counts ?? {}).filter(([name]) => !own.has(name)).map(([name, count]) => `${whole(count)} ${name}`);
  return counts.length === 0 ? '' : ` In the run: ${counts.join(', ')}.`;
}
