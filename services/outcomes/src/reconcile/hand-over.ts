import { handedOverAs, packParticipants, PARTICIPANT_BUCKETS } from '@throughline/state-store';
import type { ParticipantStore } from '@throughline/state-store';
import { markKeyOf } from './picked-marks.js';
import type { PickedMark, PickedMarks } from './picked-marks.js';

/** A mark by which participants of a bucket were handed over. */
export interface HandedOver {
  readonly bucket: number;
  readonly id: Buffer;
}

export interface Shared {
  /** Numbers of those whom this process computes, in the order of the marks. */
  readonly ours: number[];
  /** The marks that tell others of those they compute, be they from an earlier pass. */
  readonly handedOver: readonly HandedOver[];
}

export interface HandOverOptions {
  readonly participants: Pick<ParticipantStore, 'mark'>;
  readonly newId: () => Buffer;
}

/** Hands whoever is in a bucket that others hold over to them. */
export class HandOver {
  /** By mark that was picked and stood for everyone it leads to: what tells of those in each bucket. */
  #told: ReadonlyMap<string, Map<number, HandedOver>> = new Map();

  constructor(private readonly options: HandOverOptions) {}

  /**
   * Makes one mark in each bucket, which stands for all those picked that lead into it. They may be deleted afterwards, and
   * never before: what is marked nowhere is computed by nobody. Each is handed over once, however often its pass is begun
   * again: a store that takes marks and no figures would fill with them. Whoever it leads to since then is marked by what
   * changed that.
   * @param buckets that this process holds
   * @throws StateStoreError where some may have been handed over, and will be again
   */
  async of({ dirty, marks }: PickedMarks, buckets: ReadonlySet<number>): Promise<Shared> {
    const before = this.#told;
    const told = new Map<string, Map<number, HandedOver>>();
    this.#told = told;
    const ours: number[] = [];
    if (buckets.size === PARTICIPANT_BUCKETS) {
      for (let number = 0; number < dirty.size; number += 1) ours.push(number);
      return { ours, handedOver: [] };
    }
    const bucketOf = new Uint8Array(dirty.size);
    for (let number = 0; number < dirty.size; number += 1) {
      const bucket = (bucketOf[number] = dirty.bucketOf(number));
      if (buckets.has(bucket)) ours.push(number);
    }
    const isTaken = new Uint8Array(dirty.size);
    const theirs = new Map<number, { readonly marks: PickedMark[]; readonly numbers: number[] }>();
    const handedOver = new Set<HandedOver>();
    for (const mark of marks) {
      const known = before.get(markKeyOf(mark.id)) ?? new Map<number, HandedOver>();
      if (!mark.isPartial) told.set(markKeyOf(mark.id), known);
      for (const each of known.values()) handedOver.add(each);
      for (let index = 0; index < mark.leadsTo.length; index += 1) {
        const number = mark.leadsTo[index]!;
        const bucket = bucketOf[number]!;
        if (buckets.has(bucket) || known.has(bucket)) continue;
        let there = theirs.get(bucket);
        if (there === undefined) theirs.set(bucket, (there = { marks: [], numbers: [] }));
        if (there.marks.at(-1) !== mark) there.marks.push(mark);
        if (isTaken[number] === 0) there.numbers.push(number);
        isTaken[number] = 1;
      }
    }
    const { participants, newId } = this.options;
    await Promise.all(
      [...theirs].map(async ([bucket, { marks: origins, numbers }]) => {
        const one = { bucket, id: handedOverAs(origins.map(({ id }) => id), newId()) };
        await participants.mark(bucket, one.id, packParticipants(numbers.map((number) => ({ participant: dirty.idOf(number), root: dirty.rootOf(number) }))));
        for (const { id } of origins) told.get(markKeyOf(id))?.set(bucket, one);
        handedOver.add(one);
      }),
    );
    return { ours, handedOver: [...handedOver] };
  }
}
