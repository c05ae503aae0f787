import { CellIds, contributions, decodeContributions, difference, encodeContributions, UnknownCell } from '@throughline/outcome-metrics';
import type { Contributions, RuleSet } from '@throughline/outcome-metrics';
import { ID_BYTES, PARTICIPANT_BUCKETS, participantBucketOf, StateStoreError, UNIQUE_ID_LENGTH } from '@throughline/state-store';
import type { Member, Membership, StoredParticipant, TopicLayout } from '@throughline/state-store';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { addAll, writesOf } from './bucket-writes.js';
import type { BucketWrites } from './bucket-writes.js';
import type { DirtyParticipants } from './dirty-participants.js';
import { GatheredFacts } from './gathered-facts.js';
import { HandOver } from './hand-over.js';
import type { HandedOver } from './hand-over.js';
import { locationsOf, partitionsByDeployment } from './locations-of.js';
import { deleteMarks, markKeyOf, pickBucketMarks, pickMarks } from './picked-marks.js';
import type { MarkStores, PickedMarks, Picking } from './picked-marks.js';
import { Unreadable } from './unreadable.js';

export interface ReconcilerOptions extends MarkStores {
  readonly rules: RuleSet;
  readonly newId: () => Buffer;
  /** Where subjects may have facts. */
  readonly layout: Pick<TopicLayout, 'all'>;
  /** Milliseconds that only grow; default `performance.now`. */
  readonly now?: () => number;
  /** Participants read or written by one script, while nobody else is served; default 2,000. */
  readonly participantsPerScript?: number;
  /** Participants read, computed and written together; default 16,000. */
  readonly participantsPerStep?: number;
  /** Once marks lead to so many, a pass leaves the others to the next; default 1,000,000, about 100 MB. */
  readonly participantsPerPass?: number;
}

/** What one pass did. */
export interface Pass {
  readonly marks: number;
  readonly participants: number;
  /** Participants that changed meanwhile; their marks stay. */
  readonly overtaken: number;
  /** How many were computed again in the same pass, since they had changed meanwhile. */
  readonly again: number;
  /** There are marks that were left for the next pass. */
  readonly more: boolean;
  /** Marks left to whoever holds the bucket of those they lead to: their figures are not computed by this pass. */
  readonly handedOver: readonly HandedOver[];
  /** Participants whose figures could not be computed from what is stored, and marks that lead to some nobody can read; the marks stay, and keep their age. */
  readonly unreadable: number;
  /** Why, for one of them. */
  readonly fault?: unknown;
}

/** How often those are computed again in one pass who changed meanwhile. */
const TURNS_FOR_OVERTAKEN = 3;
/** How long a mark is let be that leads to somebody unreadable: all it leads to would be computed again, for nothing. */
const POSTPONED_MS = 60_000;
/** Where timelines have to be read for every step, steps are so many times as large: each reads nearly all of them. */
const LARGER_WHERE_SHORT = 8;
/** Computing lets other work through after so many milliseconds. */
const TURN_MS = 8;

/** Computes anew, exactly, whoever is marked. Safe to run anywhere, at any time, any number of times at once. */
export class Reconciler {
  readonly #cells = new CellIds();
  /** By id of a mark: until when it is let be, and for whose sake. */
  readonly #postponed = new Map<string, { readonly until: number; readonly unreadable: Set<string> }>();
  readonly #now: () => number;
  readonly #perScript: number;
  readonly #perStep: number;
  readonly #perPass: number;
  readonly #handOver: HandOver;
  #passes = 0;

  constructor(private readonly options: ReconcilerOptions) {
    this.#now = options.now ?? (() => performance.now());
    this.#perScript = options.participantsPerScript ?? 2_000;
    this.#perStep = options.participantsPerStep ?? 16_000;
    this.#perPass = options.participantsPerPass ?? 1_000_000;
    this.#handOver = new HandOver(options);
  }

