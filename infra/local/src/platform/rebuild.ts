import { setTimeout as delay } from 'node:timers/promises';
import { LocalError, silentProgress } from '@throughline/servers';
import type { Progress, ProgressTask } from '@throughline/servers';
import { z } from 'zod';

const begunSchema = z.looseObject({ generation: z.number() });
const refusalSchema = z.discriminatedUnion('code', [
  z.looseObject({ code: z.literal('REBUILD_UNDER_WAY'), generation: z.number() }),
  z.looseObject({ code: z.literal('NOT_BEING_BUILT'), generations: z.array(z.looseObject({ generation: z.number(), current: z.boolean() })) }),
]);
const statusSchema = z.looseObject({
  generations: z.array(z.looseObject({ generation: z.number(), current: z.boolean(), progress: z.number(), reconciled: z.number(), held: z.array(z.string()) })),
});
type Status = z.infer<typeof statusSchema>['generations'][number];

const EVERY_MS = 250;
/** Answers that may fail in a row before the wait is given up: outcomes may be started again meanwhile. */
const MOST_UNANSWERED = 240;

export interface RebuildOptions {
  /** The generation under construction whose place it takes, where that cannot become complete. */
  readonly instead?: number;
  /** Ends the waiting; the rebuild itself goes on. */
  readonly signal?: AbortSignal;
  readonly progress?: Progress;
  /** Told once of each reason why it stands still until somebody acts. */
  readonly tell?: (line: string) => void;
}

/**
 * Has the figures built anew from the log, links and all, beside those that are shown, and returns when the new ones are.
 *
 * @param outcomesUrl base URL of the outcomes service
 * @returns the generation that is shown now
 * @throws LocalError `NOT_REACHABLE` if the service is away, `SERVICE_FAILED` if it refuses or the generation is dropped,
 *   `SETTING_INVALID` if none is being built whose place could be taken
 */
export async function rebuild(outcomesUrl: string, options: RebuildOptions = {}): Promise<number> {
  const { instead, signal, progress = silentProgress, tell = () => undefined } = options;
  const generation = await begin(outcomesUrl, instead, signal);
  const told = new Set<string>();
  const reading = new Stage(progress, `Generation ${generation}: reading the log`);
  const computing = new Stage(progress, `Generation ${generation}: computing participants`);
  let unanswered = 0;
  try {
    for (;;) {
      const all = await statuses(outcomesUrl, signal);
      unanswered = all === undefined ? unanswered + 1 : 0;
      if (unanswered > MOST_UNANSWERED) {
        throw new LocalError('NOT_REACHABLE', `Outcomes does not answer at ${outcomesUrl} any more`, `start it again: generation ${generation} is built on by itself, and GET /internal/generations shows it`);
      }
      if (all !== undefined && isShown(all, generation)) return generation;
      const status = all?.find((each) => each.generation === generation);
      for (const reason of status?.held ?? []) {
        if (!told.has(reason)) tell(`It stands still until somebody acts: ${reason}`);
        told.add(reason);
      }
      if (status !== undefined) reading.update(status.progress);
      if (status?.progress === 1) {
        reading.finish();
        computing.update(status.reconciled);
      }
      await delay(EVERY_MS, undefined, signal === undefined ? {} : { signal });
    }
  } finally {
    reading.finish();
    computing.finish();
  }
}

/** @throws LocalError where another took its place */
function isShown(all: readonly Status[], generation: number): boolean {
  const status = all.find((each) => each.generation === generation);
  if (status?.current) return status.progress === 1 && status.reconciled === 1;
  const later = all.find((each) => each.generation > generation);
  if (status === undefined && later !== undefined) {
    throw new LocalError('SERVICE_FAILED', `Generation ${generation} was dropped: generation ${later.generation} took its place`, 'see who asked for that one, and wait for it');
  }
  return false;
}

async function begin(outcomesUrl: string, instead: number | undefined, signal: AbortSignal | undefined): Promise<number> {
  const query = instead === undefined ? '' : `?instead=${instead}`;
  const response = await fetch(`${outcomesUrl}/internal/rebuild${query}`, { method: 'POST', ...(signal === undefined ? {} : { signal }) }).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw new LocalError('NOT_REACHABLE', `No outcomes service answers at ${outcomesUrl}`, 'start the platform with "npm start" first', { cause });
  });
  const text = await response.text();
  if (response.ok) return begunSchema.parse(JSON.parse(text)).generation;
  const refusal = response.status === 409 ? refusalSchema.safeParse(JSON.parse(text)).data : undefined;
  if (refusal?.code === 'REBUILD_UNDER_WAY') {
    throw new LocalError('SERVICE_FAILED', `Generation ${refusal.generation} is being built already`, `wait until it is shown; where it cannot become complete, "npm run rebuild -- --instead ${refusal.generation}" begins another in its place`);
  }
  if (refusal?.code === 'NOT_BEING_BUILT') {
    const there = refusal.generations.map(({ generation, current }) => `${generation}${current ? ' (shown)' : ''}`).join(', ');
    throw new LocalError('SETTING_INVALID', `Generation ${instead} is not being built; there are: ${there}`, 'to begin the next one, leave --instead out');
  }
  throw new LocalError('SERVICE_FAILED', `The rebuild was refused (${response.status} ${text.slice(0, 400)})`, 'see the log of outcomes');
}

/** Undefined where it was not answered. */
async function statuses(outcomesUrl: string, signal: AbortSignal | undefined): Promise<readonly Status[] | undefined> {
  try {
    const response = await fetch(`${outcomesUrl}/internal/generations`, signal === undefined ? {} : { signal });
    return response.ok ? statusSchema.parse(await response.json()).generations : undefined;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof z.ZodError) throw new LocalError('SERVICE_FAILED', `${outcomesUrl} answers what no outcomes service of this version does`, 'see that OUTCOMES_PORT names outcomes', { cause: error });
    return undefined;
  }
}

/** A part of the work, shown from its first share on. */
class Stage {
  #task: ProgressTask | undefined;
  #isOver = false;
  constructor(
    private readonly progress: Progress,
    private readonly label: string,
  ) {}

  /** @param share 0 to 1 */
  update(share: number): void {
    if (this.#isOver) return;
    this.#task ??= this.progress.start(this.label, 100, '%');
    this.#task.update(Math.floor(share * 100));
  }

  finish(): void {
    if (!this.#isOver) this.#task?.finish();
    this.#isOver = true;
  }
}
