import type { CellKey } from '@throughline/outcome-metrics';
import type { ParticipantWrite, StoredParticipant } from '@throughline/state-store';

/** What one script writes into a bucket. */
export interface BucketWrites {
  readonly bucket: number;
  /** Numbers among the dirty; `before` and `writes` stand in the same order. */
  readonly numbers: number[];
  readonly before: StoredParticipant[];
  readonly writes: ParticipantWrite[];
  /** Places of those who are not written after all: what they change cells by is not among the differences. */
  readonly leftOut: Set<number>;
  /** What the cells change by, over all the others. */
  readonly differences: Map<CellKey, number>;
}

/** Where the next participant of a bucket goes; those that are full are written as they are. */
export function writesOf(open: Map<number, BucketWrites>, all: BucketWrites[], bucket: number, size: number): BucketWrites {
  const begun = open.get(bucket);
  if (begun !== undefined && begun.writes.length < size) return begun;
  const writes: BucketWrites = { bucket, numbers: [], before: [], writes: [], leftOut: new Set(), differences: new Map() };
  open.set(bucket, writes);
  all.push(writes);
  return writes;
}

/** Adds changes to sums, `times` 1 or −1; cells that come to nothing are left out. */
export function addAll(sums: Map<CellKey, number>, changes: ReadonlyMap<CellKey, number>, times: number): void {
  for (const [cell, change] of changes) {
    const sum = (sums.get(cell) ?? 0) + times * change;
    if (sum === 0) sums.delete(cell);
    else sums.set(cell, sum);
  }
}
