import { crc32c } from '@node-rs/crc32';
import { gunzipSync } from 'node:zlib';
import { BusError } from '../bus-error.js';
import { RecordColumns } from './fetched-records.js';
import type { FetchedRecords } from './fetched-records.js';

// A record batch as of Kafka 0.11 and later (magic 2): https://kafka.apache.org/documentation/#recordbatch.
const LENGTH_AT = 8;
/** Bytes of a batch that its length does not count: the base offset, and the length. */
const UNCOUNTED = 12;
const MAGIC_AT = 16;
const CRC_AT = 17;
const ATTRIBUTES_AT = 21;
const LAST_OFFSET_DELTA_AT = 23;
const FIRST_TIMESTAMP_AT = 27;
const MAX_TIMESTAMP_AT = 35;
const PRODUCER_AT = 43;
const COUNT_AT = 57;
const RECORDS_AT = 61;
const MAGIC = 2;

const CODEC = 0x07;
const GZIP = 1;
const CODEC_NAMES = ['none', 'gzip', 'Snappy', 'LZ4', 'ZSTD'];
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/** A transaction that was taken back: its producer, and where its first record stands. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

/** What a fetch brought of one partition. */
export interface FetchedPartition {
  /** From the offset asked for on, without control records and without what transactions took back. */
  readonly records: FetchedRecords;
  /** Last offset that the whole batches cover, also where compaction left no record there; null: not one batch is whole. */
  readonly lastOffset: number | null;
  /** In which the columns of the records lie. */
  readonly columns: ArrayBuffer;
}

interface Batch {
  /** Where its records begin and end; of a compressed one, among the unpacked bytes. */
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly baseOffset: number;
  readonly firstTimestamp: number;
  /** What all its records have for time, where the broker set it; else undefined. */
  readonly appendTime: number | undefined;
}

/**
 * Reads the record batches of one partition in place, and checks each batch's CRC-32C, which the client does not. A last
 * batch that the broker cut off is left for the next fetch.
 *
 * @param bytes as fetched
 * @param asked offset the fetch asked for; a broker begins with the batch that holds it
 * @param aborted transactions taken back that begin at or before the end of these bytes
 * @param take gives memory of at least so many bytes, for the columns
 * @throws BusError `RECORDS_DAMAGED`, `UNSUPPORTED_COMPRESSION`
 */
export function readRecordBatches(bytes: Buffer, asked: number, aborted: readonly AbortedTransaction[], take = (size: number) => new ArrayBuffer(size)): FetchedPartition {
  const takenBack = new TakenBack(aborted);
  const batches: Batch[] = [];
  let lastOffset: number | null = null;
  for (let at = 0; at + UNCOUNTED <= bytes.length; ) {
    const length = bytes.readInt32BE(at + LENGTH_AT);
    const end = at + UNCOUNTED + length;
    if (end > bytes.length) break;
    const baseOffset = longAt(bytes, at);
    checkBatch(bytes, at, end, baseOffset);
    lastOffset = baseOffset + bytes.readInt32BE(at + LAST_OFFSET_DELTA_AT);
    const attributes = bytes.readInt16BE(at + ATTRIBUTES_AT);
    const batch = batchAt(bytes, at, end, baseOffset, attributes);
    const isSeen = takenBack.isSeen(batch, attributes, bytes.readBigInt64BE(at + PRODUCER_AT), lastOffset);
    if (isSeen && lastOffset >= asked) batches.push(batch);
    at = end;
  }
  const most = mostRecords(batches);
  const columns = take(most * RecordColumns.BYTES);
  return { records: recordsOf(batches, bytes, asked, new RecordColumns(most, columns)), lastOffset, columns };
}

function mostRecords(batches: readonly Batch[]): number {
  let most = 0;
  for (const { count, from, to, baseOffset } of batches) {
    // No record is shorter than a byte: memory for more is not asked for.
    if (count < 0 || count > to - from) throw damaged(baseOffset, `${count} records in ${to - from} bytes`);
    most += count;
  }
  return most;
}

function recordsOf(batches: readonly Batch[], fetched: Buffer, asked: number, columns: RecordColumns): FetchedRecords {
  // One buffer for all columns to point into: what was fetched, unless something had to be unpacked.
  const isPlain = batches.every(({ bytes }) => bytes === fetched);
  const all = isPlain ? fetched : Buffer.concat(batches.map(({ bytes, from, to }) => bytes.subarray(from, to)));
  let from = 0;
  for (const batch of batches) {
    if (isPlain) readRecords(batch, all, batch.from, batch.to, asked, columns);
    else {
      const to = from + batch.to - batch.from;
      readRecords(batch, all, from, to, asked, columns);
      from = to;
    }
  }
  return columns.over(all);
}

