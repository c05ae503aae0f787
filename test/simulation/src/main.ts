import { terminalProgress } from '@throughline/servers';
import { Command, InvalidArgumentError } from 'commander';
import { runHistories, tellOf } from './run-histories.js';
import { runHistory } from './run-history.js';

const whole = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('a whole number from 1');
  return Number(text);
};

interface Flags {
  readonly seeds: number;
  readonly from: number;
  readonly seed?: number;
}

const program = new Command('simulation')
  .description('Runs the platform in one process, on ports in memory, through histories of faults; each ends beside the recount.')
  .option('--seeds <number>', 'how many histories', whole, 300)
  .option('--from <number>', 'seed of the first', whole, 1)
  .option('--seed <number>', 'one history, told in full', whole)
  .action(async ({ seeds, from, seed }: Flags) => {
    if (seed !== undefined) {
      const history = await runHistory(seed);
      const { anomalies, digest, steps, files, cells, faults } = history;
      const happened = [...faults].map(([fault, count]) => `${count} × ${fault}`).join(', ');
      process.stdout.write(`Seed ${seed}: ${files} files, ${cells} cells, ${steps} steps, history ${digest}\nFaults: ${happened === '' ? 'none' : happened}\n`);
      process.stdout.write(anomalies.length === 0 ? 'All is well.\n' : `${await tellOf(history)}\n`);
      process.exitCode = anomalies.length === 0 ? 0 : 1;
      return;
    }
    const task = terminalProgress(process.stderr).start('Histories', seeds, 'histories');
    const { failures, faults } = await runHistories(from, seeds, (done) => task.update(done)).finally(() => task.finish());
    process.stdout.write(`${seeds} histories, ${faults} faults, ${failures.length} went wrong\n`);
    for (const failure of failures) process.stdout.write(`${await tellOf(failure)}\n`);
    process.exitCode = failures.length === 0 ? 0 : 1;
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
