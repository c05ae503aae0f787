import { partitionsDiffer } from '@throughline/event-bus';
import type { BatchContext, ConsumedBatch, DeadLetterPublisher } from '@throughline/event-bus';
import { deploymentOf, locationOf } from '@throughline/event-contracts';
import type { PartitionStore, PartitionWrite, TopicLayout } from '@throughline/state-store';
import type { Telemetry } from '@throughline/telemetry';
import type { PartitionTimelines } from './partition-timelines.js';
import type { RememberedTimelines } from './remembered-timelines.js';
import { BatchStager, MISPLACED } from './stage-batch.js';
import type { StagedBatch } from './stage-batch.js';

/** A bucket is rewritten when it holds this many times what is in force … */
const COMPACT_AT_RATIO = 3;
/** … and at least this many bytes. */
const COMPACT_AT_BYTES = 1 << 16;

export interface FactConsumerOptions {
  readonly partitions: PartitionStore;
  readonly layout: Pick<TopicLayout, 'fix' | 'addMisplaced'>;
  readonly remembered: RememberedTimelines;
  readonly newId: () => Buffer;
  readonly deadLetters: Pick<DeadLetterPublisher, 'deadLetter'>;
  readonly telemetry: Pick<Telemetry, 'eventsConsumed' | 'consumeBatchSeconds' | 'fenced' | 'deadLetters'>;
  /** First offset that is not to be read for now; Infinity: none. Asked once for each batch, after it was fetched. */
  readonly stopBefore: (topic: string, partition: number) => Promise<number>;
  /** The partition has arrived where it has to wait. */
  readonly onStopped: (topic: string, partition: number) => void;
  /** Least bytes of a bucket that is rewritten; default 65,536. */
  readonly compactAtBytes?: number;
  /** Something changed: marks wait. */
  readonly onStored: (stored: { readonly location: string; readonly behind: number; readonly appendedAt: number }) => void;
}

/** Takes batches of `partner-events` into one generation's timelines. */
export class FactConsumer {
  readonly #stager = new BatchStager();
  constructor(private readonly options: FactConsumerOptions) {}

  /**
   * Where to read a partition from; called when it is assigned, and after a lost write.
   * @throws BusError `TOPIC_PARTITIONS_DIFFER`: by another number a subject's facts would be looked for elsewhere.
   */
  async position(topic: string, partition: number, partitionCount: number): Promise<number> {
    const fixed = await this.options.layout.fix(topic, partitionCount);
    if (fixed !== partitionCount) throw partitionsDiffer(topic, fixed, partitionCount);
    return (await this.options.remembered.current(locationOf(topic, partition))).next;
  }

  /** @returns false where the partition is to be read from its stored position: it was moved, or has to wait. */
  async take(batch: ConsumedBatch, context: Pick<BatchContext, 'isStale' | 'isRunning'>): Promise<boolean> {
    const { remembered, telemetry, stopBefore, onStopped, onStored } = this.options;
    const began = performance.now();
    const location = locationOf(batch.topic, batch.partition);
    const stop = await stopBefore(batch.topic, batch.partition);
    if (batch.firstOffset >= stop) {
      onStopped(batch.topic, batch.partition);
      return false;
    }
    let timelines = remembered.get(location) ?? (await remembered.current(location));
    if (timelines.next !== batch.firstOffset || context.isStale() || !context.isRunning()) return false;
    let staged = this.#stager.stage(batch, timelines, stop);
    while (staged.missing.length > 0) {
      timelines = await remembered.load(location, staged.missing);
      // The store was put back: what is remembered is of what it no longer has.
      if (timelines.next < batch.firstOffset) remembered.drop(location);
      if (timelines.next !== batch.firstOffset || context.isStale() || !context.isRunning()) return false;
      staged = this.#stager.stage(batch, timelines, stop);
    }
    const read = timelines.state;
    const next = Math.min(batch.nextOffset, stop);
    if (staged.unreadable.length > 0) await this.#putAside(batch, staged);
    const news = staged.subjects.length === 0 ? null : { id: this.options.newId(), subjects: staged.subjects, entries: staged.entries };
    const stored = this.#store(location, timelines, staged, { read, next, news });
    remembered.writing(location, stored);
    if (!(await stored)) {
      telemetry.fenced.add({ guard: 'offset' });
      return false;
    }
    telemetry.eventsConsumed.add({ deployment: deploymentOf(batch.topic) ?? '' }, batch.records.length);
    telemetry.consumeBatchSeconds.observe({}, (performance.now() - began) / 1_000);
    // What lies behind a line is not waited for.
    onStored({ location, behind: Math.min(batch.highWatermark, stop) - next, appendedAt: staged.appendedAt });
    await this.#compact(location, timelines);
    remembered.makeRoom();
    return next === batch.nextOffset;
  }

  /** What is remembered moves on only when the store has; where that is not known it is forgotten. */
  async #store(location: string, timelines: PartitionTimelines, staged: StagedBatch, write: PartitionWrite): Promise<boolean> {
    const { partitions, remembered } = this.options;
    try {
      const { stored } = await partitions.write(location, write);
      // It may have followed the store meanwhile, to what was taken back before this was written.
      if (stored && timelines.isAt(write.read)) {
        staged.takeInto(timelines);
        timelines.state = { next: write.next, lastChange: write.news?.id ?? write.read.lastChange };
      } else remembered.drop(location);
      return stored;
    } catch (error) {
      remembered.drop(location);
      throw error;
    }
  }

  async #putAside(batch: ConsumedBatch, { unreadable }: StagedBatch): Promise<void> {
    const { topic, partition } = batch;
    const deployment = deploymentOf(topic) ?? '';
    const told = await this.options.deadLetters.deadLetter(...unreadable.map((record) => ({ stage: 'outcomes' as const, deployment, topic, partition, ...record })));
    this.options.telemetry.deadLetters.add({ stage: 'consume' }, told);
    const misplaced = unreadable.filter(({ code }) => code === MISPLACED.code).length;
    if (misplaced > 0) await this.options.layout.addMisplaced(misplaced);
  }

  async #compact(location: string, timelines: PartitionTimelines): Promise<void> {
    const { partitions, newId, compactAtBytes = COMPACT_AT_BYTES } = this.options;
    for (const { bucket, timelines: held } of timelines.known()) {
      if (held.storedBytes < compactAtBytes || held.storedBytes < COMPACT_AT_RATIO * held.storedBytesInForce) continue;
      const { state } = timelines;
      const inForce = held.inForce();
      const lastChange = await partitions.compact(location, state, bucket, inForce, newId());
      // A fence lost here costs nothing: the next batch finds out. Who has followed the store meanwhile has forgotten the bucket.
      if (lastChange === null || !timelines.isAt(state)) continue;
      // One that was read again meanwhile is as it was before.
      if (timelines.bucket(bucket) === held) held.storedBytes = inForce.length;
      else timelines.forget(bucket);
      timelines.state = { next: state.next, lastChange };
    }
  }
}
