import { crc32c } from '@node-rs/crc32';
import fc from 'fast-check';
import { createRequire } from 'node:module';
import { BusError } from '../bus-error.js';
import { readRecordBatches } from './record-batches.js';

// The client's own writer and reader, as they come: what ours must be equal to.
interface StockMessage {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}
type Encoded = { readonly buffer: Buffer };
const inner = <T>(path: string): T => createRequire(import.meta.url)(`kafkajs/src/${path}`) as T;
const stock = {
  Record: inner<(record: object) => Encoded>('protocol/recordBatch/record/v0'),
  RecordBatch: inner<{ RecordBatch: (batch: object) => Promise<Encoded> }>('protocol/recordBatch/v0').RecordBatch,
  Long: inner<{ fromValue: (value: string) => object }>('utils/long'),
  Decoder: inner<new (bytes: Buffer) => object>('protocol/decoder'),
  decodeMessages: inner<(decoder: object) => Promise<StockMessage[]>>('protocol/requests/fetch/v4/decodeMessages'),
  Batch: inner<new (topic: string, asked: string, partition: object) => { readonly messages: readonly StockMessage[] }>('consumer/batch'),
};

interface Batch {
  readonly records: readonly { readonly key: Uint8Array | null; readonly value: Uint8Array | null; readonly gap: number; readonly later: number; readonly headers: Record<string, string> }[];
  /** Offsets after the last record that compaction emptied. */
  readonly emptied: number;
  readonly firstTimestamp: number;
  readonly gzip: boolean;
  readonly appendTime: boolean;
  /** Number of the transaction's producer; undefined: none. */
  readonly producer: number | undefined;
  /** Ends its producer's transaction: nothing but a marker. */
  readonly marker: 'ABORT' | 'COMMIT' | undefined;
}

const bytes = (maxLength: number) => fc.option(fc.uint8Array({ maxLength }), { nil: null });
// The client takes in one transaction a record, and so shows records of one taken back where another's first are gone: a
// transaction begins with a record here, and the test at the end says what is right.
const withFirstRecord = (batch: Batch): Batch => {
  if (batch.producer === undefined) return batch;
  const [first = { key: null, value: null, later: 0, headers: {} }, ...rest] = batch.records;
  return { ...batch, records: [{ ...first, gap: 0 }, ...rest] };
};
const arbitraryBatch: fc.Arbitrary<Batch> = fc
  .record({
    records: fc.array(
      fc.record({
        key: bytes(40),
        value: bytes(300),
        gap: fc.integer({ min: 0, max: 200 }),
        later: fc.integer({ min: -5_000, max: 4_000_000_000 }),
        headers: fc.dictionary(fc.constantFrom('a', 'traceparent'), fc.string({ maxLength: 5 }), { maxKeys: 2 }),
      }),
      { maxLength: 6 },
    ),
    emptied: fc.integer({ min: 0, max: 3 }),
    firstTimestamp: fc.integer({ min: 0, max: 2_000_000_000_000 }),
    gzip: fc.boolean(),
    appendTime: fc.boolean(),
    producer: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    marker: fc.option(fc.constantFrom('ABORT' as const, 'COMMIT' as const), { nil: undefined }),
  })
  .map(withFirstRecord);

const APPEND_TIME = 0x08;
const CONTROL = 0x20;

/** Sets what the client's writer cannot, and the checksum anew. */
function withAttributes(batch: Buffer, attributes: number): Buffer {
  batch.writeInt16BE(batch.readInt16BE(21) | attributes, 21);
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
  return batch;
}

/** A partition as a broker holds it: its bytes, the transactions taken back, and where each batch begins. */
async function partitionOf(batches: readonly Batch[]) {
  const parts: Buffer[] = [];
  const begins: number[] = [];
  const aborted: { producerId: bigint; firstOffset: bigint }[] = [];
  const open = new Map<number, number>();
  let next = 0;
  let lastOffset = -1;
  for (const { records, emptied, firstTimestamp, gzip, appendTime, producer, marker } of batches) {
    const isMarker = producer !== undefined && marker !== undefined && open.has(producer);
    const told = isMarker ? [{ key: Buffer.from([0, 0, 0, marker === 'ABORT' ? 0 : 1]), value: Buffer.alloc(6), gap: 0, later: 0, headers: {} }] : records;
    if (isMarker) {
      if (marker === 'ABORT') aborted.push({ producerId: BigInt(producer), firstOffset: BigInt(open.get(producer)!) });
      open.delete(producer);
    } else if (producer !== undefined && !open.has(producer)) open.set(producer, next);
    let delta = 0;
    const encoded = told.map(({ key, value, gap, later, headers }, i) => {
      delta += gap + (i === 0 ? 0 : 1);
      return stock.Record({ offsetDelta: delta, timestampDelta: stock.Long.fromValue(String(later)), key: key && Buffer.from(key), value: value && Buffer.from(value), headers });
    });
    const lastOffsetDelta = delta + emptied;
    const batch = await stock.RecordBatch({
      compression: gzip && !isMarker && encoded.length > 0 ? 1 : 0,
      firstOffset: stock.Long.fromValue(String(next)),
      firstTimestamp,
      maxTimestamp: firstTimestamp + 7,
      lastOffsetDelta,
      transactional: producer !== undefined,
      producerId: stock.Long.fromValue(String(producer ?? -1)),
      records: encoded,
    });
    begins.push(next);
    parts.push(withAttributes(batch.buffer, (appendTime ? APPEND_TIME : 0) | (isMarker ? CONTROL : 0)));
    lastOffset = next + lastOffsetDelta;
    next = lastOffset + 1;
  }
  return { parts, aborted, begins, lastOffset, end: next };
}

