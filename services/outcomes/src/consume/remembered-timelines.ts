import { StateStoreError } from '@throughline/state-store';
import type { PartitionStore } from '@throughline/state-store';
import { BucketTimelines } from './bucket-timelines.js';
import { PartitionTimelines } from './partition-timelines.js';

/** Once there is too much, so much of what is allowed is kept: else every batch would have to make room. */
const KEPT_SHARE = 0.9;

/** Buckets read at a time for whoever only looks into them. */
const BUCKETS_PER_LOOK = 8;

/** What was found in a bucket, or why it cannot be read. */
export type FoundBucket = { readonly bucket: number } & ({ readonly timelines: BucketTimelines } | { readonly fault: unknown });

/**
 * Timelines that this process has read or looked into, as many as it may hold. What is remembered of a partition is always
 * what the log says up to its `next`, and only what is stored: it changes once a write is acknowledged, and is dropped when
 * one is lost. So whoever compares `next` with the stored one knows whether it may compute from it.
 */
export class RememberedTimelines {
  readonly #partitions = new Map<string, PartitionTimelines>();
  readonly #writing = new Map<string, Promise<unknown>>();
  /** The last of those who look into buckets that are not here: one at a time, so that few are held at once. */
  #looking: Promise<unknown> = Promise.resolve();

  /**
   * @param mostBytes memory for timelines; a batch or a look at a few buckets may need more for as long as it lasts
   * @param onRead told how many buckets were read from the store
   */
  constructor(
    private readonly store: Pick<PartitionStore, 'load' | 'next'>,
    private readonly mostBytes: number,
    private readonly onRead: (buckets: number) => void = () => undefined,
  ) {}

  get(location: string): PartitionTimelines | undefined {
    return this.#partitions.get(location);
  }

  drop(location: string): void {
    this.#partitions.delete(location);
  }

  /** Memory the timelines take. */
  get bytes(): number {
    let bytes = 0;
    for (const partition of this.#partitions.values()) for (const { timelines } of partition.known()) bytes += timelines.memoryBytes;
    return bytes;
  }

  /** A write to the partition is on its way: what is remembered is about to catch up with what is stored. */
  writing(location: string, write: Promise<unknown>): void {
    const settled = write.then(
      () => undefined,
      () => undefined,
    );
    this.#writing.set(location, settled);
    void settled.then(() => {
      if (this.#writing.get(location) === settled) this.#writing.delete(location);
    });
  }

  /**
   * Reads buckets of a partition; another that is remembered at the same `next` gets them.
   * @returns with these buckets, at what is stored now or later
   * @throws CorruptTimeline, StateStoreError
   */
  async load(location: string, buckets: readonly number[]): Promise<PartitionTimelines> {
    await this.#writing.get(location);
    const stored = await this.store.load(location, buckets);
    this.onRead(buckets.length);
    const remembered = this.#partitions.get(location);
    const partition = remembered?.next === stored.next ? remembered : new PartitionTimelines(stored.next);
    const now = performance.now();
    for (const [at, bucket] of buckets.entries()) {
      // What was put in meanwhile may have taken in more since.
      if (partition.bucket(bucket) === undefined) partition.put(bucket, BucketTimelines.from(stored.buckets[at]!));
      partition.bucket(bucket)!.usedAt = now;
    }
    // A load that was overtaken is right for whoever asked, and old for everybody else.
    if (remembered === undefined || remembered.next < stored.next) this.#partitions.set(location, partition);
    return partition;
  }

  /** What is remembered, if it is what is stored now or later; else what is stored, without any bucket. */
  async current(location: string): Promise<PartitionTimelines> {
    const stored = await this.store.next(location);
    await this.#writing.get(location);
    const remembered = this.#partitions.get(location);
    if (remembered !== undefined && remembered.next >= stored) return remembered;
    const partition = new PartitionTimelines(stored);
    this.#partitions.set(location, partition);
    return partition;
  }

  /**
   * Each of these buckets of a partition, at what is stored now or later; those that are not here are read a few at a time and
   * need not stay.
   * @throws StateStoreError
   */
  async *lookInto(location: string, buckets: Iterable<number>): AsyncGenerator<FoundBucket> {
    const partition = await this.current(location);
    const missing: number[] = [];
    for (const bucket of buckets) {
      const timelines = partition.bucket(bucket);
      if (timelines === undefined) missing.push(bucket);
      else {
        timelines.usedAt = performance.now();
        yield { bucket, timelines };
      }
    }
    for (let at = 0; at < missing.length; at += BUCKETS_PER_LOOK) {
      const look = this.#looking.then(() => this.#read(location, missing.slice(at, at + BUCKETS_PER_LOOK)));
      this.#looking = look.catch(() => undefined);
      yield* await look;
      this.makeRoom();
    }
  }

  async #read(location: string, buckets: readonly number[]): Promise<FoundBucket[]> {
    try {
      const loaded = await this.load(location, buckets);
      return buckets.map((bucket) => ({ bucket, timelines: loaded.bucket(bucket)! }));
    } catch (fault) {
      if (fault instanceof StateStoreError) throw fault;
      if (buckets.length === 1) return [{ bucket: buckets[0]!, fault }];
    }
    // One that is damaged hides no other.
    const each: FoundBucket[] = [];
    for (const bucket of buckets) each.push(...(await this.#read(location, [bucket])));
    return each;
  }

  /** Forgets the buckets that were not needed for longest, where there is too much. */
  makeRoom(): void {
    let bytes = this.bytes;
    if (bytes <= this.mostBytes) return;
    const all = [...this.#partitions.values()].flatMap((partition) => [...partition.known()].map(({ bucket, timelines }) => ({ partition, bucket, timelines })));
    all.sort((a, b) => a.timelines.usedAt - b.timelines.usedAt);
    for (const { partition, bucket, timelines } of all) {
      if (bytes <= this.mostBytes * KEPT_SHARE) return;
      partition.forget(bucket);
      bytes -= timelines.memoryBytes;
    }
  }
}
