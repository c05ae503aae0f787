import { WordInBytes } from '@throughline/outcome-metrics';
import type { Word } from '@throughline/outcome-metrics';
import type { PartitionTimelines } from './partition-timelines.js';

/** Words of one batch in columns: an object for each would cost more than comparing them. */
export class StagedWords {
  readonly #column: {
    readonly valueAt: Uint32Array;
    readonly valueEnd: Uint32Array;
    readonly fact: Int32Array;
    readonly bucket: Uint8Array;
    readonly from: Uint32Array;
    readonly to: Uint32Array;
    readonly factAt: Uint32Array;
    readonly subjectAt: Uint32Array;
    readonly instant: Float64Array;
    readonly sequence: Int32Array;
    readonly hashHigh: Uint32Array;
    readonly hashLow: Uint32Array;
  };
  #count = 0;
  /** The word looked at. */
  readonly #word = new WordInBytes();

  /**
   * @param bytes of the batch, in which all records lie
   * @param most words that will be added
   */
  constructor(
    readonly bytes: Buffer,
    most: number,
  ) {
    this.#word.bytes = bytes;
    this.#column = {
      valueAt: new Uint32Array(most),
      valueEnd: new Uint32Array(most),
      fact: new Int32Array(most),
      bucket: new Uint8Array(most),
      from: new Uint32Array(most),
      to: new Uint32Array(most),
      factAt: new Uint32Array(most),
      subjectAt: new Uint32Array(most),
      instant: new Float64Array(most),
      sequence: new Int32Array(most),
      hashHigh: new Uint32Array(most),
      hashLow: new Uint32Array(most),
    };
  }

  get length(): number {
    return this.#count;
  }

  /**
   * @param valueAt where the record begins that it came in, and `valueEnd` where that ends
   * @param fact number of its fact among those remembered, or -1
   * @param from where it stands among its bucket's entries of this batch
   * @returns its own number
   */
  add(word: Word, valueAt: number, valueEnd: number, fact: number, bucket: number, from: number, to: number): number {
    const { factAt, subjectAt, instant, sequence, hashHigh, hashLow } = word;
    const number = this.#count++;
    const column = this.#column;
    column.valueAt[number] = valueAt;
    column.valueEnd[number] = valueEnd;
    column.fact[number] = fact;
    column.bucket[number] = bucket;
    column.from[number] = from;
    column.to[number] = to;
    column.factAt[number] = factAt;
    column.subjectAt[number] = subjectAt;
    column.instant[number] = instant;
    column.sequence[number] = sequence;
    column.hashHigh[number] = hashHigh;
    column.hashLow[number] = hashLow;
    return number;
  }

  /** As {@link PartitionTimelines.compare}, with the staged word. */
  compare(word: Word, number: number): number {
    const { instant, sequence, hashHigh, hashLow } = this.#column;
    return word.instant - instant[number]! || word.sequence - sequence[number]! || word.hashHigh - hashHigh[number]! || word.hashLow - hashLow[number]!;
  }

  /** Where the record begins that a word came in. */
  valueAt(number: number): number {
    return this.#column.valueAt[number]!;
  }

  valueEnd(number: number): number {
    return this.#column.valueEnd[number]!;
  }

  /**
   * Takes all in.
   * @param entries all packed, those of a bucket from where it begins
   */
  putInto(timelines: PartitionTimelines, entries: Buffer, begins: readonly number[]): void {
    const column = this.#column;
    const word = this.#word;
    for (let number = 0; number < this.#count; number += 1) {
      const bucket = column.bucket[number]!;
      const begin = begins[bucket]!;
      word.factAt = column.factAt[number]!;
      word.subjectAt = column.subjectAt[number]!;
      word.instant = column.instant[number]!;
      word.sequence = column.sequence[number]!;
      word.hashHigh = column.hashHigh[number]!;
      word.hashLow = column.hashLow[number]!;
      const from = begin + column.from[number]!;
      const to = begin + column.to[number]!;
      timelines.put(word, column.fact[number]!, entries, from, to, bucket);
      timelines.bucketBytes[bucket]! += to - from;
    }
  }
}
