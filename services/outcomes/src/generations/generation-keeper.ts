import type { Generations, LogPosition } from '@throughline/state-store';
import { GenerationWatch } from '@throughline/state-store';
import type { Logger } from '@throughline/telemetry';
import { readNote, writeNote } from './generation-note.js';
import type { GenerationNote } from './generation-note.js';
import type { GenerationRun } from './generation-run.js';
import { partitionsOf } from './log-ends.js';
import type { LogEnds } from './log-ends.js';

export interface GenerationKeeperOptions {
  readonly generations: Generations;
  readonly readLogEnds: () => Promise<LogEnds>;
  /** Not started yet. */
  readonly newRun: (generation: number, until: LogPosition | null) => GenerationRun;
  readonly now: () => number;
  readonly logger: Logger;
  /** Milliseconds between looks at what is being built and at the store; default 500. */
  readonly everyMs?: number;
}

interface Building {
  readonly ends: LogEnds;
  /** Marks there were when the ends were reached, by id; undefined before. */
  marksAtEnds: ReadonlySet<string> | undefined;
}

/** Refused: a rebuild is under way already. */
export class RebuildUnderWay extends Error {
  override readonly name = 'RebuildUnderWay';
  readonly code = 'REBUILD_UNDER_WAY';
  readonly remedy = 'Wait until it has become current: GET /internal/generations shows its progress.';
}

