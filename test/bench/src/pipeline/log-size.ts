import { endOffsets } from '@throughline/event-bus';
import { eventsTopics, identifiersTopics } from '@throughline/event-contracts';

/** Records on all partners’ topics, facts and identifiers, as their offsets count them. */
export async function logSize(brokers: string): Promise<number> {
  const connection = { brokers: brokers.split(','), clientId: 'bench' };
  const ends = await Promise.all([eventsTopics(null), identifiersTopics(null)].map((topics) => endOffsets(connection, topics)));
  return ends.flatMap((each) => [...each.values()].flat()).reduce((sum, end) => sum + end, 0);
}
