import { CellIds, contributions, decodeContributions, difference, encodeContributions, UnknownCell } from '@throughline/outcome-metrics';
import type { Contributions, Fact, RuleSet } from '@throughline/outcome-metrics';
import { EVENTS_TOPIC_PATTERN, partitionOf } from '@throughline/event-contracts';
import { participantBucketOf, StateStoreError, UNIQUE_ID_LENGTH } from '@throughline/state-store';
import type { Member, ParticipantWrite, StoredParticipant, TopicLayout } from '@throughline/state-store';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PartitionTimelines } from '../consume/partition-timelines.js';
import { deleteMarks, pickMarks } from './picked-marks.js';
import type { DirtyParticipant, MarkStores } from './picked-marks.js';

export interface ReconcilerOptions extends MarkStores {
  readonly rules: RuleSet;
  readonly newId: () => Buffer;
  /** Where subjects may have facts. */
  readonly layout: Pick<TopicLayout, 'all'>;
  /** Milliseconds that only grow; default `performance.now`. */
  readonly now?: () => number;
}

/** What one pass did. */
export interface Pass {
  readonly marks: number;
  readonly participants: number;
  /** Participants that changed meanwhile; their marks stay. */
  readonly overtaken: number;
  /** Participants whose figures could not be computed from what is stored; their marks stay, and keep their age. */
  readonly unreadable: number;
  /** Why, for one of them. */
  readonly fault?: unknown;
}

/** Participants read, computed and written together. */
const PARTICIPANTS_PER_STEP = 4_000;
/** How long a mark is let be that leads to somebody unreadable: all it leads to would be computed again, for nothing. */
const POSTPONED_MS = 60_000;
/** Computing lets other work through after so many milliseconds. */
const TURN_MS = 8;

interface Computed {
  readonly key: string;
  readonly write: ParticipantWrite;
  readonly before: StoredParticipant;
  readonly after: Contributions;
}

/** A participant to write, and the cells that change with it. */
interface Changing extends Computed {
  readonly changes: Contributions;
}

const NO_CHANGE: Contributions = new Map();

/** Thrown when a participant cannot be computed. */
class Unreadable extends Error {
  override readonly name = 'ParticipantUnreadable';
  readonly code = 'PARTICIPANT_UNREADABLE';
  readonly remedy = 'Rebuild the view from the log: what is stored of this participant cannot be trusted. Everybody else is computed.';
  constructor(
    readonly place: string,
    cause?: unknown,
  ) {
    super('What is stored of a participant cannot be read.', { cause });
  }
}

/** Computes anew, exactly, whoever is marked. Safe to run anywhere, at any time, any number of times at once. */
export class Reconciler {
  readonly #cells = new CellIds();
  /** By id of a mark: until when it is let be, and for whose sake. */
  readonly #postponed = new Map<string, { readonly until: number; readonly unreadable: Set<string> }>();
  readonly #now: () => number;

  constructor(private readonly options: ReconcilerOptions) {
    this.#now = options.now ?? (() => performance.now());
  }