async function stockRecords(fetched: Buffer, asked: number, aborted: readonly { producerId: bigint; firstOffset: bigint }[]) {
  const sized = Buffer.concat([Buffer.alloc(4), fetched]);
  sized.writeInt32BE(fetched.length);
  // Cut off within the first batch's head, which no broker does, the client fails.
  const messages = fetched.length < 61 ? [] : await stock.decodeMessages(new stock.Decoder(sized));
  const abortedTransactions = [...aborted]
    .sort((a, b) => Number(a.firstOffset - b.firstOffset))
    .map(({ producerId, firstOffset }) => ({ producerId: String(producerId), firstOffset: String(firstOffset) }));
  const batch = new stock.Batch('t', String(asked), { partition: 0, highWatermark: '0', messages, abortedTransactions });
  return batch.messages.map(({ offset, timestamp, key, value }) => ({ offset: Number(offset), timestamp: Number(timestamp), key, value }));
}

/** How many random partitions to try. */
const RUNS = 400;

it('reads what the client reads: of any batches, plain or gzip, with transactions, from any offset, cut off anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(arbitraryBatch, { minLength: 1, maxLength: 8 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), async (batches, from, to) => {
      const { parts, aborted, begins, lastOffset, end } = await partitionOf(batches);
      const asked = Math.floor(from * end);
      // As a broker: from the batch that holds the offset on, and cut off where the fetch is full.
      const first = Math.max(0, begins.findLastIndex((begin) => begin <= asked));
      const whole = Buffer.concat(parts.slice(first));
      const fetched = whole.subarray(0, Math.ceil(to * whole.length));
      const read = readRecordBatches(fetched, asked, aborted);
      expect([...read.records]).toEqual(await stockRecords(fetched, asked, aborted));
      if (fetched.length === whole.length) expect(read.lastOffset).toBe(lastOffset);
    }),
    { numRuns: RUNS },
  );
});

it('never hands on records of a batch of which any byte is another', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryBatch, fc.nat(), fc.integer({ min: 1, max: 255 }), async (batch, place, flip) => {
      const { parts } = await partitionOf([batch]);
      const damaged = Buffer.from(parts[0]!);
      // From the checksum on; what stands before it says where the batch lies.
      const at = 17 + (place % (damaged.length - 17));
      damaged[at]! ^= flip;
      expect(() => readRecordBatches(damaged, 0, [])).toThrow(BusError);
    }),
    { numRuns: RUNS },
  );
});

it('never hangs, crashes, or fails without a code, whatever bytes it is given under a right checksum', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryBatch, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }), async (batch, changes) => {
      const { parts } = await partitionOf([{ ...batch, gzip: false }]);
      const changed = Buffer.from(parts[0]!);
      for (const [place, byte] of changes) changed[21 + (place % (changed.length - 21))] = byte;
      changed.writeUInt32BE(crc32c(changed.subarray(21)), 17);
      try {
        for (const { key, value } of readRecordBatches(changed, 0, []).records) expect((key?.length ?? 0) + (value?.length ?? 0)).toBeLessThanOrEqual(changed.length);
      } catch (error) {
        if (!(error instanceof BusError)) throw error;
      }
    }),
    { numRuns: RUNS },
  );
});

it('covers the offsets of a batch of which compaction left nothing', async () => {
  const nothing: Batch = { records: [], emptied: 9, firstTimestamp: 0, gzip: false, appendTime: true, producer: undefined, marker: undefined };
  const { parts } = await partitionOf([nothing]);
  expect(readRecordBatches(parts[0]!, 3, [])).toMatchObject({ lastOffset: 9, records: { length: 0 } });
});

it('shows nothing of transactions taken back, also where compaction took the first records of one', async () => {
  const plain: Batch = { records: [], emptied: 0, firstTimestamp: 0, gzip: false, appendTime: false, producer: undefined, marker: undefined };
  const record = { key: null, value: Buffer.from('taken back'), gap: 0, later: 0, headers: {} };
  const { parts, aborted } = await partitionOf([
    { ...plain, producer: 2 },
    { ...plain, producer: 3, records: [record] },
    { ...plain, producer: 2, marker: 'ABORT' },
    { ...plain, producer: 3, marker: 'ABORT' },
    { ...plain, records: [{ ...record, value: Buffer.from('stands') }] },
  ]);
  expect([...readRecordBatches(Buffer.concat(parts), 0, aborted).records].map(({ offset, value }) => [offset, String(value)])).toEqual([[4, 'stands']]);
});
