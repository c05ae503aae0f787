import { randomUUID } from 'node:crypto';
import { partitionName } from './assigned-partitions.js';
import { BatchConsumer } from './batch-consumer.js';
import type { BatchConsumerOptions } from './batch-consumer-options.js';
import { Reposition } from './bus-error.js';
import type { BusError } from './bus-error.js';
import type { ConsumedBatch } from './consumed-batch.js';
import type { KafkaConnection } from './kafka-connection.js';
import { existingTopics, logRanges, withAdmin } from './topic-admin.js';

/** What is read, and by whom. */
export interface ReadToEndOptions extends KafkaConnection, Pick<BatchConsumerOptions, 'onTrouble'> {
  readonly topics: readonly string[];
  /**
   * Called with one batch at a time, each record of a partition once and in its order. What it throws is tried again like
   * any fault of a consumer, with the same records.
   */
  readonly onBatch: (batch: ConsumedBatch) => Promise<void> | void;
}

/**
 * Reads everything that topics hold when it is called, from the first record to the last, and returns; what is appended
 * meanwhile may come too. Leaves nothing behind in Kafka.
 * @throws BusError `TOPIC_MISSING`, `POSITION_OUTSIDE_LOG` where first records were deleted, or whatever a consumer may die of.
 */
export async function readToEnd({ topics, onBatch, onTrouble, ...connection }: ReadToEndOptions): Promise<void> {
  const open = new Map<string, number>();
  await withAdmin(connection, async (admin) => {
    for (const topic of await existingTopics(admin, topics)) {
      for (const { partition, start, end } of await logRanges(admin, topic)) if (end > start) open.set(partitionName({ topic, partition }), end);
    }
  });
  if (open.size === 0) return;
  const next = new Map<string, number>();
  const done = Promise.withResolvers<void>();
  const consumer = new BatchConsumer({
    ...connection,
    groupId: `${connection.clientId ?? 'throughline'}-${randomUUID()}`,
    commitIntervalMs: null,
    topics,
    fromPosition: async (topic, partition) => next.get(partitionName({ topic, partition })) ?? 0,
    onBatch: async (batch) => {
      const name = partitionName(batch);
      // A rebalance may bring again what was just taken.
      if (batch.firstOffset < (next.get(name) ?? 0)) return new Reposition('read on from where it was');
      await onBatch(batch);
      next.set(name, batch.nextOffset);
      if (batch.nextOffset >= (open.get(name) ?? Infinity)) open.delete(name);
      if (open.size === 0) done.resolve();
      return undefined;
    },
    ...(onTrouble === undefined ? {} : { onTrouble }),
    onHeld: (error) => done.reject(error),
    onCrash: (error: BusError) => done.reject(error),
  });
  try {
    await consumer.start();
    await done.promise;
  } finally {
    await consumer.stop();
  }
}
