import { terminalProgress } from '@throughline/servers';
import { Command, InvalidArgumentError } from 'commander';
import { textTable } from '../text-table.js';
import { readPatches } from './sabotage-patch.js';
import { tryPatches } from './try-patches.js';

const seconds = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('a whole number of seconds from 1');
  return Number(text);
};

const program = new Command('sabotage')
  .description('Breaks a copy of the sources in every way of test/chaos/sabotage, and sees whether the named test notices.')
  .argument('[name...]', 'only these patches, by file name without its ending')
  .option('--limit <seconds>', 'how long one run of a spec may take, a broken one not much longer than it took unbroken; then its whole process group is killed, the verdict says so, and it counts as caught only if the named test did not pass', seconds, 300)
  .action(async (names: readonly string[], { limit }: { readonly limit: number }) => {
    const all = await readPatches();
    const unknown = names.filter((asked) => !all.some(({ name }) => name === asked));
    if (unknown.length > 0) throw new Error(`There is no patch called ${unknown.join(' or ')}: look into test/chaos/sabotage. None was tried.`);
    const patches = all.filter(({ name }) => names.length === 0 || names.includes(name));
    const interrupted = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort(new Error('interrupted')));
    const task = terminalProgress(process.stderr).start('Breaking things', patches.length, 'patches');
    const trials = await tryPatches({
      patches,
      limitMs: limit * 1000,
      interrupted: interrupted.signal,
      onTrial({ patch, verdict }, done) {
        task.update(done);
        if (!process.stderr.isTTY) process.stderr.write(`${done} of ${patches.length}: ${patch.name} ${verdict.text}\n`);
      },
    }).finally(() => task.finish());
    process.stdout.write(`${textTable(['patch', 'test that has to notice', 'verdict'], trials.map(({ patch, verdict }) => [patch.name, `${patch.spec} › ${patch.test}`, verdict.text]))}\n`);
    const caught = trials.filter(({ verdict }) => verdict.caught).length;
    process.stdout.write(`\n${caught} of ${trials.length} caught\n`);
    if (caught < trials.length) process.exitCode = 1;
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
