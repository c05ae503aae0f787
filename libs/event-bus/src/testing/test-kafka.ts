import { randomUUID } from 'node:crypto';
import type { BatchConsumerOptions } from '../batch-consumer-options.js';
import { BatchConsumer } from '../batch-consumer.js';
import type { BatchContext, ConsumedBatch } from '../consumed-batch.js';
import type { FetchedRecord } from '../fetched/fetched-records.js';
import type { Reposition } from '../bus-error.js';
import type { KafkaConnection } from '../kafka-connection.js';
import { connectKafka } from '../kafka-connection.js';
import { withAdmin } from '../topic-admin.js';
import type { BusError } from '../bus-error.js';
import type { Kafka } from 'kafkajs';

/** The Kafka of the test run. */
export function testConnection(): KafkaConnection {
  const brokers = process.env['THROUGHLINE_TEST_KAFKA'];
  if (brokers === undefined) throw new Error('THROUGHLINE_TEST_KAFKA is not set: run the tests by npm run test:int.');
  return { brokers: brokers.split(','), clientId: 'event-bus-test' };
}

/** A name that no other test uses. */
export const uniqueName = (stem: string): string => `${stem}-${randomUUID().slice(0, 8)}`;

/** A plain client, to do what only a foreign program would. */
export const foreignClient = (connection: KafkaConnection): Kafka => connectKafka(connection, { retries: 5 });

/** Waits until a condition holds, as long as the test may last. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** The offset Kafka holds for a group, or -1. */
export async function committedOffset(connection: KafkaConnection, groupId: string, topic: string, partition: number): Promise<number> {
  return withAdmin(connection, async (admin) => {
    const [offsets] = await admin.fetchOffsets({ groupId, topics: [topic] });
    return Number(offsets?.partitions.find((candidate) => candidate.partition === partition)?.offset ?? -1);
  });
}

/** A store that takes a batch only if it begins where the store stands: what a handler's own store does. */
export class PositionStore {
  readonly next = new Map<string, number>();
  readonly taken: { topic: string; partition: number; message: FetchedRecord }[] = [];
  refusals = 0;

  position = async (topic: string, partition: number): Promise<number> => this.next.get(`${topic}/${partition}`) ?? 0;

  take({ topic, partition, firstOffset, nextOffset, records }: ConsumedBatch): boolean {
    const name = `${topic}/${partition}`;
    if ((this.next.get(name) ?? 0) !== firstOffset) {
      this.refusals++;
      return false;
    }
    this.next.set(name, nextOffset);
    for (const { key, value, ...rest } of records) this.taken.push({ topic, partition, message: { ...rest, key: key && Buffer.from(key), value: value && Buffer.from(value) } });
    return true;
  }

  values(): string[] {
    return this.taken.map(({ message }) => message.value?.toString() ?? '<null>');
  }
}

/** A consumer over a {@link PositionStore}, with what it was told along the way. */
export interface TestConsumer {
  readonly consumer: BatchConsumer;
  readonly crashes: BusError[];
  readonly troubles: BusError[];
  readonly held: BusError[];
  readonly batches: ConsumedBatch[];
}

type Handler = (batch: ConsumedBatch, context: BatchContext) => Promise<Reposition | void>;

/** Makes a consumer whose every batch is noted; it is not started. */
export function testConsumer(
  store: PositionStore,
  options: Partial<BatchConsumerOptions> & Pick<BatchConsumerOptions, 'topics'>,
  handler: Handler = async (batch) => void store.take(batch),
): TestConsumer {
  const seen: Omit<TestConsumer, 'consumer'> = { crashes: [], troubles: [], held: [], batches: [] };
  const consumer = new BatchConsumer({
    ...testConnection(),
    groupId: uniqueName('group'),
    fromPosition: store.position,
    maxWaitMs: 20,
    refreshTopicsMs: 100,
    onCrash: (error) => seen.crashes.push(error),
    onTrouble: (error) => seen.troubles.push(error),
    onHeld: (error) => seen.held.push(error),
    ...options,
    onBatch: async (batch, context) => {
      seen.batches.push(batch);
      return handler(batch, context);
    },
  });
  return { consumer, ...seen };
}
