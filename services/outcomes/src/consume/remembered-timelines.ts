import { NO_CHANGE, StateStoreError } from '@throughline/state-store';
import type { PartitionState, PartitionStore, StoredPartition } from '@throughline/state-store';
import { BucketTimelines } from './bucket-timelines.js';
import { PartitionTimelines } from './partition-timelines.js';

/** Once there is too much, so much of what is allowed is kept: else every batch would have to make room. */
const KEPT_SHARE = 0.9;

/** Not needed for so long, a bucket goes before all others, milliseconds … */
const IDLE_MS = 600_000;
/** … and one that was needed just now goes last: a batch may be waiting for the others that it needs. */
const IN_USE_MS = 1_000;

/** Buckets read at a time for whoever only looks into them. */
const BUCKETS_PER_LOOK = 8;

/** What was found in a bucket, or why it cannot be read. */
export type FoundBucket = { readonly bucket: number } & ({ readonly timelines: BucketTimelines } | { readonly fault: unknown });

/**
 * Timelines that this process has read or looked into, as many as it may hold. What is remembered of a partition is always
 * what the log says up to its `next`, and only what is stored: it changes once a write is acknowledged, and is dropped when
 * one is lost. So whoever compares `next` with the stored one knows whether it may compute from it. Where another process has
 * moved the partition on, what is remembered follows: its buckets are read on from where they end.
 */
export class RememberedTimelines {
  readonly #partitions = new Map<string, PartitionTimelines>();
  readonly #writing = new Map<string, Promise<void>>();
  readonly #readingOn = new Map<string, Promise<void>>();
  /** The last of those who look into buckets that are not here: one at a time, so that few are held at once. */
  #looking: Promise<unknown> = Promise.resolve();
  #isShort = false;

