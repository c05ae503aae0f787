import { CorruptTimeline, decodeFactAt, EntryHead, hasGreaterAgreement } from '@throughline/outcome-metrics';
import type { Fact, Word } from '@throughline/outcome-metrics';
import { ID_LENGTH, ID_WORDS, IdTable } from './id-table.js';
import { UnindexedBucket } from './unindexed-bucket.js';

/** Small: a process holds 64 buckets of each partition it reads. */
const FIRST_IDS = 16;
const FIRST_BYTES = 1 << 10;

// What is held of a fact, in one row of 64 bytes after its id: whoever looks at one looks at most of it.
const ROW = 16;
const INSTANT_HIGH = ID_WORDS;
const INSTANT_LOW = ID_WORDS + 1;
const SEQUENCE = ID_WORDS + 2;
const HASH_HIGH = ID_WORDS + 3;
const HASH_LOW = ID_WORDS + 4;
/** Where the word in force stands. */
const AT = ID_WORDS + 5;
/** Its bytes; 0: none is stored yet. */
const LENGTH = ID_WORDS + 6;
/** Number of its subject. */
const SUBJECT = ID_WORDS + 7;
/** The subject's fact before this one, plus 1; 0: none. */
const PREVIOUS = ID_WORDS + 8;
/** The last batch that had news of it, and the number of its last word there. */
const NEWS_BATCH = ID_WORDS + 9;
const NEWS_WORD = ID_WORDS + 10;

// Of a subject, likewise: its last fact, plus 1, and the last batch that had news of it.
const SUBJECT_ROW = 8;
const LAST_FACT = ID_WORDS;
const CHANGED_BY = ID_WORDS + 1;

const TWO_TO_32 = 0x1_0000_0000;

/** As many as there usually are: where there are fewer, the table of subjects grows. */
const FACTS_OF_A_SUBJECT = 8;

/** So many subjects are looked for one by one in what was read and not indexed: each look costs a tenth of indexing it. */
const MOST_LOOKS = 2;

/**
 * One bucket of a partition's timelines as remembered. Entries stay packed, as in the store, in one growing buffer; numbers
 * beside it are what merging compares. A fact takes about 200 bytes. One that was read from the store is indexed once more than
 * a few of its subjects are asked for: a process that was started again needs few of each of thousands.
 */
export class BucketTimelines {
  /** Whoever is here is here with all that is stored of him. */
  readonly #subjects = new IdTable(SUBJECT_ROW, FIRST_IDS);
  readonly #facts = new IdTable(ROW, FIRST_IDS);
  #unindexed: UnindexedBucket | null = null;
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #used = 0;
  #superseded = 0;
  #inForce = 0;
  /** Bytes the bucket holds in the store. */
  storedBytes = 0;
  /** When it was needed last, milliseconds of a clock that only grows. */
  usedAt = 0;

  /**
   * @param packed as stored: several entries of one fact stand in the order in which they were stored
   * @throws CorruptTimeline
   */
  static from(packed: Buffer): BucketTimelines {
    const timelines = new BucketTimelines();
    timelines.#unindexed = new UnindexedBucket(packed);
    timelines.storedBytes = packed.length;
    return timelines;
  }

  /**
   * Takes in what the store holds beyond {@link storedBytes}.
   * @param packed as stored
   * @throws CorruptTimeline having taken in what comes before the fault
   */
  takeIn(packed: Buffer): void {
    const head = new EntryHead();
    for (let from = 0; from < packed.length; from = head.end) {
      head.read(packed, from);
      this.#takeEntry(head, this.numberOf(head), from);
    }
    this.storedBytes += packed.length;
  }

  /** How many of the stored bytes are in force, as far as they are indexed; of the others all. */
  get storedBytesInForce(): number {
    return this.#inForce + (this.#unindexed?.bytesLeft ?? 0);
  }

  /** Memory it takes. */
  get memoryBytes(): number {
    return this.#subjects.memoryBytes + this.#facts.memoryBytes + this.#bytes.length + (this.#unindexed?.memoryBytes ?? 0);
  }

  get subjects(): number {
    this.#indexAll();
    return this.#subjects.size;
  }

  get facts(): number {
    this.#indexAll();
    return this.#facts.size;
  }

