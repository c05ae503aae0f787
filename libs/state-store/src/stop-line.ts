import { randomBytes } from 'node:crypto';
import { RedisScript } from './redis-connection.js';
import type { StoreConnection } from './redis-connection.js';

const KEY = '{generation}:stop-line';

/** Offsets of every partition, by topic. */
export type LogPosition = Readonly<Record<string, readonly number[]>>;

/** `waiting`: somebody is about to say where to stop; begin no batch before it is known. */
export type StopLineState = { readonly state: 'none' } | { readonly state: 'waiting' } | { readonly state: 'at'; readonly position: LogPosition };

// KEYS: line. ARGV: holder, position, milliseconds. The line begins with the 16 bytes of its holder.
const DRAW = new RedisScript(
  'draw the stop line',
  `local line = redis.call('GET', KEYS[1])
if not line or string.sub(line, 1, 16) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1] .. ARGV[2], 'PX', ARGV[3])
return 1`,
);

// KEYS: line. ARGV: holder.
const LIFT = new RedisScript(
  'lift the stop line',
  `local line = redis.call('GET', KEYS[1])
if line and string.sub(line, 1, 16) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`,
);

const HOLDER_BYTES = 16;

/** A line in the hands of whoever announced it: nobody else moves or lifts it. */
export interface AnnouncedLine {
  /** Second half, with ends read after the announcement. @returns false where the line went by itself meanwhile */
  draw(position: LogPosition, forMs: number): Promise<boolean>;
  /** Lets everybody go on; leaves a line alone that somebody else has announced since. */
  lift(): Promise<void>;
}

/**
 * Where every worker of linkage and outcomes stops reading while a cut is taken. A worker looks after it has fetched a batch
 * and before it writes any of it: if it sees no line, the ends are read later than its records were fetched, so they are
 * before the line. The line goes by itself if whoever drew it dies.
 */
export class StopLine {
  constructor(private readonly connection: StoreConnection) {}

  /** First half: nobody begins a batch from now on. @returns null where somebody else has announced one */
  async announce(forMs: number): Promise<AnnouncedLine | null> {
    const holder = randomBytes(HOLDER_BYTES);
    if ((await this.connection.command('SET', KEY, holder, 'NX', 'PX', forMs)) === null) return null;
    return {
      draw: async (position, drawnForMs) => (await this.connection.run(DRAW, [KEY], [holder, JSON.stringify(position), drawnForMs])) === 1,
      lift: async () => void (await this.connection.run(LIFT, [KEY], [holder])),
    };
  }

  async read(): Promise<StopLineState> {
    const line = (await this.connection.command('GET', KEY)) as Buffer | null;
    if (line === null) return { state: 'none' };
    return line.length === HOLDER_BYTES ? { state: 'waiting' } : { state: 'at', position: JSON.parse(line.toString('utf8', HOLDER_BYTES)) as LogPosition };
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
