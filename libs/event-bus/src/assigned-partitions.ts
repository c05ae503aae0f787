import { BusError } from './bus-error.js';
import type { AssignedPosition, TopicPartition } from './consumed-batch.js';
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
  /** Why it is not read until somebody acts; undefined: it is read. */
  held: BusError | undefined;
  /** Its position is being asked for. */
  positioning: boolean;
  /** Partitions the topic had when its position was asked for last. */
  partitionCount: number;
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
        this.byName.set(name, { topic, partition, next: undefined, pauses, failures: 0, strays: 0, held: undefined, positioning: false, partitionCount: 0, seen: undefined, seenAt: now });
      }
    }
  }

  find(topic: string, partition: number): AssignedPartition | undefined {
    return this.byName.get(partitionName({ topic, partition }));
  }

  all(): AssignedPartition[] {
    return [...this.byName.values()];
  }

  /**
   * Partitions of a topic that are held, or whose position the log does not seem to hold.
   * @param before positions as they were before the ranges were asked for.
   */
  doubtful(topic: string, before: readonly AssignedPosition[], ranges: readonly LogRange[]): AssignedPartition[] {
    return this.all().filter((partition) => {
      if (partition.topic !== topic || partition.positioning) return false;
      if (partition.held !== undefined) return true;
      const range = ranges.find((candidate) => candidate.partition === partition.partition);
      const known = before.find((candidate) => candidate.topic === topic && candidate.partition === partition.partition);
      if (known === undefined || partition.next === undefined) return false;
      return range === undefined || known.position > range.end || partition.next < range.start;
    });
  }

  /** A partition that has not moved for so long though records wait and nothing holds it. */
  stuck(ends: ReadonlyMap<string, number>, now: number, afterMs: number): AssignedPartition | undefined {
    return this.all().find((partition) => {
      const { next, seen, seenAt, pauses } = partition;
      const idle = next === undefined || pauses.size > 0 || next >= (ends.get(partitionName(partition)) ?? next);
      if (idle || next !== seen) Object.assign(partition, { seen: next, seenAt: now });
      return !idle && next === seen && now - seenAt >= afterMs;
    });
  }
}

/** `<topic>/<partition>`: how a partition is named in errors and sets. */
export const partitionName = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

/** Milliseconds to wait after so many failures in a row: 0.1 s, doubling, 5 s at most. */
export const backoff = (failures: number): number => Math.min(100 * 2 ** Math.max(0, failures - 1), 5_000);

/** Whether the log has, or will have next, the record at a position. */
export const isInLog = (position: number, { start, end }: LogRange): boolean => position >= start && position <= end;

/** The fault of a position that the log does not hold: read from anywhere else, records would be missed in silence. */
export function outsideLog(partition: TopicPartition, position: number, range: LogRange | undefined): BusError {
  return new BusError('POSITION_OUTSIDE_LOG', partitionName(partition), remedyOutside(position, range), false);
}

function remedyOutside(position: number, range: LogRange | undefined): string {
  if (range === undefined) return `The store says ${position} is next and the log does not hold it. Restore the topic.`;
  if (position > range.end) {
    return `The store says ${position} is next and the log ends at ${range.end}: the topic was made anew or put back. If it holds all there was, rebuild the state from it, else restore it.`;
  }
  return `The store says ${position} is next and the log begins at ${range.start}: records were deleted that nobody has read. Restore the topic, or make it anew, have it filled from its sources, and rebuild the state from it.`;
}
