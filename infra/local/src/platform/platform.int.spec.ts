import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endOffsets } from '@throughline/event-bus';
import { eventsTopic } from '@throughline/event-contracts';
import { defaultCacheDir, isAlive, kafkaAnswers, redisAnswers, silentProgress, waitFor } from '@throughline/servers';
import { startPlatform } from './platform.js';
import { isolatedSettings } from './settings.js';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

const partitions = async (brokers: string): Promise<number | undefined> => {
  const topic = eventsTopic('nhs');
  return (await endOffsets({ brokers: brokers.split(',') }, [topic])).get(topic)?.length;
};

test('Kafka and Redis come up with topics and keys, come back after a kill, and keep the data over a stop', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'throughline-platform-'));
  const cacheDir = defaultCacheDir(process.env);
  const told: string[] = [];
  const options = {
    root: ROOT,
    settings: await isolatedSettings(stateDir, cacheDir),
    parts: { cacheDir, env: process.env, progress: silentProgress },
    services: [],
    onLine: () => undefined,
    tell: (line: string) => told.push(line),
  };
  const first = await startPlatform(options);
  expect(await partitions(first.kafkaBrokers)).toBe(12);

  const pids = [first.kafka?.pid() ?? 0, first.redis?.pid() ?? 0];
  first.kafka?.kill();
  first.redis?.kill();
  const [host = '', port] = first.kafkaBrokers.split(':');
  await waitFor(async () => (first.redis?.pid() !== pids[1] ? redisAnswers('127.0.0.1', Number(new URL(first.redisUrl).port)) : false), {
    what: 'Redis to be back',
  });
  await waitFor(() => (first.kafka?.pid() !== pids[0] ? kafkaAnswers(host, Number(port)) : false), { what: 'Kafka to be back', timeoutMs: 90_000 });
  expect(told.filter((line) => line.includes('ended unasked')).sort()).toEqual([
    'Kafka ended unasked; it is started again in 0.5 s',
    'Redis ended unasked; it is started again in 0.5 s',
  ]);
  const running = [first.kafka?.pid() ?? 0, first.redis?.pid() ?? 0];
  await first.stop();
  expect(running.map(isAlive)).toEqual([false, false]);

  const second = await startPlatform(options);
  expect(await partitions(second.kafkaBrokers)).toBe(12);
  await second.stop();
  await rm(stateDir, { recursive: true });
});
