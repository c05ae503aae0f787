import { PARTICIPANT_BUCKETS, StateStoreError } from '@throughline/state-store';
import type { LinkIndex, Mark, ParticipantStore, PartitionStore } from '@throughline/state-store';
import type { RememberedTimelines } from '../consume/remembered-timelines.js';
import type { ImplicitParticipants } from './participants.js';

/** Someone whose figures are to be computed anew. */
export interface DirtyParticipant {
  readonly participant: Buffer;
  /** The subject it is a hash of, where that is known: whom it consists of if the index has never heard of it. */
  root: string | null;
}

/** Marks as they were found, and everyone they lead to. */
export interface PickedMarks {
  /** By participant, 16 characters. */
  readonly dirty: Map<string, DirtyParticipant>;
  readonly marks: readonly PickedMark[];
}

export interface PickedMark {
  readonly id: Buffer;
  /** Keys of `dirty`. */
  readonly leadsTo: readonly string[];
  readonly place: MarkPlace;
}

type MarkPlace = { readonly location: string } | { readonly link: true } | { readonly bucket: number };

export interface MarkStores {
  readonly partitions: PartitionStore;
  readonly link: LinkIndex;
  readonly participants: ParticipantStore;
  readonly remembered: RememberedTimelines;
  readonly implicit: ImplicitParticipants;
}

/** Subjects looked up in the index by one script. */
const SUBJECTS_PER_LOOKUP = 2_000;

/**
 * Steps 1 and 2: the marks there are, and the participants they lead to by the index as it is now.
 * @param locations whose marks this process works on.
 * @param isPostponed marks that are let be for now.
 * @param shared whether it also works on those of the index and of everyone: one process is enough.
 */
export async function pickMarks(stores: MarkStores, locations: readonly string[], shared: boolean, isPostponed: (mark: Buffer) => boolean): Promise<PickedMarks> {
  const { partitions, link, participants } = stores;
  const dirty = new Map<string, DirtyParticipant>();
  const marks: PickedMark[] = [];
  const found = await Promise.all(locations.map(async (location) => ({ location, marks: await partitions.marks(location) })));
  const bySubject: { mark: Mark; location: string; subjects: readonly string[] }[] = [];
  for (const { location, marks: here } of found) {
    for (const mark of here) {
      if (isPostponed(mark.id)) continue;
      const subjects = mark.subjects ?? (await everySubject(stores, location));
      if (subjects === null) continue;
      bySubject.push({ mark, location, subjects: split(subjects) });
    }
  }
  const resolved = await resolve(stores, new Set(bySubject.flatMap(({ subjects }) => subjects)), dirty);
  for (const { mark, location, subjects } of bySubject) {
    marks.push({ id: mark.id, place: { location }, leadsTo: [...new Set(subjects.map((subject) => resolved.get(subject)!))] });
  }
  if (!shared) return { dirty, marks };
  const byRoot = (roots: readonly string[]) => roots.map((root) => dirtyRoot(dirty, stores.implicit.of(root), root));
  for (const mark of await link.marks()) if (!isPostponed(mark.id)) marks.push({ id: mark.id, place: { link: true }, leadsTo: byRoot(split(mark.subjects ?? Buffer.alloc(0))) });
  for (let bucket = 0; bucket < PARTICIPANT_BUCKETS; bucket += 1) {
    for (const mark of await participants.marks(bucket)) {
      if (isPostponed(mark.id)) continue;
      const leadsTo: string[] = [];
      for await (const page of participants.everyone(bucket)) {
        leadsTo.push(...page.map(({ participant, root }) => dirtyRoot(dirty, participant, root.toString('latin1'))));
      }
      marks.push({ id: mark.id, place: { bucket }, leadsTo });
    }
  }
  return { dirty, marks };
}

/** Null where what is stored of the partition cannot be read: then it is not consumed either, which shows as lag. */
async function everySubject({ remembered }: MarkStores, location: string): Promise<Buffer | null> {
  try {
    return (await remembered.current(location)).everySubject();
  } catch (error) {
    if (error instanceof StateStoreError) throw error;
    return null;
  }
}

/** Step 8: deletes by their own ids the marks of which nobody was left out. */
export async function deleteMarks(stores: MarkStores, { marks }: PickedMarks, leftOut: ReadonlySet<string>): Promise<number> {
  const done = leftOut.size === 0 ? marks : marks.filter(({ leadsTo }) => !leadsTo.some((participant) => leftOut.has(participant)));
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

async function resolve(stores: MarkStores, subjects: ReadonlySet<string>, dirty: Map<string, DirtyParticipant>): Promise<Map<string, string>> {
  const resolved = new Map<string, string>();
  const all = [...subjects];
  for (let at = 0; at < all.length; at += SUBJECTS_PER_LOOKUP) {
    const slice = all.slice(at, at + SUBJECTS_PER_LOOKUP);
    const found = await stores.link.participantsOf(slice.map((subject) => Buffer.from(subject, 'latin1')));
    for (const [i, subject] of slice.entries()) {
      const participant = found[i] ?? null;
      if (participant === null) resolved.set(subject, dirtyRoot(dirty, stores.implicit.of(subject), subject));
      else {
        const key = participant.toString('latin1');
        if (!dirty.has(key)) dirty.set(key, { participant, root: null });
        resolved.set(subject, key);
      }
    }
  }
  return resolved;
}

function dirtyRoot(dirty: Map<string, DirtyParticipant>, participant: Buffer, root: string): string {
  const key = participant.toString('latin1');
  const known = dirty.get(key);
  if (known === undefined) dirty.set(key, { participant, root });
  else known.root = root;
  return key;
}

function split(packed: Buffer): string[] {
  const subjects: string[] = [];
  for (let at = 0; at < packed.length; at += 16) subjects.push(packed.toString('latin1', at, at + 16));
  return subjects;
}
