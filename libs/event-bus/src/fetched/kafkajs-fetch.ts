import { createRequire } from 'node:module';
import type { Batch } from 'kafkajs';
import { BusError } from '../bus-error.js';
import { readRecordBatches } from './record-batches.js';
import type { AbortedTransaction, FetchedPartition } from './record-batches.js';
import { spareMemory } from './spare-memory.js';

// kafkajs makes an object of every record, which is most of what fetching costs. Its group protocol is used as it is; three
// of its inner modules are changed, which is why package.json names one exact version: a connection takes a response that is
// whole as it is, the decoder of fetch responses leaves the records as bytes, and a batch asks them what it asked its messages.

/** What of kafkajs's decoder is used. */
interface Decoder {
  readInt16(): number;
  readInt32(): number;
  readInt64(): { toString(): string };
  readString(): string;
  readBytes(length: number): Buffer;
  readArray<T>(item: (decoder: Decoder) => T): T[];
}

/** A batch as kafkajs makes it of a partition's part of a response. */
interface KafkajsBatch {
  readonly fetchedOffset: string;
  readonly highWatermark: string;
  readonly rawMessages: UnreadRecords;
}

/** A connection as kafkajs makes it. */
interface KafkajsConnection {
  /** While it says who it is. */
  readonly authHandlers: object | null;
  /** Bytes that it has of what is not whole. */
  readonly bytesBuffered: number;
  readonly requestQueue: { fulfillRequest(response: { readonly size: number; readonly correlationId: number; readonly payload: Buffer }): void };
}

/** The bytes of one fetch response: used again once all its partitions were handled. Where one never is, the collector takes them. */
class FetchedBytes {
  #unhandled = 0;
  constructor(private readonly bytes: Buffer) {}

  hold(): void {
    this.#unhandled += 1;
  }

  handled(): void {
    this.#unhandled -= 1;
    if (this.#unhandled === 0) spareMemory.giveBack(this.bytes.buffer);
  }
}

/** A partition's records as fetched, in the place of kafkajs's array of messages. */
class UnreadRecords {
  #read: FetchedPartition | BusError | undefined;
  #isHandled = false;
  constructor(
    private readonly bytes: Buffer,
    private readonly aborted: readonly AbortedTransaction[],
    private readonly response: FetchedBytes,
  ) {
    response.hold();
  }

