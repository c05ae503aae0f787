import { BusError } from './bus-error.js';
import type { TopicPartition } from './consumed-batch.js';
import type { LogRange } from './topic-admin.js';

/** Why a partition is not fetched: its position is being asked for, its handler failed a moment ago, or a caller said so. */
export type PauseReason = 'position' | 'trouble' | 'caller';

/** What the consumer knows of one partition it was given. */
export interface AssignedPartition extends TopicPartition {
  /** Offset the next batch must begin at; undefined until the store has said so. */
  next: number | undefined;
  readonly pauses: Set<PauseReason>;
  /** Failures of the handler or the store in a row. */
  failures: number;
  /** Batches in a row that began elsewhere than asked. */
  strays: number;
  /** Offset when progress was last looked at, and since when it stands there. */
  seen: number | undefined;
  seenAt: number;
}

/** The partitions of one assignment; a new assignment is a new object, so that what belongs to an old one finds nothing. */
export class AssignedPartitions {
  private readonly byName = new Map<string, AssignedPartition>();

  constructor(assignment: Readonly<Record<string, readonly number[]>>, callerPauses: ReadonlySet<string>, now: number) {
    for (const [topic, partitions] of Object.entries(assignment)) {
      for (const partition of partitions) {
        const name = partitionName({ topic, partition });
        const pauses = new Set<PauseReason>(callerPauses.has(name) ? ['caller'] : []);
        this.byName.set(name, { topic, partition, next: undefined, pauses, failures: 0, strays: 0, seen: undefined, seenAt: now });
      }
    }
  }

  find(topic: string, partition: number): AssignedPartition | undefined {
    return this.byName.get(partitionName({ topic, partition }));
  }

  all(): AssignedPartition[] {
    return [...this.byName.values()];
  }
}

/** `<topic>/<partition>`: how a partition is named in errors and sets. */
export const partitionName = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

/** Milliseconds to wait after so many failures in a row: 0.1 s, doubling, 5 s at most. */
export const backoff = (failures: number): number => Math.min(100 * 2 ** Math.max(0, failures - 1), 5_000);

/** The fault of a store that says a position which the log does not hold. */
export function outsideLog(partition: TopicPartition, position: number, range: LogRange | undefined): BusError {
  const log = range === undefined ? 'does not hold it' : `holds ${range.start} to ${range.end}`;
  return new BusError(
    'POSITION_OUTSIDE_LOG',
    partitionName(partition),
    `The store says ${position} is next and the log ${log}: the topic was made anew or cut. Rebuild the state from the topics, or restore the topic.`,
    false,
  );
}
