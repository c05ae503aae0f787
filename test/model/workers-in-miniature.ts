import {
  addCounts,
  bucketOf,
  copyState,
  countsOf,
  locationOf,
  merge,
  participantNamed,
  printCells,
  rootsOf,
} from './store-in-miniature.js';
import type { FactEvent, Log, Mark, Store, Timelines } from './store-in-miniature.js';

/** Every guard of the decision on consuming and reconciling. A history run without one must be able to go wrong. */
export const GUARDS = [
  'offset fence',
  'load in one read',
  'remembered timelines checked',
  'what was checked is what is computed from',
  'marks deleted by their own id',
  'mark ids survive a rewind',
  'mark kept unless all were written',
  'mark kept until others are told whom they compute',
  'version compared',
  'version read first',
  'version moves even when figures do not',
  'versions never repeat when emptied',
  'versions survive a rewind',
  'absence is no version',
  'all versions compared before any write',
  'index stamp compared',
  'every read of the index carries its stamp',
  'old and new participants marked',
  'a moved subject is nobody’s root',
  'compaction fenced',
  'sweep after a rewind',
  'cut reads twice',
] as const;
export type Guard = (typeof GUARDS)[number];

interface Remembered {
  next: number;
  timelines: Timelines;
}

/** One process: what it remembers dies with it. */
export interface Worker {
  readonly name: string;
  readonly memory: Map<string, Remembered>;
  /** Marks that it has handed over, with the bucket: once each. */
  readonly told: Set<string>;
  made: number;
}

/** What all steps of a history share. Each `yield` is a point where any other worker may act, or this one die. */
export interface World {
  readonly log: Log;
  store: Store;
  readonly guards: ReadonlySet<Guard>;
  readonly random: (below: number) => number;
  /** While a cut is taken: the position beyond which nobody starts a batch. */
  stopAt: { facts: Record<string, number>; identifiers: Record<string, number> } | null;
  /** Rewinds so far; workers learn of them late. */
  rewinds: number;
  readonly anomalies: string[];
}

export type Steps = Generator<undefined, void, undefined>;

function addMark(world: World, worker: Worker, state: { counter: number; marks: Map<string, Mark> }, names: readonly string[] | null): void {
  state.counter += 1;
  const id = world.guards.has('mark ids survive a rewind') ? `${worker.name}:${++worker.made}` : `${state.counter}`;
  state.marks.set(id, { names });
}

function* load(world: World, location: string): Generator<undefined, Remembered, undefined> {
  const next = world.store.partitions[location]!.next;
  const timelines: Timelines = new Map();
  if (!world.guards.has('load in one read')) yield;
  for (const entry of world.store.partitions[location]!.entries) merge(timelines, entry);
  yield;
  return { next, timelines };
}

export function* consume(world: World, worker: Worker, location: string): Steps {
  let remembered = worker.memory.get(location);
  if (remembered === undefined) {
    remembered = yield* load(world, location);
    worker.memory.set(location, remembered);
  }
  const from = remembered.next;
  const end = Math.min(from + 1 + world.random(3), world.stopAt?.facts[location] ?? Infinity);
  const batch = world.log.facts[location]!.slice(from, end);
  if (batch.length === 0) return;
  const staged: Timelines = copyState(remembered.timelines);
  const changed: FactEvent[] = batch.filter((event) => merge(staged, event));
  yield;
  const partition = world.store.partitions[location]!;
  if (world.guards.has('offset fence') && partition.next !== from) {
    worker.memory.delete(location);
    return;
  }
  partition.entries.push(...changed);
  partition.next = from + batch.length;
  if (changed.length > 0) addMark(world, worker, partition, [...new Set(changed.map((e) => e.subject))]);
  yield;
  if (worker.memory.get(location) === remembered) {
    remembered.timelines = staged;
    remembered.next = from + batch.length;
  }
}

export function* compact(world: World, location: string): Steps {
  const { next, entries } = world.store.partitions[location]!;
  const timelines: Timelines = new Map();
  for (const entry of entries) merge(timelines, entry);
  const compacted = [...timelines.values()].flatMap((timeline) => [...timeline.values()]);
  yield;
  const partition = world.store.partitions[location]!;
  if (world.guards.has('compaction fenced') && partition.next !== next) return;
  partition.entries = compacted;
}

