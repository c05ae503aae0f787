import type { RedisConnection } from './redis-connection.js';

const KEY = '{generation}:stop-line';

/** Offsets of every partition, by topic. */
export type LogPosition = Readonly<Record<string, readonly number[]>>;

/** `waiting`: somebody is about to say where to stop; begin no batch before it is known. */
export type StopLineState = { readonly state: 'none' } | { readonly state: 'waiting' } | { readonly state: 'at'; readonly position: LogPosition };

/**
 * Where every worker of linkage and outcomes stops reading while a cut is taken. A worker looks after it has fetched a batch
 * and before it writes any of it: if it sees no line, the ends are read later than its records were fetched, so they are
 * before the line. The line goes by itself if whoever drew it dies.
 */
export class StopLine {
  constructor(private readonly connection: RedisConnection) {}

  /** First half: nobody begins a batch from now on. */
  async announce(forMs: number): Promise<boolean> {
    return (await this.connection.command('SET', KEY, '', 'NX', 'PX', forMs)) !== null;
  }

  /** Second half, with ends read after {@link announce}. */
  async draw(position: LogPosition, forMs: number): Promise<void> {
    await this.connection.command('SET', KEY, JSON.stringify(position), 'PX', forMs);
  }

  async lift(): Promise<void> {
    await this.connection.command('DEL', KEY);
  }

  async read(): Promise<StopLineState> {
    const line = (await this.connection.command('GET', KEY)) as Buffer | null;
    if (line === null) return { state: 'none' };
    return line.length === 0 ? { state: 'waiting' } : { state: 'at', position: JSON.parse(String(line)) as LogPosition };
  }
}

export interface StopLineFollowerOptions {
  readonly line: Pick<StopLine, 'read'>;
  /** Where this generation ends in any case: one that is built up to a position. */
  readonly until: LogPosition | null;
  /** Milliseconds between looks while stopped or waiting; default 25. */
  readonly everyMs?: number;
  /** The partition may go on. */
  readonly onLifted: (topic: string, partition: number) => void;
  readonly onTrouble: (error: unknown) => void;
}

/** A worker's side of the stop line: where to stop, and when to go on. */
export class StopLineFollower {
  readonly #stopped = new Map<string, { readonly topic: string; readonly partition: number }>();
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(private readonly options: StopLineFollowerOptions) {}

  /** First offset of the partition not to be read now; Infinity: none. Waits while the line is being drawn. */
  async stopBefore(topic: string, partition: number): Promise<number> {
    const { line, until, everyMs = 25 } = this.options;
    const own = until === null ? Infinity : (until[topic]?.[partition] ?? 0);
    for (;;) {
      const seen = await line.read();
      if (seen.state === 'none') return own;
      // A topic that the line does not know was made after it was drawn.
      if (seen.state === 'at') return Math.min(own, seen.position[topic]?.[partition] ?? 0);
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }

  /** The caller has stopped reading the partition; it is told when it may go on. */
  stopped(topic: string, partition: number): void {
    // A generation that is built up to a position is there for good.
    if (this.options.until !== null) return;
    this.#stopped.set(`${topic}/${partition}`, { topic, partition });
    this.#schedule();
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#ended || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#look()
        .catch(this.options.onTrouble)
        .finally(() => {
          if (this.#stopped.size > 0) this.#schedule();
        });
    }, this.options.everyMs ?? 25);
  }

  async #look(): Promise<void> {
    if ((await this.options.line.read()).state !== 'none') return;
    for (const [name, { topic, partition }] of this.#stopped) {
      this.#stopped.delete(name);
      this.options.onLifted(topic, partition);
    }
  }
}
