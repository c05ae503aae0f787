import { describeMachine } from '@throughline/test-bench/machine';
import { textTable } from '@throughline/test-chaos';
import { terminalProgress } from '@throughline/servers';
import { Command, InvalidArgumentError, Option } from 'commander';
import { writeFile } from 'node:fs/promises';
import { cellsOfRow, HEADINGS, proofPage, withResults } from './proof-page.js';
import { PROOF_FIGURES, PROOF_PAGE, readResults } from './proof-files.js';
import type { ProofRow, RowResult } from './proof-row.js';
import { ROWS } from './rows.js';

const numbers = (text: string): number[] =>
  text.split(',').map((each) => {
    const number = Number(each);
    if (!ROWS.some((row) => row.number === number)) throw new InvalidArgumentError(`rows are ${ROWS.map((row) => row.number).join(', ')}`);
    return number;
  });

const isoDate = (text: string): string => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new InvalidArgumentError('a date such as 2026-05-14');
  return text;
};

const whole = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('a whole number from 1');
  return Number(text);
};

/** Anomalies of a row that are printed. */
const MOST_TOLD = 20;

interface Flags {
  readonly only?: readonly number[];
  readonly scale: 'small' | 'full';
  readonly trials?: number;
  readonly seed: string;
  readonly date?: string;
}

const program = new Command('proof')
  .description('Tries each promise as often as it says, and prints what was reached on this machine. A full run takes hours; a small one minutes.')
  .option('--only <numbers>', 'rows, such as 2,14', numbers)
  .addOption(new Option('--scale <scale>', 'how often').choices(['small', 'full']).default('small'))
  .option('--trials <number>', 'how often, in the place of what the scale says', whole)
  .option('--seed <text>', 'the same seed tries the same', 'proof')
  .option('--date <date>', 'write docs/proof.md and docs/proof.json: the rows run, dated so, and the others as they were', isoDate)
  .action(prove);

async function prove({ only, scale, trials, seed, date }: Flags): Promise<void> {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort(new Error('interrupted')));
  const machine = describeMachine();
  const command = `npm run proof -- ${process.argv.slice(2).join(' ')}`.trim();
  const tell = (line: string): void => void process.stdout.write(`${line}\n`);
  tell(machine);
  const found: RowResult[] = [];
  for (const row of ROWS) {
    if (only !== undefined && !only.includes(row.number)) continue;
    const target = typeof row.target === 'number' ? row.target : await row.target();
    const result = await tried(row, target, trials ?? (scale === 'full' ? target : row.small), seed, interrupted.signal, tell);
    if (result === undefined) continue;
    found.push({ ...result, date: date ?? '', machine, command });
    // What was found out is kept whatever becomes of the rows after it.
    if (date !== undefined) await write(found);
  }
  tell('');
  tell(textTable(HEADINGS, ROWS.filter((row) => only === undefined || only.includes(row.number)).map((row) => cellsOfRow(row, found.find((result) => result.row === row.number)))));
  if (date !== undefined) tell(`\nWritten: ${PROOF_PAGE}, ${PROOF_FIGURES}`);
  if (found.some(({ anomalies }) => anomalies > 0)) process.exitCode = 1;
}

async function tried(row: ProofRow, target: number, trials: number, seed: string, signal: AbortSignal, tell: (line: string) => void): Promise<Omit<RowResult, 'date' | 'machine' | 'command'> | undefined> {
  const { number, promise, unit, run } = row;
  if (run === null) return undefined;
  tell(`\n${number} ${promise}`);
  const began = performance.now();
  const task = terminalProgress(process.stderr).start(`Row ${number}`, trials, unit);
  const report = await run({ trials, seed, onTrial: (done) => task.update(done), signal }).finally(() => task.finish());
  for (const anomaly of report.anomalies.slice(0, MOST_TOLD)) tell(`  ${anomaly}`);
  if (report.anomalies.length > MOST_TOLD) tell(`  and ${report.anomalies.length - MOST_TOLD} more`);
  const seconds = Math.round((performance.now() - began) / 1_000);
  const anomalies = report.anomalies.length;
  tell(`  ${report.trials} ${unit}, ${anomalies} anomalies, ${seconds} s`);
  return { row: number, trials: report.trials, anomalies, target, reached: anomalies === 0 && report.trials >= target, seconds, counts: report.counts };
}

async function write(found: readonly RowResult[]): Promise<void> {
  const results = withResults(await readResults(), found);
  await writeFile(PROOF_FIGURES, `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(PROOF_PAGE, proofPage(ROWS, results));
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
