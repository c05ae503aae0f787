/** What can go wrong between us and Kafka. */
export type BusCode =
  | 'KAFKA_UNREACHABLE'
  | 'KAFKA_REFUSED'
  | 'TOPIC_PARTITIONS_DIFFER'
  | 'TOPIC_MISSING'
  | 'PUBLISH_FAILED'
  | 'RECORD_REFUSED'
  | 'QUEUE_FULL'
  | 'PRODUCER_CLOSED'
  | 'POSITION_UNKNOWN'
  | 'POSITION_OUTSIDE_LOG'
  | 'BATCH_FAILED'
  | 'CONSUMER_STUCK'
  | 'CONSUMER_CRASHED'
  | 'RECORDS_DAMAGED'
  | 'UNSUPPORTED_COMPRESSION'
  | 'UNSUPPORTED_BROKER'
  | 'NO_HANDLER'
  | 'DEAD_LETTER_INVALID';

/**
 * Any failure of the bus. `place` is a topic, a partition, a group or the brokers' addresses. `retryable` says whether the
 * same call can succeed later without anybody doing anything. Neither holds a record's key or value.
 */
export class BusError extends Error {
  override readonly name = 'BusError';

  constructor(
    readonly code: BusCode,
    readonly place: string,
    readonly remedy: string,
    readonly retryable: boolean,
    cause?: unknown,
  ) {
    super(`${code} at ${place}. ${remedy}${cause instanceof Error ? ` (${cause.message})` : ''}`, { cause });
  }
}

/** The fault of a topic that has another number of partitions than what was made of its records was made by. */
export const partitionsDiffer = (topic: string, had: number, has: number): BusError =>
  new BusError(
    'TOPIC_PARTITIONS_DIFFER',
    topic,
    `It has ${has} partitions, and its records were placed and read by ${had}: make it anew with ${had}, or copy its records to where they belong by the new number, and rebuild the state from it.`,
    false,
  );

/**
 * Thrown or returned by a batch's handler when what it remembered is no longer what its store holds: the consumer drops the
 * batch, asks the store for the partition's position and reads on from there. No failure: it is not logged or delayed.
 */
export class Reposition extends Error {
  override readonly name = 'Reposition';
}
