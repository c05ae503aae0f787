import { CellIds, contributions, decodeContributions, difference, encodeContributions, UnknownCell } from '@throughline/outcome-metrics';
import type { Contributions, Fact, RuleSet } from '@throughline/outcome-metrics';
import { EVENTS_TOPIC_PATTERN, partitionOf } from '@throughline/event-contracts';
import { participantBucketOf } from '@throughline/state-store';
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
}

/** What one pass did. */
export interface Pass {
  readonly marks: number;
  readonly participants: number;
  /** Participants that changed meanwhile; their marks stay. */
  readonly overtaken: number;
}

/** Participants read, computed and written together. */
const PARTICIPANTS_PER_STEP = 1_000;
/** Computing lets other work through after so many milliseconds. */
const TURN_MS = 8;

interface Computed {
  readonly key: string;
  readonly write: ParticipantWrite;
  readonly before: StoredParticipant;
  readonly after: ReadonlyMap<string, number>;
}

/** Computes anew, exactly, whoever is marked. Safe to run anywhere, at any time, any number of times at once. */
export class Reconciler {
  readonly #cells = new CellIds();
  constructor(private readonly options: ReconcilerOptions) {}

  async pass(locations: readonly string[], shared: boolean): Promise<Pass> {
    const picked = await pickMarks(this.options, locations, shared);
    if (picked.marks.length === 0) return { marks: 0, participants: 0, overtaken: 0 };
    const leftOut = new Set<string>();
    const all = [...picked.dirty];
    const steps: (readonly [string, DirtyParticipant])[][] = [];
    for (let at = 0; at < all.length; at += PARTICIPANTS_PER_STEP) steps.push(all.slice(at, at + PARTICIPANTS_PER_STEP));
    // Two at a time: one is computed while the store works for the other.
    const work = async () => {
      for (let step = steps.shift(); step !== undefined; step = steps.shift()) await this.#step(step, leftOut);
    };
    await Promise.all([work(), work()]);
    const marks = await deleteMarks(this.options, picked, leftOut);
    return { marks, participants: all.length - leftOut.size, overtaken: leftOut.size };
  }

  async #step(dirty: readonly (readonly [string, DirtyParticipant])[], leftOut: Set<string>): Promise<void> {
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
    const places = members.map((each) => each.map(({ subject, deployments: where }) => ({ subject: subject.toString('latin1'), locations: locationsOf(subject, where, partitions) })));
    const timelines = new Map<string, PartitionTimelines>();
    const needed = new Set(places.flat().flatMap(({ locations }) => locations));
    await Promise.all([...needed].map(async (location) => timelines.set(location, await this.options.remembered.current(location))));
    // 6: compute.
    const byBucket = new Map<number, Computed[]>();
    let turn = performance.now();
    for (const [i, [key, { participant, root }]] of dirty.entries()) {
      const stored = before[i]!;
      const found: Fact[] = [];
      for (const { subject, locations } of places[i]!) {
        for (const location of locations) timelines.get(location)!.addFactsOf(subject, found);
      }
      const after = contributions(found, this.options.rules);
      const least = members[i]![0]?.subject ?? (root === null ? stored.root : Buffer.from(root, 'latin1'));
      const write = { participant, expectedVersion: stored.version, version: this.options.newId(), root: least, contributions: encodeContributions(after, this.#cells) };
      const bucket = participantBucketOf(participant);
      const computed = byBucket.get(bucket);
      if (computed === undefined) byBucket.set(bucket, [{ key, write, before: stored, after }]);
      else computed.push({ key, write, before: stored, after });
      if (performance.now() - turn < TURN_MS) continue;
      await nextTurn();
      turn = performance.now();
    }
    // 7: written where the version still stands.
    await Promise.all([...byBucket].map(([bucket, computed]) => this.#write(bucket, computed, leftOut)));
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
  async #write(bucket: number, computed: readonly Computed[], leftOut: Set<string>): Promise<void> {
    for (let writing = computed; writing.length > 0; ) {
      const differences = new Map<string, number>();
      for (const { write, before, after } of writing) {
        // Equal contributions have equal bytes: most of a sweep, and most of what is told twice.
        if (write.contributions.equals(before.contributions)) continue;
        const counted = this.#counted(before) ?? (await this.#learnt(bucket, before));
        for (const [cell, change] of difference(counted, after)) {
          const sum = (differences.get(cell) ?? 0) + change;
          if (sum === 0) differences.delete(cell);
          else differences.set(cell, sum);
        }
      }
      const lost = new Set(await this.options.participants.write(bucket, writing.map(({ write }) => write), differences));
      if (lost.size === 0) return;
      for (const index of lost) leftOut.add(writing[index]!.key);
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
