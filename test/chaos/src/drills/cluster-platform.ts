import { join } from 'node:path';
import { defaultCacheDir, isolatedSettings, silentProgress } from '@throughline/local';
import { startRedisCluster } from '@throughline/servers';
import type { RedisCluster } from '@throughline/servers';
import { runPlatform } from '@throughline/test-journeys';
import type { RunningPlatform } from '@throughline/test-journeys';

/** A platform whose view lies on a Redis Cluster of its own. */
export interface ClusterPlatform {
  readonly running: RunningPlatform;
  readonly cluster: RedisCluster;
  readonly stop: () => Promise<void>;
}

/** Starts three nodes on loopback, and the platform on them. */
export async function runOnRedisCluster(stateDir: string): Promise<ClusterPlatform> {
  const parts = { cacheDir: defaultCacheDir(process.env), env: process.env, progress: silentProgress };
  const cluster = await startRedisCluster({ parts, dataDir: join(stateDir, 'redis-cluster') });
  try {
    const running = await runPlatform({ settings: await isolatedSettings(stateDir, parts.cacheDir, { redisUrl: cluster.url }) });
    return {
      running,
      cluster,
      async stop() {
        await running.stop();
        await cluster.stop();
      },
    };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}