export function* link(world: World, worker: Worker, partition: string): Steps {
  const from = world.store.link.next[partition]!;
  const stamp = world.store.link.stamp;
  const end = Math.min(from + 1 + world.random(2), world.stopAt?.identifiers[partition] ?? Infinity);
  const batch = world.log.identifiers[partition]!.slice(from, end);
  if (batch.length === 0) return;
  const read = <T>(part: T): T | null =>
    world.store.link.stamp === stamp || !world.guards.has('every read of the index carries its stamp') ? part : null;
  yield;
  const known = read(world.store.link.identities);
  if (known === null) return;
  const identities = new Map(known);
  yield;
  const participants = read(world.store.link.participantOf);
  if (participants === null) return;
  const before = new Map(participants);
  yield;
  const rootsBefore = rootsOf(identities);
  for (const event of batch) {
    const known = identities.get(event.subject);
    if (known === undefined || known.revision < event.revision) identities.set(event.subject, event);
  }
  const roots = rootsOf(identities);
  yield;
  const index = world.store.link;
  if (index.next[partition] !== from) return;
  if (world.guards.has('index stamp compared') && index.stamp !== stamp) return;
  const dirty = new Set<string>();
  for (const [subject, root] of roots) {
    if (before.get(subject) === participantNamed(root)) continue;
    if (world.guards.has('old and new participants marked')) dirty.add(rootsBefore.get(subject) ?? subject);
    dirty.add(root);
    index.participantOf.set(subject, participantNamed(root));
  }
  for (const { subject } of batch) index.identities.set(subject, identities.get(subject)!);
  for (const root of dirty) {
    const subjects = [...roots].filter(([, r]) => r === root).map(([s]) => s);
    if (subjects.length === 0) index.subjectsOf.delete(participantNamed(root));
    else index.subjectsOf.set(participantNamed(root), subjects);
  }
  index.next[partition] = from + batch.length;
  index.stamp = `${worker.name}:${++worker.made}`;
  if (dirty.size > 0) addMark(world, worker, index, [...dirty]);
}

/** Marks everyone in every tag: what is done once a rewind is suspected. */
export function* sweep(world: World, worker: Worker): Steps {
  for (const partition of Object.keys(world.store.partitions)) {
    addMark(world, worker, world.store.partitions[partition]!, null);
    yield;
  }
  for (let bucket = 0; bucket < world.store.buckets.length; bucket += 1) {
    addMark(world, worker, world.store.buckets[bucket]!, null);
    yield;
  }
}

interface PickedMark {
  readonly marks: () => Map<string, Mark>;
  readonly id: string;
  readonly participants: readonly string[];
}

/** Step 1 and 2: what is dirty, and the roots by which implicit participants are known. */
function* pickMarks(
  world: World,
  roots: Map<string, string>,
  holds: Holds,
): Generator<undefined, PickedMark[], undefined> {
  const picked: PickedMark[] = [];
  for (const location of Object.keys(world.store.partitions)) {
    const marks = [...world.store.partitions[location]!.marks];
    yield;
    for (const [id, { names }] of marks) {
      const subjects = names ?? [...new Set(world.store.partitions[location]!.entries.map((e) => e.subject))];
      const participants = subjects.map((subject) => {
        const participant = world.store.link.participantOf.get(subject);
        if (participant !== undefined) return participant;
        roots.set(participantNamed(subject), subject);
        return participantNamed(subject);
      });
      picked.push({ marks: () => world.store.partitions[location]!.marks, id, participants });
    }
  }
  const byRoots = [() => world.store.link.marks, ...world.store.buckets.map((_, b) => () => world.store.buckets[b]!.marks)];
  for (const [index, marks] of byRoots.entries()) {
    if (index > 0 && !holds(index - 1)) continue;
    for (const [id, { names }] of [...marks()]) {
      const named = names ?? [...world.store.buckets[index - 1]!.records.values()].map(({ root }) => root);
      // Of those handed over some are known by their name alone.
      const isRoot = (name: string) => !name.startsWith('P(');
      for (const root of named.filter(isRoot)) roots.set(participantNamed(root), root);
      picked.push({ marks, id, participants: named.map((name) => (isRoot(name) ? participantNamed(name) : name)) });
    }
    yield;
  }
  return picked;
}

