import { endOffsets } from '@throughline/event-bus';
import { deploymentOf, EVENTS_TOPIC_PATTERN, IDENTIFIERS_TOPIC_PATTERN } from '@throughline/event-contracts';
import type { LogPosition } from '@throughline/state-store';

/** Ends of all topics of facts and of identifiers, topics ascending. */
export interface LogEnds {
  readonly facts: LogPosition;
  readonly identifiers: LogPosition;
}

/** Patterns of the topics that are read. */
export interface LogTopics {
  readonly facts: RegExp;
  readonly identifiers: RegExp;
}

/** @param deployments null: every deployment's topics. */
export function logTopics(deployments: readonly string[] | null): LogTopics {
  if (deployments === null) return { facts: EVENTS_TOPIC_PATTERN, identifiers: IDENTIFIERS_TOPIC_PATTERN };
  const names = deployments.join('|');
  return { facts: new RegExp(`^partner-events\\.(?:${names})$`), identifiers: new RegExp(`^subject-identifiers\\.(?:${names})$`) };
}

export async function readLogEnds(brokers: readonly string[], topics: LogTopics): Promise<LogEnds> {
  const [facts, identifiers] = await Promise.all([
    endOffsets({ brokers, clientId: 'outcomes' }, topics.facts),
    endOffsets({ brokers, clientId: 'outcomes' }, topics.identifiers),
  ]);
  const ascending = (ends: ReadonlyMap<string, number[]>) => Object.fromEntries([...ends].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { facts: ascending(facts), identifiers: ascending(identifiers) };
}

/** `<deployment>.<partition>` and offset of every partition of a position. */
export const partitionsOf = (position: LogPosition): { readonly location: string; readonly offset: number }[] =>
  Object.entries(position).flatMap(([topic, offsets]) =>
    offsets.map((offset, partition) => ({ location: `${deploymentOf(topic) ?? ''}.${partition}`, offset })),
  );
