import { createHash } from 'node:crypto';
import { Cluster, Redis } from 'ioredis';
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
  /** `redis://…`, `unix:///path`, or `redis-cluster://[user:password@]host:port,host:port` for some nodes of a cluster. */
  readonly url: string;
  /** How long one command may take before it fails, milliseconds; default 10,000. */
  readonly commandTimeoutMs?: number;
}

/** What the stores ask of a connection. A fault is a {@link StateStoreError}; what was asked for may have been done all the same. */
export interface StoreConnection {
  command(name: string, ...args: RedisArgument[]): Promise<RedisReply>;
  /** Runs a script in one atomic step. */
  run(script: RedisScript, keys: readonly string[], args: readonly RedisArgument[]): Promise<RedisReply>;
  /** Names of keys that fit, in pages; of every node. Keys made or removed meanwhile may be missing. */
  keys(pattern: string): AsyncIterable<readonly Buffer[]>;
  /** Which run of the server this is, of every node of a cluster: another one may have been restored from an older copy. */
  serverRun(): Promise<string>;
  close(): Promise<void>;
}

const CLUSTER_URL = /^redis-cluster:\/\/(?:([^:@]*):([^@]*)@)?([^@/]+)$/;

/**
 * One connection to Redis or Valkey, or one to each node of a cluster of them: whatever one command or script touches lies
 * under one hash tag. Commands sent without waiting are answered in order, those of one tag at least; after a lost connection
 * it reconnects by itself. A command whose answer was lost fails: all that is written through here is fenced, so the caller
 * finds out by reading again.
 */
export class RedisConnection implements StoreConnection {
  readonly #redis: Redis | Cluster;
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
    this.#redis = clientOf(url, options);
    this.#redis.on('error', (fault: unknown) => {
      this.#lastFault = fault;
    });
  }

  /** @throws StateStoreError */
  async command(name: string, ...args: RedisArgument[]): Promise<RedisReply> {
    return this.#call(this.#redis, name, args);
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

  async *keys(pattern: string): AsyncGenerator<readonly Buffer[]> {
    for (const node of await this.#nodes('SCAN')) {
      let cursor = '0';
      do {
        const [position, found] = (await this.#call(node, 'SCAN', [cursor, 'MATCH', pattern, 'COUNT', 500])) as [Buffer, Buffer[]];
        cursor = String(position);
        if (found.length > 0) yield found;
      } while (cursor !== '0');
    }
  }

  async serverRun(): Promise<string> {
    const nodes = await this.#nodes('INFO server');
    const runs = await Promise.all(nodes.map(async (node) => /^run_id:(\S+)/m.exec(String(await this.#call(node, 'INFO', ['server'])))?.[1]));
    if (runs.includes(undefined)) throw new StateStoreError('STORE_REFUSED', 'INFO server', 'Use Redis 7 or Valkey, and allow INFO.');
    return runs.sort().join();
  }

  async close(): Promise<void> {
    if (this.#redis.status === 'ready') await this.#redis.quit().catch(() => undefined);
    this.#redis.disconnect();
  }

  /** Every server that holds part of what is stored. @throws StateStoreError where the cluster does not say who they are */
  async #nodes(place: string): Promise<readonly Redis[]> {
    if (this.#redis instanceof Redis) return [this.#redis];
    // Nobody is known before the first answer: which command gets it does not matter.
    if (this.#redis.nodes('master').length === 0) await this.command('PING');
    const nodes = this.#redis.nodes('master');
    if (nodes.length === 0) throw this.#described(place, new Error('no node is known'));
    return nodes;
  }

  async #call(redis: Redis | Cluster, name: string, args: readonly RedisArgument[]): Promise<RedisReply> {
    try {
      return (await redis.callBuffer(name, ...(args as (string | number)[]))) as RedisReply;
    } catch (fault) {
      throw this.#described(name, fault);
    }
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

interface ClientOptions {
  readonly commandTimeout: number;
  readonly retryStrategy: (attempt: number) => number;
}

function clientOf(url: string, options: ClientOptions): Redis | Cluster {
  const socket = /^unix:\/\/(.+)$/.exec(url)?.[1];
  if (socket !== undefined) return new Redis(socket, options);
  const [, username, password, hosts] = CLUSTER_URL.exec(url) ?? [];
  if (hosts === undefined) return new Redis(url, options);
  const { retryStrategy, ...redisOptions } = options;
  const nodes = hosts.split(',').map((host) => ({ host: host.replace(/:\d+$/, ''), port: Number(/:(\d+)$/.exec(host)?.[1] ?? 6379) }));
  const credentials = { ...(username ? { username: decodeURIComponent(username) } : {}), ...(password ? { password: decodeURIComponent(password) } : {}) };
  return new Cluster(nodes, {
    clusterRetryStrategy: retryStrategy,
    // A node that is away is asked again a few times only: whoever asks has its own patience.
    maxRedirections: 4,
    slotsRefreshInterval: 5_000,
    // Else the client sends again whatever a closed connection left unanswered.
    retryDelayOnFailover: 0,
    redisOptions: { ...redisOptions, ...credentials },
  });
}
