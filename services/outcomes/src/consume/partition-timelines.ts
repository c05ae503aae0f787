import { decodeEntries, decodeFactAt, mergeEntry } from '@throughline/outcome-metrics';
import type { Fact, Timeline, TimelineEntry } from '@throughline/outcome-metrics';
import type { StoredPartition } from '@throughline/state-store';
import { TIMELINE_BUCKETS } from '@throughline/state-store';
import { IdTable } from './id-table.js';

const FIRST_ENTRIES = 128;
const FIRST_BYTES = 1 << 13;

/** An entry and where it was packed for the store: a view of each would cost more than folding it. */
export interface PackedEntry {
  readonly subject: string;
  readonly entry: TimelineEntry;
  readonly packed: Buffer;
  readonly from: number;
  readonly to: number;
}

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
    for (const [bucket, packed] of buckets.entries()) {
      let at = 0;
      decodeEntries(packed, (subject, entry) => {
        const end = at + entryLength(packed, at);
        if (timelines.isNews(entry)) timelines.put({ subject, entry, packed, from: at, to: end }, bucket);
        at = end;
      });
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

  /** Whether the entry is a later word than the one in force, if there is one. */
  isNews(entry: TimelineEntry): boolean {
    const fact = this.#facts.find(entry.factId);
    if (fact < 0) return true;
    if (entry.instant !== this.#instant[fact]!) return entry.instant > this.#instant[fact]!;
    if (entry.sequence !== this.#sequence[fact]!) return entry.sequence > this.#sequence[fact]!;
    if (entry.hashHigh !== this.#hashHigh[fact]!) return entry.hashHigh > this.#hashHigh[fact]!;
    if (entry.hashLow !== this.#hashLow[fact]!) return entry.hashLow > this.#hashLow[fact]!;
    // Equal in all that is compared: a repeat, unless it differs in what is no part of the content.
    const timeline: Timeline = new Map();
    this.#read(fact, timeline);
    return mergeEntry(timeline, entry);
  }

  /** Takes an entry that is news, once it is stored. */
  put({ subject, entry, packed, from, to }: PackedEntry, bucket: number): void {
    const length = to - from;
    const known = this.#facts.size;
    const fact = this.#facts.numberOf(entry.factId);
    if (fact === known) {
      this.#reserveFact(fact);
      const owner = this.#subjects.numberOf(subject);
      this.#reserveSubject(owner);
      this.#previous[fact] = this.#last[owner]!;
      this.#last[owner] = fact;
    } else {
      this.#superseded += this.#length[fact]!;
      this.bucketBytesInForce[bucket]! -= this.#length[fact]!;
    }
    this.#reserveBytes(length);
    packed.copy(this.#bytes, this.#used, from, to);
    this.#at[fact] = this.#used;
    this.#length[fact] = length;
    this.#used += length;
    this.#instant[fact] = entry.instant;
    this.#sequence[fact] = entry.sequence;
    this.#hashHigh[fact] = entry.hashHigh;
    this.#hashLow[fact] = entry.hashLow;
    this.bucketBytesInForce[bucket]! += length;
  }

  /**
   * Adds a subject's facts in force.
   * @param subject 16 characters, one a byte
   */
  addFactsOf(subject: string, to: Fact[]): void {
    const owner = this.#subjects.find(subject);
    if (owner < 0) return;
    for (let number = this.#last[owner]!; number >= 0; number = this.#previous[number]!) {
      const fact = decodeFactAt(this.#bytes, this.#at[number]!);
      if (fact !== null) to.push(fact);
    }
  }

  /** Every subject, 16 bytes each, one after the other. */
  everySubject(): Buffer {
    const all = Buffer.alloc(this.#subjects.size * 16);
    for (let number = 0; number < this.#subjects.size; number += 1) this.#subjects.idOf(number).copy(all, number * 16);
    return all;
  }

  /** What a bucket holds once superseded entries are left out. */
  bucketInForce(bucket: number, bucketOf: (subject: Uint8Array) => number): Buffer {
    const parts: Buffer[] = [];
    for (let owner = 0; owner < this.#subjects.size; owner += 1) {
      if (bucketOf(this.#subjects.idOf(owner)) !== bucket) continue;
      for (let fact = this.#last[owner]!; fact >= 0; fact = this.#previous[fact]!) {
        parts.push(this.#bytes.subarray(this.#at[fact], this.#at[fact]! + this.#length[fact]!));
      }
    }
    return Buffer.concat(parts);
  }

  #read(fact: number, timeline: Timeline): void {
    const at = this.#at[fact]!;
    decodeEntries(this.#bytes.subarray(at, at + this.#length[fact]!), (_, entry) => timeline.set(entry.factId, entry));
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

/** Length of the packed entry at an offset: 16 bytes of subject, then a varint length of the rest. */
function entryLength(packed: Buffer, at: number): number {
  let length = 0;
  let scale = 1;
  for (let i = at + 16; ; i += 1) {
    const byte = packed[i]!;
    length += (byte & 0x7f) * scale;
    if (byte < 0x80) return i + 1 - at + length;
    scale *= 0x80;
  }
}
