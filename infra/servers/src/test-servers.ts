import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka } from './kafka-server.js';
import { defaultCacheDir } from './parts/cache.js';
import { terminalProgress } from './progress.js';
import { startRedis } from './redis-server.js';

/** The servers of one test run. */
export interface TestServers {
  /** Variables that tell the tests where the servers are. */
  readonly environment: Readonly<Record<'THROUGHLINE_TEST_KAFKA' | 'THROUGHLINE_TEST_REDIS', string>>;
  /** Ends what was started here, and removes its data. */
  stop(): Promise<void>;
}

/**
 * One Kafka and one Redis for a test run, or those that the environment already names.
 *
 * @param env read once, by the caller's runner
 */
export async function startTestServers(env: NodeJS.ProcessEnv): Promise<TestServers> {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-test-'));
  const parts = { cacheDir: defaultCacheDir(env), env, progress: terminalProgress(process.stderr) };
  const [kafka, redis] = await Promise.all([
    env['THROUGHLINE_TEST_KAFKA'] === undefined ? startKafka({ parts, dataDir: join(folder, 'kafka') }) : undefined,
    env['THROUGHLINE_TEST_REDIS'] === undefined ? startRedis({ parts, dataDir: join(folder, 'redis') }) : undefined,
  ]);
  return {
    environment: {
      THROUGHLINE_TEST_KAFKA: env['THROUGHLINE_TEST_KAFKA'] ?? kafka?.brokers ?? '',
      THROUGHLINE_TEST_REDIS: env['THROUGHLINE_TEST_REDIS'] ?? redis?.url ?? '',
    },
    async stop() {
      await Promise.all([kafka?.stop(), redis?.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
