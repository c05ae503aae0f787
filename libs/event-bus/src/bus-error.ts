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
  | 'UNSUPPORTED_COMPRESSION'
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

/**
 * Thrown or returned by a batch's handler when what it remembered is no longer what its store holds: the consumer drops the
 * batch, asks the store for the partition's position and reads on from there. No failure: it is not logged or delayed.
 */
export class Reposition extends Error {
  override readonly name = 'Reposition';
}