  /** Participants that could not be computed when they were tried last; whoever has settled them since, within a minute. */
  get unreadable(): number {
    return new Set([...this.#postponed.values()].flatMap(({ unreadable }) => [...unreadable])).size;
  }

  async pass(locations: readonly string[], shared: boolean): Promise<Pass> {
    for (const [id, { until }] of this.#postponed) if (this.#now() >= until) this.#postponed.delete(id);
    const picked = await pickMarks(this.options, locations, shared, (id) => this.#postponed.has(id.toString('hex')));
    if (picked.marks.length === 0) return { marks: 0, participants: 0, overtaken: 0, unreadable: 0 };
    const overtaken = new Set<string>();
    const faults = new Map<string, unknown>();
    const all = [...picked.dirty];
    const steps: (readonly [string, DirtyParticipant])[][] = [];
    for (let at = 0; at < all.length; at += PARTICIPANTS_PER_STEP) steps.push(all.slice(at, at + PARTICIPANTS_PER_STEP));
    // Two at a time: one is computed while the store works for the other.
    const work = async () => {
      for (let step = steps.shift(); step !== undefined; step = steps.shift()) await this.#step(step, overtaken, faults);
    };
    await Promise.all([work(), work()]);
    const marks = await deleteMarks(this.options, picked, new Set([...overtaken, ...faults.keys()]));
    for (const { unreadable } of this.#postponed.values()) for (const [key] of all) if (!faults.has(key)) unreadable.delete(key);
    for (const { id, leadsTo } of faults.size === 0 ? [] : picked.marks) {
      const unreadable = new Set(leadsTo.filter((key) => faults.has(key)));
      if (unreadable.size > 0) this.#postponed.set(id.toString('hex'), { until: this.#now() + POSTPONED_MS, unreadable });
    }
    const [fault] = faults.values();
    const participants = all.length - overtaken.size - faults.size;
    return { marks, participants, overtaken: overtaken.size, unreadable: faults.size, ...(fault === undefined ? {} : { fault }) };
  }

  async #step(dirty: readonly (readonly [string, DirtyParticipant])[], overtaken: Set<string>, faults: Map<string, unknown>): Promise<void> {
    // 3: versions and contributions, before anything else of these participants is read.
    const before = await this.#versions(dirty);
    // 4: whom each consists of.
    const memberships = await this.options.link.membersOf(
      dirty.map(([, { participant, root }]) => ({ participant, root: root === null ? null : Buffer.from(root, 'latin1') })),
    );
    // After the versions, so that no figure can be written over that counts a topic unknown here.
    const partitions = partitionsByDeployment(await this.options.layout.all());
    const everywhere = [...partitions.keys()];
    const members = dirty.map(([, { root }], i): readonly Member[] => {
      const membership = memberships[i]!;
      return membership.known ? membership.members : [{ subject: Buffer.from(root!, 'latin1'), deployments: everywhere }];
    });
    // 5: timelines that are the stored ones. What was checked is what is computed from: another pass of this process may
    // put an older load in its place meanwhile.
    const places = members.map((each, i) => {
      try {
        return each.map(({ subject, deployments: where }) => ({ subject, locations: locationsOf(subject, where, partitions) }));
      } catch (error) {
        faults.set(dirty[i]![0], new Unreadable('link index', error));
        return [];
      }
    });
    const timelines = await this.#timelines(new Set(places.flat().flatMap(({ locations }) => locations)));
    // 6: compute.
    const byBucket = new Map<number, Computed[]>();
    let turn = performance.now();
    for (const [i, [key, { participant, root }]] of dirty.entries()) {
      if (faults.has(key)) continue;
      const stored = before[i]!;
      const least = members[i]![0]?.subject ?? (root === null ? stored.root : Buffer.from(root, 'latin1'));
      try {
        const computed = this.#compute(key, participant, stored, least, places[i]!, timelines);
        const bucket = participantBucketOf(participant);
        const others = byBucket.get(bucket);
        if (others === undefined) byBucket.set(bucket, [computed]);
        else others.push(computed);
      } catch (error) {
        faults.set(key, error instanceof Unreadable ? error : new Unreadable('participants', error));
      }
      if (performance.now() - turn < TURN_MS) continue;
      await nextTurn();
      turn = performance.now();
    }
    // 7: written where the version still stands.
    await Promise.all([...byBucket].map(async ([bucket, computed]) => this.#write(bucket, await this.#changing(bucket, computed, overtaken, faults), overtaken)));
  }

  #compute(
    key: string,
    participant: Buffer,
    stored: StoredParticipant,
    root: Buffer | null,
    places: readonly { readonly subject: Buffer; readonly locations: readonly string[] }[],
    timelines: ReadonlyMap<string, PartitionTimelines | Unreadable>,
  ): Computed {
    if (stored.version.length !== UNIQUE_ID_LENGTH) throw new Unreadable('participants');
    const found: Fact[] = [];
    for (const { subject, locations } of places) {
      for (const location of locations) {
        const partition = timelines.get(location)!;
        if (partition instanceof Unreadable) throw partition;
        partition.addFactsOf(subject, found);
      }
    }
    const after = contributions(found, this.options.rules);
    const packed = encodeContributions(after, this.#cells);
    return { key, write: { participant, expectedVersion: stored.version, version: this.options.newId(), root, contributions: packed }, before: stored, after };
  }

  /** Those of a bucket of whom it is known what they counted for, with what changes. */
  async #changing(bucket: number, computed: readonly Computed[], overtaken: Set<string>, faults: Map<string, unknown>): Promise<Changing[]> {
    const changing: Changing[] = [];
    for (const each of computed) {
      try {
        // Equal contributions have equal bytes: most of a sweep, and most of what is told twice.
        const isSame = each.write.contributions.equals(each.before.contributions);
        const changes = isSame ? NO_CHANGE : difference(this.#counted(each.before) ?? (await this.#learnt(bucket, each.before)), each.after);
        changing.push({ ...each, changes });
      } catch (error) {
        if (error instanceof StateStoreError) throw error;
        // Its cells went because somebody else has written it since.
        if (error instanceof UnknownCell && (await this.#hasMoved(bucket, each))) overtaken.add(each.key);
        else faults.set(each.key, new Unreadable('participants', error));
      }
    }
    return changing;
  }

  async #hasMoved(bucket: number, { write, before }: Computed): Promise<boolean> {
    const [now] = await this.options.participants.read(bucket, write.participant, this.options.newId());
    return !now!.version.equals(before.version);
  }

  async #timelines(locations: ReadonlySet<string>): Promise<Map<string, PartitionTimelines | Unreadable>> {
    const timelines = new Map<string, PartitionTimelines | Unreadable>();
    const load = async (location: string) => {
      try {
        timelines.set(location, await this.options.remembered.current(location));
      } catch (error) {
        if (error instanceof StateStoreError) throw error;
        timelines.set(location, new Unreadable(location, error));
      }
    };
    await Promise.all([...locations].map(load));
    return timelines;
  }

  async #versions(dirty: readonly (readonly [string, DirtyParticipant])[]): Promise<StoredParticipant[]> {
    const byBucket = new Map<number, number[]>();
    for (const [i, [, { participant }]] of dirty.entries()) {
      const bucket = participantBucketOf(participant);
      const indexes = byBucket.get(bucket);
      if (indexes === undefined) byBucket.set(bucket, [i]);
      else indexes.push(i);
    }
    const before = new Array<StoredParticipant>(dirty.length);
    await Promise.all(
      [...byBucket].map(async ([bucket, indexes]) => {
        const packed = Buffer.concat(indexes.map((i) => dirty[i]![1].participant));
        const read = await this.options.participants.read(bucket, packed, this.options.newId());
        for (const [at, i] of indexes.entries()) before[i] = read[at]!;
      }),
    );
    return before;
  }

  /** What a participant counted for; undefined where it names cells that only others have met yet. */
  #counted({ contributions: packed }: StoredParticipant): Contributions | undefined {
    try {
      return decodeContributions(packed, this.#cells);
    } catch (error) {
      if (error instanceof UnknownCell) return undefined;
      throw error;
    }
  }

  /** The same, once the cells of its bucket are read: what a participant counts for is one of them. */
  async #learnt(bucket: number, { contributions: packed }: StoredParticipant): Promise<Contributions> {
    this.#cells.learn((await this.options.participants.cells(bucket)).keys());
    return decodeContributions(packed, this.#cells);
  }

  /** All of a bucket in one script; those that were overtaken are left out and the others written without them. */
  async #write(bucket: number, computed: readonly Changing[], overtaken: Set<string>): Promise<void> {
    for (let writing: readonly Changing[] = computed; writing.length > 0; ) {
      const differences = new Map<string, number>();
      for (const { changes } of writing) {
        for (const [cell, change] of changes) {
          const sum = (differences.get(cell) ?? 0) + change;
          if (sum === 0) differences.delete(cell);
          else differences.set(cell, sum);
        }
      }
      const lost = new Set(await this.options.participants.write(bucket, writing.map(({ write }) => write), differences));
      if (lost.size === 0) return;
      for (const index of lost) overtaken.add(writing[index]!.key);
      writing = writing.filter((_, index) => !lost.has(index));
    }
  }
}

const partitionsByDeployment = (layout: ReadonlyMap<string, number>): Map<string, number> =>
  new Map(
    [...layout].flatMap(([topic, partitions]) => {
      const deployment = EVENTS_TOPIC_PATTERN.exec(topic)?.groups?.['deployment'];
      return deployment === undefined ? [] : [[deployment, partitions] as const];
    }),
  );

/** A deployment of which no facts were read has none. */
const locationsOf = (subject: Buffer, deployments: readonly string[], partitions: ReadonlyMap<string, number>): string[] =>
  deployments.flatMap((deployment) => {
    const count = partitions.get(deployment);
    return count === undefined ? [] : `${deployment}.${partitionOf(subject, count)}`;
  });
