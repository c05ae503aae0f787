import { BusError, readToEnd } from '@throughline/event-bus';
import type { FetchedRecord } from '@throughline/event-bus';
import { DEAD_LETTERS } from '@throughline/event-contracts';
import { LocalError } from '@throughline/servers';

/**
 * The newest dead letters, each the JSON that was published with `at`, when the broker appended it. Newest last.
 * Places, codes and remedies only: a dead letter holds nothing of a record.
 *
 * @param count at most so many
 * @param topic another than the platform's own
 * @throws LocalError `NOT_REACHABLE` if Kafka or the topic is not there
 */
export async function newestDeadLetters(count: number, brokers: readonly string[], topic: string = DEAD_LETTERS): Promise<readonly string[]> {
  // One partition, so that the order of the log is that of time.
  let newest: FetchedRecord[] = [];
  try {
    await readToEnd({
      brokers,
      clientId: 'dead-letters',
      topics: [topic],
      onBatch({ records }) {
        // Only what can still be among the newest is kept, so that a long log needs no memory.
        newest = [...newest, ...records].slice(-count);
      },
    });
  } catch (error) {
    if (error instanceof BusError) throw new LocalError('NOT_REACHABLE', `The dead letters cannot be read (${error.code} at ${error.place})`, 'see that Kafka runs and that KAFKA_BROKERS or KAFKA_PORT names it', { cause: error });
    throw error;
  }
  return newest.flatMap(({ timestamp, value }) => (value === null ? [] : [lineOf(Number(timestamp), value)]));
}

function lineOf(timestamp: number, value: Buffer): string {
  const at = new Date(timestamp).toISOString();
  return JSON.stringify({ at, ...(JSON.parse(value.toString('utf8')) as object) });
}
