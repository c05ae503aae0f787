import type { Admin } from 'kafkajs';
import { isInLog, outsideLog } from './assigned-partitions.js';
import type { BatchConsumerOptions } from './batch-consumer-options.js';
import { BusError } from './bus-error.js';
import type { TopicPartition } from './consumed-batch.js';
import type { LogRange } from './topic-admin.js';
import { logRanges, partitionCounts } from './topic-admin.js';

/** What the brokers say of a topic. */
export interface TopicLog {
  readonly partitionCount: number;
  readonly ranges: readonly LogRange[];
}

/** Where a partition is read from, or why it is not. */
export type FoundPosition = { readonly position: number; readonly end: number } | { readonly held: BusError };

/** Asks the store where partitions are read from, and the brokers whether the log reaches there. */
export class LogPositions {
  constructor(
    private readonly admin: Admin,
    private readonly fromPosition: BatchConsumerOptions['fromPosition'],
  ) {}

  /** Throws what passes by itself: ask again. */
  async find({ topic, partition }: TopicPartition, log: TopicLog): Promise<FoundPosition> {
    try {
      const position = Number(await this.fromPosition(topic, partition, log.partitionCount));
      let range = rangeOf(partition, log.ranges);
      // Whoever wrote the position may have read further than the log was seen to reach before it was asked for.
      if (range === undefined || !isInLog(position, range)) range = rangeOf(partition, await logRanges(this.admin, topic));
      if (range === undefined || !isInLog(position, range)) return { held: outsideLog({ topic, partition }, position, range) };
      return { position, end: range.end };
    } catch (error) {
      if (error instanceof BusError && !error.retryable) return { held: error };
      throw error;
    }
  }

  async askLog(topic: string): Promise<TopicLog> {
    const [counts, ranges] = await Promise.all([partitionCounts(this.admin, [topic]), logRanges(this.admin, topic)]);
    return { partitionCount: counts.get(topic) ?? ranges.length, ranges };
  }

  /** {@link askLog}, once for all partitions of a topic. */
  askedOnce(): (topic: string) => Promise<TopicLog> {
    const asked = new Map<string, Promise<TopicLog>>();
    return (topic) => {
      const log = asked.get(topic) ?? this.askLog(topic);
      asked.set(topic, log);
      log.catch(() => asked.delete(topic));
      return log;
    };
  }
}

const rangeOf = (partition: number, ranges: readonly LogRange[]): LogRange | undefined => ranges.find((range) => range.partition === partition);
