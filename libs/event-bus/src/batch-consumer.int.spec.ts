import { encodeEvent, eventKey, decodeEvent, EventContractError } from '@throughline/event-contracts';
import { CompressionTypes } from 'kafkajs';
import type { BatchConsumer } from './batch-consumer.js';
import { Reposition } from './bus-error.js';
import { DeadLetterPublisher } from './dead-letter-publisher.js';
import { EventProducer } from './event-producer.js';
import { PositionStore, committedOffset, foreignClient, testConnection, testConsumer, uniqueName, until } from './testing/test-kafka.js';
import { ensureTopics, withAdmin } from './topic-admin.js';

const connection = testConnection();
const producer = new EventProducer(connection);
const running: BatchConsumer[] = [];

const topicOf = async (stem: string, partitions = 1, config = {}): Promise<string> => {
  const name = uniqueName(stem);
  await ensureTopics({ ...connection, topics: [{ name, partitions, config }] });
  return name;
};
const publish = (topic: string, values: readonly string[], partition = 0): Promise<void> =>
  producer.publish(values.map((value) => ({ topic, partition, key: Buffer.from('key'), value: Buffer.from(value) })));
const started: typeof testConsumer = (...args) => {
  const test = testConsumer(...args);
  running.push(test.consumer);
  return test;
};
const numbers = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, index) => String(from + index));

afterEach(async () => {
  await Promise.all(running.splice(0).map((consumer) => consumer.stop()));
});
afterAll(() => producer.close());

describe('where a partition is read from', () => {
  it.each([
    ['before', 20],
    ['behind', 70],
  ])('is the stored position, also when Kafka has committed one that lies %s it', async (_word, committed) => {
    const topic = await topicOf('stored');
    const groupId = uniqueName('group');
    await publish(topic, numbers(0, 100));
    await withAdmin(connection, (admin) => admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: String(committed) }] }));
    const store = new PositionStore();
    store.next.set(`${topic}/0`, 50);
    const { consumer, batches, crashes } = started(store, { topics: [topic], groupId });
    await consumer.start();
    await until(() => store.taken.length === 50);
    expect(store.values()).toEqual(numbers(50, 100));
    expect(batches[0]?.firstOffset).toBe(50);
    expect(store.refusals).toBe(0);
    await consumer.stop();
    expect(await committedOffset(connection, groupId, topic, 0)).toBe(100);
    expect(crashes).toEqual([]);
  });

  it('is asked for again until the store answers', async () => {
    const topic = await topicOf('away');
    await publish(topic, ['a', 'b']);
    const store = new PositionStore();
    let asked = 0;
    const fromPosition = async (name: string, partition: number): Promise<number> => {
      if (++asked <= 2) throw new Error('store away');
      return store.position(name, partition);
    };
    const { consumer, troubles } = started(store, { topics: [topic], fromPosition });
    await consumer.start();
    await until(() => store.taken.length === 2);
    expect(troubles.map(({ code }) => code)).toEqual(['POSITION_UNKNOWN', 'POSITION_UNKNOWN']);
  });
});

