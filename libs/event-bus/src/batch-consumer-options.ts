import type { BusError, Reposition } from './bus-error.js';
import type { AssignedPosition, BatchContext, ConsumedBatch } from './consumed-batch.js';
import type { KafkaConnection } from './kafka-connection.js';

/** What a consumer is told. */
export interface BatchConsumerOptions extends KafkaConnection {
  readonly groupId: string;
  /**
   * Name that no other living process has, such as host and port: whoever joined the group under it before was killed, and is
   * taken out of it instead of waited for. It becomes a part of the client id.
   */
  readonly instance?: string | undefined;
  /** Names, or a pattern: topics created later are picked up within `refreshTopicsMs`. */
  readonly topics: RegExp | readonly string[];
  /**
   * Offset to read next, from the store that the handler writes to; 0 where it holds nothing. Kafka's own commits are a hint
   * only. It is told how many partitions the topic has, and may refuse them with a {@link BusError} that is not retryable:
   * the partition is then held, as is one whose position the log does not hold. Any other error is taken for one that passes.
   */
  readonly fromPosition: (topic: string, partition: number, partitionCount: number) => Promise<number | bigint>;
  /**
   * Called with one batch at a time per partition. Returning means that the batch is in the store. A {@link Reposition},
   * returned or thrown, drops the batch and reads on from the stored position. Any other error is taken for a fault that
   * passes: the partition waits 0.1 s to 5 s and is read again from its stored position, without end. A record that can
   * never be read must therefore not throw: dead-letter it and go on.
   */
  readonly onBatch: (batch: ConsumedBatch, context: BatchContext) => Promise<Reposition | void>;
  /** Told the partitions of each new assignment, once their positions are known. */
  readonly onAssigned?: (positions: readonly AssignedPosition[]) => void;
  /** The consumer has died and will not come back: end the process with an error, so that it is started anew. */
  readonly onCrash: (error: BusError) => void;
  /**
   * A partition is not read until somebody acts; the others go on. Told once a reason: at each look for topics it is seen
   * whether the reason is gone. {@link BatchConsumer.held} says which are held now.
   */
  readonly onHeld?: (error: BusError) => void;
  /** Told of faults that pass: attempt numbers count from 1. */
  readonly onTrouble?: (error: BusError, attempt: number) => void;
  /** Told after every fetch, also an empty one, for a watchdog. */
  readonly onFetch?: () => void;
  /** Partitions worked on at once. Default 1. */
  readonly concurrency?: number;
  /** Milliseconds the broker waits for new records. Default 50. */
  readonly maxWaitMs?: number;
  /** Bytes of one partition in a fetch. Default 1 MiB. A fetch holds at most `maxBytes`; its memory is up to twice that and its columns, and is used again. */
  readonly maxBytesPerPartition?: number;
  /** Bytes of one fetch. Default 10 MiB; less than 256 MiB. */
  readonly maxBytes?: number;
  /**
   * Milliseconds without a heartbeat before the group gives the partitions to another; how long nothing is read after a
   * process or the broker was killed. Work longer than a third of it must call `heartbeat`. Default 10,000; least 6,000.
   */
  readonly sessionTimeoutMs?: number;
  /** Milliseconds between looks for new topics, progress and lag. Default 2,000. */
  readonly refreshTopicsMs?: number;
  /** Milliseconds without progress, records waiting, before the connection is made anew. Default 60,000. */
  readonly stuckAfterMs?: number;
  /** Milliseconds between commits to Kafka, which only other tools read; null: none, for a group that is of one run only. Default 5,000. */
  readonly commitIntervalMs?: number | null;
  readonly now?: () => number;
}

