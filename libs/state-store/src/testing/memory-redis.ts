import { createHash } from 'node:crypto';
import type { RedisArgument, RedisReply, RedisScript, StoreConnection } from '../redis-connection.js';
import { StateStoreError } from '../state-store-error.js';
import { readLua } from './lua.js';
import type { LuaScript } from './lua.js';
import { LuaTable, textOf } from './lua-values.js';
import type { LuaValue } from './lua-values.js';
import { COMMANDS, WrongUse } from './memory-commands.js';
import type { Keyspace, Reply } from './memory-commands.js';

/** What a server holds, to be put back later. */
export interface StoreCopy {
  readonly keyspace: Keyspace;
}

const scripts = new Map<string, LuaScript>();

function compiled(script: RedisScript): LuaScript {
  let known = scripts.get(script.sha);
  if (known === undefined) scripts.set(script.sha, (known = readLua(script.source)));
  return known;
}

/**
 * A Redis in this process: the commands the stores use and their scripts, read as the Lua they are written in. It passes the
 * suite that the real one passes. One command or script is one step, as there.
 */
export class MemoryRedis {
  #keyspace: Keyspace = new Map();
  #run = 0;

  /** @param now milliseconds, for what expires */
  constructor(private readonly now: () => number = Date.now) {}

  /** Which run of the server this is: another one after each {@link restart}. */
  get serverRun(): string {
    return createHash('sha1').update(`run ${this.#run}`).digest('hex');
  }

  copy(): StoreCopy {
    return { keyspace: copyOf(this.#keyspace) };
  }

  /** The server begins anew with what a copy held; null: with nothing. */
  restart(copy: StoreCopy | null): void {
    this.#keyspace = copy === null ? new Map<string, never>() : copyOf(copy.keyspace);
    this.#run += 1;
  }

  /** @throws WrongUse */
  execute(name: string, args: readonly RedisArgument[]): RedisReply {
    return toBuffers(this.#call(name, args.map(binary)));
  }

  /** @throws WrongUse or LuaUnknown; what was done before it stays done, as on a server. */
  run(script: RedisScript, keys: readonly string[], args: readonly RedisArgument[]): RedisReply {
    const redis = new LuaTable();
    redis.set('call', ([name, ...rest]) => [toLua(this.#call(textOf(name), rest.map(textOf)))]);
    const [answer] = compiled(script)({ redis, KEYS: LuaTable.of(keys.map(binary)), ARGV: LuaTable.of(args.map(binary)) });
    return toBuffers(fromLua(answer));
  }

  connect(): StoreConnection {
    return new MemoryConnection(this);
  }

  #call(name: string, args: readonly string[]): Reply {
    const word = name.toUpperCase();
    if (word === 'INFO') return `run_id:${this.serverRun}\r\n`;
    if (word === 'SCRIPT' || word === 'PING') return word === 'PING' ? 'PONG' : 'OK';
    const command = COMMANDS[word];
    if (command === undefined) throw new WrongUse(`ERR unknown command '${name}'`);
    return command(this.#keyspace, args, this.now());
  }
}

/** A connection that answers at once. */
class MemoryConnection implements StoreConnection {
  constructor(private readonly server: MemoryRedis) {}

  async command(name: string, ...args: RedisArgument[]): Promise<RedisReply> {
    return answered(name, () => this.server.execute(name, args));
  }

  async run(script: RedisScript, keys: readonly string[], args: readonly RedisArgument[]): Promise<RedisReply> {
    return answered(script.name, () => this.server.run(script, keys, args));
  }

  async *keys(pattern: string): AsyncGenerator<readonly Buffer[]> {
    const [, found] = (await this.command('SCAN', '0', 'MATCH', pattern, 'COUNT', 500)) as [Buffer, Buffer[]];
    yield found;
  }

  async serverRun(): Promise<string> {
    return this.server.serverRun;
  }

  async close(): Promise<void> {}
}

/** As {@link RedisConnection} tells of what a server refuses. @throws StateStoreError */
export function answered(place: string, act: () => RedisReply): RedisReply {
  try {
    return act();
  } catch (fault) {
    if (!(fault instanceof WrongUse)) throw fault;
    throw new StateStoreError('STORE_REFUSED', place, `Redis answered: ${fault.message}`, { cause: fault });
  }
}

function copyOf(keyspace: Keyspace): Keyspace {
  return new Map([...keyspace].map(([key, { value, expiresAt }]) => [key, { expiresAt, value: typeof value === 'string' ? value : value.copy() }]));
}

const binary = (value: RedisArgument): string => {
  if (typeof value === 'string') return Buffer.from(value, 'utf8').toString('latin1');
  return typeof value === 'number' ? String(value) : value.toString('latin1');
};

const toBuffers = (reply: Reply): RedisReply => {
  if (typeof reply === 'string') return Buffer.from(reply, 'latin1');
  return Array.isArray(reply) ? reply.map(toBuffers) : reply;
};

const toLua = (reply: Reply): LuaValue => {
  if (reply === null) return false;
  return Array.isArray(reply) ? LuaTable.of(reply.map(toLua)) : reply;
};

const fromLua = (value: LuaValue): Reply => {
  if (value === undefined || value === false) return null;
  if (value === true) return 1;
  if (typeof value === 'number') return Math.trunc(value);
  if (typeof value === 'string') return value;
  if (value instanceof LuaTable) {
    const end = value.list.indexOf(undefined);
    return value.list.slice(0, end < 0 ? undefined : end).map(fromLua);
  }
  throw new WrongUse('ERR a script answered a function');
};
