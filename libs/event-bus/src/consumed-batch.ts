import type { FetchedRecords } from './fetched/fetched-records.js';

/** Consecutive records of one partition. Offsets may have gaps: compaction leaves them. */
export interface ConsumedBatch {
  readonly topic: string;
  readonly partition: number;
  /** Partitions the topic has: what its records are placed by. */
  readonly partitionCount: number;
  /** Offset this batch was fetched at: what the store said is next. */
  readonly firstOffset: number;
  /** Last offset that it covers; compaction may have left no record there. */
  readonly lastOffset: number;
  /** What the store must say is next once this batch is in it. */
  readonly nextOffset: number;
  /** Offset the partition's next record gets. */
  readonly highWatermark: number;
  /** Gone once the handler has returned. Empty where only control records or a transaction taken back lie between the offsets: store the position all the same. */
  readonly records: FetchedRecords;
}

/** What a handler may do while it holds a batch. */
export interface BatchContext {
  /** Keeps the place in the group; call it between chunks of long work. Let what it throws pass: the partition is lost. */
  heartbeat(): Promise<void>;
  /** False once the consumer stops: finish what is begun, begin nothing. */
  isRunning(): boolean;
  /** True once the partition is no longer ours or reads on from elsewhere: drop the batch. */
  isStale(): boolean;
  /** After the handler returns, reads on from here instead of behind the batch; for what the store itself was told. */
  seek(offset: number): void;
}

/** One partition of one topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A partition and the offset it is read from. */
export interface AssignedPosition extends TopicPartition {
  readonly position: number;
}

/** How far a partition is behind. */
export interface PartitionLag extends TopicPartition {
  /** Offset read next. */
  readonly next: number;
  /** Offset the partition's next record gets, when last asked. */
  readonly end: number;
}
