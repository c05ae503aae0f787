import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from '@throughline/local';
import type { Supervised } from '@throughline/local';

const AGAIN_MS = 200;

/** What can be killed, put to sleep and started again. */
export type Keepable = Pick<Supervised, 'kill' | 'signal' | 'exited' | 'restart'>;

interface Kept {
  readonly process: Keepable;
  held: boolean;
  up: boolean;
  starts: number;
}

/**
 * Starts again at once whoever ends, as a machine's own supervisor would, but keeps down whoever is held down. What a fault
 * of one process does to another (a reader that ends because its broker is gone) is so mended without being asked for.
 */
export class Keeper {
  readonly #kept: ReadonlyMap<string, Kept>;
  readonly #tell: (line: string) => void;
  #stopped = false;
  #loops: Promise<unknown> = Promise.resolve();
  readonly #starting = new Set<Promise<unknown>>();

  /** @param processes by name; none may be started again by itself */
  constructor(processes: ReadonlyMap<string, Keepable>, tell: (line: string) => void) {
    this.#kept = new Map([...processes].map(([name, process]) => [name, { process, held: false, up: true, starts: 0 }]));
    this.#tell = tell;
    this.#loops = Promise.all([...this.#kept].map(([name, kept]) => this.#keep(name, kept)));
  }

  /**
   * kill -9 to all of them at one moment. Resolves when the processes are gone; they stay so until {@link release}. Who is
   * just starting is let start first, while all are there: it may need another of them for that.
   */
  async killAndHold(names: readonly string[]): Promise<void> {
    const all = names.map((name) => this.#of(name));
    const who = names.join(' and ');
    await waitFor(() => all.every(({ up }) => up), { what: `${who} to be up before the kill`, timeoutMs: 600_000 });
    for (const kept of all) {
      kept.held = true;
      kept.process.kill();
    }
    await waitFor(() => all.every(({ up }) => !up), { what: `${who} to be gone`, timeoutMs: 120_000 });
  }

  /** Lets it start again, and resolves when it can work. */
  async release(name: string): Promise<void> {
    const kept = this.#of(name);
    kept.held = false;
    await waitFor(() => kept.up, { what: `${name} to work again`, timeoutMs: 600_000, everyMs: 50 });
  }

  /** SIGSTOP, until {@link wake}; to one that is just starting once it has. */
  async putToSleep(name: string): Promise<void> {
    const kept = this.#of(name);
    await waitFor(() => kept.up, { what: `${name} to be up before it sleeps`, timeoutMs: 600_000 });
    kept.process.signal('SIGSTOP');
  }

  wake(name: string): void {
    this.#of(name).process.signal('SIGCONT');
  }

  names(): readonly string[] {
    return [...this.#kept.keys()];
  }

  /** How often each was started again. */
  starts(): ReadonlyMap<string, number> {
    return new Map([...this.#kept].map(([name, { starts }]) => [name, starts]));
  }

  /** Starts nobody any more; resolves when no start is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.allSettled(this.#starting);
  }

  /** Settles when everyone has ended after {@link stop}. */
  async ended(): Promise<void> {
    await this.#loops;
  }

  #of(name: string): Kept {
    const kept = this.#kept.get(name);
    if (kept === undefined) throw new TypeError(`nobody called ${name} is kept`);
    return kept;
  }

  async #keep(name: string, kept: Kept): Promise<void> {
    for (;;) {
      await kept.process.exited();
      if (this.#stopped) return;
      kept.up = false;
      while (!kept.up) {
        if (this.#stopped) return;
        if (!kept.held) await this.#start(name, kept);
        if (!kept.up) await delay(AGAIN_MS);
      }
    }
  }

  async #start(name: string, kept: Kept): Promise<void> {
    const starting = kept.process.restart().then(
      () => {
        kept.up = true;
        kept.starts += 1;
      },
      (error: unknown) => this.#tell(`${name} did not start: ${error instanceof Error ? error.message : String(error)}`),
    );
    this.#starting.add(starting);
    await starting;
    this.#starting.delete(starting);
  }
}
