import { startTestServers } from '@throughline/servers';
import type { SabotagePatch } from './sabotage-patch.js';
import { verdictOf } from './verdict.js';
import type { Verdict } from './verdict.js';
import { openWorkshop } from './workshop.js';
import type { TestRun, Workshop } from './workshop.js';

/** A patch, and what became of it. */
export interface Trial {
  readonly patch: SabotagePatch;
  readonly verdict: Verdict;
}

export interface PatchOptions {
  readonly patches: readonly SabotagePatch[];
  /** Of one run of a spec, milliseconds. */
  readonly limitMs: number;
  readonly interrupted: AbortSignal;
  readonly onTrial: (trial: Trial, done: number) => void;
}

/** Breaks a copy of the sources in each way and runs the test that has to notice. Servers are started where a spec needs them. */
export async function tryPatches(options: PatchOptions): Promise<Trial[]> {
  const servers = options.patches.some(({ spec }) => !spec.endsWith('.unit.spec.ts')) ? await startTestServers(process.env) : undefined;
  try {
    const workshop = await openWorkshop(servers?.environment ?? {});
    try {
      return await tryIn(workshop, options);
    } finally {
      await workshop.remove();
    }
  } finally {
    await servers?.stop();
  }
}

async function tryIn(workshop: Workshop, { patches, limitMs, interrupted, onTrial }: PatchOptions): Promise<Trial[]> {
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
