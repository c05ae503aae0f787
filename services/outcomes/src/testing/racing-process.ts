import { FetchedRecords } from '@throughline/event-bus';
import { locationOf } from '@throughline/event-contracts';
import { LATEST_RULES } from '@throughline/outcome-metrics';
import { LinkIndex, ParticipantStore, PartitionStore, TopicLayout, UniqueIds } from '@throughline/state-store';
import type { StoreConnection } from '@throughline/state-store';
import { createTelemetry } from '@throughline/telemetry';
import { FactConsumer } from '../consume/fact-consumer.js';
import { RememberedTimelines } from '../consume/remembered-timelines.js';
import { ImplicitParticipants } from '../reconcile/participants.js';
import { Reconciler } from '../reconcile/reconciler.js';
import type { Pass } from '../reconcile/reconciler.js';

const GENERATION = 1;
const telemetry = createTelemetry({ service: 'outcomes', kind: 'outcomes', build: { version: '0', revision: 'test' }, runtimeSeries: false });

export interface RacingProcessOptions {
  readonly connection: StoreConnection;
  readonly platformKey: Buffer;
  /** Memory for timelines. */
  readonly mostBytes: number;
  /** Milliseconds that only grow. */
  readonly now: () => number;
}

/** A process of outcomes as it takes batches in and computes whom they are about, topics being of one partition each. */
export class RacingProcess {
  readonly #consumer: FactConsumer;
  readonly #reconciler: Reconciler;
  /** Where its fetches of a topic go on. */
  readonly #positions = new Map<string, number>();

  constructor({ connection, platformKey, mostBytes, now }: RacingProcessOptions) {
    const ids = new UniqueIds();
    const newId = () => ids.next();
    const partitions = new PartitionStore(connection, GENERATION);
    const participants = new ParticipantStore(connection, GENERATION);
    const link = new LinkIndex(connection, GENERATION);
    const layout = new TopicLayout(connection, GENERATION);
    const remembered = new RememberedTimelines(partitions, mostBytes);
    this.#consumer = new FactConsumer({
      partitions,
      layout,
      remembered,
      newId,
      deadLetters: { deadLetter: () => Promise.reject(new Error('a record could not be read')) },
      telemetry,
      // A bucket is compacted once two thirds of it are superseded, be it ever so small.
      compactAtBytes: 1,
      stopBefore: async () => Infinity,
      onStopped: () => undefined,
      onStored: () => undefined,
    });
    this.#reconciler = new Reconciler({ partitions, participants, remembered, link, implicit: new ImplicitParticipants(platformKey), rules: LATEST_RULES, newId, layout, now });
  }

  /** The topic is assigned to it: what it fetched before is no matter. */
  assign(topic: string): void {
    this.#positions.delete(topic);
  }

  /** Takes in so many records of a topic at most, from where it goes on by itself. @returns whether there were any */
  async take(topic: string, log: readonly Buffer[], most: number, isStale: () => boolean): Promise<boolean> {
    const from = this.#positions.get(topic) ?? (await this.#consumer.position(topic, 0, 1));
    const values = log.slice(from, from + most);
    if (values.length === 0) {
      // It may remember what the store has lost.
      this.#positions.delete(topic);
      return false;
    }
    const next = from + values.length;
    const batch = { topic, partition: 0, partitionCount: 1, firstOffset: from, lastOffset: next - 1, nextOffset: next, highWatermark: log.length };
    const records = FetchedRecords.of(values.map((value, index) => ({ offset: from + index, key: null, value, timestamp: 1 })));
    this.#positions.delete(topic);
    if (await this.#consumer.take({ ...batch, records }, { isStale, isRunning: () => true })) this.#positions.set(topic, next);
    return true;
  }

  /** @param buckets that it takes for its own */
  pass(topics: readonly string[], buckets: ReadonlySet<number>): Promise<Pass> {
    return this.#reconciler.pass(topics.map((topic) => locationOf(topic, 0)), buckets);
  }
}
