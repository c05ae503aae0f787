import type { Message, Producer, TopicMessages } from 'kafkajs';
import { setTimeout as pause } from 'node:timers/promises';
import { partitionOf } from '@throughline/event-contracts';
import { BusError } from './bus-error.js';
import type { KafkaConnection } from './kafka-connection.js';
import { busErrorOf, connectKafka } from './kafka-connection.js';
import { sendConfirmed } from './send-confirmed.js';
import { endedWithin } from './within.js';

/** One record to publish. Neither key nor value may change until it is acknowledged. */
export interface OutgoingRecord {
  readonly topic: string;
  /** Default: by the key's first four bytes; 0 without a key. */
  readonly partition?: number;
  readonly key: Buffer | null;
  /** Null: a tombstone, which erases what its key said. */
  readonly value: Buffer | null;
}

/** What a producer may be told. */
export interface EventProducerOptions extends KafkaConnection {
  /** Records of one request at most. Default 1,000. */
  readonly maxBatchRecords?: number;
  /** Bytes of keys and values in one request at most; a larger record goes alone. Default 1,000,000, below the broker's own limit. */
  readonly maxBatchBytes?: number;
  /** Bytes of keys and values that may wait; more are refused. Default 64 MiB. */
  readonly maxQueuedBytes?: number;
  /** Times a request is sent again, 3 s apart, after the client's own five tries, before it fails. Default 25: about two minutes. */
  readonly retries?: number;
  /** Milliseconds that {@link EventProducer.close} goes on sending what waits. Default 3,000. */
  readonly closeWithinMs?: number;
  /** Told after every acknowledged request, for telemetry. */
  readonly onSent?: (sent: { readonly records: number; readonly bytes: number; readonly milliseconds: number }) => void;
}

interface Submission {
  readonly records: readonly OutgoingRecord[];
  readonly bytes: number;
  /** Records already taken into a request. */
  taken: number;
  /** Records acknowledged. */
  acknowledged: number;
  /** Resolved or rejected. */
  settled: boolean;
  resolve(): void;
  reject(error: BusError): void;
}

/** The client's own tries at one request: a broker that moves its partitions is back within them. */
const CLIENT_RETRY = { retries: 4, initialRetryTime: 100, maxRetryTime: 3_000 };
const BETWEEN_RETRIES_MS = 3_000;
const DISCONNECT_WITHIN_MS = 2_000;

const sizeOf = (record: OutgoingRecord): number => (record.key?.length ?? 0) + (record.value?.length ?? 0);

/**
 * Publishes from one process, in one serial loop: one request at a time, its retries included, acknowledged by every
 * replica in sync. Not idempotent in Kafka's sense: after a lost response a record may stand twice, with the same key.
 */
export class EventProducer {
  private readonly producer: Producer;
  private readonly queue: Submission[] = [];
  private queuedBytes = 0;
  private connected = false;
  private closed = false;
  private loop: Promise<void> | undefined;
  private readonly partitionCounts = new Map<string, number>();
  private readonly waiting: (() => void)[] = [];
  private readonly abandoned = new AbortController();
  private readonly retries: number;
  private readonly limits: { readonly records: number; readonly bytes: number; readonly queued: number };

  constructor(private readonly options: EventProducerOptions) {
    const { maxBatchRecords = 1_000, maxBatchBytes = 1_000_000, maxQueuedBytes = 64 * 1024 * 1024, retries = 25 } = options;
    this.retries = retries;
    this.limits = { records: maxBatchRecords, bytes: maxBatchBytes, queued: maxQueuedBytes };
    this.producer = connectKafka(options, CLIENT_RETRY).producer({
      idempotent: false,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: () => ({ topic, message, partitionMetadata }) => {
        this.partitionCounts.set(topic, partitionMetadata.length);
        return this.placeOf(topic, message);
      },
    });
  }

  /** Connects now instead of at the first record, so that a wrong address shows at start. @throws BusError. */
  async connect(): Promise<void> {
    if (this.connected) return;
    try {
      await this.producer.connect();
      this.connected = true;
    } catch (error) {
      await this.producer.disconnect().catch(() => undefined);
      throw busErrorOf(error, this.options.brokers.join(','));
    }
  }

  /**
   * Resolves when every record is acknowledged. Records of one call, and of calls one after another, go in their order.
   * @throws BusError `QUEUE_FULL` (wait for {@link drained} and call again), `PRODUCER_CLOSED`, `RECORD_REFUSED` (a record
   *   the broker will never take), or what {@link busErrorOf} says of the cause, after all retries. Then some of the records
   *   may stand in the log: publish all of them again.
   */
  publish(records: readonly OutgoingRecord[]): Promise<void> {
    if (this.closed) return Promise.reject(new BusError('PRODUCER_CLOSED', 'producer', 'Publish before closing.', false));
    if (records.length === 0) return Promise.resolve();
    const bytes = records.reduce((sum, record) => sum + sizeOf(record), 0);
    if (this.queuedBytes > 0 && this.queuedBytes + bytes > this.limits.queued) {
      return Promise.reject(new BusError('QUEUE_FULL', 'producer', 'Wait until the queue has drained, then publish again.', true));
    }
    this.queuedBytes += bytes;
    return new Promise((resolve, reject) => {
      this.queue.push({ records, bytes, taken: 0, acknowledged: 0, settled: false, resolve, reject });
      this.loop ??= this.run();
    });
  }

