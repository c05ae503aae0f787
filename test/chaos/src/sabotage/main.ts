import { startTestServers, terminalProgress } from '@throughline/servers';
import { Command } from 'commander';
import { textTable } from '../text-table.js';
import { readPatches } from './sabotage-patch.js';
import type { SabotagePatch } from './sabotage-patch.js';
import { openWorkshop } from './workshop.js';
import type { TestEnd, Workshop } from './workshop.js';

interface Trial {
  readonly patch: SabotagePatch;
  /** Of the named test without and with the patch. */
  readonly before: TestEnd;
  readonly after: TestEnd;
}

/** Caught only if the very test that passes without the patch fails with it: one that cannot even be loaded notices nothing. */
const verdict = ({ before, after }: Trial): string => {
  if (before !== 'passed') return `no proof: without it the test is ${before}`;
  return { failed: 'caught', passed: 'SURVIVED', absent: 'no proof: with it the test does not run' }[after];
};

async function tryAll(workshop: Workshop, patches: readonly SabotagePatch[], onTrial: (trial: Trial, done: number) => void): Promise<Trial[]> {
  const before = new Map<string, ReadonlyMap<string, TestEnd>>();
  const trials: Trial[] = [];
  for (const patch of patches) {
    const { spec, test, path } = patch;
    if (!before.has(spec)) before.set(spec, await workshop.run(spec, [...new Set(patches.filter((each) => each.spec === spec).map((each) => each.test))]));
    await workshop.apply(path);
    const after = (await workshop.run(spec, [test])).get(test) ?? 'absent';
    await workshop.takeBack(path);
    const trial = { patch, before: before.get(spec)?.get(test) ?? 'absent', after };
    trials.push(trial);
    onTrial(trial, trials.length);
  }
  return trials;
}

const program = new Command('sabotage')
  .description('Breaks a copy of the sources in every way of test/chaos/sabotage, and sees whether the named test notices.')
  .argument('[name...]', 'only these patches, by file name without its ending')
  .action(async (names: readonly string[]) => {
    const patches = (await readPatches()).filter(({ name }) => names.length === 0 || names.includes(name));
    if (patches.length === 0) throw new Error(`There is no patch called ${names.join(' or ')}: look into test/chaos/sabotage.`);
    const servers = patches.some(({ spec }) => !spec.endsWith('.unit.spec.ts')) ? await startTestServers(process.env) : undefined;
    const workshop = await openWorkshop(servers?.environment ?? {});
    const task = terminalProgress(process.stderr).start('Breaking things', patches.length, 'patches');
    try {
      const trials = await tryAll(workshop, patches, (trial, done) => {
        task.update(done);
        if (!process.stderr.isTTY) process.stderr.write(`${done} of ${patches.length}: ${trial.patch.name} ${verdict(trial)}\n`);
      });
      task.finish();
      process.stdout.write(`${textTable(['patch', 'test that has to notice', 'verdict'], trials.map((trial) => [trial.patch.name, `${trial.patch.spec} › ${trial.patch.test}`, verdict(trial)]))}\n`);
      const caught = trials.filter((trial) => verdict(trial) === 'caught').length;
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
