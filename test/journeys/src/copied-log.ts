import { randomUUID } from 'node:crypto';
import { BatchConsumer, endOffsets } from '@throughline/event-bus';
import type { OutgoingRecord } from '@throughline/event-bus';

/** Everything that some topics hold, partition by partition in the order of the log. */
export async function copyOfLog(brokers: readonly string[], topics: readonly string[]): Promise<readonly OutgoingRecord[]> {
  const copied: OutgoingRecord[] = [];
  const next = new Map<string, number>();
  const missing = new Set<string>();
  for (const [topic, ends] of await endOffsets({ brokers }, topics)) {
    ends.forEach((end, partition) => {
      if (end > 0) missing.add(`${topic}/${partition}/${end}`);
    });
  }
  const complete = Promise.withResolvers<void>();
  if (missing.size === 0) complete.resolve();
  const consumer = new BatchConsumer({
    brokers,
    groupId: `copied-log-${randomUUID()}`,
    topics,
    fromPosition: async (topic, partition) => next.get(`${topic}/${partition}`) ?? 0,
    onBatch: async ({ topic, partition, nextOffset, messages }) => {
      for (const { key, value } of messages) {
        copied.push({ topic, key: key === null ? null : Buffer.from(key), value: value === null ? null : Buffer.from(value) });
      }
      next.set(`${topic}/${partition}`, nextOffset);
      missing.delete(`${topic}/${partition}/${nextOffset}`);
      if (missing.size === 0) complete.resolve();
    },
    onCrash: (error) => complete.reject(error),
  });
  try {
    await consumer.start();
    await complete.promise;
  } finally {
    await consumer.stop();
  }
  return copied;
}
