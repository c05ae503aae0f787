import { startTestServers, terminalProgress } from '@throughline/servers';
import { Command, InvalidArgumentError } from 'commander';
import { textTable } from '../text-table.js';
import { readPatches } from './sabotage-patch.js';
import type { SabotagePatch } from './sabotage-patch.js';
import { verdictOf } from './verdict.js';
import type { Verdict } from './verdict.js';
import { openWorkshop } from './workshop.js';
import type { TestRun, Workshop } from './workshop.js';

interface Trial {
  readonly patch: SabotagePatch;
  readonly verdict: Verdict;
}

interface TrialOptions {
  readonly workshop: Workshop;
  readonly patches: readonly SabotagePatch[];
  /** Of one run. */
  readonly limitMs: number;
  readonly interrupted: AbortSignal;
  readonly onTrial: (trial: Trial, done: number) => void;
}

async function tryAll({ workshop, patches, limitMs, interrupted, onTrial }: TrialOptions): Promise<Trial[]> {
  const run = async (spec: string, titles: readonly string[]): Promise<TestRun> => {
    const told = await workshop.run(spec, titles, AbortSignal.any([interrupted, AbortSignal.timeout(limitMs)]));
    interrupted.throwIfAborted();
    return told;
  };
  const unbroken = new Map<string, TestRun>();
  const trials: Trial[] = [];
  for (const patch of patches) {
    const { spec, test, path } = patch;
    const before = unbroken.get(spec) ?? (await run(spec, [...new Set(patches.filter((each) => each.spec === spec).map((each) => each.test))]));
    unbroken.set(spec, before);
    await workshop.apply(path);
    const trial = { patch, verdict: verdictOf(before, await run(spec, [test]), test) };
    await workshop.takeBack(path);
    trials.push(trial);
    onTrial(trial, trials.length);
  }
  return trials;
}

const seconds = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('a whole number of seconds from 1');
  return Number(text);
};

const program = new Command('sabotage')
  .description('Breaks a copy of the sources in every way of test/chaos/sabotage, and sees whether the named test notices.')
  .argument('[name...]', 'only these patches, by file name without its ending')
  .option('--limit <seconds>', 'how long one run of a spec may take; then its whole process group is killed, the verdict says so, and it counts as caught only if the named test did not pass', seconds, 300)
  .action(async (names: readonly string[], { limit }: { readonly limit: number }) => {
    const patches = (await readPatches()).filter(({ name }) => names.length === 0 || names.includes(name));
    if (patches.length === 0) throw new Error(`There is no patch called ${names.join(' or ')}: look into test/chaos/sabotage.`);
    const servers = patches.some(({ spec }) => !spec.endsWith('.unit.spec.ts')) ? await startTestServers(process.env) : undefined;
    const interrupted = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort(new Error('interrupted')));
    const workshop = await openWorkshop(servers?.environment ?? {});
    const task = terminalProgress(process.stderr).start('Breaking things', patches.length, 'patches');
    try {
      const trials = await tryAll({
        workshop,
        patches,
        limitMs: limit * 1000,
        interrupted: interrupted.signal,
        onTrial({ patch, verdict }, done) {
          task.update(done);
          if (!process.stderr.isTTY) process.stderr.write(`${done} of ${patches.length}: ${patch.name} ${verdict.text}\n`);
        },
      });
      task.finish();
      process.stdout.write(`${textTable(['patch', 'test that has to notice', 'verdict'], trials.map(({ patch, verdict }) => [patch.name, `${patch.spec} › ${patch.test}`, verdict.text]))}\n`);
      const caught = trials.filter(({ verdict }) => verdict.caught).length;
      process.stdout.write(`\n${caught} of ${trials.length} caught\n`);
      if (caught < trials.length) process.exitCode = 1;
    } finally {
      await workshop.remove();
      await servers?.stop();
    }
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