describe('a handler', () => {
  it('that finds its store elsewhere, by throwing or returning, is given the batch that follows the store', async () => {
    const topic = await topicOf('fence');
    await publish(topic, numbers(0, 10));
    const store = new PositionStore();
    let calls = 0;
    const { consumer, troubles } = started(store, { topics: [topic] }, async (batch) => {
      calls++;
      if (calls === 1) {
        // Another worker has written in the meantime.
        store.next.set(`${topic}/0`, 4);
        throw new Reposition('fence');
      }
      if (calls === 2) {
        store.next.set(`${topic}/0`, 7);
        return new Reposition('fence');
      }
      store.take(batch);
      return undefined;
    });
    await consumer.start();
    await until(() => store.taken.length === 3);
    expect(store.values()).toEqual(['7', '8', '9']);
    expect(troubles).toEqual([]);
  });

  it('that fails is called again from the stored position, while other partitions go on', async () => {
    const topic = await topicOf('fault', 2);
    const store = new PositionStore();
    let failures = 0;
    const { consumer, troubles, crashes } = started(store, { topics: [topic] }, async (batch) => {
      if (batch.partition === 0 && store.taken.filter(({ partition }) => partition === 1).length < 4) {
        failures++;
        throw new Error('store away');
      }
      store.take(batch);
    });
    await publish(topic, ['a', 'b'], 0);
    await publish(topic, ['c', 'd'], 1);
    await consumer.start();
    await until(() => failures > 0 && store.taken.length === 2);
    await publish(topic, ['e', 'f'], 1);
    await until(() => store.taken.length === 6);
    expect(store.taken.filter(({ partition }) => partition === 0).map(({ message }) => String(message.value))).toEqual(['a', 'b']);
    expect(troubles).toHaveLength(failures);
    expect(troubles[0]).toMatchObject({ code: 'BATCH_FAILED', place: `${topic}/0` });
    expect(crashes).toEqual([]);
  });

  it('may say where to go on', async () => {
    const topic = await topicOf('seek');
    await publish(topic, numbers(0, 10));
    const store = new PositionStore();
    const { consumer, batches } = started(store, { topics: [topic] }, async (_batch, context) => {
      if (batches.length === 1) context.seek(6);
    });
    await consumer.start();
    await until(() => batches.length === 2);
    expect(batches.map(({ firstOffset, nextOffset }) => [firstOffset, nextOffset])).toEqual([[0, 10], [6, 10]]);
  });

  it('dead-letters what nobody can read, skips tombstones, and the partition goes on', async () => {
    const topic = await topicOf('poison');
    const letters = await topicOf('letters');
    const id = Buffer.alloc(16, 7);
    const event = encodeEvent('SupportStarted', {
      meta: {
        eventId: id,
        factId: id,
        subject: id,
        revision: { instant: 0, sequence: 0 },
        contentHash: Buffer.alloc(8),
        change: 'STATED',
        occurredOn: { date: 20_000, precision: 'DAY' },
        recordedAt: 0,
        source: { partner: 'p', system: 'rtof', submission: id, record: 1 },
        agreementId: 'a',
        programme: null,
        evidence: 'CASE_RECORD',
        place: null,
      },
      provider: null,
    });
    const key = eventKey(id, id);
    await producer.publish([
      { topic, key, value: event },
      { topic, key, value: event.subarray(0, 40) },
      { topic, key, value: Buffer.from('AB123456C') },
      { topic, key, value: null },
      { topic, key, value: event },
    ]);
    const publisher = new DeadLetterPublisher(producer, letters);
    const store = new PositionStore();
    const read: string[] = [];
    const { consumer } = started(store, { topics: [topic] }, async (batch) => {
      for (const { offset, value } of batch.records) {
        if (value === null) continue;
        try {
          read.push(decodeEvent(value).type);
        } catch (error) {
          if (!(error instanceof EventContractError)) throw error;
          await publisher.deadLetter({ stage: 'outcomes', topic, partition: batch.partition, offset, code: error.code, remedy: error.remedy });
        }
      }
      store.take(batch);
    });
    await consumer.start();
    await until(() => store.next.get(`${topic}/0`) === 5);
    expect(read).toEqual(['SupportStarted', 'SupportStarted']);
    const letterStore = new PositionStore();
    await started(letterStore, { topics: [letters] }).consumer.start();
    await until(() => letterStore.taken.length === 2);
    expect(letterStore.values().map((text) => JSON.parse(text) as unknown)).toEqual([
      expect.objectContaining({ stage: 'outcomes', topic, partition: 0, offset: 1, code: 'TRUNCATED_EVENT' }),
      expect.objectContaining({ offset: 2, code: 'NOT_FRAMED' }),
    ]);
    expect(letterStore.values().join()).not.toContain('AB123456C');
  });
});

describe('topics', () => {
  it('made after the start are picked up by a pattern, and what was read is not read again', async () => {
    const stem = uniqueName('pattern');
    const pattern = new RegExp(`^${stem}\\.(?<deployment>[a-z]+)$`);
    const store = new PositionStore();
    const { consumer } = started(store, { topics: pattern });
    await consumer.start();
    for (const name of ['first', 'second']) {
      await ensureTopics({ ...connection, topics: [{ name: `${stem}.${name}`, partitions: 2 }] });
      await publish(`${stem}.${name}`, [name], 1);
      await until(() => store.values().includes(name));
    }
    await publish(`${stem}.first`, ['again'], 1);
    await until(() => store.values().includes('again'));
    expect(store.values()).toEqual(['first', 'second', 'again']);
  });

  it('that are named and missing are an error at start', async () => {
    const { consumer } = started(new PositionStore(), { topics: [uniqueName('absent')] });
    await expect(consumer.start()).rejects.toMatchObject({ code: 'TOPIC_MISSING' });
  });
});

