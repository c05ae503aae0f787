import { endOffsets } from '@throughline/event-bus';
import { eventsTopics, linkingTopics, locationOf } from '@throughline/event-contracts';
import type { LogPosition } from '@throughline/state-store';

/** Ends of all topics of facts, and of all that say who is who, topics ascending. */
export interface LogEnds {
  readonly facts: LogPosition;
  readonly identifiers: LogPosition;
}

/** Patterns of the topics that are read. */
export interface LogTopics {
  readonly facts: RegExp;
  readonly identifiers: RegExp;
}

/** @param deployments null: every deployment's topics. @throws EventContractError `INVALID_DEPLOYMENT` */
export const logTopics = (deployments: readonly string[] | null): LogTopics => ({ facts: eventsTopics(deployments), identifiers: linkingTopics(deployments) });

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
    offsets.map((offset, partition) => ({ location: locationOf(topic, partition), offset })),
  );