  /** Resolves once at most half of the queue's limit waits: when to go on after `QUEUE_FULL`. */
  drained(): Promise<void> {
    if (this.hasDrained()) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /**
   * Refuses new records, sends what waits and disconnects. What the brokers do not acknowledge in time is given back with
   * `PRODUCER_CLOSED`: it may stand in the log or not, and is to be published again.
   */
  async close(): Promise<void> {
    this.closed = true;
    const sending = this.loop ?? Promise.resolve();
    const { closeWithinMs = 3_000 } = this.options;
    if (!(await endedWithin(closeWithinMs, sending))) {
      this.abandoned.abort();
      const fault = new BusError('PRODUCER_CLOSED', 'producer', 'It was closed before the brokers acknowledged: publish the same records again.', true);
      for (const submission of [...this.queue]) this.fail(submission, fault);
    }
    // A request under way holds its connection until its own tries are over.
    await endedWithin(DISCONNECT_WITHIN_MS, sending.then(() => this.producer.disconnect()));
    this.connected = false;
  }

  private hasDrained(): boolean {
    return this.queuedBytes <= this.limits.queued / 2;
  }

  private async run(): Promise<void> {
    // One turn later, so that calls made in the same turn share a request.
    await Promise.resolve();
    for (;;) {
      const request = this.take();
      if (request === undefined) {
        // In the same turn as the look into the queue: whoever publishes next finds no loop and begins one.
        this.loop = undefined;
        return;
      }
      try {
        const begun = performance.now();
        await this.send(request.messages, request.topics.join(','));
        this.options.onSent?.({ records: request.count, bytes: request.bytes, milliseconds: performance.now() - begun });
        for (const [submission, count] of request.parts) this.acknowledge(submission, count);
      } catch (error) {
        for (const submission of request.parts.keys()) this.fail(submission, error as BusError);
      }
    }
  }

  /** Sends until it is acknowledged or will never be. @throws BusError */
  private async send(messages: TopicMessages[], place: string): Promise<void> {
    for (let retry = 0; ; retry++) {
      try {
        await this.connect();
        await sendConfirmed((topicMessages) => this.producer.sendBatch({ acks: -1, topicMessages }), messages, (topic, message) => this.placeOf(topic, message));
        return;
      } catch (error) {
        const fault = publishFault(error, place);
        if (!fault.retryable || retry >= this.retries || this.abandoned.signal.aborted) throw fault;
        await pause(BETWEEN_RETRIES_MS, undefined, { signal: this.abandoned.signal }).catch(() => undefined);
      }
    }
  }

  private placeOf(topic: string, { partition, key }: Message): number {
    if (partition !== undefined) return partition;
    return key === null ? 0 : partitionOf(key as Buffer, this.partitionCounts.get(topic) ?? 1);
  }

  /** The next request: records in order of publication, up to the limits. */
  private take() {
    const byTopic = new Map<string, Message[]>();
    const parts = new Map<Submission, number>();
    let count = 0;
    let bytes = 0;
    collecting: for (const submission of this.queue) {
      while (submission.taken < submission.records.length) {
        const record = submission.records[submission.taken] as OutgoingRecord;
        const size = sizeOf(record);
        if (count >= this.limits.records || (count > 0 && bytes + size > this.limits.bytes)) break collecting;
        const { topic, partition, key, value } = record;
        let messages = byTopic.get(topic);
        if (messages === undefined) byTopic.set(topic, (messages = []));
        messages.push(partition === undefined ? { key, value } : { key, value, partition });
        submission.taken++;
        count++;
        bytes += size;
        parts.set(submission, (parts.get(submission) ?? 0) + 1);
      }
    }
    if (count === 0) return undefined;
    const messages: TopicMessages[] = [...byTopic].map(([topic, list]) => ({ topic, messages: list }));
    return { messages, parts, count, bytes, topics: [...byTopic.keys()] };
  }

  private acknowledge(submission: Submission, count: number): void {
    // Given back already when the producer was closed.
    if (submission.settled) return;
    submission.acknowledged += count;
    if (submission.acknowledged < submission.records.length) return;
    this.leave(submission);
    submission.resolve();
  }

  private fail(submission: Submission, fault: BusError): void {
    if (submission.settled) return;
    this.leave(submission);
    submission.reject(fault);
  }

  private leave(submission: Submission): void {
    submission.settled = true;
    const index = this.queue.indexOf(submission);
    if (index >= 0) this.queue.splice(index, 1);
    this.queuedBytes -= submission.bytes;
    if (this.hasDrained()) for (const resume of this.waiting.splice(0)) resume();
  }
}

const NEVER_TAKEN = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'CORRUPT_MESSAGE', 'POLICY_VIOLATION']);

function publishFault(error: unknown, place: string): BusError {
  for (let at = error; at instanceof Error; at = at.cause) {
    const type = (at as { type?: string }).type;
    if (type !== undefined && NEVER_TAKEN.has(type)) {
      return new BusError('RECORD_REFUSED', place, `The broker answers ${type}: the record must not be published as it is.`, false, error);
    }
    if (type === 'UNKNOWN_TOPIC_OR_PARTITION') return new BusError('TOPIC_MISSING', place, 'Create the topic first: ensureTopics does.', true, error);
  }
  const fault = busErrorOf(error, place);
  return fault.code === 'KAFKA_REFUSED' && fault.retryable
    ? new BusError('PUBLISH_FAILED', place, 'Publish the same records again later.', true, error)
    : fault;
}
