import { EventProducer } from './event-producer.js';
import { PositionStore, testConnection, testConsumer, uniqueName, until } from './testing/test-kafka.js';
import { ensureTopics } from './topic-admin.js';

const PARTITIONS = 3;
const RECORDS = 600;
const wholeValue = (partition: number, index: number): string => `${partition}:${index}:`.padEnd(1_000, 'x');
// Many responses, each with something of every partition, all of about one size.
const SMALL = { maxBytesPerPartition: 20_000, maxBytes: 60_000 };

let topic: string;
beforeAll(async () => {
  topic = uniqueName('memory');
  await ensureTopics({ ...testConnection(), topics: [{ name: topic, partitions: PARTITIONS }] });
  const producer = new EventProducer({ ...testConnection(), maxBatchRecords: 10 });
  for (let index = 0; index < RECORDS; index += 10) {
    const values = Array.from({ length: 10 }, (_, more) => index + more);
    await producer.publish(Array.from({ length: PARTITIONS }, (_, partition) => values.map((each) => ({ topic, partition, key: null, value: Buffer.from(wholeValue(partition, each)) }))).flat());
  }
  await producer.close();
});

const expected = Array.from({ length: PARTITIONS }, (_, partition) => Array.from({ length: RECORDS }, (_, index) => wholeValue(partition, index)));
const valuesOf = (store: PositionStore): string[][] =>
  Array.from({ length: PARTITIONS }, (_, partition) => store.taken.filter((each) => each.partition === partition).map(({ message }) => String(message.value)));

it('reads every response into the memory of one that was handled', async () => {
  const store = new PositionStore();
  const memories = new Map<ArrayBufferLike, number>();
  const { consumer, batches } = testConsumer(store, { ...SMALL, topics: [topic] }, async (batch) => {
    const { buffer } = batch.records.bytes;
    memories.set(buffer, (memories.get(buffer) ?? 0) + 1);
    store.take(batch);
  });
  await consumer.start();
  await until(() => store.taken.length === PARTITIONS * RECORDS);
  await consumer.stop();
  expect(valuesOf(store)).toEqual(expected);
  // Those of the first responses, whose sizes differ, and one of the size that all others have.
  expect(memories.size).toBeLessThan(batches.length / (2 * PARTITIONS));
});

it('leaves what one reader still reads alone, whatever others read meanwhile', async () => {
  const [slow, fast] = [new PositionStore(), new PositionStore()];
  const other = testConsumer(fast, { ...SMALL, topics: [topic] });
  let before: Buffer | undefined;
  let waited = false;
  const { consumer } = testConsumer(slow, { ...SMALL, topics: [topic] }, async (batch) => {
    const { bytes } = batch.records;
    // In the middle of a response: one of its partitions is handled, another is at work.
    if (!waited && before?.buffer === bytes.buffer && bytes.byteOffset > before.byteOffset) {
      waited = true;
      await other.consumer.start();
      await until(() => fast.taken.length === PARTITIONS * RECORDS);
    }
    before = bytes;
    slow.take(batch);
  });
  await consumer.start();
  await until(() => slow.taken.length === PARTITIONS * RECORDS);
  await Promise.all([consumer.stop(), other.consumer.stop()]);
  expect(waited).toBe(true);
  expect(valuesOf(slow)).toEqual(expected);
  expect(valuesOf(fast)).toEqual(expected);
});
