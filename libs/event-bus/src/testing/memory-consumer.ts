import { backoff, partitionName } from '../assigned-partitions.js';
import type { BatchConsumerOptions } from '../batch-consumer-options.js';
import { outcomeOf } from '../batch-outcome.js';
import type { LogConsumer } from '../batch-transport.js';
import { BusError } from '../bus-error.js';
import type { BatchContext, ConsumedBatch, PartitionLag, TopicPartition } from '../consumed-batch.js';
import type { Member } from './memory-group.js';
import type { MemoryLog } from './memory-log.js';

interface Reading extends TopicPartition {
  next: number | undefined;
  busy: boolean;
  failures: number;
  held: BusError | undefined;
}

/** Reads a log in memory as a {@link BatchConsumer} reads Kafka: from the position of the handler's own store, in batches. */
export class MemoryConsumer implements LogConsumer {
  lastFetchAt: number | undefined;
  readonly #member: Member;
  readonly #pauses = new Set<string>();
  #assigned: Reading[] = [];
  #generation = -1;
  #stopped = false;
  #loops: Promise<void>[] = [];

  constructor(
    private readonly log: MemoryLog,
    private readonly options: BatchConsumerOptions,
  ) {
    this.#member = {
      partitions: () => log.topics(options.topics).flatMap((topic) => log.ends(topic).map((_, partition) => ({ topic, partition }))),
    };
  }

  async start(): Promise<void> {
    await this.log.pace('join');
    this.#group.join(this.#member);
    this.#loops = Array.from({ length: this.options.concurrency ?? 1 }, () => this.#read());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#loops);
    this.#group.leave(this.#member);
    this.#assigned = [];
  }

  /** Its session has ended, and it has not noticed: the group goes on without it until it asks. */
  expel(): void {
    this.#group.leave(this.#member);
  }

  pause(topic: string, partition: number): void {
    this.#pauses.add(partitionName({ topic, partition }));
  }

  resume(topic: string, partition: number): void {
    this.#pauses.delete(partitionName({ topic, partition }));
  }

  lags(): PartitionLag[] {
    return this.#assigned.flatMap(({ topic, partition, next }) => (next === undefined ? [] : [{ topic, partition, next, end: this.log.ends(topic)[partition]! }]));
  }

  held(): BusError[] {
    return this.#assigned.flatMap(({ held }) => held ?? []);
  }

  get #group() {
    return this.log.group(this.options.groupId);
  }

  /** Learns of a new generation; one that the group gave up joins again. */
  #heed(): void {
    const group = this.#group;
    if (group.generation === this.#generation || this.#stopped) return;
    if (!group.members.includes(this.#member)) group.join(this.#member);
    this.#generation = group.generation;
    const assigned = group.assignmentOf(this.#member).map((place): Reading => ({ ...place, next: undefined, busy: false, failures: 0, held: undefined }));
    this.#assigned = assigned;
    void Promise.all(assigned.map((reading) => this.#position(assigned, reading))).then(() => {
      const positions = assigned.flatMap(({ topic, partition, next }) => (next === undefined ? [] : [{ topic, partition, position: next }]));
      if (this.#assigned === assigned) this.options.onAssigned?.(positions);
    });
  }

  async #position(assigned: readonly Reading[], reading: Reading): Promise<void> {
    const { topic, partition } = reading;
    reading.next = undefined;
    while (this.#assigned === assigned && !this.#stopped) {
      try {
        const position = Number(await this.options.fromPosition(topic, partition, this.log.partitionCount(topic)));
        if (position > this.log.ends(topic)[partition]!) throw new BusError('POSITION_OUTSIDE_LOG', topic, 'The store is ahead of the log.', false);
        reading.held = undefined;
        if (this.#assigned === assigned) reading.next = position;
        return;
      } catch (error) {
        if (error instanceof BusError && !error.retryable) {
          if (reading.held === undefined) this.options.onHeld?.(error);
          reading.held = error;
          await rest(this.options.refreshTopicsMs ?? 2_000);
          continue;
        }
        reading.failures += 1;
        this.options.onTrouble?.(new BusError('POSITION_UNKNOWN', partitionName(reading), 'It is asked again.', true, error), reading.failures);
        await rest(backoff(reading.failures));
      }
    }
  }

  async #read(): Promise<void> {
    while (!this.#stopped) {
      await this.log.pace('poll');
      this.#heed();
      const assigned = this.#assigned;
      this.lastFetchAt = this.log.now();
      this.options.onFetch?.();
      const reading = assigned.find((each) => this.#isReady(each));
      if (reading === undefined) await rest(this.options.maxWaitMs ?? 50);
      else await this.#deliver(assigned, reading);
    }
  }

  #isReady(reading: Reading): boolean {
    const { topic, partition, next, busy } = reading;
    return next !== undefined && !busy && !this.#pauses.has(partitionName(reading)) && next < this.log.ends(topic)[partition]!;
  }

  async #deliver(assigned: readonly Reading[], reading: Reading): Promise<void> {
    const { topic, partition } = reading;
    const firstOffset = reading.next!;
    reading.busy = true;
    const { records, nextOffset, highWatermark } = this.log.fetch(topic, partition, firstOffset);
    await this.log.pace('fetched');
    let next = nextOffset;
    const context: BatchContext = {
      heartbeat: async () => {
        await this.log.pace('heartbeat');
        if (this.#group.generation === this.#generation) return;
        this.#heed();
        throw new BusError('BATCH_FAILED', partitionName(reading), 'The group deals its partitions anew.', true);
      },
      isRunning: () => !this.#stopped,
      isStale: () => this.#assigned !== assigned,
      seek: (offset) => {
        next = offset;
      },
    };
    const batch: ConsumedBatch = { topic, partition, partitionCount: this.log.partitionCount(topic), firstOffset, lastOffset: nextOffset - 1, nextOffset, highWatermark, records };
    const outcome = await outcomeOf(this.options.onBatch, batch, context);
    // As those of a fetch, its bytes are others' from now on: who kept any shows.
    records.bytes.fill(0xdb);
    reading.busy = false;
    if (this.#assigned !== assigned) return;
    if (outcome.kind === 'stored') {
      reading.next = next;
      reading.failures = 0;
    } else if (outcome.kind === 'reposition') void this.#position(assigned, reading);
    else {
      reading.next = undefined;
      reading.failures += 1;
      this.options.onTrouble?.(new BusError('BATCH_FAILED', partitionName(reading), 'The batch is read again from the stored position.', true, outcome.error), reading.failures);
      void rest(backoff(reading.failures)).then(() => this.#position(assigned, reading));
    }
  }
}

const rest = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
