import { decodeFactAt } from '@throughline/outcome-metrics';
import type { Fact } from '@throughline/outcome-metrics';
import { StateStoreError, timelineBucketOf } from '@throughline/state-store';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RememberedTimelines } from '../consume/remembered-timelines.js';
import { Unreadable } from './unreadable.js';

/** A subject, and the partitions where it may have facts. */
export interface Place {
  /** 16 bytes. */
  readonly subject: Buffer;
  readonly locations: readonly string[];
}

/** Copying lets other work through after so many milliseconds. */
const TURN_MS = 8;
const FIRST_FACTS = 1 << 10;
const FIRST_BYTES = 1 << 16;

/** By location, then by bucket: numbers of what is looked up. */
type LookUps = Map<string, Map<number, number[]>>;

/**
 * Packed words of a step's participants, copied bucket by bucket, so that no more timelines have to be in memory at once than
 * one look takes, and the words of one participant are found without a search.
 */
export class GatheredFacts {
  readonly #last: Int32Array;
  readonly #faults = new Map<number, Unreadable>();
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #used = 0;
  /** Of each word: where it stands, and the one before it of its participant, plus 1. */
  #words = new Int32Array(FIRST_FACTS * 2);
  #count = 0;

  private constructor(participants: number) {
    this.#last = new Int32Array(participants);
  }

  /**
   * @param places of each participant; every bucket is read at what is stored now or later
   * @throws StateStoreError
   */
  static async of(places: readonly (readonly Place[])[], remembered: RememberedTimelines): Promise<GatheredFacts> {
    const facts = new GatheredFacts(places.length);
    const subjects: Buffer[] = [];
    const owners: number[] = [];
    const lookUps: LookUps = new Map();
    for (const [participant, each] of places.entries()) {
      for (const { subject, locations } of each) {
        const bucket = timelineBucketOf(subject);
        for (const location of locations) add(lookUps, location, bucket, subjects.length);
        subjects.push(subject);
        owners.push(participant);
      }
    }
    let turn = performance.now();
    await Promise.all(
      [...lookUps].map(async ([location, byBucket]) => {
        try {
          for await (const found of remembered.lookInto(location, byBucket.keys())) {
            for (const lookUp of byBucket.get(found.bucket)!) {
              const owner = owners[lookUp]!;
              if ('fault' in found) facts.#faults.set(owner, new Unreadable(location, found.fault));
              else found.timelines.visitPacked(subjects[lookUp]!, (bytes, from, to) => facts.#take(owner, bytes, from, to));
            }
            if (performance.now() - turn < TURN_MS) continue;
            await nextTurn();
            turn = performance.now();
          }
        } catch (error) {
          if (error instanceof StateStoreError) throw error;
          for (const numbers of byBucket.values()) for (const lookUp of numbers) facts.#faults.set(owners[lookUp]!, new Unreadable(location, error));
        }
      }),
    );
    return facts;
  }

  /** @throws Unreadable */
  of(participant: number): Fact[] {
    const fault = this.#faults.get(participant);
    if (fault !== undefined) throw fault;
    const facts: Fact[] = [];
    for (let word = this.#last[participant]! - 1; word >= 0; word = this.#words[word * 2 + 1]! - 1) {
      const fact = decodeFactAt(this.#bytes, this.#words[word * 2]!);
      if (fact !== null) facts.push(fact);
    }
    return facts;
  }

  #take(participant: number, bytes: Buffer, from: number, to: number): void {
    const length = to - from;
    if (this.#used + length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#used + length));
      this.#bytes.copy(larger, 0, 0, this.#used);
      this.#bytes = larger;
    }
    if (this.#count * 2 === this.#words.length) {
      const larger = new Int32Array(this.#words.length * 2);
      larger.set(this.#words);
      this.#words = larger;
    }
    bytes.copy(this.#bytes, this.#used, from, to);
    this.#words[this.#count * 2] = this.#used;
    this.#words[this.#count * 2 + 1] = this.#last[participant]!;
    this.#used += length;
    this.#last[participant] = this.#count += 1;
  }
}

function add(lookUps: LookUps, location: string, bucket: number, lookUp: number): void {
  let byBucket = lookUps.get(location);
  if (byBucket === undefined) lookUps.set(location, (byBucket = new Map<number, number[]>()));
  const there = byBucket.get(bucket);
  if (there === undefined) byBucket.set(bucket, [lookUp]);
  else there.push(lookUp);
}
