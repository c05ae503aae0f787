/**
 * One record as it lies in the log. `key` and `value` are views of the fetched bytes, which are used again once the batch's
 * handler has returned: copy what outlives it.
 */
export interface FetchedRecord {
  readonly offset: number;
  readonly key: Buffer | null;
  /** Null: a tombstone; skip it. */
  readonly value: Buffer | null;
  /** Milliseconds since 1970-01-01: when the broker appended it. */
  readonly timestamp: number;
}

/** Length of a key or value that there is not. */
const NULL = -1;

/**
 * Records of one partition where they lie in the bytes that were fetched, in columns: an object for each would cost more
 * than reading it. Iterating makes objects, for those to whom that does not matter. All of it ends with the call of the
 * handler that was given it.
 */
export class FetchedRecords implements Iterable<FetchedRecord> {
  /** @param length records that there are; the columns may be longer */
  constructor(
    /** All keys and values, at the positions that the columns say. */
    readonly bytes: Buffer,
    readonly length: number,
    readonly offsets: Float64Array,
    readonly timestamps: Float64Array,
    private readonly keyAt: Uint32Array,
    private readonly keyLength: Int32Array,
    readonly valueAt: Uint32Array,
    /** Below 0: a tombstone. */
    readonly valueLength: Int32Array,
  ) {}

  /** Records that were made, not fetched. */
  static of(records: readonly FetchedRecord[]): FetchedRecords {
    const columns = new RecordColumns(records.length);
    const parts: Buffer[] = [];
    let at = 0;
    const put = (part: Buffer | null): number => {
      if (part === null) return NULL;
      parts.push(part);
      at += part.length;
      return part.length;
    };
    for (const { offset, key, value, timestamp } of records) {
      const keyAt = at;
      const keyLength = put(key);
      const valueAt = at;
      columns.add(offset, timestamp, keyAt, keyLength, valueAt, put(value));
    }
    return columns.over(Buffer.concat(parts));
  }

  key(index: number): Buffer | null {
    return this.view(this.keyAt[index]!, this.keyLength[index]!);
  }

  value(index: number): Buffer | null {
    return this.view(this.valueAt[index]!, this.valueLength[index]!);
  }

  at(index: number): FetchedRecord {
    return { offset: this.offsets[index]!, key: this.key(index), value: this.value(index), timestamp: this.timestamps[index]! };
  }

  /** The record with the least offset that is not below this one; `length` where there is none. */
  indexOf(offset: number): number {
    let from = 0;
    for (let to = this.length; from < to; ) {
      const middle = (from + to) >>> 1;
      if (this.offsets[middle]! < offset) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  *[Symbol.iterator](): Generator<FetchedRecord> {
    for (let index = 0; index < this.length; index += 1) yield this.at(index);
  }

  private view(at: number, length: number): Buffer | null {
    return length === NULL ? null : this.bytes.subarray(at, at + length);
  }
}

/** Gathers the columns of {@link FetchedRecords}, all in one piece of memory. */
export class RecordColumns {
  /** Bytes of all columns, for one record. */
  static readonly BYTES = 32;

  private count = 0;
  private readonly offsets: Float64Array;
  private readonly timestamps: Float64Array;
  private readonly keyAt: Uint32Array;
  private readonly keyLength: Int32Array;
  private readonly valueAt: Uint32Array;
  private readonly valueLength: Int32Array;

  /**
   * @param most records that will be added
   * @param memory of at least so many times {@link RecordColumns.BYTES}
   */
  constructor(most: number, memory: ArrayBuffer = new ArrayBuffer(most * RecordColumns.BYTES)) {
    this.offsets = new Float64Array(memory, 0, most);
    this.timestamps = new Float64Array(memory, 8 * most, most);
    this.keyAt = new Uint32Array(memory, 16 * most, most);
    this.keyLength = new Int32Array(memory, 20 * most, most);
    this.valueAt = new Uint32Array(memory, 24 * most, most);
    this.valueLength = new Int32Array(memory, 28 * most, most);
  }

  add(offset: number, timestamp: number, keyAt: number, keyLength: number, valueAt: number, valueLength: number): void {
    const index = this.count++;
    this.offsets[index] = offset;
    this.timestamps[index] = timestamp;
    this.keyAt[index] = keyAt;
    this.keyLength[index] = keyLength;
    this.valueAt[index] = valueAt;
    this.valueLength[index] = valueLength;
  }

  over(bytes: Buffer): FetchedRecords {
    return new FetchedRecords(bytes, this.count, this.offsets, this.timestamps, this.keyAt, this.keyLength, this.valueAt, this.valueLength);
  }
}