  /** Records there are for a reader, once {@link from} was asked. Not none where they cannot be read: nobody is to pass over them. */
  get length(): number {
    if (this.#read === undefined) return 0;
    return this.#read instanceof BusError ? 1 : this.#read.records.length;
  }

  /** As the batch filters its messages by offset, transaction and kind: all that is done in {@link from}. */
  filter(): this {
    return this;
  }

  /** @returns what was asked for, or why it cannot be read */
  from(offset: number): FetchedPartition | BusError {
    if (this.#read === undefined) {
      try {
        this.#read = readRecordBatches(this.bytes, offset, this.aborted, (size) => spareMemory.take(size));
        // It is not delivered, or with nothing to be read.
        if (this.#read.records.length === 0) this.handled();
      } catch (error) {
        if (!(error instanceof BusError)) throw error;
        this.#read = error;
      }
    }
    return this.#read;
  }

  /** Nobody reads them any more. */
  handled(): void {
    if (this.#isHandled) return;
    this.#isHandled = true;
    if (this.#read !== undefined && !(this.#read instanceof BusError)) spareMemory.giveBack(this.#read.columns);
    this.response.handled();
  }
}

const readOf = ({ rawMessages, fetchedOffset }: KafkajsBatch): FetchedPartition | BusError => rawMessages.from(Number(fetchedOffset));

/** Records of a batch that kafkajs delivers, or why they cannot be read. */
export const fetchedOf = (batch: Batch): FetchedPartition | BusError => readOf(batch as unknown as KafkajsBatch);

/** To be called once a delivered batch's handler has returned: its bytes and its columns are used for others from then on. */
export const handledOf = (batch: Batch): void => (batch as unknown as KafkajsBatch).rawMessages.handled();

/** Last offset that a batch covers; that before the one asked for where it covers nothing. */
function lastOffsetOf(batch: KafkajsBatch): number {
  const read = readOf(batch);
  const before = Number(batch.fetchedOffset) - 1;
  return read instanceof BusError ? before : Math.max(before, read.lastOffset ?? before);
}

/** What kafkajs's loop asks of a batch, answered from the bytes. One that cannot be read is delivered: the session tells why. */
const ANSWERS = {
  isEmpty(this: KafkajsBatch): boolean {
    const read = readOf(this);
    return !(read instanceof BusError) && read.records.length === 0;
  },
  isEmptyIncludingFiltered(this: KafkajsBatch): boolean {
    return !(readOf(this) instanceof BusError) && lastOffsetOf(this) < Number(this.fetchedOffset);
  },
  // Also a batch of which compaction left nothing: to kafkajs that was an empty one, at which it stayed for ever.
  isEmptyDueToFiltering(this: KafkajsBatch): boolean {
    const read = readOf(this);
    return !(read instanceof BusError) && read.records.length === 0 && lastOffsetOf(this) >= Number(this.fetchedOffset);
  },
  isEmptyControlRecord: () => false,
  isEmptyDueToLogCompactedMessages: () => false,
  firstOffset(this: KafkajsBatch): string {
    return this.fetchedOffset;
  },
  lastOffset(this: KafkajsBatch): string {
    return String(lastOffsetOf(this));
  },
  offsetLag(this: KafkajsBatch): string {
    return String(Number(this.highWatermark) - 1 - lastOffsetOf(this));
  },
  offsetLagLow(this: KafkajsBatch): string {
    return String(Number(this.highWatermark) - 1 - Number(this.fetchedOffset));
  },
};

/** Has kafkajs leave the records of fetch responses unread in this process; to be called before a client is made. */
export function leaveRecordsUnread(): void {
  const require = createRequire(import.meta.url);
  const inner = <T>(path: string): T => require(`kafkajs/src/${path}`) as T;
  const NewDecoder = inner<new (bytes: Buffer) => Decoder>('protocol/decoder');
  Object.assign(inner<{ prototype: object }>('consumer/batch').prototype, ANSWERS);
  takeWholeResponses(inner<{ prototype: { processData: ProcessData } }>('network/connection').prototype);
  // Brokers since 2.3 speak version 11, and kafkajs nothing newer.
  inner<{ decode: unknown }>('protocol/requests/fetch/v11/response').decode = (response: Buffer) => Promise.resolve(decodeResponse(new NewDecoder(response), new FetchedBytes(response)));
  for (const version of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
    inner<{ decode: unknown }>(`protocol/requests/fetch/v${version}/response`).decode = () => Promise.reject(brokerTooOld());
  }
}

type ProcessData = (this: KafkajsConnection, data: Buffer) => void;

// Told a whole response, as `connectFramed` tells it, kafkajs copies it to put it behind the nothing that was left of the one
// before.
function takeWholeResponses(prototype: { processData: ProcessData }): void {
  const { processData } = prototype;
  prototype.processData = function (data) {
    const isWhole = this.bytesBuffered === 0 && data.length >= 8 && data.readInt32BE(0) === data.length - 4;
    if (!isWhole || this.authHandlers !== null) return processData.call(this, data);
    this.requestQueue.fulfillRequest({ size: data.length - 4, correlationId: data.readInt32BE(4), payload: data.subarray(8) });
  };
}

// https://kafka.apache.org/protocol#The_Messages_Fetch, version 11.
function decodeResponse(decoder: Decoder, response: FetchedBytes) {
  const clientSideThrottleTime = decoder.readInt32();
  const errorCode = decoder.readInt16();
  const sessionId = decoder.readInt32();
  const responses = decoder.readArray((topic) => ({ topicName: topic.readString(), partitions: topic.readArray((partition) => decodePartition(partition, response)) }));
  // The client is to wait, not the broker: it says so under this name.
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}

function decodePartition(decoder: Decoder, response: FetchedBytes) {
  const partition = decoder.readInt32();
  const errorCode = decoder.readInt16();
  const highWatermark = decoder.readInt64().toString();
  const lastStableOffset = decoder.readInt64().toString();
  const lastStartOffset = decoder.readInt64().toString();
  const aborted = decoder.readArray((transaction) => ({
    producerId: BigInt(transaction.readInt64().toString()),
    firstOffset: BigInt(transaction.readInt64().toString()),
  }));
  const preferredReadReplica = decoder.readInt32();
  const messages = new UnreadRecords(decoder.readBytes(Math.max(0, decoder.readInt32())), aborted, response);
  return { partition, errorCode, highWatermark, lastStableOffset, lastStartOffset, abortedTransactions: null, preferredReadReplica, messages };
}

function brokerTooOld(): BusError {
  const error = new BusError('UNSUPPORTED_BROKER', 'a fetch', 'Use brokers of Kafka 2.3 or later.', false);
  // Else the client would try the same again and again.
  return Object.assign(error, { retriable: false });
}
