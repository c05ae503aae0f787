import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { StateStoreError } from './state-store-error.js';

/** A Lua script, sent whole once and by its digest from then on. */
export class RedisScript {
  readonly sha: string;
  constructor(
    /** For errors: what the script does. */
    readonly name: string,
    readonly source: string,
  ) {
    this.sha = createHash('sha1').update(source).digest('hex');
  }
}

export type RedisArgument = string | number | Buffer;
/** What a command answers, bulk strings as bytes. */
export type RedisReply = Buffer | number | null | RedisReply[];

export interface RedisConnectionOptions {
  /** `redis://…` or `unix:///path`. */
  readonly url: string;
  /** How long one command may take before it fails, milliseconds; default 10,000. */
  readonly commandTimeoutMs?: number;
}

/** What the stores ask of a connection. A fault is a {@link StateStoreError}; what was asked for may have been done all the same. */
export interface StoreConnection {
  command(name: string, ...args: RedisArgument[]): Promise<RedisReply>;
  /** Runs a script in one atomic step. */
  run(script: RedisScript, keys: readonly string[], args: readonly RedisArgument[]): Promise<RedisReply>;
  /** Which run of the server this is: another one may have been restored from an older copy. */
  serverRun(): Promise<string>;
  close(): Promise<void>;
}

/**
 * One connection to Redis or Valkey. Commands sent without waiting are answered in order; after a lost connection it
 * reconnects by itself. A command whose answer was lost fails: all that is written through here is fenced, so the caller
 * finds out by reading again.
 */
export class RedisConnection implements StoreConnection {
  readonly #redis: Redis;
  #lastFault: unknown;

  constructor({ url, commandTimeoutMs = 10_000 }: RedisConnectionOptions) {
    const options = {
      commandTimeout: commandTimeoutMs,
      maxRetriesPerRequest: 0,
      // A script sent again by the client could be applied twice; its fence would then report a loss that was none.
      autoResendUnfulfilledCommands: false,
      retryStrategy: (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 5), 1_000),
      enableAutoPipelining: false,
      // Everything is answered by then; a longer grace, also given to a socket already gone, only keeps the process.
      disconnectTimeout: 0,
    };
    const socket = /^unix:\/\/(.+)$/.exec(url)?.[1];
    this.#redis = socket === undefined ? new Redis(url, options) : new Redis(socket, options);
    this.#redis.on('error', (fault: unknown) => {
      this.#lastFault = fault;
    });
  }

  /** @throws StateStoreError */
  async command(name: string, ...args: RedisArgument[]): Promise<RedisReply> {
    try {
      return (await this.#redis.callBuffer(name, ...(args as (string | number)[]))) as RedisReply;
    } catch (fault) {
      throw this.#described(name, fault);
    }
  }

  /**
   * Runs a script in one atomic step. A server that restarted has forgotten it: then it is sent whole.
   * @throws StateStoreError
   */
  async run(script: RedisScript, keys: readonly string[], args: readonly RedisArgument[]): Promise<RedisReply> {
    const rest = [keys.length, ...keys, ...args] as (string | number)[];
    try {
      return (await this.#redis.callBuffer('EVALSHA', script.sha, ...rest)) as RedisReply;
    } catch (fault) {
      if (!(fault instanceof Error && fault.message.startsWith('NOSCRIPT'))) throw this.#described(script.name, fault);
    }
    try {
      return (await this.#redis.callBuffer('EVAL', script.source, ...rest)) as RedisReply;
    } catch (fault) {
      throw this.#described(script.name, fault);
    }
  }

  /** Which run of the server this is: another one may have been restored from an older copy. */
  async serverRun(): Promise<string> {
    const info = String(await this.command('INFO', 'server'));
    const run = /^run_id:(\S+)/m.exec(info)?.[1];
    if (run === undefined) throw new StateStoreError('STORE_REFUSED', 'INFO server', 'Use Redis 7 or Valkey, and allow INFO.');
    return run;
  }

  async close(): Promise<void> {
    if (this.#redis.status === 'ready') await this.#redis.quit().catch(() => undefined);
    this.#redis.disconnect();
  }

  #described(place: string, fault: unknown): StateStoreError {
    const refused = fault instanceof Error && fault.name === 'ReplyError';
    const cause = refused ? fault : (this.#lastFault ?? fault);
    return new StateStoreError(
      refused ? 'STORE_REFUSED' : 'STORE_UNREACHABLE',
      place,
      refused ? `Redis answered: ${fault.message}` : 'See that Redis runs and REDIS_URL names it; the work is tried again.',
      { cause },
    );
  }
}
