import type { ConsumedBatch } from '@throughline/event-bus';
import { EventContractError, eventTypeOf, partitionOf, tellsFacts } from '@throughline/event-contracts';
import { decodeFactAt, EntryWriter, FactOutOfRange, hasGreaterAgreement, WireFact } from '@throughline/outcome-metrics';
import type { Fact } from '@throughline/outcome-metrics';
import { TIMELINE_BUCKETS } from '@throughline/state-store';
import { ID_LENGTH } from './id-table.js';
import type { BucketTimelines } from './bucket-timelines.js';
import type { PartitionTimelines } from './partition-timelines.js';
import { StagedWords } from './staged-words.js';

/** A record that cannot be taken in: where it lies and why. */
export interface UnreadableRecord {
  readonly offset: number;
  readonly appendedAt: number;
  readonly code: string;
  readonly remedy: string;
}

/** What a batch changes, nothing of it in force yet. */
export interface StagedBatch {
  /** As {@link PartitionWrite} wants them. */
  readonly entries: Buffer;
  /** Buckets that have to be loaded before the batch can be staged; where there are any, nothing else here means anything. */
  readonly missing: readonly number[];
  /** Subjects with a changed timeline, each once; empty: nothing changes. */
  readonly subjects: Buffer;
  /** How many words are news. */
  readonly changes: number;
  /** Has the timelines it was staged with take the news in; once it is stored. */
  readonly takeInto: (timelines: PartitionTimelines) => void;
  readonly unreadable: readonly UnreadableRecord[];
  /** Greatest append time, milliseconds; 0 for a batch of nothing. */
  readonly appendedAt: number;
}

const NOT_A_FACT = { code: 'NOT_A_FACT', remedy: 'Only events that tell facts go on partner-events: see schemas/topics.json.' };
/** Of an event that tells what no figure is made of: it is in the log for whoever counts it one day. */
const UNCOUNTED = { code: 'UNCOUNTED', remedy: '' };
/** Of a record that lies in another partition than its subject's. */
export const MISPLACED = {
  code: 'MISPLACED_RECORD',
  remedy: 'Place a record by the first four bytes of its subject, unsigned big-endian, modulo the number of partitions, and send it again: see docs/decisions/0001-keys-and-topics.md.',
};

type Met = (BucketTimelines | null | undefined)[];

/** Bytes before a bucket's entries: its number, and their length. */
const BUCKET_HEAD = 5;
const FIRST_SUBJECTS = 1_024;

/** Folds batches of one process; its buffers are used again. */
export class BatchStager {
  readonly #fact = new WireFact();
  readonly #other = new WireFact();
  readonly #writers = Array.from({ length: TIMELINE_BUCKETS }, () => new EntryWriter());
  readonly #packed = new EntryWriter();
  /** Buckets met by the batch at work, by their numbers; null: to be loaded. */
  readonly #met: Met = new Array<undefined>(TIMELINE_BUCKETS);
  /** Ids of the subjects with news, 16 bytes each. */
  #changed = Buffer.allocUnsafeSlow(FIRST_SUBJECTS * ID_LENGTH);

