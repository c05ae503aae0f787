import type { GenerationList, Generations } from './generations.js';

export interface GenerationWatchOptions {
  readonly generations: Pick<Generations, 'list'>;
  /** Milliseconds between looks; default 500. */
  readonly everyMs?: number;
  /** Called in turn, never twice at once, with the first list and with each that differs. */
  readonly onChange: (list: GenerationList) => Promise<void>;
  /** A look or a change failed; it is tried again. */
  readonly onTrouble: (error: unknown) => void;
}

/** Follows the generations, so that every service works on the same ones. */
export class GenerationWatch {
  #timer: NodeJS.Timeout | undefined;
  #seen = '';
  #stopped = false;
  #looking: Promise<void> = Promise.resolve();

  constructor(private readonly options: GenerationWatchOptions) {}

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

  /** Resolves when no change is being acted upon any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    if (this.#stopped) return;
    try {
      const list = await this.options.generations.list();
      const text = JSON.stringify(list);
      if (text === this.#seen) return;
      await this.options.onChange(list);
      this.#seen = text;
    } catch (error) {
      this.options.onTrouble(error);
    }
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.look().then(() => this.#schedule()), this.options.everyMs ?? 500);
  }
}
