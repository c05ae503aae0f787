import { terminalProgress } from '@throughline/servers';
import { Command, InvalidArgumentError } from 'commander';
import { DRILLS } from './drills.js';

const whole = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('a whole number from 1');
  return Number(text);
};

const program = new Command('drill').description('Strikes one kind of fault again and again, and says what is not as it must be.');
for (const [name, { drill, trial, trials: usual }] of Object.entries(DRILLS)) {
  program
    .command(name)
    .description(`A trial: ${trial}.`)
    .option('--trials <number>', 'how often', whole, usual)
    .option('--seed <text>', 'the same seed gives the same faults', 'drill')
    .action(async ({ trials, seed }: { readonly trials: number; readonly seed: string }) => {
      const interrupted = new AbortController();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort(new Error('interrupted')));
      const task = terminalProgress(process.stderr).start(name, trials, 'trials');
      const report = await drill({ trials, seed, onTrial: (done) => task.update(done), signal: interrupted.signal }).finally(() => task.finish());
      process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
      if (report.anomalies.length > 0) process.exitCode = 1;
    });
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