function readRecords({ count, baseOffset, firstTimestamp, appendTime }: Batch, bytes: Buffer, from: number, to: number, asked: number, columns: RecordColumns): void {
  let at = from;
  for (let left = count; left > 0; left -= 1) {
    const length = varint(bytes, at);
    const begin = after;
    const end = begin + length;
    if (!(length > 0) || end > to) throw damaged(baseOffset, 'a record that is longer than its batch');
    // After the attributes, of which none are in use.
    const timestampDelta = varint(bytes, begin + 1);
    const offset = baseOffset + varint(bytes, after);
    const keyLength = varint(bytes, after);
    const keyAt = after;
    const valueLength = varint(bytes, keyAt + Math.max(0, keyLength));
    const valueAt = after;
    // NaN, of a number that is none, fails every comparison.
    if (!(keyLength >= -1 && valueLength >= -1 && valueAt + Math.max(0, valueLength) <= end)) throw damaged(offset, 'a record whose parts do not fit');
    if (offset >= asked) columns.add(offset, appendTime ?? firstTimestamp + timestampDelta, keyAt, keyLength, valueAt, valueLength);
    at = end;
  }
  if (at !== to) throw damaged(baseOffset, 'another number of records than the batch says');
}

function checkBatch(bytes: Buffer, at: number, end: number, baseOffset: number): void {
  if (end < at + RECORDS_AT) throw damaged(baseOffset, 'a batch shorter than its head');
  if (bytes[at + MAGIC_AT] !== MAGIC) throw damaged(baseOffset, `record format ${bytes[at + MAGIC_AT]}, which no broker since 4.0 serves`);
  if (crc32c(bytes.subarray(at + ATTRIBUTES_AT, end)) !== bytes.readUInt32BE(at + CRC_AT)) throw damaged(baseOffset, 'another checksum than the batch says');
}

function batchAt(bytes: Buffer, at: number, end: number, baseOffset: number, attributes: number): Batch {
  const codec = attributes & CODEC;
  const packed = { bytes, from: at + RECORDS_AT, to: end };
  const placed = codec === 0 ? packed : unpacked(packed.bytes.subarray(packed.from, packed.to), codec, baseOffset);
  return {
    ...placed,
    count: bytes.readInt32BE(at + COUNT_AT),
    baseOffset,
    firstTimestamp: longAt(bytes, at + FIRST_TIMESTAMP_AT),
    appendTime: (attributes & LOG_APPEND_TIME) === 0 ? undefined : longAt(bytes, at + MAX_TIMESTAMP_AT),
  };
}

function unpacked(packed: Buffer, codec: number, baseOffset: number): Pick<Batch, 'bytes' | 'from' | 'to'> {
  if (codec !== GZIP) throw unsupportedCompression(CODEC_NAMES[codec] ?? `codec ${codec}`);
  // A batch whose records are all gone is kept without its codec's frame.
  if (packed.length === 0) return { bytes: packed, from: 0, to: 0 };
  try {
    const bytes = gunzipSync(packed);
    return { bytes, from: 0, to: bytes.length };
  } catch (cause) {
    throw damaged(baseOffset, 'bytes that are not gzip', cause);
  }
}

/** Which batches transactions took back, and which are control records: nobody is to see either. */
class TakenBack {
  readonly #begun = new Set<bigint>();
  readonly #toCome: AbortedTransaction[];

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#toCome = [...aborted].sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : a.firstOffset > b.firstOffset ? 1 : 0));
  }

  /** To be asked of every batch, in their order. */
  isSeen(batch: Batch, attributes: number, producer: bigint, lastOffset: number): boolean {
    while (this.#toCome.length > 0 && this.#toCome[0]!.firstOffset <= lastOffset) this.#begun.add(this.#toCome.shift()!.producerId);
    if ((attributes & CONTROL) === 0) return (attributes & TRANSACTIONAL) === 0 || !this.#begun.has(producer);
    if (isAbort(batch)) this.#begun.delete(producer);
    return false;
  }
}

/** Whether a control batch's one record takes a transaction back: version, then type, two bytes each. */
function isAbort({ bytes, from }: Batch): boolean {
  varint(bytes, from);
  varint(bytes, after + 1);
  varint(bytes, after);
  const keyLength = varint(bytes, after);
  return keyLength >= 4 && bytes.readInt16BE(after + 2) === 0;
}

function longAt(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4);
}

// Position after the number read last, beside the number: an object for both would cost more than reading them.
let after = 0;

/** A zigzag number of up to ten bytes; NaN where the bytes end within it or it goes on beyond. */
function varint(bytes: Buffer, position: number): number {
  const first = bytes[position]!;
  if (first < 0x80) {
    after = position + 1;
    return (first >>> 1) ^ -(first & 1);
  }
  let value = 0;
  let scale = 1;
  for (let at = position; at < position + 10; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) break;
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 0x80) {
      after = at + 1;
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  }
  after = bytes.length;
  return NaN;
}

function damaged(offset: number, found: string, cause?: unknown): BusError {
  return new BusError(
    'RECORDS_DAMAGED',
    `the batch at offset ${offset}: ${found}`,
    'It is fetched again. If it stays so, the broker’s disk or the way to it is at fault: let the partition be led by another replica, or restore the log.',
    true,
    cause,
  );
}

// Set as on a topic of ours, so that nobody meets it: the broker unpacks what others compress.
function unsupportedCompression(codec: string): BusError {
  return new BusError(
    'UNSUPPORTED_COMPRESSION',
    `a batch compressed with ${codec}`,
    'Set compression.type=uncompressed on the topic, have the producer send plain or gzip, and delete or rewrite the batch.',
    false,
  );
}
