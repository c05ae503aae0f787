import { setTimeout as delay } from 'node:timers/promises';

/** Something that was started and may end. */
export interface Launched {
  readonly pid: number;
  readonly exited: Promise<unknown>;
  readonly stop: () => Promise<unknown>;
  readonly kill: () => void;
  readonly signal: (name: NodeJS.Signals) => void;
}

/** A process that is started again when it ends unasked. */
export interface Supervised {
  readonly name: string;
  /** Of the process that runs now or ran last. */
  readonly pid: () => number;
  /** Ordered end, for good. */
  readonly stop: () => Promise<void>;
  /** kill -9. It is started again, unless that was switched off. */
  readonly kill: () => void;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Settles when the process that runs now is gone. */
  readonly exited: () => Promise<unknown>;
  /** Starts it again after a kill or an end where it is not started again by itself. */
  readonly restart: () => Promise<void>;
}

export interface SuperviseOptions {
  readonly name: string;
  /** Starts it, and resolves when it can work. */
  readonly launch: () => Promise<Launched>;
  /** Start it again when it ends unasked, after a growing delay. */
  readonly restart: boolean;
  /** Told in a sentence what happened, for the console. */
  readonly tell: (line: string) => void;
}

const FIRST_DELAY_MS = 500;
const LAST_DELAY_MS = 30_000;
/** After this long the next failure counts as the first. */
const STEADY_MS = 60_000;

/**
 * Starts something and keeps it running.
 *
 * @throws what the first launch throws; later failures are told and tried again
 */
export async function supervise({ name, launch, restart, tell }: SuperviseOptions): Promise<Supervised> {
  const stopping = new AbortController();
  let current = await launch();
  let watching: Promise<void> = Promise.resolve();

  async function watch(): Promise<void> {
    let wait = FIRST_DELAY_MS;
    while (!stopping.signal.aborted) {
      const began = performance.now();
      await current.exited;
      if (stopping.signal.aborted) return;
      if (performance.now() - began > STEADY_MS) wait = FIRST_DELAY_MS;
      for (let started = false; !started; ) {
        tell(`${name} ended unasked; it is started again in ${wait / 1000} s`);
        await delay(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
        wait = Math.min(wait * 2, LAST_DELAY_MS);
        if (stopping.signal.aborted) return;
        try {
          current = await launch();
          started = true;
        } catch (error) {
          tell(`${name} could not be started: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
    }
  }
  if (restart) watching = watch();

  return {
    name,
    pid: () => current.pid,
    kill: () => current.kill(),
    signal: (signal) => current.signal(signal),
    exited: () => current.exited,
    async restart() {
      await current.exited;
      if (!restart) current = await launch();
    },
    async stop() {
      stopping.abort();
      await current.stop();
      // A launch under way when this was called ends up in `current` after the first stop.
      await watching;
      await current.stop();
    },
  };
}
