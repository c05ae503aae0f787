import { EVERY_TIMELINE_BUCKET, ownIdOf, unpackParticipants } from '@throughline/state-store';
import type { KnownParticipant, LinkIndex, Mark, ParticipantStore, PartitionStore } from '@throughline/state-store';
import { ID_LENGTH, IdTable } from '../consume/id-table.js';
import type { RememberedTimelines } from '../consume/remembered-timelines.js';
import { DirtyParticipants } from './dirty-participants.js';
import type { ImplicitParticipants } from './participants.js';

/** Marks as they were found, and everyone they lead to. */
export class PickedMarks {
  readonly dirty = new DirtyParticipants();
  readonly #marks: PickedMark[] = [];
  readonly #ids = new Set<string>();
  /** There are marks that were left for another pass. */
  more = false;

  get marks(): readonly PickedMark[] {
    return this.#marks;
  }

  has(mark: Buffer): boolean {
    return this.#ids.has(markKeyOf(mark));
  }

  add(mark: PickedMark): void {
    this.#marks.push(mark);
    this.#ids.add(markKeyOf(mark.id));
  }
}

export interface PickedMark {
  readonly id: Buffer;
  /** Numbers of `dirty`. */
  readonly leadsTo: ArrayLike<number> & Iterable<number>;
  readonly place: MarkPlace;
  /** Whom else it leads to cannot be read: it stays. */
  readonly isPartial: boolean;
}

type MarkPlace = { readonly location: string } | { readonly link: true } | { readonly bucket: number };

export interface MarkStores {
  readonly partitions: PartitionStore;
  readonly link: LinkIndex;
  readonly participants: ParticipantStore;
  readonly remembered: RememberedTimelines;
  readonly implicit: ImplicitParticipants;
}

/** Partitions whose marks are read together. */
const LOCATIONS_AT_ONCE = 16;
/** Subjects looked up in the index by one script. */
const SUBJECTS_PER_LOOKUP = 2_000;

/** What bounds a picking. */
export interface Picking {
  /** Marks that are let be for now. */
  readonly isPostponed: (mark: Buffer) => boolean;
  /** Once the marks of the index, of partitions or of buckets lead to so many, their others are left: what a pass holds in memory has a bound. */
  readonly most: number;
}

/**
 * Steps 1 and 2: the marks there are, and the participants they lead to by the index as it is now.
 * @param locations whose marks this process works on.
 * @param withLink whether it works on those of the index: one process is enough.
 */
export async function pickMarks(stores: MarkStores, locations: readonly string[], withLink: boolean, picking: Picking): Promise<PickedMarks> {
  const picked = new PickedMarks();
  // A phase that is full leaves none of the others out.
  if (withLink) await pickLinkMarks(stores, picked, picking);
  await pickPartitionMarks(stores, locations, picked, picking);
  return picked;
}

async function pickLinkMarks({ link, implicit }: MarkStores, picked: PickedMarks, { isPostponed, most }: Picking): Promise<void> {
  const { dirty } = picked;
  const before = dirty.size;
  for (const { id, subjects } of await link.marks()) {
    if (isPostponed(id)) continue;
    if (dirty.size - before >= most) {
      picked.more = true;
      return;
    }
    picked.add({ id, place: { link: true }, isPartial: false, leadsTo: split(subjects ?? Buffer.alloc(0)).map((root) => dirty.add(implicit.of(root), root)) });
  }
}

async function pickPartitionMarks(stores: MarkStores, locations: readonly string[], picked: PickedMarks, { isPostponed, most }: Picking): Promise<void> {
  const subjects = new IdTable();
  const found: { mark: Mark; location: string; isPartial: boolean; leadsTo: Int32Array }[] = [];
  let full = false;
  for (let at = 0; at < locations.length && !full; at += LOCATIONS_AT_ONCE) {
    const some = await Promise.all(locations.slice(at, at + LOCATIONS_AT_ONCE).map(async (location) => ({ location, marks: await stores.partitions.marks(location) })));
    for (const { location, marks: here } of some) {
      for (const mark of here) {
        if (isPostponed(mark.id)) continue;
        if (subjects.size >= most) {
          full = true;
          break;
        }
        const { marked, isPartial } = mark.subjects === null ? await everySubject(stores, location) : { marked: mark.subjects, isPartial: false };
        found.push({ mark, location, isPartial, leadsTo: numbersOf(marked, subjects) });
      }
    }
  }
  if (full) picked.more = true;
  const participantOf = await resolve(stores, subjects, picked.dirty);
  for (const { mark, location, isPartial, leadsTo } of found) picked.add({ id: mark.id, place: { location }, isPartial, leadsTo: leadsTo.map((subject) => participantOf[subject]!) });
}

/**
 * Marks of buckets that this process holds, added to what it has picked; those that it took before are passed over.
 * @returns numbers of those they lead to
 */
