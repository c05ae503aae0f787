import { terminalProgress } from '@throughline/servers';
import { Command, InvalidArgumentError } from 'commander';
import { attack } from './attack.js';
import { campaignTable, summaryLines } from './campaign-table.js';
import { strikeText } from './fault.js';

const whole = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('a whole number from 1');
  return Number(text);
};

interface Flags {
  readonly people: number;
  readonly faults: number;
  readonly brokers: number;
  readonly seed: string;
}

const program = new Command('chaos')
  .description('Strikes the processes of a platform of its own while partners send and operators decide, then lays its figures beside the recount.')
  .option('--people <number>', 'how many lives the files tell of', whole, 1_000)
  .option('--faults <number>', 'how often something is killed, paused, wiped or put back to an older copy; one in five strikes two at once', whole, 36)
  .option('--brokers <number>', 'how many of Kafka; fewer than three never lose a disk', whole, 3)
  .option('--seed <text>', 'the same seed gives the same files and the same faults', 'chaos')
  .action(async ({ people, faults, brokers, seed }: Flags) => {
    const interrupted = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort(new Error('interrupted')));
    const tell = (line: string): void => void process.stderr.write(`${line}\n`);
    const task = terminalProgress(process.stderr).start('Faults', faults, 'faults');
    const report = await attack({
      seed,
      faults,
      brokers,
      people,
      twoAtOnce: 0.2,
      tell,
      onFault(entry, number) {
        task.update(number);
        if (!process.stderr.isTTY) tell(`fault ${number} of ${faults}: ${entry.strikes.map(strikeText).join(' and ')}, away ${(entry.awayMs / 1000).toFixed(1)} s`);
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
