import type { Fact } from '@throughline/outcome-metrics';
import { decodeFactAt } from '@throughline/outcome-metrics';
import { NO_CHANGE, TIMELINE_BUCKETS, timelineBucketOf } from '@throughline/state-store';
import type { HeldBuckets, PartitionState, StoredPartition } from '@throughline/state-store';
import { BucketTimelines } from './bucket-timelines.js';

/**
 * One partition's timelines as remembered, bucket by bucket: those of the log up to `next`, exactly, in each bucket that it
 * has; of the others it knows nothing. Where it has any, they are stored in the bytes that `lastChange` left.
 */
export class PartitionTimelines {
  readonly #buckets = new Array<BucketTimelines | undefined>(TIMELINE_BUCKETS).fill(undefined);
  #batch = 0;

  /** @param state what its buckets are at; changed by whoever brings them to another */
  constructor(public state: PartitionState = { next: 0, lastChange: NO_CHANGE }) {}

  /** Of a partition of which nothing is stored. */
  static empty(): PartitionTimelines {
    const timelines = new PartitionTimelines();
    for (let bucket = 0; bucket < TIMELINE_BUCKETS; bucket += 1) timelines.put(bucket, new BucketTimelines());
    return timelines;
  }

  /** Offset of the first record not in here. */
  get next(): number {
    return this.state.next;
  }

  isAt({ next, lastChange }: PartitionState): boolean {
    return this.state.next === next && this.state.lastChange.equals(lastChange);
  }

  /** Memory it takes. */
  get memoryBytes(): number {
    let bytes = 0;
    for (const timelines of this.#buckets) if (timelines !== undefined) bytes += timelines.memoryBytes;
    return bytes;
  }

  bucket(bucket: number): BucketTimelines | undefined {
    return this.#buckets[bucket];
  }

  /** Takes a bucket in that is at the same state. */
  put(bucket: number, timelines: BucketTimelines): void {
    this.#buckets[bucket] = timelines;
  }

  /** Knows nothing of the bucket from now on. */
  forget(bucket: number): void {
    this.#buckets[bucket] = undefined;
  }

  /** Those it has. */
  *known(): Generator<{ readonly bucket: number; readonly timelines: BucketTimelines }> {
    for (const [bucket, timelines] of this.#buckets.entries()) if (timelines !== undefined) yield { bucket, timelines };
  }

  /** Whether it knows of no bucket. */
  get isEmpty(): boolean {
    return this.#buckets.every((timelines) => timelines === undefined);
  }

  /** What could be read on. */
  held(): HeldBuckets & PartitionState {
    const bytes = new Map<number, number>();
    for (const { bucket, timelines } of this.known()) bytes.set(bucket, timelines.storedBytes);
    return { ...this.state, bytes };
  }

  /**
   * Follows the store: the buckets take in what they have grown by there, and those of which that is not known are forgotten.
   * @param asked the state it was in when it was asked for
   * @returns false where it is in another state by now, or in a later one than the store: nothing is changed.
   */
  readOn(stored: StoredPartition, asked: PartitionState): boolean {
    if (!this.isAt(asked) || stored.next < this.next) return false;
    for (const { bucket, timelines } of this.known()) {
      const more = stored.grown?.get(bucket);
      try {
        if (more === undefined) this.forget(bucket);
        else timelines.takeIn(more);
      } catch {
        // Damaged: whoever needs the bucket reads all of it, and is told.
        this.forget(bucket);
      }
    }
    this.state = { next: stored.next, lastChange: stored.lastChange };
    return true;
  }

  /** Another batch is folded. @returns its number, by which its news are told from those of others */
  beginBatch(): number {
    return (this.#batch += 1);
  }

  /**
   * Adds the facts in force of a subject whose bucket it has.
   * @param subject 16 bytes
   */
  addFactsOf(subject: Uint8Array, to: Fact[]): void {
    this.#buckets[timelineBucketOf(subject)]!.visitPacked(subject, (bytes, from) => {
      const fact = decodeFactAt(bytes, from);
      if (fact !== null) to.push(fact);
    });
  }
}
