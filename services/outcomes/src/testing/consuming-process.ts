import { FetchedRecords } from '@throughline/event-bus';
import type { ConsumedBatch, DeadLetterPublisher } from '@throughline/event-bus';
import { defaultBody, encodeEvent } from '@throughline/event-contracts';
import { decodeFactAt } from '@throughline/outcome-metrics';
import { PartitionStore, timelineBucketOf, UniqueIds } from '@throughline/state-store';
import type { HeldBuckets, StoreConnection } from '@throughline/state-store';
import { MemoryRedis } from '@throughline/state-store/testing';
import { createTelemetry } from '@throughline/telemetry';
import { FactConsumer } from '../consume/fact-consumer.js';
import { RememberedTimelines } from '../consume/remembered-timelines.js';

/** The only partition of its topic. */
export const LOCATION = 'college.0';
const TOPIC = 'partner-events.college';

/** Memory for all timelines. */
export const EVERYTHING = 1 << 30;

const telemetry = createTelemetry({ service: 'outcomes', kind: 'outcomes', build: { version: '0', revision: 'test' }, runtimeSeries: false });

/** One subject in each of a few buckets. */
export const SUBJECTS = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((bucket) => Buffer.from([0, 0, 0, 0, bucket, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, bucket]));

/** The only fact of a subject. @param date day since 1970-01-01 */
export const supportStarted = (subject: Buffer, revision: number, date: number): Buffer =>
  encodeEvent('SupportStarted', {
    ...defaultBody('SupportStarted'),
    meta: {
      eventId: Buffer.alloc(16),
      factId: Buffer.concat([subject.subarray(0, 8), Buffer.alloc(8, 1)]),
      subject,
      revision: { instant: revision, sequence: 0 },
      contentHash: Buffer.alloc(8, 1),
      change: 'STATED',
      occurredOn: { date, precision: 'DAY' },
      recordedAt: 0,
      source: { partner: 'p', system: 'rtof', submission: Buffer.alloc(16), record: 1 },
      agreementId: 'dsa',
      programme: null,
      evidence: 'CASE_RECORD',
      place: null,
    },
  });

const batchOf = (first: number, values: readonly Buffer[]): ConsumedBatch => ({
  topic: TOPIC,
  partition: 0,
  partitionCount: 1,
  firstOffset: first,
  lastOffset: first + values.length - 1,
  nextOffset: first + values.length,
  highWatermark: first + values.length,
  records: FetchedRecords.of(values.map((value, index) => ({ offset: first + index, key: null, value, timestamp: 1 }))),
});

export interface ConsumingProcessOptions {
  readonly connection?: StoreConnection;
  /** Default: no bucket is compacted. */
  readonly compactAtBytes?: number;
  readonly deadLetter?: DeadLetterPublisher['deadLetter'];
}

/** A process of outcomes as far as it takes batches in and looks into what it remembers. */
export class ConsumingProcess {
  readonly partitions: PartitionStore;
  readonly remembered: RememberedTimelines;
  /** What it read of the store, in order. */
  readonly reads: { readonly whole: readonly number[]; readonly bytesReadOn: number | null }[] = [];
  readonly connection: StoreConnection;
  readonly #consumer: FactConsumer;
  #next = 0;

  /** @param mostBytes memory for timelines @param connection default: to a store of its own */
  constructor(mostBytes: number, { connection = new MemoryRedis().connect(), compactAtBytes = EVERYTHING, deadLetter = async () => 0 }: ConsumingProcessOptions = {}) {
    this.connection = connection;
    const ids = new UniqueIds();
    this.partitions = new PartitionStore(connection, 1);
    const store = {
      next: (location: string) => this.partitions.next(location),
      load: async (location: string, buckets: readonly number[] = [], held?: HeldBuckets) => {
        const stored = await this.partitions.load(location, buckets, held);
        this.reads.push({ whole: buckets, bytesReadOn: stored.grown === null ? null : [...stored.grown.values()].reduce((sum, { length }) => sum + length, 0) });
        return stored;
      },
    };
    this.remembered = new RememberedTimelines(store, mostBytes);
    this.#consumer = new FactConsumer({
      partitions: this.partitions,
      layout: { fix: async (_, count) => count, addMisplaced: async () => undefined },
      remembered: this.remembered,
      newId: () => ids.next(),
      deadLetters: { deadLetter },
      telemetry,
      compactAtBytes,
      stopBefore: async () => Infinity,
      onStopped: () => undefined,
      onStored: () => undefined,
    });
  }

  /** Takes in what comes next of a log of its own telling. @returns whether it was stored */
  async hear(...values: Buffer[]): Promise<boolean> {
    const taken = await this.#take(this.#next, values);
    if (taken) this.#next += values.length;
    return taken;
  }

  /** Takes in so many records at most of a log, from where the partition is to be read. @returns whether they were stored */
  async read(log: readonly Buffer[], most: number): Promise<boolean> {
    const from = await this.#consumer.position(TOPIC, 0, 1);
    return from < log.length && this.#take(from, log.slice(from, from + most));
  }

  /** What is in force of a subject: the day its support started, or null. @throws what hinders it */
  async startsOf(subjects: readonly Buffer[] = SUBJECTS): Promise<(number | null)[]> {
    const starts = new Map<number, number>();
    for await (const found of this.remembered.lookInto(LOCATION, subjects.map(timelineBucketOf))) {
      if ('fault' in found) throw found.fault;
      for (const subject of subjects.filter((each) => timelineBucketOf(each) === found.bucket)) {
        found.timelines.visitPacked(subject, (bytes, from) => starts.set(found.bucket, decodeFactAt(bytes, from)!.start));
      }
    }
    return subjects.map((subject) => starts.get(timelineBucketOf(subject)) ?? null);
  }

  #take(from: number, values: readonly Buffer[]): Promise<boolean> {
    return this.#consumer.take(batchOf(from, values), { isStale: () => false, isRunning: () => true });
  }
}
