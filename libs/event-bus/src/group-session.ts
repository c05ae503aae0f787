import type { Admin, Consumer, EachBatchPayload } from 'kafkajs';
import type { AssignedPartition, PauseReason } from './assigned-partitions.js';
import { AssignedPartitions, backoff, outsideLog, partitionName } from './assigned-partitions.js';
import type { BatchConsumerOptions } from './batch-consumer-options.js';
import type { Outcome } from './batch-outcome.js';
import { outcomeOf } from './batch-outcome.js';
import { BusError } from './bus-error.js';
import type { AssignedPosition, BatchContext, ConsumedBatch, TopicPartition } from './consumed-batch.js';
import { FetchedRecords } from './fetched/fetched-records.js';
import { fetchedOf, handledOf } from './fetched/kafkajs-fetch.js';
import { busErrorOf, connectKafka } from './kafka-connection.js';
import { LogPositions } from './log-positions.js';
import type { TopicLog } from './log-positions.js';
import type { LogRange } from './topic-admin.js';
import { partitionCounts } from './topic-admin.js';

/** Batches in a row that begin elsewhere than asked, after which the store and the log are asked again. */
const STRAYS_PER_LOOK = 5;
/** Such batches after which the client is given up: store and log agree, and it reads elsewhere. */
const MAX_STRAYS = 20;
const CLIENT_RETRY = { retries: 8, initialRetryTime: 100, maxRetryTime: 2_000 };

/** What a session shares with the consumer that made it. */
export interface SessionScope {
  readonly admin: Admin;
  /** Ends of partitions, by name, as far as known. */
  readonly ends: Map<string, number>;
  /** Names of the partitions that the caller has paused. */
  readonly callerPauses: ReadonlySet<string>;
  readonly now: () => number;
  readonly onFetch: () => void;
  readonly onCrash: (error: BusError) => void;
}

/**
 * One membership of the group, with one fixed list of topics. What it knows belongs to one assignment; whatever is under
 * way when the next one comes finds that `assigned` is another object and does nothing more.
 */
export class GroupSession {
  private readonly consumer: Consumer;
  private readonly logPositions: LogPositions;
  private assigned: AssignedPartitions;
  private committedAt: number;
  private ended = false;

  constructor(
    private readonly options: BatchConsumerOptions,
    readonly topics: readonly string[],
    private readonly scope: SessionScope,
  ) {
    const { groupId, maxWaitMs = 50, maxBytesPerPartition = 1024 * 1024, maxBytes = 10 * 1024 * 1024, sessionTimeoutMs = 10_000 } = options;
    this.assigned = new AssignedPartitions({}, scope.callerPauses, scope.now());
    this.committedAt = scope.now();
    this.logPositions = new LogPositions(scope.admin, options.fromPosition);
    this.consumer = connectKafka(options, CLIENT_RETRY).consumer({
      groupId,
      maxWaitTimeInMs: maxWaitMs,
      maxBytesPerPartition,
      maxBytes,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: Math.max(200, Math.floor(sessionTimeoutMs / 10)),
      allowAutoTopicCreation: false,
    });
  }

