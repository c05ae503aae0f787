import { keysUnder } from './generation-keys.js';
import { RedisScript } from './redis-connection.js';
import type { StoreConnection } from './redis-connection.js';
import { StateStoreError } from './state-store-error.js';
import { UniqueIds } from './unique-ids.js';

/**
 * Form of what is stored under a generation, in either service. Raise it when that changes: generations of another form are not
 * on the list, so that the log is read anew, and their keys go with those of dropped generations.
 */
const FORM = 5;

const CURRENT = `{generation}:current:${FORM}`;
const ALL = `{generation}:all:${FORM}`;
const SWEPT = '{generation}:swept';
const WHOLE = '{generation}:whole';
const COUNTER = '{generation}:last';
const BUILDING = `{generation}:building:${FORM}`;
/** Before the number of a generation that lives while it is kept. */
const KEPT = '{generation}:kept:';
/** Before the number of a generation of which it was settled how it is computed. */
const SETTLED = '{generation}:settled:';

/**
 * Seconds since 1970 from which generations are numbered: 2026-01-01T00:00Z. The event that names a generation has 31 bits for
 * it, enough until 2094.
 */
const NUMBERED_SINCE = 1_767_225_600;

/** Every key of every generation. */
const KEYS_OF_ALL = 'g*:{*';

/** @returns the generation a key belongs to, and what it begins with up to the end of its tag; null: it belongs to none */
function placeOf(key: Buffer): { readonly generation: number; readonly tag: string } | null {
  const [tag, number] = /^g(\d+):\{[^}]*\}:/.exec(String(key)) ?? [];
  return tag === undefined ? null : { generation: Number(number), tag };
}

// KEYS: counter, all, building, current. ARGV: 'first', 'rebuild' or 'position'; note; greatest number there are keys of; the least there
// may be, by seconds since 1970; rebuild: the one whose place it may take, or ''; position: prefix of leases, milliseconds.
// Answers the number; 0: there is one already; below 0: that one is building. A clock for which a number has no room is wrong.
const BEGIN = new RedisScript(
  'begin a generation',
  `local kind = ARGV[1]
local building, current = redis.call('GET', KEYS[3]), redis.call('GET', KEYS[4])
local isThere = building and redis.call('HEXISTS', KEYS[2], building) == 1
if kind == 'first' and (isThere or current and redis.call('HEXISTS', KEYS[2], current) == 1) then return 0 end
if kind == 'rebuild' then
  if isThere and building ~= ARGV[5] then return -tonumber(building) end
  if not isThere and ARGV[5] ~= '' then return 0 end
end
local last = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), tonumber(ARGV[3]))
local number = math.max(last + 1, tonumber(redis.call('TIME')[1]) - tonumber(ARGV[4]))
if number > 2147483647 then number = last + 1 end
redis.call('SET', KEYS[1], number)
redis.call('HSET', KEYS[2], number, ARGV[2])
if kind == 'position' then redis.call('SET', ARGV[5] .. number, '', 'PX', ARGV[6]) else redis.call('SET', KEYS[3], number) end
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

// KEYS: all, current, building. ARGV: number, prefix of leases, prefix of what was settled.
const FORGET = new RedisScript(
  'forget a generation',
  `if redis.call('GET', KEYS[2]) == ARGV[1] then return 0 end
if redis.call('GET', KEYS[3]) == ARGV[1] then redis.call('DEL', KEYS[3]) end
redis.call('DEL', ARGV[2] .. ARGV[1], ARGV[3] .. ARGV[1])
return redis.call('HDEL', KEYS[1], ARGV[1])`,
);

// KEYS: swept, whole. ARGV: the sweep that was looked at. What was swept again meanwhile has to be looked at again.
const FOUND_WHOLE = new RedisScript(
  'show the current generation',
  `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[1])
return 1`,
);

// KEYS: counter, all. Answers the numbers on the list; nil where no generation was ever begun: then there is no list.
const LISTED = new RedisScript(
  'list the numbers of generations',
  `if redis.call('EXISTS', KEYS[1]) == 0 then return false end