  /** Participants that could not be computed when they were tried last; whoever has settled them since, within a minute. */
  get unreadable(): number {
    return new Set([...this.#postponed.values()].flatMap(({ unreadable }) => [...unreadable])).size;
  }

  /**
   * @param locations whose marks this process works on
   * @param buckets whose participants it computes: it hands the others over, and takes those that were handed over to it. Who
   * holds bucket 0 works on the marks of the index.
   */
  async pass(locations: readonly string[], buckets: ReadonlySet<number>): Promise<Pass> {
    for (const [id, { until }] of this.#postponed) if (this.#now() >= until) this.#postponed.delete(id);
    const begun = this.#passes++;
    const picking: Picking = { isPostponed: (id) => this.#postponed.has(markKeyOf(id)), most: this.#perPass };
    const picked = await pickMarks(this.options, turned(locations, begun), buckets.has(0), picking);
    const { dirty } = picked;
    const { ours, handedOver } = await this.#handOver.of(picked, buckets);
    const theirs = dirty.size - ours.length;
    // In the order of the marks: facts of people who follow each other there lie near each other.
    const waiting = new Set(ours);
    // Also those that are picked once more: a pass has an end, however many are handed over while it lasts.
    let taken = dirty.size;
    const pickHandedOver = async (): Promise<void> => {
      const numbers = await pickBucketMarks(this.options, turned([...buckets], begun), picked, picking);
      taken += numbers.length;
      for (const number of numbers) waiting.add(number);
    };
    await pickHandedOver();
    if (picked.marks.length === 0) return { marks: 0, participants: 0, overtaken: 0, again: 0, unreadable: 0, more: false, handedOver };
    const overtaken = new Set<number>();
    const faults = new Map<number, unknown>();
    // What others hand over meanwhile is mostly about those who wait here anyway: so few are computed at first, and it is looked for.
    const isAlone = buckets.size === PARTICIPANT_BUCKETS;
    await this.#steps(waiting, isAlone ? this.#perStep : Math.ceil(this.#perStep / 8), dirty, overtaken, faults, async () => {
      if (!isAlone && taken < this.#perPass) await pickHandedOver();
    });
    // A mark stays for the sake of one of thousands, so two processes whose people are the same would keep each other at work.
    let again = 0;
    for (let turn = 0; turn < TURNS_FOR_OVERTAKEN && overtaken.size > 0; turn += 1) {
      const numbers = new Set(overtaken);
      again += numbers.size;
      overtaken.clear();
      await this.#steps(numbers, this.#perStep, dirty, overtaken, faults);
    }
    const marks = await deleteMarks(this.options, picked, (number) => overtaken.has(number) || faults.has(number));
    this.#postpone(picked, faults);
    const [fault] = faults.values();
    const participants = dirty.size - theirs - overtaken.size - faults.size;
    const unreadable = faults.size + picked.marks.filter(({ isPartial }) => isPartial).length;
    return { marks, participants, overtaken: overtaken.size, again, unreadable, more: picked.more, handedOver, ...(fault === undefined ? {} : { fault }) };
  }

  /** Lets be for a while the marks that lead to somebody unreadable. */
  #postpone({ dirty, marks }: PickedMarks, faults: ReadonlyMap<number, unknown>): void {
    const keyOf = (number: number): string => dirty.idOf(number).toString('latin1');
    for (const { unreadable } of this.#postponed.values()) {
      for (const key of unreadable) {
        const number = dirty.numberOf(Buffer.from(key, 'latin1'));
        if (number >= 0 && !faults.has(number)) unreadable.delete(key);
      }
    }
    for (const { id, leadsTo, isPartial } of marks) {
      const unreadable = new Set(faults.size === 0 ? [] : [...leadsTo].filter((number) => faults.has(number)).map(keyOf));
      if (isPartial) unreadable.add(markKeyOf(id).padEnd(ID_BYTES));
      if (unreadable.size > 0) this.#postponed.set(markKeyOf(id), { until: this.#now() + POSTPONED_MS, unreadable });
    }
  }

  /**
   * Computes participants, two steps at a time: one is computed while the store works for the other.
   * @param waiting whoever is to be computed; taken out of it
   * @param first size of the first step; each is twice the one before it, up to the usual size
   * @param between called where some are left, who may come to wait once more
   */
  async #steps(waiting: Set<number>, first: number, dirty: DirtyParticipants, overtaken: Set<number>, faults: Map<number, unknown>, between = async () => {}): Promise<void> {
    let size = first;
    const work = async () => {
      while (waiting.size > 0) {
        const step = takeFrom(waiting, size);
        size = Math.min(this.options.remembered.isShort ? this.#perStep * LARGER_WHERE_SHORT : this.#perStep, size * 2);
        await this.#step(step, dirty, overtaken, faults);
        if (waiting.size > 0) await between();
      }
    };
    await Promise.all([work(), work()]);
  }

  async #step(numbers: readonly number[], dirty: DirtyParticipants, overtaken: Set<number>, faults: Map<number, unknown>): Promise<void> {
    const asked = numbers.map((number) => ({ participant: dirty.idOf(number), root: dirty.rootOf(number) }));
    const bucketOf = Uint8Array.from(asked, ({ participant }) => participantBucketOf(participant));
    // 3: versions and contributions, before anything else of these participants is read.
    const before = await this.#versions(asked, bucketOf);
    // 4: whom each consists of.
    const memberships = await this.#memberships(asked);
    // After the versions, so that no figure can be written over that counts a topic unknown here.
    const partitions = partitionsByDeployment(await this.options.layout.all());
    const everywhere = [...partitions.keys()];
    const members = asked.map(({ root }, i): readonly Member[] => {
      const membership = memberships[i]!;
      return membership.known ? membership.members : [{ subject: root!, deployments: everywhere }];
    });
    // 5: timelines that are the stored ones, each bucket as it is while it is checked and copied.
    const places = members.map((each, i) => {
      try {
        return each.map(({ subject, deployments: where }) => ({ subject, locations: locationsOf(subject, where, partitions) }));
      } catch (error) {
        faults.set(numbers[i]!, new Unreadable('link index', error));
        return [];
      }
    });
    const facts = await GatheredFacts.of(places, this.options.remembered);
    // 6: compute.
    const open = new Map<number, BucketWrites>();
    const all: BucketWrites[] = [];
    const unlearnt: { readonly bucket: BucketWrites; readonly index: number; readonly after: Contributions }[] = [];
    let turn = performance.now();
    for (const [i, { participant, root }] of asked.entries()) {
      const number = numbers[i]!;
      if (faults.has(number)) continue;
      try {
        const stored = before[i]!;
        if (stored.version.length !== UNIQUE_ID_LENGTH) throw new Unreadable('participants');
        const after = contributions(facts.of(i), this.options.rules);
        const packed = encodeContributions(after, this.#cells);
        // Equal contributions have equal bytes: most of a sweep, and most of what is told twice.
        const counted = packed.equals(stored.contributions) ? after : this.#counted(stored);
        const change = counted === undefined || counted === after ? null : difference(counted, after);
        const bucket = writesOf(open, all, bucketOf[i]!, this.#perScript);
        bucket.numbers.push(number);
        bucket.before.push(stored);
        bucket.writes.push({ participant, expectedVersion: stored.version, version: this.options.newId(), root: members[i]![0]?.subject ?? root ?? stored.root, contributions: packed });
        if (counted === undefined) unlearnt.push({ bucket, index: bucket.writes.length - 1, after });
        else if (change !== null) addAll(bucket.differences, change, 1);
      } catch (error) {
        faults.set(number, error instanceof Unreadable ? error : new Unreadable('participants', error));
      }
      if (performance.now() - turn < TURN_MS) continue;
      await nextTurn();
      turn = performance.now();
    }
    for (const { bucket, index, after } of unlearnt) await this.#learn(bucket, index, after, overtaken, faults);
    // 7: written where the version still stands.
    await Promise.all(all.map((writes) => this.#write(writes, overtaken)));
  }

  async #versions(asked: readonly { readonly participant: Buffer }[], bucketOf: Uint8Array): Promise<StoredParticipant[]> {
    const byBucket = new Map<number, number[]>();
    for (const [i, bucket] of bucketOf.entries()) {
      const indexes = byBucket.get(bucket);
      if (indexes === undefined) byBucket.set(bucket, [i]);
      else indexes.push(i);
    }
    const before = new Array<StoredParticipant>(asked.length);
    await Promise.all(
      [...byBucket].map(async ([bucket, indexes]) => {
        for (const slice of slicesOf(indexes, this.#perScript)) {
          const read = await this.options.participants.read(bucket, Buffer.concat(slice.map((i) => asked[i]!.participant)), this.options.newId());
          for (const [at, i] of slice.entries()) before[i] = read[at]!;
        }
      }),
    );
    return before;
  }

  async #memberships(asked: readonly { readonly participant: Buffer; readonly root: Buffer | null }[]): Promise<Membership[]> {
    return (await Promise.all(slicesOf(asked, this.#perScript).map((slice) => this.options.link.membersOf(slice)))).flat();
  }

  /** The difference of a participant who counted in cells that only others have met: what anybody counts for is a cell of their bucket. */
  async #learn(writes: BucketWrites, index: number, after: Contributions, overtaken: Set<number>, faults: Map<number, unknown>): Promise<void> {
    const { bucket, before, numbers, differences } = writes;
    try {
      const counted = this.#counted(before[index]!) ?? (await this.#learnt(bucket, before[index]!));
      addAll(differences, difference(counted, after), 1);
    } catch (error) {
      if (error instanceof StateStoreError) throw error;
      writes.leftOut.add(index);
      // Its cells went because somebody else has written it since.
      if (error instanceof UnknownCell && (await this.#hasMoved(writes, index))) overtaken.add(numbers[index]!);
      else faults.set(numbers[index]!, new Unreadable('participants', error));
    }
  }

  async #hasMoved({ bucket, before, writes }: BucketWrites, index: number): Promise<boolean> {
    const [now] = await this.options.participants.read(bucket, writes[index]!.participant, this.options.newId());
    return !now!.version.equals(before[index]!.version);
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

  /**
   * All in one script; those that were overtaken are left out and the others written without them. What another step finds
   * out about them, which may be computing the same people, is not looked at: their differences are among these.
   */
  async #write({ bucket, numbers, before, writes, leftOut, differences }: BucketWrites, overtaken: Set<number>): Promise<void> {
    for (let indexes = [...writes.keys()].filter((index) => !leftOut.has(index)); indexes.length > 0; ) {
      const lost = await this.options.participants.write(bucket, indexes.map((index) => writes[index]!), differences);
      if (lost.length === 0) return;
      for (const at of lost) {
        const index = indexes[at]!;
        overtaken.add(numbers[index]!);
        leftOut.add(index);
        addAll(differences, difference(decodeContributions(before[index]!.contributions, this.#cells), decodeContributions(writes[index]!.contributions, this.#cells)), -1);
      }
      indexes = indexes.filter((index) => !leftOut.has(index));
    }
  }
}

/** Another one first each time, so that none is always left. */
const turned = <T>(all: readonly T[], by: number): T[] => [...all.slice(by % Math.max(1, all.length)), ...all.slice(0, by % Math.max(1, all.length))];

const slicesOf = <T>(all: readonly T[], size: number): T[][] => Array.from({ length: Math.ceil(all.length / size) }, (_, slice) => all.slice(slice * size, (slice + 1) * size));

function takeFrom(waiting: Set<number>, most: number): number[] {
  const taken: number[] = [];
  for (const number of waiting) {
    if (taken.length === most) break;
    taken.push(number);
    waiting.delete(number);
  }
  return taken;
}