  /** The number of the word's fact, given now if it had none: then nothing is held of it until {@link put}. */
  numberOf(word: Word): number {
    if (this.#unindexed !== null) this.#index(word.bytes, word.subjectAt);
    return this.#numberOf(word);
  }

  #numberOf(word: Word): number {
    const known = this.#facts.size;
    const fact = this.#facts.numberOf(word.bytes, word.factAt);
    if (fact === known) this.#begin(fact, word);
    return fact;
  }

  /** Whether a word of the fact is in force, be it a withdrawal. */
  holds(fact: number): boolean {
    return this.#facts.rows[fact * ROW + LENGTH] !== 0;
  }

  /** Above 0: the word is later than the one in force; 0: they are equal in all that is compared first; below: earlier. */
  compare(word: Word, fact: number): number {
    const { rows } = this.#facts;
    const row = fact * ROW;
    return (
      word.instant - (rows[row + INSTANT_HIGH]! * TWO_TO_32 + (rows[row + INSTANT_LOW]! >>> 0)) ||
      word.sequence - rows[row + SEQUENCE]! ||
      word.hashHigh - (rows[row + HASH_HIGH]! >>> 0) ||
      word.hashLow - (rows[row + HASH_LOW]! >>> 0)
    );
  }

  /** Whether `written` holds the packed word in force. */
  isInForce(fact: number, written: { equals: (bytes: Buffer, from: number, length: number) => boolean }): boolean {
    const { rows } = this.#facts;
    return written.equals(this.#bytes, rows[fact * ROW + AT]! >>> 0, rows[fact * ROW + LENGTH]!);
  }

  /**
   * Of words that are equal in all that is compared first: whether the packed one stands over the one in force. Of two of which
   * one cannot be read, that one does: whoever reads it is told, and nobody else is kept waiting.
   */
  hasGreaterAgreement(packed: Buffer, from: number, fact: number): boolean {
    const said = readable(() => decodeFactAt(packed, from));
    const held = readable(() => decodeFactAt(this.#bytes, this.#facts.rows[fact * ROW + AT]! >>> 0));
    return said !== undefined && held !== undefined ? hasGreaterAgreement(said, held) : held !== undefined;
  }

  /** Number of the fact's last word in a batch, or -1. */
  newsOf(fact: number, batch: number): number {
    const { rows } = this.#facts;
    return rows[fact * ROW + NEWS_BATCH] === batch ? rows[fact * ROW + NEWS_WORD]! : -1;
  }

  /**
   * A batch has news of a fact.
   * @param word its number in the batch
   * @param batch from 1
   * @returns number of its subject, or -1 where the batch had news of that one already
   */
  noteNews(fact: number, word: number, batch: number): number {
    const { rows } = this.#facts;
    rows[fact * ROW + NEWS_BATCH] = batch;
    rows[fact * ROW + NEWS_WORD] = word;
    const subject = rows[fact * ROW + SUBJECT]!;
    const changed = subject * SUBJECT_ROW + CHANGED_BY;
    if (this.#subjects.rows[changed] === batch) return -1;
    this.#subjects.rows[changed] = batch;
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
  put({ instant, sequence, hashHigh, hashLow }: Pick<Word, 'instant' | 'sequence' | 'hashHigh' | 'hashLow'>, fact: number, packed: Buffer, from: number, to: number): void {
    const length = to - from;
    const { rows } = this.#facts;
    const row = fact * ROW;
    const before = rows[row + LENGTH]!;
    // First: what clears out copies the word before as well.
    this.#reserveBytes(length);
    this.#superseded += before;
    packed.copy(this.#bytes, this.#used, from, to);
    rows[row + AT] = this.#used;
    rows[row + LENGTH] = length;
    const high = Math.floor(instant / TWO_TO_32);
    rows[row + INSTANT_HIGH] = high;
    rows[row + INSTANT_LOW] = instant - high * TWO_TO_32;
    rows[row + SEQUENCE] = sequence;
    rows[row + HASH_HIGH] = hashHigh;
    rows[row + HASH_LOW] = hashLow;
    this.#used += length;
    this.#inForce += length - before;
  }

  /**
   * Visits where each of a subject's words in force stands packed, withdrawals among them. Nothing may be put meanwhile.
   * @param subject 16 bytes
   */
  visitPacked(subject: Uint8Array, visit: (bytes: Buffer, from: number, to: number) => void): void {
    if (this.#unindexed !== null) this.#index(subject, 0);
    const owner = this.#subjects.find(subject, 0);
    if (owner >= 0) this.#visitOwned(owner, visit);
  }

  /** Every subject, 16 bytes each, one after the other. */
  everySubject(): Buffer {
    this.#indexAll();
    const all = Buffer.alloc(this.#subjects.size * ID_LENGTH);
    for (let number = 0; number < this.#subjects.size; number += 1) this.#subjects.copy(number, all, number * ID_LENGTH);
    return all;
  }

  /** What it holds once superseded entries are left out. */
  inForce(): Buffer {
    this.#indexAll();
    const parts: Buffer[] = [];
    for (let owner = 0; owner < this.#subjects.size; owner += 1) this.#visitOwned(owner, (bytes, from, to) => parts.push(bytes.subarray(from, to)));
    return Buffer.concat(parts);
  }

  #visitOwned(owner: number, visit: (bytes: Buffer, from: number, to: number) => void): void {
    const { rows } = this.#facts;
    for (let fact = this.#subjects.rows[owner * SUBJECT_ROW + LAST_FACT]! - 1; fact >= 0; fact = rows[fact * ROW + PREVIOUS]! - 1) {
      const length = rows[fact * ROW + LENGTH]!;
      const at = rows[fact * ROW + AT]! >>> 0;
      if (length > 0) visit(this.#bytes, at, at + length);
    }
  }

  /** Takes a subject in from what is not indexed; once there were a few, all of it. */
  #index(subject: Uint8Array, at: number): void {
    if (this.#subjects.find(subject, at) >= 0) return;
    if (this.#unindexed!.looks === MOST_LOOKS) this.#indexAll();
    else this.#unindexed!.take(subject, at, (head, from) => this.#takeEntry(head, this.#numberOf(head), from));
  }

  #indexAll(): void {
    const unindexed = this.#unindexed;
    if (unindexed === null) return;
    this.#unindexed = null;
    this.#subjects.reserve(this.#subjects.size + unindexed.entries / FACTS_OF_A_SUBJECT);
    this.#facts.reserve(this.#facts.size + unindexed.entries);
    this.#reserveBytes(unindexed.bytesLeft);
    unindexed.visit((head, from) => this.#takeEntry(head, this.#numberOf(head), from));
  }

  #takeEntry(head: EntryHead, fact: number, from: number): void {
    const order = this.holds(fact) ? this.compare(head, fact) : 1;
    if (order > 0 || (order === 0 && this.hasGreaterAgreement(head.bytes, from, fact))) this.put(head, fact, head.bytes, from, head.end);
  }

  #begin(fact: number, word: Word): void {
    const subject = this.#subjects.numberOf(word.bytes, word.subjectAt);
    const { rows } = this.#facts;
    const last = subject * SUBJECT_ROW + LAST_FACT;
    rows[fact * ROW + SUBJECT] = subject;
    rows[fact * ROW + PREVIOUS] = this.#subjects.rows[last]!;
    this.#subjects.rows[last] = fact + 1;
  }

  /** Makes room; when half of what is held is superseded, by leaving that out. */
  #reserveBytes(more: number): void {
    if (this.#used + more <= this.#bytes.length) return;
    const live = this.#used - this.#superseded;
    const room = this.#superseded * 2 > this.#used ? this.#bytes.length : this.#bytes.length * 2;
    const next = Buffer.allocUnsafeSlow(Math.max(room, live + more));
    const { rows } = this.#facts;
    let used = 0;
    for (let row = 0; row < this.#facts.size * ROW; row += ROW) {
      const from = rows[row + AT]! >>> 0;
      const length = rows[row + LENGTH]!;
      this.#bytes.copy(next, used, from, from + length);
      rows[row + AT] = used;
      used += length;
    }
    this.#bytes = next;
    this.#used = used;
    this.#superseded = 0;
  }
}

function readable(read: () => Fact | null): Fact | null | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CorruptTimeline) return undefined;
    throw error;
  }
}
