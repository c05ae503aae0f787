import type { Word } from '@throughline/outcome-metrics';
import type { BucketTimelines } from './bucket-timelines.js';

/** Words of one batch in columns: an object for each would cost more than comparing them. */
export class StagedWords {
  readonly #fact: Int32Array;
  readonly #valueAt: Uint32Array;
  readonly #valueEnd: Uint32Array;
  readonly #bucket: Uint8Array;
  readonly #from: Uint32Array;
  readonly #to: Uint32Array;
  readonly #instant: Float64Array;
  readonly #sequence: Int32Array;
  readonly #hashHigh: Uint32Array;
  readonly #hashLow: Uint32Array;
  #count = 0;

  /**
   * @param bytes of the batch, in which all records lie
   * @param most words that will be added
   */
  constructor(
    readonly bytes: Buffer,
    most: number,
  ) {
    this.#fact = new Int32Array(most);
    this.#valueAt = new Uint32Array(most);
    this.#valueEnd = new Uint32Array(most);
    this.#bucket = new Uint8Array(most);
    this.#from = new Uint32Array(most);
    this.#to = new Uint32Array(most);
    this.#instant = new Float64Array(most);
    this.#sequence = new Int32Array(most);
    this.#hashHigh = new Uint32Array(most);
    this.#hashLow = new Uint32Array(most);
  }

  get length(): number {
    return this.#count;
  }

  /**
   * @param valueAt where the record begins that it came in, and `valueEnd` where that ends
   * @param fact number of its fact among those remembered of its bucket
   * @param from where it stands among its bucket's entries of this batch
   * @returns its own number
   */
  add(word: Word, valueAt: number, valueEnd: number, fact: number, bucket: number, from: number, to: number): number {
    const number = this.#count++;
    this.#fact[number] = fact;
    this.#valueAt[number] = valueAt;
    this.#valueEnd[number] = valueEnd;
    this.#bucket[number] = bucket;
    this.#from[number] = from;
    this.#to[number] = to;
    this.#instant[number] = word.instant;
    this.#sequence[number] = word.sequence;
    this.#hashHigh[number] = word.hashHigh;
    this.#hashLow[number] = word.hashLow;
    return number;
  }

  /** As {@link BucketTimelines.compare}, with the staged word. */
  compare(word: Word, number: number): number {
    return (
      word.instant - this.#instant[number]! || word.sequence - this.#sequence[number]! || word.hashHigh - this.#hashHigh[number]! || word.hashLow - this.#hashLow[number]!
    );
  }

  /** Where the record begins that a word came in. */
  valueAt(number: number): number {
    return this.#valueAt[number]!;
  }

  valueEnd(number: number): number {
    return this.#valueEnd[number]!;
  }

  bucket(number: number): number {
    return this.#bucket[number]!;
  }

  /** Where a word stands among its bucket's entries of this batch. */
  from(number: number): number {
    return this.#from[number]!;
  }

  to(number: number): number {
    return this.#to[number]!;
  }

  /**
   * Takes all in.
   * @param buckets the timelines that the words were compared with, by number of their bucket
   * @param entries all packed, those of a bucket from where it begins
   */
  putInto(buckets: readonly (BucketTimelines | null | undefined)[], entries: Buffer, begins: readonly number[]): void {
    const word = { instant: 0, sequence: 0, hashHigh: 0, hashLow: 0 };
    for (let number = 0; number < this.#count; number += 1) {
      const bucket = this.#bucket[number]!;
      const begin = begins[bucket]!;
      word.instant = this.#instant[number]!;
      word.sequence = this.#sequence[number]!;
      word.hashHigh = this.#hashHigh[number]!;
      word.hashLow = this.#hashLow[number]!;
      const from = begin + this.#from[number]!;
      const to = begin + this.#to[number]!;
      const timelines = buckets[bucket]!;
      timelines.put(word, this.#fact[number]!, entries, from, to);
      timelines.storedBytes += to - from;
    }
  }
}
