import type { GenerationList, Generations } from './generations.js';

/** What a service does for one generation. */
export interface FollowedRun {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Whether the store holds less than this process has had stored: it was put back to an older copy, or emptied. */
  storeWentBack(): Promise<boolean>;
}

export interface FollowedGenerationsOptions<Run extends FollowedRun> {
  readonly generations: Pick<Generations, 'list' | 'ensureFirst'>;
  /** Note of the generation that is begun where there is none to be shown: at the first start, and in a store that was emptied. */
  readonly firstNote: () => string;
  /** Not started yet; null: this process cannot run it, and goes on with the others. It is asked again in each look. */
  readonly newRun: (generation: number, note: string) => Run | null | Promise<Run | null>;
  /** A run is about to be begun anew, since the store went back. */
  readonly onWentBack: (generation: number) => void;
  /** Called at the end of each look: a run stands for each generation of the list that this process can run, and for no other. Must not call `look`. */
  readonly onLook?: (list: GenerationList) => Promise<void>;
  /** A look failed; it is tried again. */
  readonly onTrouble: (error: unknown) => void;
  /** Milliseconds between looks; default 500. */
  readonly everyMs?: number;
}

/**
 * Keeps one run for each generation there is, so that every service works on the same ones. Whatever begins and ends runs
 * happens in a look, and looks come one after the other: no run is ever begun twice, or forgotten while it works.
 */
export class FollowedGenerations<Run extends FollowedRun> {
  readonly #runs = new Map<number, Run>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #looking: Promise<void> = Promise.resolve();

  constructor(private readonly options: FollowedGenerationsOptions<Run>) {}

  /** Runs by generation, in the order they were begun. */
  get runs(): ReadonlyMap<number, Run> {
    return this.#runs;
  }

  /** Looks once, and then again and again. */
  async start(): Promise<void> {
    await this.look();
    this.#schedule();
  }

  /** Looks now; after the look that is under way. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look());
    return this.#looking;
  }

  /** Ends every run, all at once, also one that the look under way is about to begin. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await Promise.all([...this.#runs.keys()].map((generation) => this.#end(generation)));
    await this.#looking;
  }

  async #look(): Promise<void> {
    if (this.#stopped) return;
    try {
      const list = await this.#list();
      await this.#follow(list);
      await this.options.onLook?.(list);
    } catch (error) {
      this.options.onTrouble(error);
    }
  }

  async #list(): Promise<GenerationList> {
    const { generations, firstNote } = this.options;
    const list = await generations.list();
    // One that stays at a position is never shown.
    if (list.all.some(({ generation }) => generation === list.current || generation === list.building)) return list;
    await generations.ensureFirst(firstNote());
    return generations.list();
  }

  async #follow({ all }: GenerationList): Promise<void> {
    const there = new Set(all.map(({ generation }) => generation));
    for (const [generation, run] of [...this.#runs]) {
      if (!there.has(generation)) await this.#end(generation);
      // A consumer does not look back by itself where no record comes.
      else if (await run.storeWentBack()) {
        this.options.onWentBack(generation);
        await this.#end(generation);
      }
    }
    for (const { generation, note } of all) {
      if (this.#runs.has(generation)) continue;
      const run = await this.options.newRun(generation, note);
      if (run === null) continue;
      await run.start();
      this.#runs.set(generation, run);
      if (this.#stopped) return this.#end(generation);
    }
  }

  async #end(generation: number): Promise<void> {
    const run = this.#runs.get(generation);
    this.#runs.delete(generation);
    await run?.stop();
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.look().then(() => this.#schedule()), this.options.everyMs ?? 500);
  }
}
