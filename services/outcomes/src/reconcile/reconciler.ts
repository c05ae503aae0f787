import { CellIds, contributions, decodeContributions, difference, encodeContributions, UnknownCell } from '@throughline/outcome-metrics';
import type { Contributions, Fact, RuleSet } from '@throughline/outcome-metrics';
import { EVENTS_TOPIC_PATTERN, partitionOf } from '@throughline/event-contracts';
import { StateStoreError, UNIQUE_ID_LENGTH } from '@throughline/state-store';
import type { Member, ParticipantWrite, StoredParticipant, TopicLayout } from '@throughline/state-store';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PartitionTimelines } from '../consume/partition-timelines.js';
import { deleteMarks, pickMarks } from './picked-marks.js';
import type { DirtyParticipants, MarkStores, PickedMarks } from './picked-marks.js';

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
  /** Number among the dirty. */
  readonly number: number;
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
    const { dirty } = picked;
    const overtaken = new Set<number>();
    const faults = new Map<number, unknown>();
    // A bucket at a time, so that what many add to one cell is added to it once.
    const steps: { readonly bucket: number; readonly numbers: readonly number[] }[] = [];
    for (const [bucket, numbers] of dirty.byBucket()) {
      for (let at = 0; at < numbers.length; at += PARTICIPANTS_PER_STEP) steps.push({ bucket, numbers: numbers.slice(at, at + PARTICIPANTS_PER_STEP) });
    }
    // Two at a time: one is computed while the store works for the other.
    const work = async () => {
      for (let step = steps.shift(); step !== undefined; step = steps.shift()) await this.#step(step.bucket, step.numbers, dirty, overtaken, faults);
    };
    await Promise.all([work(), work()]);
    const marks = await deleteMarks(this.options, picked, (number) => overtaken.has(number) || faults.has(number));
    this.#postpone(picked, faults);
    const [fault] = faults.values();
    const participants = dirty.size - overtaken.size - faults.size;
    return { marks, participants, overtaken: overtaken.size, unreadable: faults.size, ...(fault === undefined ? {} : { fault }) };
  }

  /** Lets be for a while the marks that lead to somebody unreadable. */
  #postpone({ dirty, marks }: PickedMarks, faults: ReadonlyMap<number, unknown>): void {
    const keyOf = (number: number): string => dirty.idOf(number).toString('latin1');
    if (this.#postponed.size > 0) {
      for (let number = 0; number < dirty.size; number += 1) {
        if (!faults.has(number)) for (const { unreadable } of this.#postponed.values()) unreadable.delete(keyOf(number));
      }
    }
    for (const { id, leadsTo } of faults.size === 0 ? [] : marks) {
      const unreadable = new Set([...leadsTo].filter((number) => faults.has(number)).map(keyOf));
      if (unreadable.size > 0) this.#postponed.set(id.toString('hex'), { until: this.#now() + POSTPONED_MS, unreadable });
    }
  }

  async #step(bucket: number, numbers: readonly number[], dirty: DirtyParticipants, overtaken: Set<number>, faults: Map<number, unknown>): Promise<void> {
    const asked = numbers.map((number) => ({ participant: dirty.idOf(number), root: dirty.rootOf(number) }));
    // 3: versions and contributions, before anything else of these participants is read.
    const before = await this.options.participants.read(bucket, Buffer.concat(asked.map(({ participant }) => participant)), this.options.newId());
    // 4: whom each consists of.
    const memberships = await this.options.link.membersOf(asked);
    // After the versions, so that no figure can be written over that counts a topic unknown here.
    const partitions = partitionsByDeployment(await this.options.layout.all());
    const everywhere = [...partitions.keys()];
    const members = asked.map(({ root }, i): readonly Member[] => {
      const membership = memberships[i]!;
      return membership.known ? membership.members : [{ subject: root!, deployments: everywhere }];
    });
    // 5: timelines that are the stored ones. What was checked is what is computed from: another pass of this process may
    // put an older load in its place meanwhile.
    const places = members.map((each, i) => {
      try {
        return each.map(({ subject, deployments: where }) => ({ subject, locations: locationsOf(subject, where, partitions) }));
      } catch (error) {
        faults.set(numbers[i]!, new Unreadable('link index', error));
        return [];
      }
    });
    const timelines = await this.#timelines(new Set(places.flatMap((each) => each.flatMap(({ locations }) => locations))));
    // 6: compute.
    const computed: Computed[] = [];
    let turn = performance.now();
    for (const [i, number] of numbers.entries()) {
      if (faults.has(number)) continue;
      const stored = before[i]!;
      const { participant, root } = asked[i]!;
      const least = members[i]![0]?.subject ?? root ?? stored.root;
      try {
        computed.push(this.#compute(number, participant, stored, least, places[i]!, timelines));
      } catch (error) {
        faults.set(number, error instanceof Unreadable ? error : new Unreadable('participants', error));
      }
      if (performance.now() - turn < TURN_MS) continue;
      await nextTurn();
      turn = performance.now();
    }
    // 7: written where the version still stands.
    await this.#write(bucket, await this.#changing(bucket, computed, overtaken, faults), overtaken);
  }

  #compute(
    number: number,
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
    return { number, write: { participant, expectedVersion: stored.version, version: this.options.newId(), root, contributions: packed }, before: stored, after };
  }

  /** Those of a bucket of whom it is known what they counted for, with what changes. */
  async #changing(bucket: number, computed: readonly Computed[], overtaken: Set<number>, faults: Map<number, unknown>): Promise<Changing[]> {
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
        if (error instanceof UnknownCell && (await this.#hasMoved(bucket, each))) overtaken.add(each.number);
        else faults.set(each.number, new Unreadable('participants', error));
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
  async #write(bucket: number, computed: readonly Changing[], overtaken: Set<number>): Promise<void> {
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
      for (const index of lost) overtaken.add(writing[index]!.number);
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
