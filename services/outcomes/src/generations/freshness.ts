import type { ParticipantStore } from '@throughline/state-store';
import type { HandedOver } from '../reconcile/hand-over.js';
import { markKeyOf } from '../reconcile/picked-marks.js';

/** Marks handed over, by what tells them apart, with their buckets; and what is in the figures once none is left. */
interface Awaited {
  readonly marks: Map<string, number>;
  /** Append time, milliseconds. */
  readonly appendedAt: number;
}

/**
 * Append time up to which everything that a process has read is in the figures. What it handed over is computed by others, and
 * is looked for until it is gone. Two stages, since more is handed over while the earlier is looked for.
 */
export class Freshness {
  #at = 0;
  #awaited: Awaited = { marks: new Map(), appendedAt: 0 };
  #next: Awaited = { marks: new Map(), appendedAt: 0 };

  constructor(private readonly participants: Pick<ParticipantStore, 'markIds'>) {}

  /** Milliseconds; 0 before the first. */
  get at(): number {
    return this.#at;
  }

  /**
   * Called after each pass.
   * @param appendedAt greatest append time of what was taken in before the pass; null: the pass left somebody out
   * @throws StateStoreError; the next call makes up for it
   */
  async passed(appendedAt: number | null, handedOver: readonly HandedOver[]): Promise<void> {
    for (const { bucket, id } of handedOver) this.#next.marks.set(markKeyOf(id), bucket);
    if (appendedAt !== null) this.#next = { ...this.#next, appendedAt };
    // The later as well: while one of the earlier is left they would pile up.
    await this.#dropComputed([this.#awaited.marks, this.#next.marks]);
    if (this.#awaited.marks.size > 0) return;
    this.#at = this.#awaited.appendedAt;
    this.#awaited = this.#next;
    this.#next = { marks: new Map(), appendedAt: this.#awaited.appendedAt };
    if (this.#awaited.marks.size === 0) this.#at = this.#awaited.appendedAt;
  }

  async #dropComputed(all: readonly Map<string, number>[]): Promise<void> {
    const left = new Set<string>();
    const buckets = new Set(all.flatMap((marks) => [...marks.values()]));
    for (const bucket of buckets) for (const id of await this.participants.markIds(bucket)) left.add(markKeyOf(id));
    for (const marks of all) for (const key of marks.keys()) if (!left.has(key)) marks.delete(key);
  }
}
