import { PARTICIPANT_BUCKETS, ParticipantStore, PartitionStore, TopicLayout, UniqueIds } from '@throughline/state-store';
import type { LogPosition, StoreConnection } from '@throughline/state-store';
import { partitionsOf } from './log-ends.js';

/**
 * Marks everyone of a generation, whether or not this process runs it: after any doubt about what the store holds. What differs
 * is mended, what does not stays. First the layout: where it was lost while a worker stood at the first offset, nobody would
 * look for the facts that are stored from there.
 * @param facts ends of every topic of facts
 */
export async function markEveryone(connection: StoreConnection, generation: number, facts: LogPosition): Promise<void> {
  const ids = new UniqueIds();
  const layout = new TopicLayout(connection, generation);
  const partitions = new PartitionStore(connection, generation);
  const participants = new ParticipantStore(connection, generation);
  for (const [topic, ends] of Object.entries(facts)) await layout.fix(topic, ends.length);
  for (const { location } of partitionsOf(facts)) await partitions.markEveryone(location, ids.next());
  for (let bucket = 0; bucket < PARTICIPANT_BUCKETS; bucket += 1) await participants.markEveryone(bucket, ids.next());
}
