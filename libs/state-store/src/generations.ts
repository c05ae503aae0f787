import { RedisScript } from './redis-connection.js';
import type { RedisConnection } from './redis-connection.js';
import { StateStoreError } from './state-store-error.js';

const CURRENT = '{generation}:current';
const ALL = '{generation}:all';
const RUN = '{generation}:server-run';
const COUNTER = '{generation}:last';

// KEYS: counter, all, current. ARGV: 'only-first' or 'another', state.
const BEGIN = new RedisScript(
  'begin a generation',
  `if ARGV[1] == 'only-first' and redis.call('HLEN', KEYS[2]) > 0 then return 0 end
local number = redis.call('INCR', KEYS[1])
redis.call('HSET', KEYS[2], number, ARGV[2])
return number`,
);

// KEYS: all, current. ARGV: number.
const PROMOTE = new RedisScript(
  'make a generation the current one',
  `if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('SET', KEYS[2], ARGV[1])
return 1`,
);

// KEYS: all, current. ARGV: number.
const FORGET = new RedisScript(
  'forget a generation',
  `if redis.call('GET', KEYS[2]) == ARGV[1] then return 0 end
return redis.call('HDEL', KEYS[1], ARGV[1])`,
);

/** Every generation there is. */
export interface GenerationList {
  /** The one whose figures are shown; null while none is complete. */
  readonly current: number | null;
  /** All, ascending, with what was noted when each began. */
  readonly all: readonly { readonly generation: number; readonly note: string }[];
}

/** The generations of the view, and the pointer to the one that is shown. */
export class Generations {
  constructor(private readonly connection: RedisConnection) {}

  async list(): Promise<GenerationList> {
    const [current, all] = await Promise.all([this.connection.command('GET', CURRENT), this.connection.command('HGETALL', ALL)]);
    const fields = all as Buffer[];
    const found: { generation: number; note: string }[] = [];
    for (let at = 0; at + 1 < fields.length; at += 2) found.push({ generation: Number(String(fields[at])), note: String(fields[at + 1]) });
    return {
      current: current === null ? null : Number(String(current)),
      all: found.sort((left, right) => left.generation - right.generation),
    };
  }

  /** The first generation, if there is none yet. Called at start by every service that keeps part of the view. */
  async ensureFirst(note: string): Promise<void> {
    await this.connection.run(BEGIN, [COUNTER, ALL, CURRENT], ['only-first', note]);
  }

  /** @returns the number of a generation that is beside the others until it is promoted. */
  async begin(note: string): Promise<number> {
    return (await this.connection.run(BEGIN, [COUNTER, ALL, CURRENT], ['another', note])) as number;
  }

  /** @throws StateStoreError `UNKNOWN_GENERATION` */
  async promote(generation: number): Promise<void> {
    if ((await this.connection.run(PROMOTE, [ALL, CURRENT], [generation])) !== 1) {
      throw new StateStoreError('UNKNOWN_GENERATION', `generation ${generation}`, 'It was dropped: begin another.');
    }
  }

  /**
   * Takes a generation off the list, so that its workers stop; the current one stays. Its keys go with
   * {@link deleteForgotten}.
   * @returns whether it was there
   */
  async forget(generation: number): Promise<boolean> {
    return (await this.connection.run(FORGET, [ALL, CURRENT], [generation])) === 1;
  }

  /**
   * Deletes the keys of every generation that was begun and is no longer listed. A worker that has not looked at the list
   * yet writes some again: called again and again, until nothing of a dropped generation, its tokens least of all, is left.
   * @returns keys deleted
   */
  async deleteForgotten(): Promise<number> {
    let deleted = 0;
    let cursor = '0';
    do {
      const [position, keys] = (await this.connection.command('SCAN', cursor, 'MATCH', 'g*:{*', 'COUNT', 500)) as [Buffer, Buffer[]];
      cursor = String(position);
      const found = keys.flatMap((key) => {
        const generation = /^g(\d+):\{/.exec(String(key))?.[1];
        return generation === undefined ? [] : [{ key, generation: Number(generation) }];
      });
      if (found.length === 0) continue;
      // Listed after the keys were seen: whatever was written by then belonged to a generation that had begun.
      const last = Number(await this.connection.command('GET', COUNTER));
      const listed = new Set((await this.list()).all.map(({ generation }) => generation));
      for (const { key, generation } of found) {
        if (generation > last || listed.has(generation)) continue;
        await this.connection.command('UNLINK', key);
        deleted += 1;
      }
    } while (cursor !== '0');
    return deleted;
  }

  /**
   * Whether the server runs on since everyone was last marked. After a restart it may hold an older copy of what it held,
   * and nothing in it would say so.
   */
  async inDoubt(): Promise<boolean> {
    const known = (await this.connection.command('GET', RUN)) as Buffer | null;
    return String(known) !== (await this.connection.serverRun());
  }

  /** Called once everyone is marked. @param run as `serverRun` said before marking began */
  async doubtSettled(run: string): Promise<void> {
    await this.connection.command('SET', RUN, run);
  }

  serverRun(): Promise<string> {
    return this.connection.serverRun();
  }
}
