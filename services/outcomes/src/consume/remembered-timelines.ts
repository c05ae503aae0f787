import type { PartitionStore } from '@throughline/state-store';
import { PartitionTimelines } from './partition-timelines.js';

/**
 * Timelines of partitions that this process reads or has looked into. What is remembered of a partition is always what the
 * log says up to its `next`, and only what is stored: it changes once a write is acknowledged, and is dropped when one is
 * lost. So whoever compares `next` with the stored one knows whether it may compute from it.
 */
export class RememberedTimelines {
  readonly #partitions = new Map<string, PartitionTimelines>();
  readonly #loading = new Map<string, Promise<PartitionTimelines>>();
  readonly #writing = new Map<string, Promise<unknown>>();

  constructor(private readonly store: Pick<PartitionStore, 'load' | 'next'>) {}

  get(location: string): PartitionTimelines | undefined {
    return this.#partitions.get(location);
  }

  drop(location: string): void {
    this.#partitions.delete(location);
  }

  all(): Iterable<PartitionTimelines> {
    return this.#partitions.values();
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

  /** Reads the partition anew, once for all who ask at the same time. */
  load(location: string): Promise<PartitionTimelines> {
    let loading = this.#loading.get(location);
    if (loading === undefined) {
      loading = this.store
        .load(location)
        .then((stored) => {
          const loaded = PartitionTimelines.from(stored);
          this.#partitions.set(location, loaded);
          return loaded;
        })
        .finally(() => this.#loading.delete(location));
      this.#loading.set(location, loading);
    }
    return loading;
  }

  /** What is remembered, if it is what is stored now or later; else what is stored. */
  async current(location: string): Promise<PartitionTimelines> {
    const stored = await this.store.next(location);
    await this.#writing.get(location);
    const remembered = this.#partitions.get(location);
    if (remembered !== undefined && remembered.next >= stored) return remembered;
    // A load under way may have read before `stored` did.
    await this.#loading.get(location)?.catch(() => undefined);
    const loaded = this.#partitions.get(location);
    return loaded !== undefined && loaded.next >= stored ? loaded : this.load(location);
  }
}
