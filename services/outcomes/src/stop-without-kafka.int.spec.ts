import { ensureTopics, EventProducer } from '@throughline/event-bus';
import { DEAD_LETTERS, eventsTopic, identifiersTopic, liveTopics } from '@throughline/event-contracts';
import { defaultCacheDir, silentProgress, startChild, startKafka } from '@throughline/servers';
import type { Child } from '@throughline/servers';
import { Generations, LinkIndex, PartitionStore, RedisConnection } from '@throughline/state-store';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { cellsOf } from './testing/cells-of-records.js';
import { FictionalLog } from './testing/fictional-log.js';

const ROOT = join(import.meta.dirname, '../../..');
const redisUrl = `${process.env['THROUGHLINE_TEST_REDIS'] ?? 'redis://127.0.0.1:6379'}/9`;
const folder = mkdtempSync(join(tmpdir(), 'stop-without-kafka-'));
const parts = { cacheDir: defaultCacheDir(process.env), env: process.env, progress: silentProgress };
const deployments = { council: 'council', college: 'college' };
const topics = liveTopics(Object.values(deployments));
const keys = join(folder, 'keys.json');
writeFileSync(keys, JSON.stringify({ platformKey: Buffer.alloc(32, 5).toString('base64') }));

interface Service {
  readonly child: Child;
  readonly lines: string[];
}

let kafka: Awaited<ReturnType<typeof startKafka>>;
let redis: RedisConnection;
const services: Service[] = [];

const startService = async (name: 'linkage' | 'outcomes'): Promise<Service> => {
  const env = { ...process.env, KAFKA_BROKERS: kafka.brokers, REDIS_URL: redisUrl, KEYS_FILE: keys, PORT: '0', TELEMETRY_PORT: '0', LOG_LEVEL: 'info' };
  const sources = ['--conditions=throughline-source', '--import', pathToFileURL(join(ROOT, 'infra/local/bootstrap/typescript-hooks.mjs')).href];
  const lines: string[] = [];
  const child = await startChild({ command: process.execPath, args: [...sources, join(ROOT, `services/${name}/src/main.ts`)], env, onLine: (line) => lines.push(line) });
  const service = { child, lines };
  services.push(service);
  return service;
};
const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await pause(20);
};
const said = ({ lines }: Service, text: string): boolean => lines.some((line) => line.includes(text));
const portOf = ({ lines }: Service): number | undefined => lines.map((line) => /"port":(\d+)/.exec(line)?.[1]).filter((port) => port !== undefined).map(Number)[0];

beforeAll(async () => {
  redis = new RedisConnection({ url: redisUrl });
  await redis.command('FLUSHDB');
  kafka = await startKafka({ parts, dataDir: join(folder, 'kafka') });
});
afterAll(async () => {
  for (const { child } of services) child.kill();
  await kafka.stop();
  await redis.command('FLUSHDB');
  await redis.close();
  rmSync(folder, { recursive: true });
});

it('linkage and outcomes stop in order while a batch waits for brokers that are gone, and lose nothing', async () => {
  // Without their topic, dead letters cannot be written: each service is held up in the middle of a batch.
  await ensureTopics({ brokers: [kafka.brokers], topics: topics.filter(({ name }) => name !== DEAD_LETTERS) });
  const producer = new EventProducer({ brokers: [kafka.brokers] });
  const records = [...new FictionalLog(7, 40, deployments).records(400)];
  const poison = [eventsTopic('council'), identifiersTopic('college')].map((topic) => ({ topic, partition: 0, key: Buffer.alloc(32), value: Buffer.from('no event') }));
  await producer.publish([...poison, ...records]);
  await producer.close();
  const before = [await startService('linkage'), await startService('outcomes')];
  await until(() => before.every((service) => said(service, ' runs"') && said(service, 'partitions assigned')));
  const [first] = (await new Generations(redis).list()).all;
  const partitions = new PartitionStore(redis, first!.generation);
  // All but what stands behind the poison has been taken in.
  await until(async () => (await partitions.next('college.0')) > 0);
  expect(await partitions.next('council.0')).toBe(0);
  expect((await new LinkIndex(redis, first!.generation).nextOffsets()).get('college.0')).toBeUndefined();

  kafka.kill();
  await kafka.exited;
  const ends = await Promise.all(before.map(({ child }) => child.stop()));
  expect(ends).toEqual([{ code: 0, signal: null }, { code: 0, signal: null }]);
  for (const { lines } of before) expect(lines.at(-1)).toContain('"msg":"stopped"');

  kafka = await startKafka({ parts, dataDir: join(folder, 'kafka') });
  await ensureTopics({ brokers: [kafka.brokers], topics });
  const after = [await startService('linkage'), await startService('outcomes')];
  await until(() => portOf(after[1]!) !== undefined);
  const cells = async () => {
    const response = await fetch(`http://127.0.0.1:${portOf(after[1]!)}/internal/cells`);
    const body = (await response.json()) as { behind: number; marks: number; cells: { key: string; count: number }[] };
    return response.status === 200 && body.behind === 0 && body.marks === 0 ? body.cells : undefined;
  };
  const expected = Object.fromEntries(cellsOf(records));
  let shown: Awaited<ReturnType<typeof cells>>;
  await until(async () => (shown = await cells()) !== undefined);
  expect(Object.fromEntries(shown!.map(({ key, count }) => [key, count]))).toEqual(expected);
  expect((await Promise.all(after.map(({ child }) => child.stop()))).map(({ code }) => code)).toEqual([0, 0]);
});
