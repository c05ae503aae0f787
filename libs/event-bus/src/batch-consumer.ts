import type { Admin, Kafka } from 'kafkajs';
import { partitionName } from './assigned-partitions.js';
import type { BatchConsumerOptions } from './batch-consumer-options.js';
import { BusError } from './bus-error.js';
import type { PartitionLag } from './consumed-batch.js';
import { leaveForFormer } from './former-member.js';
import { GroupSession } from './group-session.js';
import { busErrorOf, connectKafka } from './kafka-connection.js';
import { existingTopics, logRanges, matchingTopics } from './topic-admin.js';
import { endedWithin } from './within.js';

/** How long leaving the group may take, milliseconds: a batch takes tens of them. */
const STOP_WITHIN_MS = 5_000;
const DISCONNECT_WITHIN_MS = 1_000;
const ADMIN_RETRY = { retries: 8, initialRetryTime: 100, maxRetryTime: 2_000 };

/**
 * Reads partitions in batches from the position that the handler's own store holds. On every assignment each partition is
 * sought to its stored position; nothing fetched before that is delivered, nothing is delivered that does not begin there.
 */
export class BatchConsumer {
  private readonly options: BatchConsumerOptions;
  private readonly kafka: Kafka;
  private readonly admin: Admin;
  private session: GroupSession | undefined;
  private readonly callerPauses = new Set<string>();
  private readonly ends = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private fetchedAt: number | undefined;
  private crashed = false;
  private stopped = false;
  private work: Promise<void> = Promise.resolve();
  private readonly now: () => number;

  constructor(options: BatchConsumerOptions) {
    const { clientId, instance, now = Date.now } = options;
    this.options = instance === undefined ? options : { ...options, clientId: `${clientId ?? 'throughline'}@${instance}` };
    this.now = now;
    this.kafka = connectKafka(this.options, ADMIN_RETRY);
    this.admin = this.kafka.admin();
  }

  /**
   * Joins the group. With a pattern that matches nothing yet it waits for a topic.
   * @throws BusError `TOPIC_MISSING`, `KAFKA_UNREACHABLE`, `KAFKA_REFUSED`.
   */
  async start(): Promise<void> {
    try {
      await this.admin.connect();
      await existingTopics(this.admin, this.options.topics);
      await this.leaveForFormer();
      await this.refreshTopics();
    } catch (error) {
      await this.stop();
      throw busErrorOf(error, this.options.brokers.join(','));
    }
    this.scheduleLook();
  }

  /**
   * Leaves the group after the batches at work, and disconnects, whatever state it is in. Where that takes too long, since
   * the brokers do not answer or a batch waits for them, all is let go: a batch at work is then stale, and what it has not
   * stored is read again by whoever comes next.
   */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    const leaving = this.work.then(() => this.session?.end());
    if (!(await endedWithin(STOP_WITHIN_MS, leaving))) this.session?.abandon();
    this.session = undefined;
    await endedWithin(DISCONNECT_WITHIN_MS, this.admin.disconnect());
  }

  /** Looks for topics now; joins the group anew when there are others than before. */
  refreshTopics(): Promise<void> {
    return this.serially(async () => {
      const topics = await matchingTopics(this.admin, this.options.topics);
      if (topics.length > 0 && topics.join() !== this.session?.topics.join()) await this.join(topics);
    });
  }

  /** Stops fetching a partition until {@link resume}; a batch at work is finished. Kept over assignments. */
  pause(topic: string, partition: number): void {
    this.callerPauses.add(partitionName({ topic, partition }));
    this.session?.applyCallerPause({ topic, partition }, true);
  }

  /** Ends a {@link pause}. */
  resume(topic: string, partition: number): void {
    this.callerPauses.delete(partitionName({ topic, partition }));
    this.session?.applyCallerPause({ topic, partition }, false);
  }

  /** Instant of the last fetch, milliseconds by the given clock; undefined before the first. What liveness is judged by. */
  get lastFetchAt(): number | undefined {
    return this.fetchedAt;
  }

  /** Partitions held whose position is known, and how far behind they are; ends are at most `refreshTopicsMs` old. */
  lags(): PartitionLag[] {
    return (this.session?.positions() ?? []).map(({ topic, partition, position }) => ({
      topic,
      partition,
      next: position,
      end: Math.max(position, this.ends.get(partitionName({ topic, partition })) ?? position),
    }));
  }

  /** Why partitions given to this consumer are not read: see {@link BatchConsumerOptions.onHeld}. */
  held(): BusError[] {
    return this.session?.held() ?? [];
  }

  // Where that fails the group lets go of it a session later.
  private async leaveForFormer(): Promise<void> {
    const { instance, clientId, groupId, onTrouble } = this.options;
    if (instance === undefined || clientId === undefined) return;
    await leaveForFormer(this.kafka, this.admin, groupId, clientId).catch((error: unknown) => onTrouble?.(busErrorOf(error, groupId), 1));
  }

  // One change of membership at a time; none after the end.
  private serially(act: () => Promise<void>): Promise<void> {
    const result = this.work.then(() => (this.stopped ? undefined : act()));
    this.work = result.catch(() => undefined);
    return result;
  }

  private async join(topics: readonly string[]): Promise<void> {
    await this.session?.end();
    const session = new GroupSession(this.options, topics, {
      admin: this.admin,
      ends: this.ends,
      callerPauses: this.callerPauses,
      now: this.now,
      onFetch: () => {
        this.fetchedAt = this.now();
        this.options.onFetch?.();
      },
      onCrash: (error) => {
        if (this.session !== session || this.crashed || this.stopped) return;
        this.crashed = true;
        this.options.onCrash(error);
      },
    });
    this.session = session;
    await session.start();
  }

  private scheduleLook(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.look()
        .catch((error: unknown) => this.options.onTrouble?.(busErrorOf(error, this.options.brokers.join(',')), 1))
        .finally(() => this.scheduleLook());
    }, this.options.refreshTopicsMs ?? 2_000);
  }

  private async look(): Promise<void> {
    if (this.options.topics instanceof RegExp) await this.refreshTopics();
    const { session } = this;
    const topics = session?.topics ?? [];
    if (await session?.partitionsChanged()) return this.serially(() => this.join(topics));
    for (const topic of topics) {
      const positions = session?.positions() ?? [];
      const ranges = await logRanges(this.admin, topic);
      for (const { partition, end } of ranges) this.ends.set(partitionName({ topic, partition }), end);
      session?.askAgain(topic, positions, ranges);
    }
    const stuck = this.session?.stuckPartition(this.options.stuckAfterMs ?? 60_000);
    if (stuck === undefined) return;
    this.options.onTrouble?.(new BusError('CONSUMER_STUCK', partitionName(stuck), 'Records wait and none comes: the connection is made anew.', true), 1);
    await this.serially(() => this.join(topics));
  }
}
