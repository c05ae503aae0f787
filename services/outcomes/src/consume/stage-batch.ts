import type { ConsumedBatch } from '@throughline/event-bus';
import { createProjection, EventContractError, partitionOfText } from '@throughline/event-contracts';
import { entryFromEvent, EntryWriter, FACT_PROJECTION, FactOutOfRange, mergeEntry } from '@throughline/outcome-metrics';
import type { TimelineEntry } from '@throughline/outcome-metrics';
import { RecordPacker, TIMELINE_BUCKETS } from '@throughline/state-store';
import type { PackedEntry, PartitionTimelines } from './partition-timelines.js';

const projection = createProjection(FACT_PROJECTION);

/** A record that cannot be taken in: where it lies and why. */
export interface UnreadableRecord {
  readonly offset: number;
  readonly appendedAt: number;
  readonly code: string;
  readonly remedy: string;
}

/** What a batch changes, nothing of it done yet. */
export interface StagedBatch {
  /** As {@link PartitionWrite} wants them. */
  readonly entries: Buffer;
  /** Subjects with a changed timeline, each once; empty: nothing changes. */
  readonly subjects: Buffer;
  readonly changes: readonly (PackedEntry & { readonly bucket: number })[];
  readonly unreadable: readonly UnreadableRecord[];
  /** Greatest append time, milliseconds; 0 for a batch of nothing. */
  readonly appendedAt: number;
}

const NOTHING = Buffer.alloc(0);
const NOT_A_FACT = { code: 'NOT_A_FACT', remedy: 'Only events that tell facts go on partner-events: see schemas/topics.json.' };
const MISPLACED = {
  code: 'MISPLACED_RECORD',
  remedy: 'Place a record by the first four bytes of its subject, unsigned big-endian, modulo the number of partitions, and send it again: see docs/decisions/0001-keys-and-topics.md.',
};

/** Folds batches of one process; its buffers are used again. */
export class BatchStager {
  readonly #writers = Array.from({ length: TIMELINE_BUCKETS }, () => new EntryWriter());
  readonly #packer = new RecordPacker();

  /**
   * Reads a batch, and keeps of each fact the greatest word if it is later than the one remembered.
   * @param stopBefore records from this offset on are left for later.
   */
  stage(batch: ConsumedBatch, remembered: PartitionTimelines, stopBefore = Infinity): StagedBatch {
    const unreadable: UnreadableRecord[] = [];
    const news = new Map<string, { subject: string; entry: TimelineEntry }>();
    let appendedAt = 0;
    for (const { value, offset, timestamp } of batch.messages) {
      if (stopBefore !== Infinity && Number(offset) >= stopBefore) break;
      if (value === null) continue;
      let word;
      try {
        const event = projection.decode(value);
        word = event === undefined ? undefined : entryFromEvent(event);
      } catch (error) {
        if (!(error instanceof EventContractError || error instanceof FactOutOfRange)) throw error;
        unreadable.push({ offset: Number(offset), appendedAt: Number(timestamp), code: error.code, remedy: error.remedy });
        continue;
      }
      if (word === undefined) {
        unreadable.push({ offset: Number(offset), appendedAt: Number(timestamp), ...NOT_A_FACT });
        continue;
      }
      const { subject, entry } = word;
      // Reconcile looks for a subject's facts in its own partition and nowhere else.
      if (partitionOfText(subject, batch.partitionCount) !== batch.partition) {
        unreadable.push({ offset: Number(offset), appendedAt: Number(timestamp), ...MISPLACED });
        continue;
      }
      appendedAt = Math.max(appendedAt, Number(timestamp));
      const staged = news.get(entry.factId);
      if (staged === undefined ? remembered.isNews(entry) : isLater(entry, staged.entry)) news.set(entry.factId, { subject, entry });
    }
    return { ...this.#packed(news.values()), unreadable, appendedAt };
  }

  #packed(news: Iterable<{ subject: string; entry: TimelineEntry }>): Pick<StagedBatch, 'entries' | 'subjects' | 'changes'> {
    const subjects = new Set<string>();
    const changes: { subject: string; entry: TimelineEntry; bucket: number; packed: Buffer; from: number; to: number }[] = [];
    for (const { subject, entry } of news) {
      const bucket = subject.charCodeAt(4) % TIMELINE_BUCKETS;
      const writer = this.#writers[bucket]!;
      const from = writer.length;
      writer.append(subject, entry);
      changes.push({ subject, entry, bucket, packed: NOTHING, from, to: writer.length });
      subjects.add(subject);
    }
    const packed = this.#writers.map((writer, bucket) => {
      if (writer.length === 0) return NOTHING;
      const bytes = writer.take();
      this.#packer.byte(bucket).word(bytes.length).bytes(bytes);
      return bytes;
    });
    for (const change of changes) change.packed = packed[change.bucket]!;
    return { entries: this.#packer.take(), subjects: Buffer.from([...subjects].join(''), 'latin1'), changes };
  }
}

/** The rule of every timeline, between two words of one batch. */
const isLater = (entry: TimelineEntry, known: TimelineEntry): boolean => mergeEntry(new Map([[known.factId, known]]), entry);
