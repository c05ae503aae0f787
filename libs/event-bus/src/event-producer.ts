import type { Message, Producer, TopicMessages } from 'kafkajs';
import { partitionOf } from '@throughline/event-contracts';
import { BusError } from './bus-error.js';
import type { KafkaConnection } from './kafka-connection.js';
import { busErrorOf, connectKafka } from './kafka-connection.js';
import { sendConfirmed } from './send-confirmed.js';

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
  /** Times a request is tried again, 0.1 s to 3 s apart, before it fails. Default 40: about two minutes. */
  readonly retries?: number;
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
  resolve(): void;
  reject(error: BusError): void;
}

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
  private readonly limits: { readonly records: number; readonly bytes: number; readonly queued: number };

  constructor(private readonly options: EventProducerOptions) {
    const { maxBatchRecords = 1_000, maxBatchBytes = 1_000_000, maxQueuedBytes = 64 * 1024 * 1024, retries = 40 } = options;
    this.limits = { records: maxBatchRecords, bytes: maxBatchBytes, queued: maxQueuedBytes };
    this.producer = connectKafka(options, { retries, initialRetryTime: 100, maxRetryTime: 3_000 }).producer({
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
      this.queue.push({ records, bytes, taken: 0, acknowledged: 0, resolve, reject });
      this.loop ??= this.run();
    });
  }

  /** Resolves once at most half of the queue's limit waits: when to go on after `QUEUE_FULL`. */
  drained(): Promise<void> {
    if (this.hasDrained()) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Refuses new records, sends what waits, disconnects. */
  async close(): Promise<void> {
    this.closed = true;
    await this.loop;
    await this.producer.disconnect().catch(() => undefined);
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
        await this.connect();
        const begun = performance.now();
        await sendConfirmed((topicMessages) => this.producer.sendBatch({ acks: -1, topicMessages }), request.messages, (topic, message) =>
          this.placeOf(topic, message),
        );
        this.options.onSent?.({ records: request.count, bytes: request.bytes, milliseconds: performance.now() - begun });
        for (const [submission, count] of request.parts) this.acknowledge(submission, count);
      } catch (error) {
        const fault = publishFault(error, request.topics.join(','));
        for (const submission of request.parts.keys()) this.fail(submission, fault);
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
    submission.acknowledged += count;
    if (submission.acknowledged < submission.records.length) return;
    this.leave(submission);
    submission.resolve();
  }

  private fail(submission: Submission, fault: BusError): void {
    this.leave(submission);
    submission.reject(fault);
  }

  private leave(submission: Submission): void {
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
