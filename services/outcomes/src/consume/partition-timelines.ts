import { decodeFactAt, EntryHead, hasGreaterAgreement } from '@throughline/outcome-metrics';
import type { Fact, Word } from '@throughline/outcome-metrics';
import type { StoredPartition } from '@throughline/state-store';
import { TIMELINE_BUCKETS } from '@throughline/state-store';
import { ID_LENGTH, IdTable } from './id-table.js';

const FIRST_ENTRIES = 128;
const FIRST_BYTES = 1 << 13;

// What is held of a fact, side by side: whoever looks at one looks at most of it, and each look elsewhere waits for memory.
const HEAD = 8;
const INSTANT_HIGH = 0;
const INSTANT_LOW = 1;
const SEQUENCE = 2;
const HASH_HIGH = 3;
const HASH_LOW = 4;
/** Where the word in force stands. */
const AT = 5;
/** Its bytes; 0: none is stored yet. */
const LENGTH = 6;
/** Number of its subject. */
const SUBJECT = 7;
const TWO_TO_32 = 0x1_0000_0000;

/** What a batch at work knows of a fact: the batch, and the number of its last word there. */
const NEWS = 2;

/**
 * One partition's timelines as remembered: exactly those of the log up to `next`. Entries stay packed, as in the store, in
 * one growing buffer; numbers beside it are what merging compares. A quarter of a million facts are about 25 MB.
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
  #heads = new Int32Array(FIRST_ENTRIES * HEAD);
  #news = new Int32Array(FIRST_ENTRIES * NEWS);
  /** The subject's fact before this one, or -1. */
  #previous = new Int32Array(FIRST_ENTRIES);
  // By subject number: its last fact, and the last batch that had news of it.
  #last = new Int32Array(FIRST_ENTRIES).fill(-1);
  #changedBy = new Int32Array(FIRST_ENTRIES);
  /** The batch at work. */
  #batch = 0;
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
        const fact = timelines.numberOf(head);
        const order = timelines.holds(fact) ? timelines.compare(head, fact) : 1;
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

  /** The number of the word's fact, given now if it had none: then nothing is held of it until {@link put}. */
  numberOf(word: Word): number {
    const known = this.#facts.size;
    const fact = this.#facts.numberOf(word.bytes, word.factAt);
    if (fact === known) this.#begin(fact, word);
    return fact;
  }

  /** Whether a word of the fact is in force, be it a withdrawal. */
  holds(fact: number): boolean {
    return this.#heads[fact * HEAD + LENGTH] !== 0;
  }

  /** Above 0: the word is later than the one in force; 0: they are equal in all that is compared first; below: earlier. */
  compare(word: Word, fact: number): number {
    const heads = this.#heads;
    const head = fact * HEAD;
    return (
      word.instant - (heads[head + INSTANT_HIGH]! * TWO_TO_32 + (heads[head + INSTANT_LOW]! >>> 0)) ||
      word.sequence - heads[head + SEQUENCE]! ||
      word.hashHigh - (heads[head + HASH_HIGH]! >>> 0) ||
      word.hashLow - (heads[head + HASH_LOW]! >>> 0)
    );
  }

  /** Whether `written` holds the packed word in force. */
  isInForce(fact: number, written: { equals: (bytes: Buffer, from: number, length: number) => boolean }): boolean {
    const head = fact * HEAD;
    return written.equals(this.#bytes, this.#heads[head + AT]! >>> 0, this.#heads[head + LENGTH]!);
  }

  /** What the word in force says; null: withdrawn. */
  factOf(fact: number): Fact | null {
    return decodeFactAt(this.#bytes, this.#heads[fact * HEAD + AT]! >>> 0);
  }

  /** Another batch is folded; what was noted of the one before is void. */
  beginBatch(): void {
    this.#batch += 1;
  }

  /** Number of the fact's last word in the batch at work, or -1. */
  newsOf(fact: number): number {
    return this.#news[fact * NEWS] === this.#batch ? this.#news[fact * NEWS + 1]! : -1;
  }

  /**
   * The batch at work has news of a fact.
   * @param word its number in the batch
   * @returns number of its subject, or -1 where the batch had news of that one already
   */
  noteNews(fact: number, word: number): number {
    this.#news[fact * NEWS] = this.#batch;
    this.#news[fact * NEWS + 1] = word;
    const subject = this.#heads[fact * HEAD + SUBJECT]!;
    if (this.#changedBy[subject] === this.#batch) return -1;
    this.#changedBy[subject] = this.#batch;
    return subject;
  }

  /** Writes the id of a subject's number. */
  copySubject(subject: number, to: Uint8Array, at: number): void {
    this.#subjects.copy(subject, to, at);
  }

  /**
   * Takes a word that is news, once it is stored.
   * @param fact its number
   * @param packed where the whole of it stands, between `from` and `to`, as packed for the store
   */
  put({ instant, sequence, hashHigh, hashLow }: Pick<Word, 'instant' | 'sequence' | 'hashHigh' | 'hashLow'>, fact: number, packed: Buffer, from: number, to: number, bucket: number): void {
    const length = to - from;
    const head = fact * HEAD;
    const before = this.#heads[head + LENGTH]!;
    this.#superseded += before;
    this.#reserveBytes(length);
    packed.copy(this.#bytes, this.#used, from, to);
    const heads = this.#heads;
    heads[head + AT] = this.#used;
    heads[head + LENGTH] = length;
    const high = Math.floor(instant / TWO_TO_32);
    heads[head + INSTANT_HIGH] = high;
    heads[head + INSTANT_LOW] = instant - high * TWO_TO_32;
    heads[head + SEQUENCE] = sequence;
    heads[head + HASH_HIGH] = hashHigh;
    heads[head + HASH_LOW] = hashLow;
    this.#used += length;
    this.bucketBytesInForce[bucket]! += length - before;
  }

  /**
   * Adds a subject's facts in force.
   * @param subject 16 bytes
   */
  addFactsOf(subject: Uint8Array, to: Fact[]): void {
    const owner = this.#subjects.find(subject, 0);
    if (owner < 0) return;
    for (let number = this.#last[owner]!; number >= 0; number = this.#previous[number]!) {
      if (!this.holds(number)) continue;
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
        const at = this.#heads[fact * HEAD + AT]! >>> 0;
        parts.push(this.#bytes.subarray(at, at + this.#heads[fact * HEAD + LENGTH]!));
      }
    }
    return Buffer.concat(parts);
  }

  #begin(fact: number, word: Word): void {
    if (fact * HEAD >= this.#heads.length) {
      this.#heads = doubled(this.#heads);
      this.#news = doubled(this.#news);
      this.#previous = doubled(this.#previous);
    }
    const subject = this.#subjects.numberOf(word.bytes, word.subjectAt);
    if (subject >= this.#last.length) {
      const known = this.#last.length;
      this.#last = doubled(this.#last).fill(-1, known);
      this.#changedBy = doubled(this.#changedBy);
    }
    this.#heads[fact * HEAD + SUBJECT] = subject;
    this.#previous[fact] = this.#last[subject]!;
    this.#last[subject] = fact;
  }

  /** Makes room; when half of what is held is superseded, by leaving that out. */
  #reserveBytes(more: number): void {
    if (this.#used + more <= this.#bytes.length) return;
    const live = this.#used - this.#superseded;
    const room = this.#superseded * 2 > this.#used ? this.#bytes.length : this.#bytes.length * 2;
    const next = Buffer.allocUnsafeSlow(Math.max(room, live + more));
    const heads = this.#heads;
    let used = 0;
    for (let head = 0; head < this.#facts.size * HEAD; head += HEAD) {
      const from = heads[head + AT]! >>> 0;
      const length = heads[head + LENGTH]!;
      this.#bytes.copy(next, used, from, from + length);
      heads[head + AT] = used;
      used += length;
    }
    this.#bytes = next;
    this.#used = used;
    this.#superseded = 0;
  }
}

function doubled(column: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(column.length * 2);
  larger.set(column);
  return larger;
}
