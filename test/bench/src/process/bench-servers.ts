import { ensureTopics } from '@throughline/event-bus';
import { defaultCacheDir, startKafka, startRedis } from '@throughline/servers';
import type { KafkaServer, Progress, RedisServer } from '@throughline/servers';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BROKER_CORE, CONTENDER_CORE } from './contender.js';
import { pin } from './machine.js';

/** A Kafka and a Redis of the bench's own, each on its core. */
export interface BenchServers {
  readonly kafka: KafkaServer;
  readonly redis: RedisServer;
  readonly folder: string;
  readonly stop: () => Promise<void>;
}

export async function startBenchServers(progress: Progress): Promise<BenchServers> {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-bench-'));
  const parts = { cacheDir: defaultCacheDir(process.env), env: process.env, progress };
  const kafka = await startKafka({ parts, dataDir: join(folder, 'kafka'), heapMb: 1_024 });
  const redis = await startRedis({ parts, dataDir: join(folder, 'redis') });
  pin(kafka.pid, BROKER_CORE);
  pin(redis.pid, CONTENDER_CORE);
  return {
    kafka,
    redis,
    folder,
    async stop() {
      await redis.stop();
      await kafka.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Topics with the settings of the contract's topics of events. */
export const ensureEventTopics = (brokers: readonly string[], topics: readonly { readonly name: string; readonly partitions: number; readonly config: Readonly<Record<string, string>> }[]): Promise<void> =>
  ensureTopics({ brokers, clientId: 'bench', topics });
