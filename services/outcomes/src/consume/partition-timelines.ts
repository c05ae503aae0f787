import type { Fact } from '@throughline/outcome-metrics';
import { decodeFactAt } from '@throughline/outcome-metrics';
import { TIMELINE_BUCKETS, timelineBucketOf } from '@throughline/state-store';
import { BucketTimelines } from './bucket-timelines.js';

/**
 * One partition's timelines as remembered, bucket by bucket: those of the log up to `next`, exactly, in each bucket that it
 * has; of the others it knows nothing.
 */
export class PartitionTimelines {
  readonly #buckets = new Array<BucketTimelines | undefined>(TIMELINE_BUCKETS).fill(undefined);
  #batch = 0;

  /** @param next offset of the first record not in here */
  constructor(public next = 0) {}

  /** Of a partition of which nothing is stored. */
  static empty(): PartitionTimelines {
    const timelines = new PartitionTimelines();
    for (let bucket = 0; bucket < TIMELINE_BUCKETS; bucket += 1) timelines.put(bucket, new BucketTimelines());
    return timelines;
  }

  bucket(bucket: number): BucketTimelines | undefined {
    return this.#buckets[bucket];
  }

  /** Takes a bucket in that is at the same `next`. */
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