describe('a pause', () => {
  it('holds a partition until it is resumed', async () => {
    const topic = await topicOf('pause', 2);
    const store = new PositionStore();
    const { consumer } = started(store, { topics: [topic] });
    await consumer.start();
    await until(() => consumer.lags().length === 2);
    consumer.pause(topic, 0);
    await publish(topic, ['held'], 0);
    await publish(topic, ['free'], 1);
    await until(() => store.values().includes('free'));
    await until(() => consumer.lags().some(({ partition, end }) => partition === 0 && end === 1));
    expect(consumer.lags()).toContainEqual({ topic, partition: 0, next: 0, end: 1 });
    expect(store.values()).toEqual(['free']);
    consumer.resume(topic, 0);
    await until(() => store.values().includes('held'));
  });

  it('outlives an assignment, and may be said before the first', async () => {
    const topic = await topicOf('pauses', 2);
    const groupId = uniqueName('group');
    const store = new PositionStore();
    const { consumer } = started(store, { topics: [topic], groupId });
    const other = started(store, { topics: [topic], groupId });
    for (const each of [consumer, other.consumer]) each.pause(topic, 0);
    await publish(topic, ['held'], 0);
    await consumer.start();
    await until(() => consumer.lags().length === 2);
    await other.consumer.start();
    await until(() => consumer.lags().length === 1 && other.consumer.lags().length === 1);
    await other.consumer.stop();
    await until(() => consumer.lags().length === 2);
    await publish(topic, ['free'], 1);
    await until(() => store.values().includes('free'));
    expect(store.values()).toEqual(['free']);
    consumer.resume(topic, 0);
    await until(() => store.values().includes('held'));
  });
});

describe('a group of two', () => {
  it('hands partitions over without losing or repeating a record in the store', async () => {
    const topic = await topicOf('handover', 6);
    const groupId = uniqueName('group');
    const store = new PositionStore();
    const handler: Parameters<typeof testConsumer>[2] = async (batch, context) => {
      await context.heartbeat();
      return store.take(batch) ? undefined : new Reposition('fence');
    };
    const options = { topics: [topic], groupId, sessionTimeoutMs: 6_000 };
    const first = started(store, options, handler);
    await first.consumer.start();
    let sent = 0;
    const send = async (): Promise<void> => {
      await Promise.all([0, 1, 2, 3, 4, 5].map((partition) => publish(topic, [`${partition}:${sent}`], partition)));
      sent++;
    };
    for (let round = 0; round < 3; round++) {
      await send();
      const second = started(store, options, handler);
      await second.consumer.start();
      while (second.consumer.lags().length !== 3) await send();
      await send();
      await until(() => store.taken.length === 6 * sent);
      await second.consumer.stop();
      while (first.consumer.lags().length !== 6) await send();
    }
    await until(() => store.taken.length === 6 * sent);
    for (let partition = 0; partition < 6; partition++) {
      const values = store.taken.filter((each) => each.partition === partition).map(({ message }) => String(message.value));
      expect(values).toEqual(numbers(0, sent).map((round) => `${partition}:${round}`));
    }
    expect(first.crashes).toEqual([]);
  });
});

describe('what other programs write', () => {
  it('in a codec that is not built in is refused with the remedy', async () => {
    const topic = await topicOf('codec', 1, { 'compression.type': 'lz4' });
    await publish(topic, ['packed']);
    const { consumer, crashes } = started(new PositionStore(), { topics: [topic] });
    await consumer.start();
    await until(() => crashes.length > 0);
    expect(crashes[0]).toMatchObject({ code: 'UNSUPPORTED_COMPRESSION', place: 'a batch compressed with LZ4', retryable: false });
  });

  it('in gzip, and in transactions with their control records, is read to the end', async () => {
    const topic = await topicOf('foreign');
    const foreign = foreignClient(connection).producer({ idempotent: true, maxInFlightRequests: 1, transactionalId: uniqueName('transaction') });
    await foreign.connect();
    const send = async (value: string, commit: boolean): Promise<void> => {
      const transaction = await foreign.transaction();
      await transaction.send({ topic, compression: CompressionTypes.GZIP, messages: [{ value }] });
      await (commit ? transaction.commit() : transaction.abort());
    };
    await send('kept', true);
    const store = new PositionStore();
    const { consumer, batches } = started(store, { topics: [topic] });
    await consumer.start();
    await until(() => store.taken.length === 1);
    // No record to deliver, but a position to store.
    await send('taken back', false);
    await foreign.disconnect();
    await until(() => consumer.lags().every(({ next, end }) => next === 4 && end === 4));
    await publish(topic, ['later']);
    await until(() => store.taken.length === 2);
    expect(store.values()).toEqual(['kept', 'later']);
    expect(batches.map(({ firstOffset, nextOffset }) => [firstOffset, nextOffset])).toEqual([[0, 2], [2, 4], [4, 5]]);
    expect(store.refusals).toBe(0);
  });
});
