import { decodeFactAt, EntryHead, hasGreaterAgreement } from '@throughline/outcome-metrics';
import type { Fact, Word } from '@throughline/outcome-metrics';
import type { StoredPartition } from '@throughline/state-store';
import { TIMELINE_BUCKETS } from '@throughline/state-store';
import { ID_LENGTH, IdTable } from './id-table.js';

const FIRST_ENTRIES = 128;
const FIRST_BYTES = 1 << 13;

/**
 * One partition's timelines as remembered: exactly those of the log up to `next`. Entries stay packed, as in the store, in
 * one growing buffer; columns beside it hold what merging compares. A quarter of a million facts are about 25 MB.
 */
export class PartitionTimelines {
  /** Offset of the first record not in here. */
  next = 0;
  readonly #subjects = new IdTable();
  readonly #facts = new IdTable();
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #used = 0;
  #superseded = 0;
  // By fact number.
  #at = new Uint32Array(FIRST_ENTRIES);
  #length = new Uint32Array(FIRST_ENTRIES);
  #instant = new Float64Array(FIRST_ENTRIES);
  #sequence = new Int32Array(FIRST_ENTRIES);
  #hashHigh = new Uint32Array(FIRST_ENTRIES);
  #hashLow = new Uint32Array(FIRST_ENTRIES);
  /** The subject's fact before this one, or -1. */
  #previous = new Int32Array(FIRST_ENTRIES);
  // By subject number: its last fact.
  #last = new Int32Array(FIRST_ENTRIES).fill(-1);
  /** Bytes each bucket holds in the store, and how many of them are in force. */
  readonly bucketBytes = new Float64Array(TIMELINE_BUCKETS);
  readonly bucketBytesInForce = new Float64Array(TIMELINE_BUCKETS);

  /** @throws CorruptTimeline */
  static from({ next, buckets }: StoredPartition): PartitionTimelines {
    const timelines = new PartitionTimelines();
    const head = new EntryHead();
    for (const [bucket, packed] of buckets.entries()) {
      for (let from = 0; from < packed.length; from = head.end) {
        head.read(packed, from);
        const fact = timelines.find(head);
        const order = fact < 0 ? 1 : timelines.compare(head, fact);
        if (order > 0 || (order === 0 && hasGreaterAgreement(decodeFactAt(packed, from), timelines.factOf(fact)))) timelines.put(head, fact, packed, from, head.end, bucket);
      }
      timelines.bucketBytes[bucket] = packed.length;
    }
    timelines.next = next;
    return timelines;
  }

  get subjects(): number {
    return this.#subjects.size;
  }

  get facts(): number {
    return this.#facts.size;
  }

  /** @returns the number of the word's fact, or -1 where none is known */
  find(word: Word): number {
    return this.#facts.find(word.bytes, word.factAt);
  }

  /** Above 0: the word is later than the one in force; 0: they are equal in all that is compared first; below: earlier. */
  compare(word: Word, fact: number): number {
    return (
      word.instant - this.#instant[fact]! ||
      word.sequence - this.#sequence[fact]! ||
      word.hashHigh - this.#hashHigh[fact]! ||
      word.hashLow - this.#hashLow[fact]!
    );
  }

