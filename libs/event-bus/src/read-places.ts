import { randomUUID } from 'node:crypto';
import { isInLog, partitionName } from './assigned-partitions.js';
import { BatchConsumer } from './batch-consumer.js';
import { Reposition } from './bus-error.js';
import type { BusError } from './bus-error.js';
import type { TopicPartition } from './consumed-batch.js';
import type { FetchedRecord } from './fetched/fetched-records.js';
import type { KafkaConnection } from './kafka-connection.js';
import { logRanges, partitionCounts, withAdmin } from './topic-admin.js';

/** Where one record lies, or lay. */
export interface RecordPlace extends TopicPartition {
  readonly offset: number;
}

export interface ReadPlacesOptions extends KafkaConnection {
  readonly places: readonly RecordPlace[];
  /** Called with each record that is there, those of a partition in its order. What it is given is its own to keep. */
  readonly onRecord: (place: RecordPlace, record: FetchedRecord) => void;
}

/**
 * Reads single records and nothing of what lies between them; one that compaction has removed, or that no longer is in the
 * log, is passed over, and so is every one of a topic that was deleted. Leaves nothing behind in Kafka.
 * @throws BusError whatever a consumer may die of.
 */
export async function readPlaces({ places, onRecord, ...connection }: ReadPlacesOptions): Promise<void> {
  const wanted = new Map<string, number[]>();
  const unwanted: TopicPartition[] = [];
  const topics = await withAdmin(connection, async (admin) => {
    const existing = new Set(await admin.listTopics());
    const there = [...new Set(places.map(({ topic }) => topic))].filter((topic) => existing.has(topic));
    const counts = await partitionCounts(admin, there);
    for (const topic of there) {
      const ranges = await logRanges(admin, topic);
      for (let partition = 0; partition < (counts.get(topic) ?? 0); partition += 1) {
        const range = ranges.find((candidate) => candidate.partition === partition);
        const offsets = places.filter((place) => place.topic === topic && place.partition === partition).map(({ offset }) => offset);
        const held = [...new Set(offsets)].filter((offset) => range !== undefined && isInLog(offset, range) && offset < range.end).sort((a, b) => a - b);
        if (held.length > 0) wanted.set(partitionName({ topic, partition }), held);
        else unwanted.push({ topic, partition });
      }
    }
    return there;
  });
  if (wanted.size === 0) return;
  const done = Promise.withResolvers<void>();
  const consumer = new BatchConsumer({
    ...connection,
    groupId: `${connection.clientId ?? 'throughline'}-${randomUUID()}`,
    commitIntervalMs: null,
    topics,
    fromPosition: async (topic, partition) => wanted.get(partitionName({ topic, partition }))?.[0] ?? 0,
    onBatch: async ({ topic, partition, firstOffset, nextOffset, records }, context) => {
      const name = partitionName({ topic, partition });
      const left = wanted.get(name);
      if (left === undefined) return undefined;
      // A rebalance may bring again what was just taken.
      if (firstOffset !== left[0]) return new Reposition('read the next one that is wanted');
      for (const offset of left) {
        const index = records.indexOf(offset);
        const record = index < records.length ? records.at(index) : undefined;
        if (record?.offset === offset) onRecord({ topic, partition, offset }, { ...record, key: record.key && Buffer.from(record.key), value: record.value && Buffer.from(record.value) });
      }
      const still = left.filter((offset) => offset >= nextOffset);
      if (still.length > 0) {
        wanted.set(name, still);
        context.seek(still[0]!);
        return undefined;
      }
      wanted.delete(name);
      consumer.pause(topic, partition);
      if (wanted.size === 0) done.resolve();
      return undefined;
    },
    onHeld: (error) => done.reject(error),
    onCrash: (error: BusError) => done.reject(error),
  });
  for (const { topic, partition } of unwanted) consumer.pause(topic, partition);
  try {
    await consumer.start();
    await done.promise;
  } finally {
    await consumer.stop();
  }
}