/** Runs every generation there is, shows the one that is complete, and mends the view after any doubt. */
export class GenerationKeeper {
  readonly #runs = new Map<number, GenerationRun>();
  readonly #notes = new Map<number, GenerationNote>();
  readonly #building = new Map<number, Building>();
  readonly #progress = new Map<number, number>();
  readonly #watch: GenerationWatch;
  #current: number | null = null;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(private readonly options: GenerationKeeperOptions) {
    const { generations, logger } = options;
    this.#watch = new GenerationWatch({
      generations,
      onChange: (list) => this.#follow(list),
      onTrouble: (error) => logger.warn({ err: error }, 'generations are looked up again'),
    });
  }

  async start(): Promise<void> {
    await this.options.generations.ensureFirst(this.#note('first'));
    await this.#watch.start();
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#watch.stop();
    await this.#looking;
    for (const run of this.#runs.values()) await run.stop();
  }

  /** The run whose figures are shown, or null while none is complete. */
  get current(): GenerationRun | null {
    return this.#current === null ? null : (this.#runs.get(this.#current) ?? null);
  }

  get runs(): readonly GenerationRun[] {
    return [...this.#runs.values()];
  }

  /** Share of the log, 0 to 1, that the newest generation under construction has taken in; 1 when none is. */
  get progress(): number {
    const newest = Math.max(-1, ...this.#building.keys());
    return this.#building.has(newest) ? (this.#progress.get(newest) ?? 0) : 1;
  }

  status(): { generation: number; reason: string; startedAt: string; current: boolean; progress: number }[] {
    return [...this.#notes].map(([generation, { reason, startedAt }]) => ({
      generation,
      reason,
      startedAt,
      current: generation === this.#current,
      progress: generation === this.#current ? 1 : (this.#progress.get(generation) ?? 0),
    }));
  }

  /** Begins the next generation beside the current one. @throws RebuildUnderWay */
  async rebuild(): Promise<number> {
    if (this.#building.size > 0) throw new RebuildUnderWay('A generation is being built already.');
    const generation = await this.options.generations.begin(this.#note('rebuild'));
    await this.#watch.look();
    return generation;
  }

  /** Begins a generation that stays at a position; it never becomes the current one. Whoever began it drops it. */
  async buildTo(until: LogPosition): Promise<number> {
    const generation = await this.options.generations.begin(this.#note('position', until));
    await this.#watch.look();
    return generation;
  }

  runOf(generation: number): GenerationRun | undefined {
    return this.#runs.get(generation);
  }

  async drop(generation: number): Promise<void> {
    await this.options.generations.drop(generation);
    await this.#watch.look();
  }

  /** Marks everyone in every generation of this process's. */
  async sweep(): Promise<void> {
    const { facts } = await this.options.readLogEnds();
    const locations = partitionsOf(facts).map(({ location }) => location);
    for (const run of this.#runs.values()) await run.markEveryone(locations);
  }

  async #follow({ current, all }: { current: number | null; all: readonly { generation: number; note: string }[] }): Promise<void> {
    // A store that was emptied: begin again.
    if (all.length === 0) await this.options.generations.ensureFirst(this.#note('first'));
    this.#current = current;
    const there = new Set(all.map(({ generation }) => generation));
    for (const [generation, run] of this.#runs) {
      if (there.has(generation)) continue;
      for (const map of [this.#runs, this.#notes, this.#building, this.#progress]) map.delete(generation);
      await run.stop();
    }
    for (const { generation, note } of all) {
      if (this.#runs.has(generation)) continue;
      const read = readNote(note);
      const ends = await this.options.readLogEnds();
      const run = this.options.newRun(generation, read.until ?? null);
      await run.start();
      this.#runs.set(generation, run);
      this.#notes.set(generation, read);
      if (generation !== current && read.until === undefined) this.#building.set(generation, { ends, marksAtEnds: undefined });
      this.options.logger.info({ generation, reason: read.reason }, 'generation followed');
    }
    // One that was current and is no longer is what the pointer moved away from.
    for (const generation of there) {
      if (current === null || generation >= current || this.#notes.get(generation)?.until !== undefined) continue;
      await this.options.generations.drop(generation);
      this.options.logger.info({ generation }, 'generation dropped');
    }
    // A pointer that was lost with the store's contents: what runs has to be built again.
    for (const generation of this.#runs.keys()) {
      if (generation === current || this.#building.has(generation) || this.#notes.get(generation)?.until !== undefined) continue;
      if (current === null) this.#building.set(generation, { ends: await this.options.readLogEnds(), marksAtEnds: undefined });
    }
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.#look().catch((error: unknown) => this.options.logger.warn({ err: error }, 'the view is looked at again'));
      void this.#looking.then(() => this.#schedule());
    }, this.options.everyMs ?? 500);
  }

  async #look(): Promise<void> {
    const { generations, logger } = this.options;
    if (this.#runs.size > 0 && (await generations.inDoubt())) {
      const run = await generations.serverRun();
      logger.warn({}, 'the store was restarted: everyone is marked');
      await this.sweep();
      await generations.doubtSettled(run);
    }
    for (const [generation, run] of [...this.#runs]) {
      if (!(await run.storeWentBack())) continue;
      logger.warn({ generation }, 'the store went back: it is read on from there and everyone is marked');
      // A consumer does not look back by itself where no record comes.
      this.#runs.delete(generation);
      await run.stop();
      const again = this.options.newRun(generation, this.#notes.get(generation)?.until ?? null);
      this.#runs.set(generation, again);
      await again.start();
      await this.sweep();
    }
    for (const [generation, building] of [...this.#building]) {
      const run = this.#runs.get(generation);
      if (run === undefined || !(await this.#isComplete(run, building))) continue;
      await generations.promote(generation);
      this.#building.delete(generation);
      logger.info({ generation }, 'generation is current');
      await this.#watch.look();
    }
  }

  /** Reached the ends taken at its start, and nobody who was marked then is still marked. */
  async #isComplete(run: GenerationRun, building: Building): Promise<boolean> {
    const facts = partitionsOf(building.ends.facts);
    const identifiers = partitionsOf(building.ends.identifiers);
    const [nexts, linked] = await Promise.all([
      Promise.all(facts.map(({ location }) => run.partitions.next(location))),
      run.link.nextOffsets(),
    ]);
    let done = 0;
    let all = 0;
    for (const [i, { offset }] of facts.entries()) {
      all += offset;
      done += Math.min(offset, nexts[i]!);
    }
    for (const { location, offset } of identifiers) {
      all += offset;
      done += Math.min(offset, linked.get(location) ?? 0);
    }
    this.#progress.set(run.generation, all === 0 ? 1 : done / all);
    if (done < all) return false;
    const marks = await run.markIds(facts.map(({ location }) => location));
    building.marksAtEnds ??= new Set(marks);
    return !marks.some((id) => building.marksAtEnds!.has(id));
  }

  #note(reason: GenerationNote['reason'], until?: LogPosition): string {
    const startedAt = new Date(this.options.now()).toISOString();
    return writeNote(until === undefined ? { reason, startedAt } : { reason, startedAt, until });
  }
}
