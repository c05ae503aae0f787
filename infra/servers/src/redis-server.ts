import { mkdir } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { startChild } from './child-process.js';
import { LocalError } from './local-error.js';
import { findRedisServer } from './parts/redis-command.js';
import type { PartsOptions } from './parts/parts.js';
import { freePort, requireFreePort } from './ports.js';
import { serverLog } from './server-log.js';
import { waitFor } from './wait-for.js';

export interface RedisOptions {
  readonly parts: PartsOptions;
  /** Where the append-only file is kept; made if it does not exist. What it holds is loaded. */
  readonly dataDir: string;
  /** Default: any free one. */
  readonly port?: number;
  /** When writes reach the disk. Default `always`: a write that was answered survives a power cut. */
  readonly appendfsync?: 'always' | 'everysec' | 'no';
  /** Further settings, by the names of redis.conf. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A Redis or Valkey server of this process's own. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly dataDir: string;
  readonly logFile: string;
  /** Resolves when the process is gone, for whatever reason. */
  readonly exited: Promise<unknown>;
  /** An ordered end, with everything written. */
  readonly stop: () => Promise<void>;
  /** kill -9. Start again with the same folder and port to go on. */
  readonly kill: () => void;
  /** Any signal: SIGSTOP and SIGCONT make it hang and go on. */
  readonly signal: (name: NodeJS.Signals) => void;
}

/**
 * Settings that do not depend on where it runs: every write is on the disk before it is answered. The file is rewritten from
 * 256 MB on: from the 64 MB that are usual, loading a log rewrites it again and again while it doubles.
 */
export const REDIS_SETTINGS = { appendonly: 'yes', appendfsync: 'always', save: '', 'auto-aof-rewrite-min-size': '256mb' } as const;

/** Whether a Redis server answers PING there, within a second; a server that is still loading its data does not. */
export function redisAnswers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: 1000 });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(false));
    socket.once('close', () => settle(false));
    socket.once('data', (data) => settle(data.toString().startsWith('+PONG')));
    socket.write('PING\r\n');
  });
}

/**
 * Starts a server and resolves when it answers.
 *
 * @throws LocalError `REDIS_MISSING`, `PORT_TAKEN`, `SERVER_FAILED`
 */
export async function startRedis(options: RedisOptions): Promise<RedisServer> {
  const { parts, dataDir, appendfsync = REDIS_SETTINGS.appendfsync, settings = {} } = options;
  const command = await findRedisServer(parts);
  const port = options.port ?? (await freePort());
  await requireFreePort(port, 'Redis', 'REDIS_PORT');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });

  const log = serverLog(join(dataDir, 'redis.log'));
  const all = {
    port: String(port),
    bind: '127.0.0.1',
    dir: dataDir,
    ...REDIS_SETTINGS,
    appendfsync,
    ...settings,
  };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
  const child = await startChild({ command, args, onLine: log.write });
  const exited = child.exited.finally(log.close);

  await waitFor(
    async () => {
      if (!child.running()) return 'gone' as const;
      return (await redisAnswers('127.0.0.1', port)) ? ('ready' as const) : undefined;
    },
    { what: 'Redis to answer', timeoutMs: 60_000, everyMs: 20 },
  ).then(
    async (state) => {
      if (state === 'ready') return;
      await exited;
      throw new LocalError('SERVER_FAILED', `Redis ended while starting (${log.tail()})`, `see ${log.file}`);
    },
    (error: unknown) => {
      child.kill();
      throw error;
    },
  );
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid: child.pid,
    dataDir,
    logFile: log.file,
    exited,
    stop: async () => void (await child.stop()),
    kill: child.kill,
    signal: child.signal,
  };
}
