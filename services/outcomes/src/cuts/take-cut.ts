import type { Generations, LogPosition, StopLine } from '@throughline/state-store';
import { setTimeout as pause } from 'node:timers/promises';
import type { GenerationRun } from '../generations/generation-run.js';
import { partitionsOf } from '../generations/log-ends.js';
import type { LogEnds } from '../generations/log-ends.js';
import { cutContent } from './cut.js';
import type { CutContent } from './cut.js';

export interface CutOptions {
  readonly line: Pick<StopLine, 'announce'>;
  readonly generations: Pick<Generations, 'isWhole' | 'list'>;
  readonly readLogEnds: () => Promise<LogEnds>;
  /** How long everything may take to come to rest, milliseconds; default 120,000. */
  readonly patienceMs?: number;
  readonly now?: () => number;
}

/** Thrown when no cut could be taken; nothing has changed. */
export class CutFailed extends Error {
  override readonly name = 'CutFailed';
  readonly place = 'cut';
  constructor(
    readonly code: 'CUT_UNDER_WAY' | 'NOT_AT_REST',
    readonly remedy: string,
  ) {
    super(`${code}. ${remedy}`);
  }
}

const LOOK_MS = 25;

/** How a copy waits for its run, with what can look at whether everything is at rest. */
export interface CopyOptions extends Omit<CutOptions, 'line' | 'readLogEnds'> {
  /** Milliseconds between looks; default 25, since workers stand still meanwhile. */
  readonly everyMs?: number;
  /** Called before each look; what it throws ends the wait. */
  readonly stillThere?: () => Promise<void> | void;
}

/** Stops every worker at the ends of the topics, copies the cells when all is at rest, and lets them go on. */
export async function takeCut(run: GenerationRun, options: CutOptions): Promise<CutContent> {
  const { line, patienceMs = 120_000 } = options;
  const announced = await line.announce(patienceMs);
  if (announced === null) throw new CutFailed('CUT_UNDER_WAY', 'Wait for the cut that is being taken.');
  try {
    const ends = await options.readLogEnds();
    const position: LogPosition = { ...ends.facts, ...ends.identifiers };
    if (!(await announced.draw(position, patienceMs))) throw new CutFailed('NOT_AT_REST', 'Reading the ends of the log took too long: see that Kafka answers, then ask again.');
    const stillThere = async (): Promise<void> => {
      if (!(await isListed(run, options))) throw new CutFailed('NOT_AT_REST', 'Figures are those of another generation by now: ask again.');
    };
    return await copyAtRest(run, ends, { ...options, stillThere });
  } finally {
    await announced.lift();
  }
}

/** Copies the cells of a run that has come to rest at a position: all read, nobody marked, before and after. */
export async function copyAtRest(run: GenerationRun, position: LogEnds, options: CopyOptions): Promise<CutContent> {
  const { now = Date.now, everyMs = LOOK_MS } = options;
  const deadline = now() + (options.patienceMs ?? 120_000);
  while (now() < deadline) {
    await options.stillThere?.();
    if (await isAtRest(run, position, options)) {
      const cells = await run.cells();
      if (await isAtRest(run, position, options)) return cutContent(cells, position, run.rules);
    }
    await pause(everyMs);
  }
  throw new CutFailed('NOT_AT_REST', 'See that linkage runs, that no partition is behind, and that no participant is unreadable (throughline_participants_unreadable), then ask again.');
}

async function isAtRest(run: GenerationRun, position: LogEnds, options: Pick<CutOptions, 'generations'>): Promise<boolean> {
  // What waits in the store's scripts is read after what set it in motion: offsets first, marks last.
  const facts = partitionsOf(position.facts);
  const nexts = await Promise.all(facts.map(({ location }) => run.partitions.next(location)));
  if (facts.some(({ offset }, i) => nexts[i] !== offset)) return false;
  const linked = await run.link.nextOffsets();
  if (partitionsOf(position.identifiers).some(({ location, offset }) => (linked.get(location) ?? 0) !== offset)) return false;
  if ((await run.markIds(facts.map(({ location }) => location))).length > 0) return false;
  if (!(await options.generations.isWhole())) return false;
  // Keys of one that is dropped go in any order: cells may be gone while everything else is there.
  return isListed(run, options);
}

const isListed = async ({ generation }: GenerationRun, { generations }: Pick<CutOptions, 'generations'>): Promise<boolean> =>
  (await generations.list()).all.some((each) => each.generation === generation);
