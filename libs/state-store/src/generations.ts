import { RedisScript } from './redis-connection.js';
import type { StoreConnection } from './redis-connection.js';
import { StateStoreError } from './state-store-error.js';

/**
 * Form of what is stored under a generation, in either service. Raise it when that changes: generations of another form are not
 * on the list, so that the log is read anew, and their keys go with those of dropped generations.
 */
const FORM = 4;

const CURRENT = `{generation}:current:${FORM}`;
const ALL = `{generation}:all:${FORM}`;
const RUN = '{generation}:server-run';
const WHOLE = '{generation}:whole-run';
const COUNTER = '{generation}:last';
const BUILDING = `{generation}:building:${FORM}`;
/** Before the number of a generation that lives while it is kept. */
const KEPT = '{generation}:kept:';
/** Before the number of a generation of which it was settled how it is computed. */
const SETTLED = '{generation}:settled:';

// KEYS: counter, all, building. ARGV: 'first', 'rebuild' or 'position'; note; rebuild: the one whose place it may take, or
// ''; position: prefix of leases, milliseconds. Answers the number; 0: there is one already; below 0: that one is building.
const BEGIN = new RedisScript(
  'begin a generation',
  `local kind = ARGV[1]
if kind == 'first' and redis.call('HLEN', KEYS[2]) > 0 then return 0 end
if kind == 'rebuild' then
  local building = redis.call('GET', KEYS[3])
  if building and building ~= ARGV[3] and redis.call('HEXISTS', KEYS[2], building) == 1 then return -tonumber(building) end
end
local number = redis.call('INCR', KEYS[1])
redis.call('HSET', KEYS[2], number, ARGV[2])
if kind == 'position' then redis.call('SET', ARGV[3] .. number, '', 'PX', ARGV[4]) else redis.call('SET', KEYS[3], number) end
return number`,
);

// KEYS: all, current, building. ARGV: number. The pointer never moves back.
const PROMOTE = new RedisScript(
  'make a generation the current one',
  `if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
if tonumber(redis.call('GET', KEYS[2]) or '0') < tonumber(ARGV[1]) then redis.call('SET', KEYS[2], ARGV[1]) end
if redis.call('GET', KEYS[3]) == ARGV[1] then redis.call('DEL', KEYS[3]) end
return 1`,
);

// KEYS: all, current, building. ARGV: number, prefix of leases.
const FORGET = new RedisScript(
  'forget a generation',
  `if redis.call('GET', KEYS[2]) == ARGV[1] then return 0 end
if redis.call('GET', KEYS[3]) == ARGV[1] then redis.call('DEL', KEYS[3]) end
redis.call('DEL', ARGV[2] .. ARGV[1])
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
  constructor(private readonly connection: StoreConnection) {}

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
    await this.connection.run(BEGIN, [COUNTER, ALL, BUILDING], ['first', note]);
  }

  /**
   * A generation that is to become the current one. There is one at a time, whichever process asks: the store itself says so.
   * @param instead the one under construction whose place it takes, where that cannot become complete.
   */
  async rebuild(note: string, instead: number | null = null): Promise<{ readonly begun: number } | { readonly underWay: number }> {
    const answer = (await this.connection.run(BEGIN, [COUNTER, ALL, BUILDING], ['rebuild', note, instead ?? ''])) as number;
    return answer < 0 ? { underWay: -answer } : { begun: answer };
  }

  /**
   * A generation that never becomes the current one, and that nobody else looks after: it is listed while it is kept.
   * @param forMs milliseconds until it is abandoned, unless {@link keep} is called before.
   */
  async beginKept(note: string, forMs: number): Promise<number> {
    return (await this.connection.run(BEGIN, [COUNTER, ALL, BUILDING], ['position', note, KEPT, forMs])) as number;
  }

  /** @returns false where it was abandoned: it cannot be kept again. */
  async keep(generation: number, forMs: number): Promise<boolean> {
    return (await this.connection.command('SET', KEPT + generation, '', 'XX', 'PX', forMs)) !== null;
  }

  async isKept(generation: number): Promise<boolean> {
    return (await this.connection.command('EXISTS', KEPT + generation)) === 1;
  }

  /**
   * How a generation is computed: what whoever asked first proposed. For one that was begun by somebody who does not compute
   * it and so could not note it.
   */
  async settle(generation: number, proposed: string): Promise<string> {
    await this.connection.command('SET', SETTLED + generation, proposed, 'NX');
    return String(await this.connection.command('GET', SETTLED + generation));
  }

  /** @throws StateStoreError `UNKNOWN_GENERATION` */
  async promote(generation: number): Promise<void> {
    if ((await this.connection.run(PROMOTE, [ALL, CURRENT, BUILDING], [generation])) !== 1) {
      throw new StateStoreError('UNKNOWN_GENERATION', `generation ${generation}`, 'It was dropped: begin another.');
    }
  }

  /**
   * Takes a generation off the list, so that its workers stop; the current one stays. Its keys go with
   * {@link deleteForgotten}.
   * @returns whether it was there
   */
  async forget(generation: number): Promise<boolean> {
    const wasThere = (await this.connection.run(FORGET, [ALL, CURRENT, BUILDING], [generation, KEPT])) === 1;
    if (wasThere) await this.connection.command('DEL', SETTLED + generation);
    return wasThere;
  }

  /**
   * Deletes the keys of every generation that was begun and is no longer listed. A worker that has not looked at the list
   * yet writes some again: called again and again, until nothing of a dropped generation, its tokens least of all, is left.
   * @returns keys deleted
   */
  async deleteForgotten(): Promise<number> {
    let deleted = await this.#deletePointersOfOtherForms();
    for await (const keys of this.connection.keys('g*:{*')) {
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
    }
    return deleted;
  }

  /** Before the keys that they lead to: an older build that comes back must find nothing, not an emptied generation. */
  async #deletePointersOfOtherForms(): Promise<number> {
    let deleted = 0;
    for await (const keys of this.connection.keys('{generation}:*')) {
      for (const key of keys.map(String)) {
        if (!/:(all|current)(:\d+)?$/.test(key) || key === ALL || key === CURRENT) continue;
        await this.connection.command('UNLINK', key);
        deleted += 1;
      }
    }
    return deleted;
  }

  /**
   * Whether the server runs on since everyone was last marked. After a restart it may hold an older copy of what it held,
   * and nothing in it would say so.
   */
  async inDoubt(): Promise<boolean> {
    return (await this.#runSaid(RUN)) !== (await this.connection.serverRun());
  }

  /** Called once everyone is marked. @param run as `serverRun` said before marking began */
  async everyoneMarked(run: string): Promise<void> {
    await this.connection.command('SET', RUN, run);
  }

  /**
   * Whether the current generation has been found complete since the last doubt. Until then its figures may be those of an
   * older copy, or half of one.
   */
  async isWhole(): Promise<boolean> {
    return (await this.#runSaid(WHOLE)) === (await this.connection.serverRun());
  }

  /** Called once the current generation is found complete. @param run as `serverRun` said before anything of it was looked at */
  async foundWhole(run: string): Promise<void> {
    await this.connection.command('SET', WHOLE, run);
  }

  /** Called where the store is seen to have gone back while its server ran on: no process shows it before it is whole again. */
  async doubt(): Promise<void> {
    await this.connection.command('DEL', RUN, WHOLE);
  }

  serverRun(): Promise<string> {
    return this.connection.serverRun();
  }

  async #runSaid(key: string): Promise<string> {
    return String(await this.connection.command('GET', key));
  }
}
