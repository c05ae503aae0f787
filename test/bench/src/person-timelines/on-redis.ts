import { RedisConnection } from '@throughline/state-store';
import type { BenchServers } from '../process/bench-servers.js';
import { saying, startContender } from '../process/contender.js';
import type { TimelineContender } from './timeline-contender.js';

async function withRedis<T>({ redis }: BenchServers, use: (connection: RedisConnection) => Promise<T>): Promise<T> {
  const connection = new RedisConnection({ url: redis.url, commandTimeoutMs: 120_000 });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

/**
 * A peer that keeps its state in Redis, its figures in the hash `cells`.
 * @param script under test/bench/src/peers
 */
export const onRedis = (script: string, contender: Pick<TimelineContender, 'name' | 'role' | 'targets' | 'shortLog' | 'once'>): TimelineContender => ({
  ...contender,
  prepare: ({ servers }) => withRedis(servers, (connection) => connection.command('FLUSHALL')).then(() => undefined),
  async start({ root, servers, log, id }) {
    const words = [log.brokers, `on-redis-${id}`, String(log.records), log.topics.join(','), servers.redis.url, log.linksFile];
    const { child, said } = await startContender(root, `test/bench/src/peers/${script}`, words);
    return {
      processes: { peer: child.pid, redis: servers.redis.pid },
      half: said(saying('half')),
      done: said(saying('done')),
      cells: async () => {
        const flat = (await withRedis(servers, (connection) => connection.command('HGETALL', 'cells'))) as readonly Buffer[];
        const cells = new Map<string, number>();
        for (let i = 0; i < flat.length; i += 2) {
          const count = Number(flat[i + 1]);
          if (count !== 0) cells.set(flat[i]!.toString(), count);
        }
        return cells;
      },
      async stop() {
        child.kill();
        await child.exited;
      },
    };
  },
});