interface Draft {
  readonly participant: string;
  readonly root: string;
  readonly counts: Map<string, number>;
}

const recordOf = (world: World, participant: string) =>
  world.store.buckets[bucketOf(participant)]!.records.get(participant);
const versionOf = (world: World, participant: string) => recordOf(world, participant)?.version ?? 'none';

/** Reads a version; a participant never written gets its first one, since "none" would come back after a rewind. */
function claimedVersion(world: World, worker: Worker, participant: string): string {
  if (recordOf(world, participant) === undefined && world.guards.has('absence is no version')) {
    const bucket = world.store.buckets[bucketOf(participant)]!;
    const version = world.guards.has('versions survive a rewind') ? `${worker.name}:${++worker.made}` : `${++bucket.counter}`;
    bucket.records.set(participant, { version, root: participant.slice(2, -1), counts: new Map() });
  }
  return versionOf(world, participant);
}
const countsStored = (world: World, participant: string) =>
  recordOf(world, participant)?.counts ?? new Map<string, number>();

/** Which buckets' participants a process computes: a hint, that may be another each time. */
export type Holds = (bucket: number) => boolean;

/** Marks whom others compute, in their buckets. */
function* handOver(world: World, worker: Worker, picked: readonly PickedMark[], roots: ReadonlyMap<string, string>, holds: Holds): Steps {
  for (const { id, participants } of picked) {
    for (const [bucket, state] of world.store.buckets.entries()) {
      const theirs = participants.filter((participant) => bucketOf(participant) === bucket && !holds(bucket));
      const telling = `${id} to ${bucket}`;
      if (theirs.length === 0 || worker.told.has(telling)) continue;
      worker.told.add(telling);
      addMark(world, worker, state, theirs.map((participant) => roots.get(participant) ?? participant));
      yield;
    }
  }
}

export function* reconcile(world: World, worker: Worker, holds: Holds = () => true): Steps {
  const roots = new Map<string, string>();
  const picked = yield* pickMarks(world, roots, holds);
  if (picked.length === 0) return;
  if (world.guards.has('mark kept until others are told whom they compute')) yield* handOver(world, worker, picked, roots, holds);
  const participants = [...new Set(picked.flatMap((mark) => mark.participants))].filter((participant) => holds(bucketOf(participant)));
  yield;
  const versions = new Map(participants.map((p) => [p, claimedVersion(world, worker, p)]));
  yield;
  const subjectsOf = new Map<string, readonly string[]>();
  for (const participant of participants) {
    const listed = world.store.link.subjectsOf.get(participant);
    const root = roots.get(participant);
    if (listed !== undefined) subjectsOf.set(participant, listed);
    else if (root === undefined) subjectsOf.set(participant, []);
    else {
      const moved = world.store.link.participantOf.has(root) && world.guards.has('a moved subject is nobody’s root');
      subjectsOf.set(participant, moved ? [] : [root]);
    }
  }
  yield;
  // Another computation of this worker may put an older load in its place while this one waits for the next location.
  const checked = new Map<string, Remembered>();
  for (const location of new Set([...subjectsOf.values()].flat().map(locationOf))) {
    const stored = world.store.partitions[location]!.next;
    yield;
    const remembered = worker.memory.get(location);
    const fresh = remembered !== undefined && (remembered.next >= stored || !world.guards.has('remembered timelines checked'));
    const used = fresh ? remembered : yield* load(world, location);
    worker.memory.set(location, used);
    checked.set(location, used);
  }
  const timelinesAt = world.guards.has('what was checked is what is computed from') ? checked : worker.memory;
  const drafts: Draft[] = [];
  for (const participant of participants) {
    const subjects = subjectsOf.get(participant)!;
    const timelines = subjects.map((subject) => timelinesAt.get(locationOf(subject))?.timelines);
    if (timelines.includes(undefined)) return;
    const counts = countsOf(subjects.flatMap((subject, i) => timelines[i]!.get(subject) ?? []));
    const root = subjects.length > 0 ? [...subjects].sort()[0]! : (roots.get(participant) ?? participant.slice(2, -1));
    drafts.push({ participant, root, counts });
  }
  yield;
  if (!world.guards.has('version read first')) {
    for (const participant of participants) versions.set(participant, versionOf(world, participant));
    yield;
  }
  const written = new Set<string>();
  for (let bucket = 0; bucket < world.store.buckets.length; bucket += 1) {
    yield* writeBucket(world, worker, bucket, drafts, versions, written);
    yield;
  }
  for (const { marks, id, participants: led } of picked) {
    if (world.guards.has('mark kept unless all were written') && !led.every((p) => written.has(p) || !holds(bucketOf(p)))) continue;
    if (world.guards.has('marks deleted by their own id')) marks().delete(id);
    else marks().clear();
    yield;
  }
  if (!world.guards.has('mark kept until others are told whom they compute')) yield* handOver(world, worker, picked, roots, holds);
}

