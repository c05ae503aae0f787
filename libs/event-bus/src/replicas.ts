import type { KafkaConnection } from './kafka-connection.js';
import { matchingTopics, withAdmin } from './topic-admin.js';

/** Where one partition is kept, by the ids of brokers. */
export interface PartitionReplicas {
  readonly topic: string;
  readonly partition: number;
  readonly leader: number;
  readonly replicas: readonly number[];
  /** Those that have everything that was acknowledged. */
  readonly inSync: readonly number[];
}

/**
 * Leaders and replicas of partitions, as the broker that answers knows them now.
 * @throws BusError `KAFKA_UNREACHABLE`, or `KAFKA_REFUSED` while one of them has no leader: ask again.
 */
export async function partitionReplicas(connection: KafkaConnection, topics: RegExp | readonly string[]): Promise<PartitionReplicas[]> {
  return withAdmin(connection, async (admin) => {
    const names = await matchingTopics(admin, topics);
    if (names.length === 0) return [];
    const { topics: found } = await admin.fetchTopicMetadata({ topics: names });
    return found.flatMap(({ name, partitions }) => partitions.map(({ partitionId, leader, replicas, isr }) => ({ topic: name, partition: partitionId, leader, replicas, inSync: isr })));
  });
}