  /**
   * @param mostBytes memory for timelines; a batch or a look at a few buckets may need more for as long as it lasts
   * @param onRead told how many buckets were read whole from the store
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
    for (const partition of this.#partitions.values()) bytes += partition.memoryBytes;
    return bytes;
  }

  /** A write to the partition is on its way: what is remembered is about to catch up with what is stored. */
  writing(location: string, write: Promise<unknown>): void {
    note(this.#writing, location, write);
  }

  /**
   * Reads buckets of a partition, and reads on those that are remembered of it, so that all are at one state.
   * @returns with these buckets, at what is stored now or later
   * @throws CorruptTimeline, StateStoreError
   */
  async load(location: string, buckets: readonly number[]): Promise<PartitionTimelines> {
    return (await this.#load(location, buckets)).partition;
  }

  /** What is remembered, once it is what is stored now or later; of a partition of which nothing is, none of its buckets. */
  async current(location: string): Promise<PartitionTimelines> {
    const next = await this.store.next(location);
    await settled(this.#writing, location);
    // Who waits for nobody here is the next to be waited for: nothing comes between.
    for (let reading = this.#readingOn.get(location); reading !== undefined; reading = this.#readingOn.get(location)) await reading;
    const remembered = this.#partitions.get(location);
    if (remembered !== undefined && remembered.next >= next) return remembered;
    if (remembered === undefined || remembered.isEmpty) {
      const partition = new PartitionTimelines({ next, lastChange: NO_CHANGE });
      this.#partitions.set(location, partition);
      return partition;
    }
    // First: what is forgotten need not be read on.
    this.makeRoom();
    const reading = this.load(location, []);
    note(this.#readingOn, location, reading);
    const read = await reading;
    this.makeRoom();
    const now = this.#partitions.get(location);
    return now !== undefined && now.next >= read.next ? now : read;
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
      return (await this.#load(location, buckets)).found;
    } catch (fault) {
      if (fault instanceof StateStoreError) throw fault;
      if (buckets.length === 1) return [{ bucket: buckets[0]!, fault }];
    }
    // One that is damaged hides no other.
    const each: FoundBucket[] = [];
    for (const bucket of buckets) each.push(...(await this.#read(location, [bucket])));
    return each;
  }

  async #load(location: string, buckets: readonly number[]): Promise<{ readonly partition: PartitionTimelines; readonly found: FoundBucket[] }> {
    for (;;) {
      await settled(this.#writing, location);
      const held = this.#partitions.get(location)?.held();
      const stored = await this.store.load(location, buckets, held);
      this.onRead(buckets.length);
      const read = stored.buckets.map((packed) => BucketTimelines.from(packed));
      // It may contain a batch of our own that is not acknowledged yet.
      await settled(this.#writing, location);
      const partition = this.#at(location, stored, held);
      if (partition === undefined) continue;
      const usedAt = performance.now();
      const found = buckets.map((bucket, at) => {
        // What was put in meanwhile may have taken in more since.
        if (partition.bucket(bucket) === undefined) partition.put(bucket, read[at]!);
        const timelines = partition.bucket(bucket)!;
        timelines.usedAt = usedAt;
        return { bucket, timelines };
      });
      return { partition, found };
    }
  }

  /**
   * What is remembered, brought to the state that was read.
   * @param asked the state that was remembered when it was asked for
   * @returns undefined where it was moved meanwhile, and not as far
   */
  #at(location: string, stored: StoredPartition, asked: PartitionState | undefined): PartitionTimelines | undefined {
    const remembered = this.#partitions.get(location);
    if (remembered === undefined) {
      const partition = new PartitionTimelines({ next: stored.next, lastChange: stored.lastChange });
      this.#partitions.set(location, partition);
      return partition;
    }
    if (remembered.isAt(stored) || (asked !== undefined && remembered.readOn(stored, asked))) return remembered;
    // What was overtaken is right for whoever asked, and old for everybody else.
    return remembered.next > stored.next ? new PartitionTimelines({ next: stored.next, lastChange: stored.lastChange }) : undefined;
  }

  /** Buckets needed were forgotten, since there is more than may be held: whatever is looked into may have to be read. */
  get isShort(): boolean {
    return this.#isShort;
  }

  /** Forgets buckets where there is too much. */
  makeRoom(): void {
    let bytes = this.bytes;
    if (bytes <= this.mostBytes) return;
    const now = performance.now();
    const all = [...this.#partitions.values()].flatMap((partition) =>
      [...partition.known()].map(({ bucket, timelines }): Forgettable => ({ partition, bucket, timelines, turn: turnOf(now - timelines.usedAt) })),
    );
    for (const { partition, bucket, timelines, turn } of all.sort(byTurn)) {
      if (bytes <= this.mostBytes * KEPT_SHARE) break;
      partition.forget(bucket);
      bytes -= timelines.memoryBytes;
      if (turn > 0) this.#isShort = true;
    }
  }
}

interface Forgettable {
  readonly partition: PartitionTimelines;
  readonly bucket: number;
  readonly timelines: BucketTimelines;
  readonly turn: number;
}

const turnOf = (idleMs: number): number => (idleMs >= IDLE_MS ? 0 : idleMs >= IN_USE_MS ? 1 : 2);

/**
 * Batches, and passes over many people, need all buckets in turn: whoever forgot the one not needed for longest would forget
 * each just before its turn. So it is the same buckets of every partition that stay, and the others that are read each time.
 */
const byTurn = (a: Forgettable, b: Forgettable): number => a.turn - b.turn || (a.turn === 1 ? b.bucket - a.bucket : a.timelines.usedAt - b.timelines.usedAt);

/** Others wait for the work on a partition as long as it lasts. */
function note(all: Map<string, Promise<void>>, location: string, work: Promise<unknown>): void {
  const end = work.then(
    () => undefined,
    () => undefined,
  );
  all.set(location, end);
  void end.then(() => {
    if (all.get(location) === end) all.delete(location);
  });
}

async function settled(all: ReadonlyMap<string, Promise<void>>, location: string): Promise<void> {
  for (let work = all.get(location); work !== undefined; work = all.get(location)) await work;
}
