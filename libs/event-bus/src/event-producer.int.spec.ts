import { randomBytes } from 'node:crypto';
import { partitionOf } from '@throughline/event-contracts';
import { EventProducer } from './event-producer.js';
import { PositionStore, testConnection, testConsumer, uniqueName, until } from './testing/test-kafka.js';
import { ensureTopics } from './topic-admin.js';

const connection = testConnection();
const topicOf = async (stem: string, partitions: number, config = {}): Promise<string> => {
  const name = uniqueName(stem);
  await ensureTopics({ ...connection, topics: [{ name, partitions, config }] });
  return name;
};

async function readAll(topic: string, count: number): Promise<PositionStore> {
  const store = new PositionStore();
  const { consumer } = testConsumer(store, { topics: [topic] });
  await consumer.start();
  await until(() => store.taken.length >= count);
  await consumer.stop();
  return store;
}

describe('publishing', () => {
  it('keeps the order of each key, in the partition of its first four bytes', async () => {
    const topic = await topicOf('order', 4);
    const producer = new EventProducer({ ...connection, maxBatchRecords: 50 });
    const keys = Array.from({ length: 10 }, () => randomBytes(32));
    const calls = Array.from({ length: 40 }, (_, call) =>
      producer.publish(keys.map((key, index) => ({ topic, key, value: Buffer.from(`${index}:${call}`) }))),
    );
    await Promise.all(calls);
    await producer.close();
    const { taken } = await readAll(topic, 400);
    for (const { partition, message } of taken) expect(partition).toBe(partitionOf(message.key as Buffer, 4));
    for (const [index] of keys.entries()) {
      const values = taken.map(({ message }) => String(message.value)).filter((value) => value.startsWith(`${index}:`));
      expect(values).toEqual(Array.from({ length: 40 }, (_, call) => `${index}:${call}`));
    }
  });

  it('goes on, call after call', async () => {
    const topic = await topicOf('calls', 1);
    const producer = new EventProducer(connection);
    for (let call = 0; call < 20; call++) await producer.publish([{ topic, partition: 0, key: null, value: Buffer.from(String(call)) }]);
    await producer.close();
    expect((await readAll(topic, 20)).values()).toEqual(Array.from({ length: 20 }, (_, call) => String(call)));
  });

  it('sends what waits when it is closed, and takes no more', async () => {
    const topic = await topicOf('close', 1);
    const producer = new EventProducer({ ...connection, maxBatchRecords: 1 });
    let acknowledged = false;
    const sent = producer.publish(['a', 'b', 'last'].map((value) => ({ topic, key: null, value: Buffer.from(value) }))).then(() => {
      acknowledged = true;
    });
    await producer.close();
    expect(acknowledged).toBe(true);
    await sent;
    await expect(producer.publish([{ topic, key: null, value: null }])).rejects.toMatchObject({ code: 'PRODUCER_CLOSED' });
    expect((await readAll(topic, 3)).values()).toEqual(['a', 'b', 'last']);
  });

  it('gives back what brokers that are away have not acknowledged when it is closed', async () => {
    const producer = new EventProducer({ brokers: ['127.0.0.1:1'], closeWithinMs: 50 });
    const records = [{ topic: 'nowhere', key: null, value: Buffer.from('a') }];
    const answers = Promise.allSettled([producer.publish(records), producer.publish(records)]);
    await producer.close();
    const given = expect.objectContaining({ status: 'rejected', reason: expect.objectContaining({ code: 'PRODUCER_CLOSED', retryable: true }) as unknown }) as unknown;
    expect(await answers).toEqual([given, given]);
  });

  it('refuses more than may wait, and says when to go on', async () => {
    const topic = await topicOf('bound', 1);
    const producer = new EventProducer({ ...connection, maxQueuedBytes: 1000 });
    const records = (count: number) => Array.from({ length: count }, () => ({ topic, key: null, value: Buffer.alloc(100) }));
    const first = producer.publish(records(9));
    await expect(producer.publish(records(2))).rejects.toMatchObject({ code: 'QUEUE_FULL', retryable: true });
    const second = producer.publish(records(1));
    await producer.drained();
    await Promise.all([first, second, producer.publish(records(2))]);
    await producer.close();
    expect((await readAll(topic, 12)).taken).toHaveLength(12);
  });

  it('takes one call larger than may wait when nothing waits', async () => {
    const topic = await topicOf('large', 1);
    const producer = new EventProducer({ ...connection, maxQueuedBytes: 1000, maxBatchBytes: 300 });
    await producer.publish(Array.from({ length: 30 }, () => ({ topic, key: null, value: Buffer.alloc(100) })));
    await producer.close();
    expect((await readAll(topic, 30)).taken).toHaveLength(30);
  });

  it('names a record that the broker never takes, without harm to its neighbours', async () => {
    const topic = await topicOf('refused', 1);
    const producer = new EventProducer(connection);
    const before = producer.publish([{ topic, key: null, value: Buffer.from('before') }]);
    const refused = producer.publish([{ topic, key: null, value: Buffer.alloc(2_000_000) }]);
    const after = producer.publish([{ topic, key: null, value: Buffer.from('after') }]);
    await expect(refused).rejects.toMatchObject({ code: 'RECORD_REFUSED', place: topic, retryable: false });
    await Promise.all([before, after]);
    await producer.close();
    expect((await readAll(topic, 2)).values()).toEqual(['before', 'after']);
  });

  it('names a topic that is not there', async () => {
    const producer = new EventProducer({ ...connection, retries: 1 });
    await expect(producer.publish([{ topic: uniqueName('absent'), key: null, value: null }])).rejects.toMatchObject({ code: 'TOPIC_MISSING' });
    await producer.close();
  });
});
