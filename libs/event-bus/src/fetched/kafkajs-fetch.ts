import { createRequire } from 'node:module';
import type { Batch } from 'kafkajs';
import { BusError } from '../bus-error.js';
import { readRecordBatches } from './record-batches.js';
import type { AbortedTransaction, FetchedPartition } from './record-batches.js';

// kafkajs makes an object of every record, which is most of what fetching costs. Its group protocol is used as it is; two
// of its inner modules are changed, which is why package.json names one exact version: the decoder of fetch responses leaves
// the records as bytes, and a batch asks them what it asked its messages.

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

/** A partition's records as fetched, in the place of kafkajs's array of messages. */
class UnreadRecords {
  #read: FetchedPartition | BusError | undefined;
  constructor(
    private readonly bytes: Buffer,
    private readonly aborted: readonly AbortedTransaction[],
  ) {}

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
        this.#read = readRecordBatches(this.bytes, offset, this.aborted);
      } catch (error) {
        if (!(error instanceof BusError)) throw error;
        this.#read = error;
      }
    }
    return this.#read;
  }
}

const readOf = ({ rawMessages, fetchedOffset }: KafkajsBatch): FetchedPartition | BusError => rawMessages.from(Number(fetchedOffset));

/** Records of a batch that kafkajs delivers, or why they cannot be read. */
export const fetchedOf = (batch: Batch): FetchedPartition | BusError => readOf(batch as unknown as KafkajsBatch);

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
  // Brokers since 2.3 speak version 11, and kafkajs nothing newer.
  inner<{ decode: unknown }>('protocol/requests/fetch/v11/response').decode = (response: Buffer) => Promise.resolve(decodeResponse(new NewDecoder(response)));
  for (const version of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
    inner<{ decode: unknown }>(`protocol/requests/fetch/v${version}/response`).decode = () => Promise.reject(brokerTooOld());
  }
}

// https://kafka.apache.org/protocol#The_Messages_Fetch, version 11.
function decodeResponse(decoder: Decoder) {
  const clientSideThrottleTime = decoder.readInt32();
  const errorCode = decoder.readInt16();
  const sessionId = decoder.readInt32();
  const responses = decoder.readArray((topic) => ({ topicName: topic.readString(), partitions: topic.readArray(decodePartition) }));
  // The client is to wait, not the broker: it says so under this name.
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}

function decodePartition(decoder: Decoder) {
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
  const messages = new UnreadRecords(decoder.readBytes(Math.max(0, decoder.readInt32())), aborted);
  return { partition, errorCode, highWatermark, lastStableOffset, lastStartOffset, abortedTransactions: null, preferredReadReplica, messages };
}

function brokerTooOld(): BusError {
  const error = new BusError('UNSUPPORTED_BROKER', 'a fetch', 'Use brokers of Kafka 2.3 or later.', false);
  // Else the client would try the same again and again.
  return Object.assign(error, { retriable: false });
}
