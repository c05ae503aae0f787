import { terminalProgress } from '@throughline/servers';
import { Command, InvalidArgumentError } from 'commander';
import { attack } from './attack.js';
import { campaignTable, summaryLines } from './campaign-table.js';

const whole = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('a whole number from 1');
  return Number(text);
};

interface Flags {
  readonly people: number;
  readonly faults: number;
  readonly seed: string;
}

const program = new Command('chaos')
  .description('Kills processes of a platform of its own while partners send, then lays its figures beside the recount.')
  .option('--people <number>', 'how many lives the files tell of', whole, 1_000)
  .option('--faults <number>', 'how often something is killed; one in five kills two at once', whole, 24)
  .option('--seed <text>', 'the same seed gives the same files and the same faults', 'chaos')
  .action(async ({ people, faults, seed }: Flags) => {
    const interrupted = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort(new Error('interrupted')));
    const tell = (line: string): void => void process.stderr.write(`${line}\n`);
    const task = terminalProgress(process.stderr).start('Faults', faults, 'faults');
    const report = await attack({
      seed,
      faults,
      people,
      twoAtOnce: 0.2,
      tell,
      onFault(entry, number) {
        task.update(number);
        if (!process.stderr.isTTY) tell(`fault ${number} of ${faults}: ${entry.targets.join(' and ')}, away ${(entry.awayMs / 1000).toFixed(1)} s`);
      },
      signal: interrupted.signal,
    }).finally(() => task.finish());
    process.stdout.write(`${campaignTable(report.ledger)}\n\n${summaryLines({ people, faults, seed }, report).join('\n')}\n`);
    if (report.anomalies.length > 0) process.exitCode = 1;
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