/** Step 7: one script per bucket. The differences are against the contributions read under the compared version. */
function* writeBucket(
  world: World,
  worker: Worker,
  number: number,
  drafts: readonly Draft[],
  versions: ReadonlyMap<string, string>,
  written: Set<string>,
): Steps {
  const mine = drafts.filter(({ participant }) => bucketOf(participant) === number);
  const matches = (draft: Draft) =>
    !world.guards.has('version compared') || versionOf(world, draft.participant) === versions.get(draft.participant);
  const oneStep = world.guards.has('all versions compared before any write');
  const before = new Map(mine.map((draft) => [draft, countsStored(world, draft.participant)]));
  const matching = mine.filter(matches);
  if (!oneStep) yield;
  const bucket = world.store.buckets[number]!;
  for (const draft of matching) {
    if (!world.guards.has('version moves even when figures do not') && sameCounts(before.get(draft)!, draft.counts)) {
      written.add(draft.participant);
      continue;
    }
    addCounts(bucket.cells, before.get(draft)!, -1);
    addCounts(bucket.cells, draft.counts, 1);
    bucket.counter += 1;
    let version = world.guards.has('versions survive a rewind') ? `${worker.name}:${++worker.made}` : `${bucket.counter}`;
    if (!world.guards.has('versions never repeat when emptied')) {
      const known = Number(bucket.records.get(draft.participant)?.version ?? 0);
      version = `${known + 1}`;
    }
    bucket.records.set(draft.participant, { version, root: draft.root, counts: draft.counts });
    if (draft.counts.size === 0 && !world.guards.has('versions never repeat when emptied')) bucket.records.delete(draft.participant);
    written.add(draft.participant);
  }
}

const sameCounts = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>) =>
  a.size === b.size && [...a].every(([cell, count]) => b.get(cell) === count);

/** Stops everybody at the ends of the topics, waits for the last mark, copies, and looks again. */
export function* cut(world: World, patience: number): Generator<undefined, { cells: string; position: NonNullable<World['stopAt']> } | null> {
  const ends = (log: Record<string, readonly unknown[]>) =>
    Object.fromEntries(Object.entries(log).map(([name, events]) => [name, events.length]));
  const position = { facts: ends(world.log.facts), identifiers: ends(world.log.identifiers) };
  const rewinds = world.rewinds;
  world.stopAt = position;
  const settled = () =>
    Object.entries(world.store.partitions).every(([l, p]) => p.next === position.facts[l] && p.marks.size === 0) &&
    Object.entries(world.store.link.next).every(([p, next]) => next === position.identifiers[p]) &&
    world.store.link.marks.size === 0 &&
    world.store.buckets.every(({ marks }) => marks.size === 0);
  try {
    for (let attempt = 0; attempt < patience; attempt += 1) {
      yield;
      if (!settled()) continue;
      const copies: Map<string, number>[] = [];
      for (const bucket of world.store.buckets) {
        copies.push(new Map(bucket.cells));
        yield;
      }
      if (world.rewinds !== rewinds) return null;
      if (!world.guards.has('cut reads twice') || settled()) return { cells: printCells(copies), position };
    }
    return null;
  } finally {
    world.stopAt = null;
  }
}
