import { readToEnd } from '@throughline/event-bus';
import type { OutgoingRecord } from '@throughline/event-bus';

/** Everything that some topics hold, partition by partition in the order of the log. */
export async function copyOfLog(brokers: readonly string[], topics: readonly string[]): Promise<readonly OutgoingRecord[]> {
  const copied: OutgoingRecord[] = [];
  await readToEnd({
    brokers,
    clientId: 'copied-log',
    topics,
    onBatch({ topic, records }) {
      for (const { key, value } of records) {
        copied.push({ topic, key: key === null ? null : Buffer.from(key), value: value === null ? null : Buffer.from(value) });
      }
    },
  });
  return copied;
}
