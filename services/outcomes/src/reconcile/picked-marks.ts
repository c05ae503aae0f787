import { EVERY_TIMELINE_BUCKET, PARTICIPANT_BUCKETS } from '@throughline/state-store';
import type { LinkIndex, Mark, ParticipantStore, PartitionStore } from '@throughline/state-store';
import { ID_LENGTH, IdTable } from '../consume/id-table.js';
import type { RememberedTimelines } from '../consume/remembered-timelines.js';
import type { ImplicitParticipants } from './participants.js';

/** Everyone whose figures are to be computed anew, each by a number: a table of them costs a fifth of a map of objects. */
export class DirtyParticipants {
  readonly #ids = new IdTable();
  readonly #roots: (Buffer | null)[] = [];

  get size(): number {
    return this.#ids.size;
  }

  /**
   * @param root the subject it is a hash of, where that is known: whom it consists of if the index has never heard of it
   * @returns its number
   */
  add(participant: Buffer, root: Buffer | null): number {
    const number = this.#ids.numberOf(participant, 0);
    if (number === this.#roots.length) this.#roots.push(root);
    else this.#roots[number] ??= root;
    return number;
  }

  /** @returns -1 where the participant is not among them */
  numberOf(participant: Buffer): number {
    return this.#ids.find(participant, 0);
  }

  idOf(number: number): Buffer {
    const id = Buffer.allocUnsafe(ID_LENGTH);
    this.#ids.copy(number, id, 0);
    return id;
  }

  rootOf(number: number): Buffer | null {
    return this.#roots[number]!;
  }
}

/** Marks as they were found, and everyone they lead to. */
export interface PickedMarks {
  readonly dirty: DirtyParticipants;
  readonly marks: readonly PickedMark[];
  /** There are marks that were left for another pass. */
  readonly more: boolean;
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

/**
 * Steps 1 and 2: the marks there are, and the participants they lead to by the index as it is now.
 * @param locations whose marks this process works on.
 * @param isPostponed marks that are let be for now.
 * @param shared whether it also works on those of the index and of everyone: one process is enough.
 * @param most once the marks of the index, of partitions or of everyone lead to so many, their others are left: what a pass holds in memory has a bound
 */
export async function pickMarks(stores: MarkStores, locations: readonly string[], shared: boolean, isPostponed: (mark: Buffer) => boolean, most: number): Promise<PickedMarks> {
  const dirty = new DirtyParticipants();
  const marks: PickedMark[] = [];
  const picked = [];
  // A phase that is full leaves none of the others out.
  if (shared) picked.push(await pickLinkMarks(stores, dirty, marks, isPostponed, most));
  picked.push(await pickPartitionMarks(stores, locations, dirty, marks, isPostponed, most));
  if (shared) picked.push(await pickBucketMarks(stores, dirty, marks, isPostponed, most));
  return { dirty, marks, more: picked.includes('some') };
}

/** Whether all marks were taken, or so many participants were found that the others were left. */
type Taken = 'all' | 'some';
type IsPostponed = (mark: Buffer) => boolean;

async function pickLinkMarks({ link, implicit }: MarkStores, dirty: DirtyParticipants, marks: PickedMark[], isPostponed: IsPostponed, most: number): Promise<Taken> {
  const before = dirty.size;
  for (const mark of await link.marks()) {
    if (isPostponed(mark.id)) continue;
    if (dirty.size - before >= most) return 'some';
    marks.push({ id: mark.id, place: { link: true }, isPartial: false, leadsTo: split(mark.subjects ?? Buffer.alloc(0)).map((root) => dirty.add(implicit.of(root), root)) });
  }
  return 'all';
}

async function pickPartitionMarks(stores: MarkStores, locations: readonly string[], dirty: DirtyParticipants, marks: PickedMark[], isPostponed: IsPostponed, most: number): Promise<Taken> {
  const subjects = new IdTable();
  const found: { mark: Mark; location: string; isPartial: boolean; leadsTo: Int32Array }[] = [];
  let taken: Taken = 'all';
  for (let at = 0; at < locations.length && taken === 'all'; at += LOCATIONS_AT_ONCE) {
    const some = await Promise.all(locations.slice(at, at + LOCATIONS_AT_ONCE).map(async (location) => ({ location, marks: await stores.partitions.marks(location) })));
    for (const { location, marks: here } of some) {
      for (const mark of here) {
        if (isPostponed(mark.id)) continue;
        if (subjects.size >= most) {
          taken = 'some';
          break;
        }
        const { marked, isPartial } = mark.subjects === null ? await everySubject(stores, location) : { marked: mark.subjects, isPartial: false };
        found.push({ mark, location, isPartial, leadsTo: numbersOf(marked, subjects) });
      }
    }
  }
  const participantOf = await resolve(stores, subjects, dirty);
  for (const { mark, location, isPartial, leadsTo } of found) marks.push({ id: mark.id, place: { location }, isPartial, leadsTo: leadsTo.map((subject) => participantOf[subject]!) });
  return taken;
}

async function pickBucketMarks({ participants }: MarkStores, dirty: DirtyParticipants, marks: PickedMark[], isPostponed: IsPostponed, most: number): Promise<Taken> {
  const before = dirty.size;
  for (let bucket = 0; bucket < PARTICIPANT_BUCKETS; bucket += 1) {
    for (const mark of await participants.marks(bucket)) {
      if (isPostponed(mark.id)) continue;
      if (dirty.size - before >= most) return 'some';
      const leadsTo: number[] = [];
      for await (const page of participants.everyone(bucket)) for (const { participant, root } of page) leadsTo.push(dirty.add(participant, root));
      marks.push({ id: mark.id, place: { bucket }, isPartial: false, leadsTo });
    }
  }
  return 'all';
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

function numbersOf(marked: Buffer, subjects: IdTable): Int32Array {
  const numbers = new Int32Array(marked.length / ID_LENGTH);
  for (let index = 0; index < numbers.length; index += 1) numbers[index] = subjects.numberOf(marked, index * ID_LENGTH);
  return numbers;
}

function split(packed: Buffer): Buffer[] {
  return Array.from({ length: packed.length / ID_LENGTH }, (_, index) => packed.subarray(index * ID_LENGTH, (index + 1) * ID_LENGTH));
}