  /** Joins. A group that may not be read shows as a crash afterwards, not as an error here: kafkajs runs on its own. */
  async start(): Promise<void> {
    this.listen();
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...this.topics], fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.options.concurrency ?? 1,
      eachBatch: (payload) => this.deliver(payload).finally(() => handledOf(payload.batch)),
    });
  }

  /** Leaves the group after the batches at work, and disconnects. */
  async end(): Promise<void> {
    await this.commit();
    await this.consumer.stop().catch(() => undefined);
    this.ended = true;
    this.assigned = new AssignedPartitions({}, this.scope.callerPauses, this.scope.now());
    await this.consumer.disconnect().catch(() => undefined);
  }

  /** Nothing that is under way counts any longer; the client ends when its own tries are over. */
  abandon(): void {
    this.ended = true;
    this.assigned = new AssignedPartitions({}, this.scope.callerPauses, this.scope.now());
    void this.consumer.disconnect().catch(() => undefined);
  }

  /** Partitions whose position is known. */
  positions(): AssignedPosition[] {
    return this.assigned.all().flatMap(({ topic, partition, next }) => (next === undefined ? [] : [{ topic, partition, position: next }]));
  }

  /** Pauses or resumes a partition in the caller's name. */
  applyCallerPause({ topic, partition }: TopicPartition, on: boolean): void {
    this.setPause(this.assigned, this.assigned.find(topic, partition), 'caller', on);
  }

  /** Why partitions are held. */
  held(): BusError[] {
    return this.assigned.all().flatMap(({ held }) => held ?? []);
  }

  /** A partition that has not moved for so long though records wait and nothing holds it. */
  stuckPartition(afterMs: number): TopicPartition | undefined {
    return this.assigned.stuck(this.scope.ends, this.scope.now(), afterMs);
  }

  /**
   * Asks again where to read: partitions that are held, since what held them may be gone; and those of a topic that the log
   * does not seem to hold any more, since a client to which nothing comes does not notice.
   * @param before positions as they were before the ranges were asked for: ends only grow.
   */
  askAgain(topic: string, before: readonly AssignedPosition[], ranges: readonly LogRange[]): void {
    for (const partition of this.assigned.doubtful(topic, before, ranges)) this.reposition(this.assigned, partition);
  }

  /** Whether a topic has another number of partitions than when its positions were asked for. */
  async partitionsChanged(): Promise<boolean> {
    const { assigned } = this;
    const counts = await partitionCounts(this.scope.admin, this.topics);
    return this.assigned === assigned && assigned.all().some(({ topic, partitionCount }) => partitionCount > 0 && counts.get(topic) !== partitionCount);
  }

  private listen(): void {
    const { GROUP_JOIN, CRASH, FETCH, START_BATCH_PROCESS } = this.consumer.events;
    this.consumer.on(GROUP_JOIN, ({ payload }) => {
      const assigned = new AssignedPartitions(payload.memberAssignment, this.scope.callerPauses, this.scope.now());
      this.assigned = assigned;
      for (const partition of assigned.all()) this.setPause(assigned, partition, 'position', true);
      void this.positionAll(assigned);
    });
    this.consumer.on(CRASH, ({ payload }) => {
      const error = busErrorOf(payload.error, this.options.groupId);
      if (payload.restart) this.options.onTrouble?.(error, 1);
      else this.scope.onCrash(error);
    });
    this.consumer.on(FETCH, this.scope.onFetch);
    // Nothing to be seen, but control records, a transaction taken back, or what compaction left nothing of: the client passes
    // over that by itself and tells nobody else.
    this.consumer.on(START_BATCH_PROCESS, ({ payload }) => {
      const partition = this.assigned.find(payload.topic, payload.partition);
      if (payload.batchSize === 0 && partition?.next !== undefined) {
        void this.passOver(this.assigned, partition, partition.next, Number(payload.lastOffset), Number(payload.highWatermark));
      }
    });
  }

  /** Seeks every partition of a new assignment to its stored position, after checking that the log reaches there. */
  private async positionAll(assigned: AssignedPartitions): Promise<void> {
    const logOf = this.logPositions.askedOnce();
    const positions = await Promise.all(assigned.all().map((partition) => this.position(assigned, partition, logOf)));
    if (this.assigned === assigned) this.options.onAssigned?.(positions.filter((position) => position !== undefined));
  }

  private async position(
    assigned: AssignedPartitions,
    partition: AssignedPartition,
    logOf: (topic: string) => Promise<TopicLog>,
  ): Promise<AssignedPosition | undefined> {
    const { topic, partition: number } = partition;
    partition.next = undefined;
    partition.positioning = true;
    this.setPause(assigned, partition, 'position', true);
    while (this.assigned === assigned && !this.ended) {
      try {
        const log = await logOf(topic);
        const found = await this.logPositions.find(partition, log);
        if (this.assigned !== assigned) return undefined;
        partition.partitionCount = log.partitionCount;
        partition.positioning = false;
        if ('held' in found) return this.hold(partition, found.held);
        partition.held = undefined;
        this.scope.ends.set(partitionName(partition), found.end);
        this.seek(assigned, partition, found.position);
        this.setPause(assigned, partition, 'position', false);
        return { topic, partition: number, position: found.position };
      } catch (cause) {
        partition.failures++;
        const remedy = 'The store or the broker does not say where to read: it is asked again.';
        this.options.onTrouble?.(new BusError('POSITION_UNKNOWN', partitionName(partition), remedy, true, cause), partition.failures);
        await delay(backoff(partition.failures));
      }
    }
    return undefined;
  }

  /** Leaves the partition unread, and tells of it if it is not held for the same reason already. */
  private hold(partition: AssignedPartition, error: BusError): undefined {
    const isNews = partition.held?.message !== error.message;
    partition.held = error;
    if (isNews) this.options.onHeld?.(error);
  }

  private seek(assigned: AssignedPartitions, partition: AssignedPartition, offset: number): void {
    if (this.assigned !== assigned) return;
    partition.next = offset;
    this.consumer.seek({ topic: partition.topic, partition: partition.partition, offset: String(offset) });
  }

  private setPause(assigned: AssignedPartitions, partition: AssignedPartition | undefined, reason: PauseReason, on: boolean): void {
    if (this.assigned !== assigned || partition === undefined) return;
    if (on) partition.pauses.add(reason);
    else partition.pauses.delete(reason);
    const where = [{ topic: partition.topic, partitions: [partition.partition] }];
    try {
      if (partition.pauses.size > 0) this.consumer.pause(where);
      else this.consumer.resume(where);
    } catch {
      // Between two memberships the client knows no partitions: the next assignment applies what the set says.
    }
  }

  private async deliver(payload: EachBatchPayload): Promise<void> {
    const { assigned } = this;
    const { batch } = payload;
    const partition = assigned.find(batch.topic, batch.partition);
    if (partition?.next === undefined || payload.isStale() || !payload.isRunning()) return;
    // Where the client asked; not in its types.
    const fetchedAt = Number((batch as unknown as { fetchedOffset: string }).fetchedOffset);
    if (fetchedAt !== partition.next) return this.stray(assigned, partition, fetchedAt);
    partition.strays = 0;

    let escape: { readonly error: unknown } | undefined;
    let sought: number | undefined;
    const isLost = (): boolean => this.assigned !== assigned || payload.isStale();
    const context: BatchContext = {
      heartbeat: () =>
        payload.heartbeat().catch((error: unknown) => {
          escape = { error };
          throw error;
        }),
      isRunning: () => payload.isRunning(),
      isStale: isLost,
      seek: (offset) => {
        sought = offset;
      },
    };
    const fetched = fetchedOf(batch);
    if (fetched instanceof BusError) return fetched.retryable ? this.trouble(assigned, partition, fetched) : this.scope.onCrash(fetched);
    const lastOffset = batch.lastOffset();
    const view: ConsumedBatch = {
      topic: batch.topic,
      partition: batch.partition,
      partitionCount: partition.partitionCount,
      firstOffset: fetchedAt,
      lastOffset: Number(lastOffset),
      nextOffset: Number(lastOffset) + 1,
      highWatermark: Number(batch.highWatermark),
      records: fetched.records,
    };
    const outcome = await outcomeOf(this.options.onBatch, view, context);
    // A rebalance leaves at once, whatever the handler made of it: the client joins again and asks for new positions.
    if (escape !== undefined) throw escape.error;
    if (isLost() || !this.isStored(assigned, partition, view, outcome)) return;
    if (sought === undefined) {
      partition.next = view.nextOffset;
      payload.resolveOffset(lastOffset);
    } else this.seek(assigned, partition, sought);
    if (this.scope.now() - this.committedAt >= (this.options.commitIntervalMs ?? 5_000)) void this.commit();
  }

  /** Hands on a batch without records, so that the store's position moves past what nobody is to see. */
  private async passOver(assigned: AssignedPartitions, partition: AssignedPartition, from: number, lastOffset: number, highWatermark: number): Promise<void> {
    const { topic, partition: number } = partition;
    partition.next = undefined;
    this.setPause(assigned, partition, 'position', true);
    let nextOffset = lastOffset + 1;
    const view: ConsumedBatch = { topic, partition: number, partitionCount: partition.partitionCount, firstOffset: from, lastOffset, nextOffset, highWatermark, records: FetchedRecords.of([]) };
    const outcome = await outcomeOf(this.options.onBatch, view, {
      heartbeat: async () => undefined,
      isRunning: () => !this.ended,
      isStale: () => this.assigned !== assigned,
      seek: (offset) => {
        nextOffset = offset;
      },
    });
    if (this.assigned !== assigned || !this.isStored(assigned, partition, view, outcome)) return;
    this.seek(assigned, partition, nextOffset);
    this.setPause(assigned, partition, 'position', false);
  }

  private isStored(assigned: AssignedPartitions, partition: AssignedPartition, batch: ConsumedBatch, outcome: Outcome): boolean {
    this.scope.ends.set(partitionName(partition), batch.highWatermark);
    if (outcome.kind === 'stored') partition.failures = 0;
    else if (outcome.kind === 'reposition') this.reposition(assigned, partition);
    else this.trouble(assigned, partition, outcome.error);
    return outcome.kind === 'stored';
  }

  // After the log was cut off or made anew, the client goes to its beginning by itself: never deliver from there.
  private stray(assigned: AssignedPartitions, partition: AssignedPartition, fetchedAt: number): void {
    const wanted = partition.next ?? fetchedAt;
    partition.strays++;
    if (partition.strays > MAX_STRAYS) this.scope.onCrash(outsideLog(partition, wanted, undefined));
    else if (partition.strays % STRAYS_PER_LOOK === 0) this.reposition(assigned, partition);
    else this.seek(assigned, partition, wanted);
  }

  private reposition(assigned: AssignedPartitions, partition: AssignedPartition): void {
    void this.position(assigned, partition, (topic) => this.logPositions.askLog(topic));
  }

  private trouble(assigned: AssignedPartitions, partition: AssignedPartition, cause: unknown): void {
    partition.failures++;
    partition.next = undefined;
    this.setPause(assigned, partition, 'trouble', true);
    const remedy = 'The batch is read again from the stored position.';
    this.options.onTrouble?.(new BusError('BATCH_FAILED', partitionName(partition), remedy, true, cause), partition.failures);
    void delay(backoff(partition.failures)).then(() => {
      this.reposition(assigned, partition);
      this.setPause(assigned, partition, 'trouble', false);
    });
  }

  // A hint for other tools: nothing is read from where it says, so nothing depends on whether it succeeds.
  private async commit(): Promise<void> {
    this.committedAt = this.scope.now();
    if (this.options.commitIntervalMs === null) return;
    const offsets = this.positions().map(({ topic, partition, position }) => ({ topic, partition, offset: String(position) }));
    if (offsets.length > 0) await this.consumer.commitOffsets(offsets).catch(() => undefined);
  }
}

const delay = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
