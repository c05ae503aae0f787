import type { Pass } from './reconciler.js';

export interface ReconcileLoopOptions {
  readonly pass: () => Promise<Pass>;
  /** Events read but not stored, over all partitions of this process: while many wait, passes are kept rare. */
  readonly behind: () => number;
  readonly onPass?: (pass: Pass, milliseconds: number) => void;
  readonly onTrouble: (error: unknown) => void;
  /** Milliseconds between looks when nothing is announced; default 100. */
  readonly everyMs?: number;
}

/** Above this many events behind, figures wait: those of the same people would be computed again a moment later. */
const MUCH_BEHIND = 20_000;
/** While much is behind, at least this many times as long is spent reading as computing, and at least the time below. */
const REST_PER_WORK = 6;
const LEAST_REST_MS = 120_000;

/** Runs passes one after the other: at once when marks are announced, now and then anyway, rarely in a backlog. */
export class ReconcileLoop {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #announced = false;
  #stopped = false;
  #restUntil = 0;

  constructor(private readonly options: ReconcileLoopOptions) {}

  start(): void {
    this.#schedule(0);
  }

  /** Marks wait. */
  announce(): void {
    this.#announced = true;
    if (this.#running === undefined) this.#schedule(0);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(inMs: number): void {
    if (this.#stopped || this.#running !== undefined) return;
    clearTimeout(this.#timer);
    const rest = this.options.behind() > MUCH_BEHIND ? this.#restUntil - performance.now() : 0;
    this.#timer = setTimeout(() => this.#run(), Math.max(inMs, Math.min(rest, this.options.everyMs ?? 100)));
  }

  #run(): void {
    if (this.options.behind() > MUCH_BEHIND && performance.now() < this.#restUntil) return this.#schedule(0);
    this.#announced = false;
    const began = performance.now();
    this.#running = this.options
      .pass()
      .then((pass) => {
        const took = performance.now() - began;
        // Marks that are left pile up while it rests.
        this.#restUntil = pass.more ? 0 : performance.now() + Math.max(LEAST_REST_MS, took * REST_PER_WORK);
        if (pass.more) this.#announced = true;
        this.options.onPass?.(pass, took);
      })
      .catch((error: unknown) => this.options.onTrouble(error))
      .finally(() => {
        this.#running = undefined;
        this.#schedule(this.#announced ? 0 : (this.options.everyMs ?? 100));
      });
  }
}
