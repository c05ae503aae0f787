import type { BatchConsumer } from './batch-consumer.js';
import { BusError } from './bus-error.js';
import { EventProducer } from './event-producer.js';
import { PositionStore, testConnection, testConsumer, uniqueName, until } from './testing/test-kafka.js';
import { ensureTopics, withAdmin } from './topic-admin.js';

const connection = testConnection();
const producer = new EventProducer(connection);
const running: BatchConsumer[] = [];

const topicOf = async (stem: string, partitions = 1): Promise<string> => {
  const name = uniqueName(stem);
  await ensureTopics({ ...connection, topics: [{ name, partitions }] });
  return name;
};
const publish = (topic: string, values: readonly string[], partition = 0): Promise<void> =>
  producer.publish(values.map((value) => ({ topic, partition, key: Buffer.from('key'), value: Buffer.from(value) })));
const deleteBefore = (topic: string, offset: number): Promise<void> =>
  withAdmin(connection, async (admin) => {
    // The client deletes only where it has met the topic.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] });
  });
const makeAnew = async (topic: string, partitions = 1): Promise<void> => {
  await withAdmin(connection, (admin) => admin.deleteTopics({ topics: [topic] }));
  await withAdmin(connection, (admin) => until(async () => !(await admin.listTopics()).includes(topic)));
  await ensureTopics({ ...connection, topics: [{ name: topic, partitions }] });
};
const started: typeof testConsumer = (...args) => {
  const test = testConsumer(...args);
  running.push(test.consumer);
  return test;
};
const OUTSIDE = { code: 'POSITION_OUTSIDE_LOG', retryable: false };

afterEach(async () => {
  await Promise.all(running.splice(0).map((consumer) => consumer.stop()));
});
afterAll(() => producer.close());

describe('a partition whose position the log does not hold', () => {
  it.each([
    ['nothing was read and its first records were deleted', 0, 8],
    ['records were deleted before they were read', 3, 8],
    ['it was made anew and has fewer records', 500, 0],
  ])('is held, and the others are read: %s', async (_, stored, deleted) => {
    const topic = await topicOf('outside', 2);
    await publish(topic, ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    await publish(topic, ['other'], 1);
    if (deleted > 0) await deleteBefore(topic, deleted);
    const store = new PositionStore();
    store.next.set(`${topic}/0`, stored);
    let asked = 0;
    const { consumer, crashes, held, troubles } = started(store, {
      topics: [topic],
      fromPosition: async (name, partition) => {
        if (partition === 0) asked += 1;
        return store.position(name, partition);
      },
    });
    await consumer.start();
    await until(() => held.length > 0 && store.taken.length > 0);
    // Told once, however often it is asked again whether the reason is gone.
    await until(() => asked > 3);
    expect(held).toEqual([expect.objectContaining({ ...OUTSIDE, place: `${topic}/0` })]);
    expect(consumer.held()).toEqual(held);
    expect(consumer.lags()).toEqual([{ topic, partition: 1, next: 1, end: 1 }]);
    expect(store.values()).toEqual(['other']);
    expect([crashes, troubles]).toEqual([[], []]);
  });

  it('is read on once the store and the log agree again', async () => {
    const topic = await topicOf('mended');
    await publish(topic, ['a', 'b']);
    const store = new PositionStore();
    store.next.set(`${topic}/0`, 3);
    const { consumer, held } = started(store, { topics: [topic] });
    await consumer.start();
    await until(() => held.length > 0);
    await publish(topic, ['c', 'd']);
    await until(() => store.taken.length === 1);
    expect(store.values()).toEqual(['d']);
    expect(consumer.held()).toEqual([]);
  });

  it('is held also where records are deleted while it waits to be read', async () => {
    const topic = await topicOf('deleted');
    const store = new PositionStore();
    const { consumer, held } = started(store, { topics: [topic] });
    await consumer.start();
    await publish(topic, ['a']);
    await until(() => store.taken.length === 1);
    consumer.pause(topic, 0);
    await publish(topic, ['b', 'c', 'd']);
    await deleteBefore(topic, 3);
    await until(() => held.length > 0);
    consumer.resume(topic, 0);
    await publish(topic, ['e']);
    await until(() => held.length > 0 && consumer.held().length > 0);
    expect(held).toEqual([expect.objectContaining(OUTSIDE)]);
    expect(store.values()).toEqual(['a']);
  });

  it('is held also where the topic is made anew while it is read', async () => {
    const topic = await topicOf('anew');
    const store = new PositionStore();
    const { consumer, held, crashes } = started(store, { topics: [topic] });
    await consumer.start();
    await publish(topic, ['a', 'b', 'c']);
    await until(() => store.taken.length === 3);
    await makeAnew(topic);
    await until(() => held.length > 0);
    await publish(topic, ['x']);
    await until(() => consumer.held().some(({ message }) => message.includes('ends at 1')));
    expect(store.values()).toEqual(['a', 'b', 'c']);
    expect(crashes).toEqual([]);
  });
});

describe('a partition whose store refuses the number of partitions', () => {
  it('is held when the topic grows, and what was placed by the other number is not read', async () => {
    const topic = await topicOf('grown', 2);
    const store = new PositionStore();
    const { consumer, held } = started(store, {
      topics: [topic],
      fromPosition: async (name, partition, partitionCount) => {
        if (partitionCount !== 2) throw new BusError('TOPIC_PARTITIONS_DIFFER', name, 'Make it anew.', false);
        return store.position(name, partition);
      },
    });
    await consumer.start();
    await publish(topic, ['before']);
    await until(() => store.taken.length === 1);
    await withAdmin(connection, (admin) => admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] }));
    await until(() => consumer.held().length === 3);
    expect(held.map(({ code }) => code)).toEqual(['TOPIC_PARTITIONS_DIFFER', 'TOPIC_PARTITIONS_DIFFER', 'TOPIC_PARTITIONS_DIFFER']);
    expect(store.values()).toEqual(['before']);
  });
});