return redis.call('HKEYS', KEYS[2])`,
);

/** Every generation there is. */
export interface GenerationList {
  /** The one whose figures are shown; null while none is complete. */
  readonly current: number | null;
  /** The one that is to become it; null while none is under construction. */
  readonly building: number | null;
  /** All, ascending, with what was noted when each began. */
  readonly all: readonly { readonly generation: number; readonly note: string }[];
}

/** The generations of the view, and the pointer to the one that is shown. */
export class Generations {
  readonly #ids = new UniqueIds();

  constructor(private readonly connection: StoreConnection) {}

  async list(): Promise<GenerationList> {
    const [current, building, all] = await Promise.all([this.connection.command('GET', CURRENT), this.connection.command('GET', BUILDING), this.connection.command('HGETALL', ALL)]);
    const fields = all as Buffer[];
    const found: { generation: number; note: string }[] = [];
    for (let at = 0; at + 1 < fields.length; at += 2) found.push({ generation: Number(String(fields[at])), note: String(fields[at + 1]) });
    return {
      current: current === null ? null : Number(String(current)),
      building: building === null ? null : Number(String(building)),
      all: found.sort((left, right) => left.generation - right.generation),
    };
  }

  /** The first generation, if there is none yet that is shown or will be. Called at start by every service that keeps part of the view. */
  async ensureFirst(note: string): Promise<void> {
    await this.#begin('first', note);
  }

  /**
   * A generation that is to become the current one. There is one at a time, whichever process asks: the store itself says so.
   * @param instead the one under construction whose place it takes, where that cannot become complete.
   * @returns underWay: the one under construction, another than that one; null: there is none whose place could be taken
   */
  async rebuild(note: string, instead: number | null = null): Promise<{ readonly begun: number } | { readonly underWay: number | null }> {
    const answer = await this.#begin('rebuild', note, instead ?? '');
    if (answer === 0) return { underWay: null };
    return answer < 0 ? { underWay: -answer } : { begun: answer };
  }

  /**
   * A generation that never becomes the current one, and that nobody else looks after: it is listed while it is kept.
   * @param forMs milliseconds until it is abandoned, unless {@link keep} is called before.
   */
  async beginKept(note: string, forMs: number): Promise<number> {
    return this.#begin('position', note, KEPT, forMs);
  }

  /**
   * A number is never given twice: it is the second in which it is given, or one above the last. A store that was emptied or put
   * back counts the same numbers again, and who slept meanwhile would delete, promote or forget what he does not mean. Nor does
   * it lie below what there are keys of, whatever the clock says: the counter lies on one node of a cluster, and what the others
   * hold of a generation nobody lists any longer would be taken for the new one's.
   */
  async #begin(kind: 'first' | 'rebuild' | 'position', note: string, ...rest: readonly (string | number)[]): Promise<number> {
    let greatest = 0;
    for await (const keys of this.connection.keys(KEYS_OF_ALL)) {
      for (const key of keys) greatest = Math.max(greatest, placeOf(key)?.generation ?? 0);
    }
    return (await this.connection.run(BEGIN, [COUNTER, ALL, BUILDING, CURRENT], [kind, note, greatest, NUMBERED_SINCE, ...rest])) as number;
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
    return (await this.connection.run(FORGET, [ALL, CURRENT, BUILDING], [generation, KEPT, SETTLED])) === 1;
  }

  /**
   * Deletes the keys of every generation that is not listed. A worker that has not looked at the list yet writes some again:
   * called again and again, until nothing of a dropped generation, its tokens least of all, is left. Nothing goes while no
   * generation was begun: in a store that has lost its list, the keys say which numbers were given. What lies under one tag goes
   * in one step: of a generation that is back on the list, since that was put back alone, half a tag would never be mended.
   * @returns keys deleted
   */
  async deleteForgotten(): Promise<number> {
    let deleted = await this.#deletePointersOfOtherForms();
    for await (const keys of this.connection.keys(KEYS_OF_ALL)) {
      const tags = new Map<string, { readonly generation: number; readonly keys: Set<string> }>();
      for (const key of keys) {
        const place = placeOf(key);
        if (place === null) continue;
        const { generation, tag } = place;
        const known = tags.get(tag) ?? { generation, keys: new Set(keysUnder(tag)) };
        tags.set(tag, known);
        known.keys.add(String(key));
      }
      if (tags.size === 0) continue;
      let listed = await this.#listed();
      for (const { generation, keys: ofTag } of tags.values()) {
        if (listed === null || listed.has(generation)) continue;
        deleted += (await this.connection.command('UNLINK', ...ofTag)) as number;
        // Before the next that goes, and since the store may have been put back, or emptied and begun again, under this one.
        listed = await this.#listed();
        if (listed?.has(generation)) await this.doubt();
      }
    }
    return deleted;
  }

  /** In one step, since a list that is empty for want of any generation would condemn whatever is begun next; null: there is none. */
  async #listed(): Promise<ReadonlySet<number> | null> {
    const numbers = (await this.connection.run(LISTED, [COUNTER, ALL], [])) as Buffer[] | null;
    return numbers === null ? null : new Set(numbers.map((number) => Number(String(number))));
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
   * The sweep, in which everyone was marked, since which the server runs on; null: everyone has to be marked, since after a
   * restart it may hold an older copy of what it held, and nothing in it would say so.
   */
  async lastSweep(): Promise<string | null> {
    return this.#saidInThisRun(SWEPT);
  }

  /**
   * Called once everyone is marked.
   * @param run as `serverRun` said before marking began
   * @returns the sweep, another one each time: whoever looked at marks before it has to look again
   */
  async everyoneMarked(run: string): Promise<string> {
    const sweep = `${run} ${this.#ids.next().toString('hex')}`;
    await this.connection.command('SET', SWEPT, sweep);
    return sweep;
  }

  /**
   * Whether the current generation has been found complete since the last doubt. Until then its figures may be those of an
   * older copy, or half of one.
   */
  async isWhole(): Promise<boolean> {
    return (await this.#saidInThisRun(WHOLE)) !== null;
  }

  /**
   * Called once the current generation is found complete.
   * @param sweep the last one when looking began
   * @returns false where that is no longer the last one: it has to be looked at again
   */
  async foundWhole(sweep: string): Promise<boolean> {
    return (await this.connection.run(FOUND_WHOLE, [SWEPT, WHOLE], [sweep])) === 1;
  }

  /** Called where the store is seen to have gone back while its server ran on: no process shows it before it is whole again. */
  async doubt(): Promise<void> {
    await this.connection.command('DEL', SWEPT, WHOLE);
  }

  serverRun(): Promise<string> {
    return this.connection.serverRun();
  }

  /** What was said under a key, unless under another run of the server. */
  async #saidInThisRun(key: string): Promise<string | null> {
    const said = String(await this.connection.command('GET', key));
    return said.startsWith(`${await this.connection.serverRun()} `) ? said : null;
  }
}
