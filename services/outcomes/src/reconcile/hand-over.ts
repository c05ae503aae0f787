import { handedOverAs, packParticipants, PARTICIPANT_BUCKETS } from '@throughline/state-store';
import type { ParticipantStore } from '@throughline/state-store';
import type { PickedMarks } from './picked-marks.js';

/** A mark by which participants of a bucket were handed over. */
export interface HandedOver {
  readonly bucket: number;
  readonly id: Buffer;
}

export interface Shared {
  /** Numbers of those whom this process computes, in the order of the marks. */
  readonly ours: number[];
  readonly handedOver: readonly HandedOver[];
}

export interface HandOverOptions {
  readonly participants: Pick<ParticipantStore, 'mark'>;
  readonly newId: () => Buffer;
}

/**
 * Hands whoever is in a bucket that others hold over to them: one mark in each bucket, which stands for all those picked that
 * lead into it. They may be deleted afterwards, and never before: what is marked nowhere is computed by nobody.
 * @param buckets that this process holds
 * @throws StateStoreError where some may have been handed over, and will be again
 */
export async function handOver({ participants, newId }: HandOverOptions, { dirty, marks }: PickedMarks, buckets: ReadonlySet<number>): Promise<Shared> {
  const ours: number[] = [];
  if (buckets.size === PARTICIPANT_BUCKETS) {
    for (let number = 0; number < dirty.size; number += 1) ours.push(number);
    return { ours, handedOver: [] };
  }
  const bucketOf = new Uint8Array(dirty.size);
  const theirs = new Map<number, number[]>();
  for (let number = 0; number < dirty.size; number += 1) {
    const bucket = (bucketOf[number] = dirty.bucketOf(number));
    const there = theirs.get(bucket);
    if (buckets.has(bucket)) ours.push(number);
    else if (there === undefined) theirs.set(bucket, [number]);
    else there.push(number);
  }
  const origins = new Map([...theirs.keys()].map((bucket): [number, Buffer[]] => [bucket, []]));
  for (const { id, leadsTo } of marks) {
    const into = new Set<number>();
    for (let index = 0; index < leadsTo.length; index += 1) into.add(bucketOf[leadsTo[index]!]!);
    for (const bucket of into) origins.get(bucket)?.push(id);
  }
  const handedOver = await Promise.all(
    [...theirs].map(async ([bucket, numbers]) => {
      const id = handedOverAs(origins.get(bucket)!, newId());
      await participants.mark(bucket, id, packParticipants(numbers.map((number) => ({ participant: dirty.idOf(number), root: dirty.rootOf(number) }))));
      return { bucket, id };
    }),
  );
  return { ours, handedOver };
}
