import { partitionOf } from '@throughline/event-contracts';
import type { OutgoingRecord } from '../event-producer.js';
import { FetchedRecords } from '../fetched/fetched-records.js';
import type { FetchedRecord } from '../fetched/fetched-records.js';
import { MemoryGroup } from './memory-group.js';

/** What a fetch brings. */
export interface MemoryFetch {
  readonly records: FetchedRecords;
  /** Offset to read next. */
  readonly nextOffset: number;
  readonly highWatermark: number;
}

export interface MemoryLogOptions {
  /** Milliseconds since 1970-01-01: when records are appended. */
  readonly now?: () => number;
  /** Awaited before every exchange with the log; whoever schedules decides when it ends. */
  readonly pace?: (what: string) => Promise<void>;
  /** Records of the next fetch, from 1. Default 500. */
  readonly fetchRecords?: () => number;
}

interface Partition {
  records: FetchedRecord[];
  end: number;
}

/** A log in this process: topics, partitions, offsets, groups. Nothing is lost unless compaction or a tombstone takes it. */
export class MemoryLog {
  readonly #topics = new Map<string, Partition[]>();
  readonly #groups = new Map<string, MemoryGroup>();
  readonly now: () => number;
  readonly pace: (what: string) => Promise<void>;
  readonly #fetchRecords: () => number;

  constructor({ now = Date.now, pace = async () => undefined, fetchRecords = () => 500 }: MemoryLogOptions = {}) {
    this.now = now;
    this.pace = pace;
    this.#fetchRecords = fetchRecords;
  }

  createTopic(name: string, partitions: number): void {
    this.#topics.set(name, Array.from({ length: partitions }, () => ({ records: [], end: 0 })));
  }

  /** Names that a pattern matches or a list holds, ascending. */
  topics(wanted: RegExp | readonly string[]): string[] {
    return [...this.#topics.keys()].filter((name) => (wanted instanceof RegExp ? new RegExp(wanted.source).test(name) : wanted.includes(name))).sort();
  }

  partitionCount(topic: string): number {
    return this.#partitions(topic).length;
  }

  /** Offset that each partition's next record gets. */
  ends(topic: string): number[] {
    return this.#partitions(topic).map(({ end }) => end);
  }

  append(records: readonly OutgoingRecord[]): void {
    for (const { topic, partition, key, value } of records) {
      const partitions = this.#partitions(topic);
      const place = partitions[partition ?? (key === null ? 0 : partitionOf(key, partitions.length))]!;
      place.records.push({ offset: place.end, key, value, timestamp: this.now() });
      place.end += 1;
    }
  }

  /** Everything that a topic still holds, partition by partition. */
  records(topic: string): FetchedRecord[] {
    return this.#partitions(topic).flatMap(({ records }) => records);
  }

  /** Leaves of each key its last record, and of what a tombstone took nothing once it was compacted before. */
  compact(topic: string): void {
    for (const partition of this.#partitions(topic)) {
      const last = new Map(partition.records.map((record) => [keyOf(record), record]));
      const kept = partition.records.filter((record) => last.get(keyOf(record)) === record);
      const isCompacted = kept.length === partition.records.length;
      partition.records = isCompacted ? kept.filter(({ value }) => value !== null) : kept;
    }
  }

  fetch(topic: string, partition: number, from: number): MemoryFetch {
    const { records, end } = this.#partitions(topic)[partition]!;
    const fetched = records.filter(({ offset }) => offset >= from).slice(0, this.#fetchRecords());
    const last = fetched.at(-1);
    const isAll = last === undefined || last === records.at(-1);
    return { records: FetchedRecords.of(fetched), nextOffset: isAll ? end : last.offset + 1, highWatermark: end };
  }

  group(id: string): MemoryGroup {
    let group = this.#groups.get(id);
    if (group === undefined) this.#groups.set(id, (group = new MemoryGroup()));
    return group;
  }

  groups(): MemoryGroup[] {
    return [...this.#groups.values()];
  }

  #partitions(topic: string): Partition[] {
    const found = this.#topics.get(topic);
    if (found === undefined) throw new Error(`There is no topic ${topic}.`);
    return found;
  }
}

/** One without a key is its own. */
const keyOf = ({ key, offset }: FetchedRecord): string | number => key?.toString('latin1') ?? offset;
