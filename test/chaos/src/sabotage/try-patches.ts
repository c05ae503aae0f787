import { startTestServers } from '@throughline/servers';
import type { SabotagePatch } from './sabotage-patch.js';
import { verdictOf } from './verdict.js';
import type { Verdict } from './verdict.js';
import { openWorkshop } from './workshop.js';
import type { TestRun, Workshop } from './workshop.js';

/** How long a broken test may take, beside what all that are named in its spec took unbroken: most of those that wait for ever are known soon. */
const LEAST_LIMIT_MS = 20_000;
const TIMES_UNBROKEN = 5;

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
  const run = async (spec: string, titles: readonly string[], ms: number): Promise<TestRun & { readonly tookMs: number }> => {
    const begun = performance.now();
    const told = await workshop.run(spec, titles, AbortSignal.any([interrupted, AbortSignal.timeout(ms)]));
    interrupted.throwIfAborted();
    return { ...told, tookMs: performance.now() - begun };
  };
  const unbroken = new Map<string, Awaited<ReturnType<typeof run>>>();
  const trials: Trial[] = [];
  for (const patch of patches) {
    const { spec, test, path } = patch;
    const before = unbroken.get(spec) ?? (await run(spec, [...new Set(patches.filter((each) => each.spec === spec).map((each) => each.test))], limitMs));
    unbroken.set(spec, before);
    await workshop.apply(path);
    const broken = await run(spec, [test], Math.min(limitMs, Math.ceil(LEAST_LIMIT_MS + TIMES_UNBROKEN * before.tookMs)));
    const trial = { patch, verdict: verdictOf(before, broken, test) };
    await workshop.takeBack(path);
    trials.push(trial);
    onTrial(trial, trials.length);
  }
  return trials;
}