  /**
   * Reads a batch, and keeps each word that is later than the one remembered of its fact, and than those before it.
   * @param stopBefore records from this offset on are left for later.
   */
  stage(batch: ConsumedBatch, remembered: PartitionTimelines, stopBefore = Infinity): StagedBatch {
    const { records } = batch;
    const { bytes, offsets, valueAt, valueLength } = records;
    const count = stopBefore === Infinity ? records.length : records.indexOf(stopBefore);
    const unreadable: UnreadableRecord[] = [];
    const words = new StagedWords(bytes, count);
    let changed = 0;
    let appendedAt = 0;
    // A batch that failed halfway leaves something.
    for (const writer of this.#writers) writer.clear();
    this.#met.fill(undefined);
    const batchNumber = remembered.beginBatch();
    const now = performance.now();
    if (this.#changed.length < count * ID_LENGTH) this.#changed = Buffer.allocUnsafeSlow(count * 2 * ID_LENGTH);
    for (let index = 0; index < count; index += 1) {
      const length = valueLength[index]!;
      if (length < 0) continue;
      const from = valueAt[index]!;
      const timestamp = records.timestamps[index]!;
      const fault = this.#read(bytes, from, from + length, batch);
      if (fault === UNCOUNTED) continue;
      if (fault !== null) {
        unreadable.push({ offset: offsets[index]!, appendedAt: timestamp, code: fault.code, remedy: fault.remedy });
        continue;
      }
      if (timestamp > appendedAt) appendedAt = timestamp;
      const fact = this.#fact;
      const bucket = bytes[fact.subjectAt + 4]! % TIMELINE_BUCKETS;
      const timelines = this.#meet(bucket, remembered, now);
      if (timelines === null) continue;
      const number = timelines.numberOf(fact);
      const staged = timelines.newsOf(number, batchNumber);
      if (staged >= 0 ? !this.#isLaterThanStaged(words, staged) : timelines.holds(number) && !this.#isLaterThanRemembered(timelines, number)) continue;
      const writer = this.#writers[bucket]!;
      const begin = writer.length;
      writer.appendWire(fact);
      const subject = timelines.noteNews(number, words.add(fact, from, from + length, number, bucket, begin, writer.length), batchNumber);
      if (subject >= 0) timelines.copySubject(subject, this.#changed, ID_LENGTH * changed++);
    }
    const { entries, begins } = this.#take();
    const met = this.#met.slice();
    return {
      entries,
      missing: met.flatMap((timelines, bucket) => (timelines === null ? [bucket] : [])),
      subjects: Buffer.from(this.#changed.subarray(0, changed * ID_LENGTH)),
      changes: words.length,
      takeInto: (timelines) => takeInto(timelines, met, words, entries, begins),
      unreadable,
      appendedAt,
    };
  }

  /** @returns the bucket, needed now, so that nobody forgets it first; null where it has to be loaded */
  #meet(bucket: number, remembered: PartitionTimelines, now: number): BucketTimelines | null {
    let timelines = this.#met[bucket];
    if (timelines === undefined) {
      timelines = remembered.bucket(bucket) ?? null;
      if (timelines !== null) timelines.usedAt = now;
      this.#met[bucket] = timelines;
    }
    return timelines;
  }

  /** @returns null where the record is a fact that belongs here; it is in `#fact` then. */
  #read(bytes: Buffer, from: number, end: number, { partition, partitionCount }: ConsumedBatch): { readonly code: string; readonly remedy: string } | null {
    try {
      if (!this.#fact.read(bytes, from, end)) return isUncounted(bytes.subarray(from, end)) ? UNCOUNTED : NOT_A_FACT;
    } catch (error) {
      if (error instanceof EventContractError || error instanceof FactOutOfRange) return error;
      throw error;
    }
    // Reconcile looks for a subject's facts in its own partition and nowhere else.
    return partitionOf(bytes, partitionCount, this.#fact.subjectAt) === partition ? null : MISPLACED;
  }

  #isLaterThanRemembered(remembered: BucketTimelines, known: number): boolean {
    const order = remembered.compare(this.#fact, known);
    if (order !== 0) return order > 0;
    this.#packed.clear();
    this.#packed.appendWire(this.#fact);
    // A repeat, as most equals are.
    if (remembered.isInForce(known, this.#packed)) return false;
    return remembered.hasGreaterAgreement(this.#packed.take(), 0, known);
  }

  #isLaterThanStaged(words: StagedWords, number: number): boolean {
    const order = words.compare(this.#fact, number);
    if (order !== 0) return order > 0;
    this.#packed.clear();
    this.#packed.appendWire(this.#fact);
    // A repeat, as most equals are.
    if (this.#packed.equalsPart(this.#writers[words.bucket(number)]!, words.from(number), words.to(number))) return false;
    this.#other.read(words.bytes, words.valueAt(number), words.valueEnd(number));
    return hasGreaterAgreement(decodeFactAt(this.#packed.take(), 0), this.#whole(this.#other));
  }

  #whole(word: WireFact): Fact | null {
    this.#packed.clear();
    this.#packed.appendWire(word);
    return decodeFactAt(this.#packed.take(), 0);
  }

  /** All buckets' entries, each bucket with its head; and where the entries of each begin. */
  #take(): { readonly entries: Buffer; readonly begins: readonly number[] } {
    let size = 0;
    for (const { length } of this.#writers) if (length > 0) size += BUCKET_HEAD + length;
    const entries = Buffer.allocUnsafe(size);
    let at = 0;
    const begins = this.#writers.map((writer, bucket) => {
      const { length } = writer;
      if (length === 0) return 0;
      entries[at] = bucket;
      entries.writeUInt32BE(length, at + 1);
      const begin = at + BUCKET_HEAD;
      writer.takeInto(entries, begin);
      at = begin + length;
      return begin;
    });
    return { entries, begins };
  }
}

/** A bucket that was forgotten meanwhile, and perhaps read again as it was before the batch, is forgotten for good. */
function takeInto(timelines: PartitionTimelines, met: Readonly<Met>, words: StagedWords, entries: Buffer, begins: readonly number[]): void {
  words.putInto(met, entries, begins);
  const now = performance.now();
  for (const [bucket, staged] of met.entries()) {
    if (staged === null || staged === undefined) continue;
    staged.usedAt = now;
    if (timelines.bucket(bucket) !== staged) timelines.forget(bucket);
  }
}

function isUncounted(value: Buffer): boolean {
  const type = eventTypeOf(value);
  return type !== undefined && tellsFacts(type);
}
