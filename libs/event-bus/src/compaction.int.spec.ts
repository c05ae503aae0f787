import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultCacheDir, silentProgress, startKafka } from '@throughline/servers';
import type { KafkaServer } from '@throughline/servers';
import { BatchConsumer } from './batch-consumer.js';
import { EventProducer } from './event-producer.js';
import { readPlaces } from './read-places.js';
import { readToEnd } from './read-to-end.js';
import { foreignClient, PositionStore, until } from './testing/test-kafka.js';
import { endOffsets, ensureTopics } from './topic-admin.js';

// As the live topics, with compaction as soon as may be: a segment is closed by whatever is appended once it is a moment old.
const TOPIC = 'partner-events.compacted';
const CONFIG = {
  'cleanup.policy': 'compact',
  'retention.ms': '-1',
  'message.timestamp.type': 'LogAppendTime',
  'min.cleanable.dirty.ratio': '0.01',
  'segment.ms': '50',
  'max.compaction.lag.ms': '100',
  'delete.retention.ms': '0',
};
const EACH = 3_000;

let folder: string;
let kafka: KafkaServer;
let producer: EventProducer;
let connection: { readonly brokers: readonly string[] };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-compaction-'));
  const parts = { cacheDir: defaultCacheDir(process.env), env: process.env, progress: silentProgress };
  kafka = await startKafka({ parts, dataDir: join(folder, 'kafka'), settings: { 'log.cleaner.backoff.ms': '100' } });
  connection = { brokers: [kafka.brokers] };
  await ensureTopics({ ...connection, topics: [{ name: TOPIC, partitions: 3, config: CONFIG }] });
  producer = new EventProducer({ ...connection, maxBatchRecords: 100 });
});
afterAll(async () => {
  await producer?.close();
  await kafka?.stop();
  await rm(folder, { recursive: true, force: true });
});

const record = (partition: number, index: number, value: string | null) => ({ topic: TOPIC, partition, key: Buffer.from(`${partition}/${index}`), value: value === null ? null : Buffer.from(value) });
const all = (partition: number, from: number, to: number, value: string | null) => Array.from({ length: to - from }, (_, at) => record(partition, from + at, value));

/** Offsets that hold a record, by partition. */
async function held(): Promise<number[][]> {
  const offsets: number[][] = [[], [], []];
  await readToEnd({ ...connection, topics: [TOPIC], onBatch: ({ partition, records }) => void offsets[partition]!.push(...[...records].map(({ offset }) => offset)) });
  return offsets;
}

it('consumers read on to the end where whole batches are gone, at the beginning, in the middle and up to the last record', async () => {
  for (const partition of [0, 1]) await producer.publish(all(partition, 0, EACH, 'said'));
  // Of an idempotent producer's last batch compaction keeps the empty shell.
  const foreign = foreignClient(connection).producer({ idempotent: true, maxInFlightRequests: 1 });
  await foreign.connect();
  for (let from = 0; from < EACH; from += 500) await foreign.send({ topic: TOPIC, acks: -1, messages: all(2, from, from + 500, 'said').map(({ partition, key, value }) => ({ partition, key, value })) });
  await foreign.disconnect();
  // What is erased: the first third, the middle, and all but nothing at the end.
  const erased: readonly (readonly [number, number])[] = [[0, 1_000], [1_000, 2_000], [2_000, EACH]];
  for (const [partition, [from, to]] of erased.entries()) await producer.publish(all(partition, from, to, null));
  // Until only what was never erased is left, and what closes the segments; each look closes them again.
  let offsets: number[][];
  let closings = 0;
  do {
    for (const partition of [0, 1, 2]) await producer.publish([record(partition, EACH, `closing ${closings}`)]);
    closings += 1;
    offsets = await held();
  } while (offsets.some((kept) => kept.length > EACH - 1_000 + 3));
  for (const [partition, [from, to]] of erased.entries()) expect(offsets[partition]!.filter((offset) => offset >= from && offset < to)).toEqual([]);

  const ends = (await endOffsets(connection, [TOPIC])).get(TOPIC)!;
  const store = new PositionStore();
  // From within each gap, and from the beginning: whole batches of either are gone.
  store.next.set(`${TOPIC}/1`, 1_500);
  store.next.set(`${TOPIC}/2`, 2_100);
  const consumer = new BatchConsumer({
    ...connection,
    groupId: 'compacted',
    topics: [TOPIC],
    fromPosition: store.position,
    onBatch: async (batch) => void store.take(batch),
    onCrash: (error) => {
      throw error;
    },
    maxWaitMs: 20,
    // One batch a fetch, so that an empty one comes alone.
    maxBytesPerPartition: 1,
    refreshTopicsMs: 50,
  });
  await consumer.start();
  await until(() => consumer.lags().length === 3 && consumer.lags().every(({ next, end, partition }) => next === end && end === ends[partition]));
  await consumer.stop();
  expect([0, 1, 2].map((partition) => store.next.get(`${TOPIC}/${partition}`))).toEqual(ends);
  expect(store.refusals).toBe(0);

  // Single records: of one that is gone nothing comes, and nothing waits for it.
  const found: string[] = [];
  const places = [0, 1, 2].flatMap((partition) => [500, 1_500, 2_500, ends[partition]! - 1].map((offset) => ({ topic: TOPIC, partition, offset })));
  await readPlaces({ ...connection, places, onRecord: ({ partition, offset }) => void found.push(`${partition}/${offset}`) });
  expect(found.sort()).toEqual([`0/1500`, `0/2500`, `1/2500`, `1/500`, `2/1500`, `2/500`, ...[0, 1, 2].map((partition) => `${partition}/${ends[partition]! - 1}`)].sort());
});