export async function pickBucketMarks({ participants }: MarkStores, buckets: readonly number[], picked: PickedMarks, { isPostponed, most }: Picking): Promise<number[]> {
  const { dirty } = picked;
  const before = dirty.size;
  const led: number[] = [];
  const isNew = (id: Buffer): boolean => !isPostponed(id) && !picked.has(id);
  const all = await Promise.all(buckets.map(async (bucket) => ({ bucket, marks: await participants.marks(bucket, isNew) })));
  for (const { bucket, marks } of all) {
    for (const { id, participants: handedOver } of marks) {
      // Of two who look at once, one takes it.
      if (picked.has(id)) continue;
      if (dirty.size - before >= most) {
        picked.more = true;
        return led;
      }
      const leadsTo: number[] = [];
      const add = (known: Iterable<KnownParticipant>) => {
        for (const { participant, root } of known) leadsTo.push(dirty.add(participant, root));
      };
      if (handedOver !== null) add(unpackParticipants(handedOver));
      else for await (const page of participants.everyone(bucket)) add(page);
      if (picked.has(id)) continue;
      picked.add({ id, place: { bucket }, isPartial: false, leadsTo });
      for (const number of leadsTo) led.push(number);
    }
  }
  return led;
}

/** Of those that can be read: a batch that touches another is not consumed either, which shows as lag. */
async function everySubject({ remembered }: MarkStores, location: string): Promise<{ readonly marked: Buffer; readonly isPartial: boolean }> {
  const subjects: Buffer[] = [];
  let isPartial = false;
  for await (const found of remembered.lookInto(location, EVERY_TIMELINE_BUCKET)) {
    if ('fault' in found) isPartial = true;
    else subjects.push(found.timelines.everySubject());
  }
  return { marked: Buffer.concat(subjects), isPartial };
}

/** Step 8: deletes by their own ids the marks of which nobody was left out. */
export async function deleteMarks(stores: MarkStores, { marks }: PickedMarks, isLeftOut: (participant: number) => boolean): Promise<number> {
  const done = marks.filter(({ leadsTo, isPartial }) => {
    if (isPartial) return false;
    for (let index = 0; index < leadsTo.length; index += 1) if (isLeftOut(leadsTo[index]!)) return false;
    return true;
  });
  const byLocation = new Map<string, Buffer[]>();
  const byBucket = new Map<number, Buffer[]>();
  const ofLink: Buffer[] = [];
  for (const { id, place } of done) {
    if ('location' in place) byLocation.set(place.location, [...(byLocation.get(place.location) ?? []), id]);
    else if ('bucket' in place) byBucket.set(place.bucket, [...(byBucket.get(place.bucket) ?? []), id]);
    else ofLink.push(id);
  }
  await Promise.all([
    ...[...byLocation].map(([location, ids]) => stores.partitions.deleteMarks(location, ids)),
    ...[...byBucket].map(([bucket, ids]) => stores.participants.deleteMarks(bucket, ids)),
    stores.link.deleteMarks(ofLink),
  ]);
  return done.length;
}

/** Number among `dirty` of each subject's participant, by the subject's number. */
async function resolve(stores: MarkStores, subjects: IdTable, dirty: DirtyParticipants): Promise<Int32Array> {
  const resolved = new Int32Array(subjects.size);
  for (let first = 0; first < subjects.size; first += SUBJECTS_PER_LOOKUP) {
    const count = Math.min(SUBJECTS_PER_LOOKUP, subjects.size - first);
    const packed = Buffer.allocUnsafe(count * ID_LENGTH);
    for (let index = 0; index < count; index += 1) subjects.copy(first + index, packed, index * ID_LENGTH);
    const found = await stores.link.participantsOf(packed);
    for (let index = 0; index < count; index += 1) {
      const participant = found[index] ?? null;
      if (participant !== null) resolved[first + index] = dirty.add(participant, null);
      else {
        const subject = packed.subarray(index * ID_LENGTH, (index + 1) * ID_LENGTH);
        resolved[first + index] = dirty.add(stores.implicit.of(subject), subject);
      }
    }
  }
  return resolved;
}

/** What tells marks apart where they are looked for again: a few bytes, also of one that hands over thousands. */
export const markKeyOf = (mark: Buffer): string => ownIdOf(mark).toString('latin1');

function numbersOf(marked: Buffer, subjects: IdTable): Int32Array {
  const numbers = new Int32Array(marked.length / ID_LENGTH);
  for (let index = 0; index < numbers.length; index += 1) numbers[index] = subjects.numberOf(marked, index * ID_LENGTH);
  return numbers;
}

function split(packed: Buffer): Buffer[] {
  return Array.from({ length: packed.length / ID_LENGTH }, (_, index) => packed.subarray(index * ID_LENGTH, (index + 1) * ID_LENGTH));
}