  /** Whether `written` holds the packed word in force. */
  isInForce(fact: number, written: { equals: (bytes: Buffer, from: number, length: number) => boolean }): boolean {
    return written.equals(this.#bytes, this.#at[fact]!, this.#length[fact]!);
  }

  /** What the word in force says; null: withdrawn. */
  factOf(fact: number): Fact | null {
    return decodeFactAt(this.#bytes, this.#at[fact]!);
  }

  /**
   * Takes a word that is news, once it is stored.
   * @param number of its fact, or -1 where it was not known
   * @param packed where the whole of it stands, between `from` and `to`, as packed for the store
   */
  put(word: Word, number: number, packed: Buffer, from: number, to: number, bucket: number): void {
    const length = to - from;
    let fact = number;
    if (fact < 0) {
      const known = this.#facts.size;
      fact = this.#facts.numberOf(word.bytes, word.factAt);
      if (fact === known) this.#begin(fact, word);
      else this.#supersede(fact, bucket);
    } else this.#supersede(fact, bucket);
    this.#reserveBytes(length);
    packed.copy(this.#bytes, this.#used, from, to);
    this.#at[fact] = this.#used;
    this.#length[fact] = length;
    this.#used += length;
    this.#instant[fact] = word.instant;
    this.#sequence[fact] = word.sequence;
    this.#hashHigh[fact] = word.hashHigh;
    this.#hashLow[fact] = word.hashLow;
    this.bucketBytesInForce[bucket]! += length;
  }

  /**
   * Adds a subject's facts in force.
   * @param subject 16 bytes
   */
  addFactsOf(subject: Uint8Array, to: Fact[]): void {
    const owner = this.#subjects.find(subject, 0);
    if (owner < 0) return;
    for (let number = this.#last[owner]!; number >= 0; number = this.#previous[number]!) {
      const fact = this.factOf(number);
      if (fact !== null) to.push(fact);
    }
  }

  /** Every subject, 16 bytes each, one after the other. */
  everySubject(): Buffer {
    const all = Buffer.alloc(this.#subjects.size * ID_LENGTH);
    for (let number = 0; number < this.#subjects.size; number += 1) this.#subjects.copy(number, all, number * ID_LENGTH);
    return all;
  }

  /** What a bucket holds once superseded entries are left out. */
  bucketInForce(bucket: number, bucketOf: (subject: Uint8Array) => number): Buffer {
    const parts: Buffer[] = [];
    const subject = Buffer.alloc(ID_LENGTH);
    for (let owner = 0; owner < this.#subjects.size; owner += 1) {
      this.#subjects.copy(owner, subject, 0);
      if (bucketOf(subject) !== bucket) continue;
      for (let fact = this.#last[owner]!; fact >= 0; fact = this.#previous[fact]!) {
        parts.push(this.#bytes.subarray(this.#at[fact], this.#at[fact]! + this.#length[fact]!));
      }
    }
    return Buffer.concat(parts);
  }

  #begin(fact: number, word: Word): void {
    this.#reserveFact(fact);
    const owner = this.#subjects.numberOf(word.bytes, word.subjectAt);
    this.#reserveSubject(owner);
    this.#previous[fact] = this.#last[owner]!;
    this.#last[owner] = fact;
  }

  #supersede(fact: number, bucket: number): void {
    this.#superseded += this.#length[fact]!;
    this.bucketBytesInForce[bucket]! -= this.#length[fact]!;
  }

  #reserveFact(fact: number): void {
    const have = this.#at.length;
    if (fact < have) return;
    const grown = <T extends Uint32Array | Int32Array | Float64Array>(column: T, larger: T): T => {
      larger.set(column);
      return larger;
    };
    this.#at = grown(this.#at, new Uint32Array(have * 2));
    this.#length = grown(this.#length, new Uint32Array(have * 2));
    this.#instant = grown(this.#instant, new Float64Array(have * 2));
    this.#sequence = grown(this.#sequence, new Int32Array(have * 2));
    this.#hashHigh = grown(this.#hashHigh, new Uint32Array(have * 2));
    this.#hashLow = grown(this.#hashLow, new Uint32Array(have * 2));
    this.#previous = grown(this.#previous, new Int32Array(have * 2));
  }

  #reserveSubject(owner: number): void {
    if (owner < this.#last.length) return;
    const larger = new Int32Array(this.#last.length * 2).fill(-1);
    larger.set(this.#last);
    this.#last = larger;
  }

  /** Makes room; when half of what is held is superseded, by leaving that out. */
  #reserveBytes(more: number): void {
    if (this.#used + more <= this.#bytes.length) return;
    const live = this.#used - this.#superseded;
    const room = this.#superseded * 2 > this.#used ? this.#bytes.length : this.#bytes.length * 2;
    const next = Buffer.allocUnsafeSlow(Math.max(room, live + more));
    let used = 0;
    for (let fact = 0; fact < this.#facts.size; fact += 1) {
      const from = this.#at[fact]!;
      const length = this.#length[fact]!;
      this.#bytes.copy(next, used, from, from + length);
      this.#at[fact] = used;
      used += length;
    }
    this.#bytes = next;
    this.#used = used;
    this.#superseded = 0;
  }
}
