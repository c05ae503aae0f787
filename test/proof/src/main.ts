import { describeMachine } from '@throughline/test-bench/machine';
import { textTable } from '@throughline/test-chaos';
import { terminalProgress } from '@throughline/servers';
import { Command, InvalidArgumentError, Option } from 'commander';
import { sourcesCommit } from './proof-commit.js';
import { HEADINGS, linesOfRow } from './proof-page.js';
import { PROOF_FIGURES, PROOF_PAGE, writeProof } from './proof-files.js';
import type { ProofRow, RowResult } from './proof-row.js';
import { judged } from './proof-verdict.js';
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

/** With what it came of: that a fetch failed says nothing by itself. */
const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.message}${error.cause === undefined ? '' : ` (${reasonOf(error.cause)})`}` : String(error);

const whole = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('a whole number from 1');
  return Number(text);
};

/** Anomalies of a row that are printed. */
const MOST_TOLD = 20;
/** As a shell says of who was interrupted. */
const INTERRUPTED = 130;

interface Flags {
  readonly only?: readonly number[];
  readonly scale: 'small' | 'full';
  readonly trials?: number;
  readonly seed: string;
  readonly write?: boolean;
  readonly date?: string;
  readonly page: boolean;
}

const program = new Command('proof')
  .description('Tries each promise as often as it says, prints what was reached on this machine, and writes docs/proof.md and docs/proof.json. A full run takes hours; a small one minutes, and writes nothing.')
  .option('--only <numbers>', 'rows, such as 2,14', numbers)
  .addOption(new Option('--scale <scale>', 'how often: as the targets say, or a little').choices(['full', 'small']).default('full'))
  .option('--trials <number>', 'how often, in the place of what the scale says; writes nothing unless asked', whole)
  .option('--seed <text>', 'the same seed tries the same', 'proof')
  .option('--write', 'write the rows run, and the others as they were, also of a small run')
  .option('--no-write', 'write nothing, also of a full run')
  .option('--date <date>', 'the date that is written; default today', isoDate)
  .option('--page', 'run nothing: judge what is written by today’s targets, and write it again', false)
  .action(prove);

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

async function prove({ only, scale, trials, seed, write, date, page }: Flags): Promise<void> {
  const asPromised = scale === 'full' && trials === undefined;
  const writes = write ?? asPromised;
  if (date !== undefined && !writes) program.error('A small run writes nothing that could be dated: add --write, or leave --date out.');
  if (page) {
    await writeProof(ROWS, []);
    return tell(`Written: ${PROOF_PAGE}, ${PROOF_FIGURES}`);
  }
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort(new Error('interrupted')));
  const run = {
    date: date ?? new Date().toISOString().slice(0, 10),
    commit: await sourcesCommit(import.meta.dirname),
    machine: describeMachine(),
    command: ['npm run proof', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' '),
  };
  tell(`${run.machine}, sources ${run.commit}`);
  const rows = ROWS.filter((row) => only === undefined || only.includes(row.number));
  const found: RowResult[] = [];
  const untried: number[] = [];
  for (const row of rows) {
    if (row.run === null) continue;
    try {
      const target = typeof row.target === 'number' ? row.target : await row.target();
      const report = await tried(row, row.run, trials ?? (scale === 'full' ? target : row.small), seed, interrupted.signal);
      found.push(judged(row, { row: row.number, target, ...report, ...run }));
      // What was found out is kept whatever becomes of the rows after it.
      if (writes) await writeProof(ROWS, found);
    } catch (error) {
      if (interrupted.signal.aborted) break;
      // One that cannot be tried here, for want of a tool or a right, hinders no other.
      untried.push(row.number);
      tell(`  could not be tried: ${reasonOf(error)}`);
    }
  }
  tell('');
  tell(textTable(HEADINGS, rows.flatMap((row) => linesOfRow(row, found.find((result) => result.row === row.number)))));
  if (untried.length > 0) tell(`\nCould not be tried: ${untried.join(', ')}`);
  if (writes && found.length > 0) tell(`\nWritten: ${PROOF_PAGE}, ${PROOF_FIGURES}`);
  if (untried.length > 0 || found.some(({ anomalies, reached }) => anomalies > 0 || (asPromised && !reached))) process.exitCode = 1;
  if (interrupted.signal.aborted) process.exitCode = INTERRUPTED;
}

async function tried({ number, promise, unit }: ProofRow, run: NonNullable<ProofRow['run']>, trials: number, seed: string, signal: AbortSignal): Promise<Pick<RowResult, 'trials' | 'anomalies' | 'seconds' | 'counts'>> {
  tell(`\n${number} ${promise}`);
  const began = performance.now();
  const task = terminalProgress(process.stderr).start(`Row ${number}`, trials, unit);
  const report = await run({ trials, seed, onTrial: (done) => task.update(done), signal }).finally(() => task.finish());
  for (const anomaly of report.anomalies.slice(0, MOST_TOLD)) tell(`  ${anomaly}`);
  if (report.anomalies.length > MOST_TOLD) tell(`  and ${report.anomalies.length - MOST_TOLD} more`);
  const seconds = Math.round((performance.now() - began) / 1_000);
  const anomalies = report.anomalies.length;
  tell(`  ${report.trials} ${unit}, ${anomalies} anomalies, ${seconds} s`);
  return { trials: report.trials, anomalies, seconds, counts: report.counts };
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
