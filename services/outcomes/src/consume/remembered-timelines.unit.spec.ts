import { FetchedRecords } from '@throughline/event-bus';
import type { ConsumedBatch } from '@throughline/event-bus';
import { defaultBody, encodeEvent } from '@throughline/event-contracts';
import type { Fact } from '@throughline/outcome-metrics';
import { PartitionStore, timelineBucketOf, UniqueIds } from '@throughline/state-store';
import { MemoryRedis } from '@throughline/state-store/testing';
import { createTelemetry } from '@throughline/telemetry';
import { FactConsumer } from './fact-consumer.js';
import { RememberedTimelines } from './remembered-timelines.js';

const LOCATION = 'college.0';
const NOTHING = 0;
const EVERYTHING = 1 << 30;
const telemetry = createTelemetry({ service: 'outcomes', kind: 'outcomes', build: { version: '0', revision: 'test' }, runtimeSeries: false });
const ids = new UniqueIds();

/** One subject in each of a few buckets. */
const SUBJECTS = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((bucket) => Buffer.from([0, 0, 0, 0, bucket, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, bucket]));
const supportStarted = (subject: Buffer, revision: number, date: number): Buffer =>
  encodeEvent('SupportStarted', {
    ...defaultBody('SupportStarted'),
    meta: {
      eventId: Buffer.alloc(16),
      factId: Buffer.concat([subject.subarray(0, 8), Buffer.alloc(8, 1)]),
      subject,
      revision: { instant: revision, sequence: 0 },
      contentHash: Buffer.alloc(8, 1),
      change: 'STATED',
      occurredOn: { date, precision: 'DAY' },
      recordedAt: 0,
      source: { partner: 'p', system: 'rtof', submission: Buffer.alloc(16), record: 1 },
      agreementId: 'dsa',
      programme: null,
      evidence: 'CASE_RECORD',
      place: null,
    },
  });
const batchOf = (first: number, values: readonly Buffer[]): ConsumedBatch => ({
  topic: 'partner-events.college',
  partition: 0,
  partitionCount: 1,
  firstOffset: first,
  lastOffset: first + values.length - 1,
  nextOffset: first + values.length,
  highWatermark: first + values.length,
  records: FetchedRecords.of(values.map((value, index) => ({ offset: first + index, key: null, value, timestamp: 1 }))),
});

/** A process that may remember so much, over a store of its own or another's. */
function processOf(mostBytes: number, server = new MemoryRedis()) {
  const partitions = new PartitionStore(server.connect(), 1);
  const reads: (readonly number[])[] = [];
  const store = {
    next: (location: string) => partitions.next(location),
    load: (location: string, buckets?: readonly number[]) => {
      reads.push(buckets ?? []);
      return partitions.load(location, buckets);
    },
  };
  const remembered = new RememberedTimelines(store, mostBytes);
  const consumer = new FactConsumer({
    partitions,
    layout: { fix: async (_, count) => count, addMisplaced: async () => undefined },
    remembered,
    newId: () => ids.next(),
    deadLetters: { deadLetter: async () => 0 },
    telemetry,
    stopBefore: async () => Infinity,
    onStopped: () => undefined,
    onStored: () => undefined,
  });
  let next = 0;
  return {
    server,
    partitions,
    remembered,
    reads,
    /** @returns whether the batch was stored */
    async hear(...values: Buffer[]): Promise<boolean> {
      const taken = await consumer.take(batchOf(next, values), { isStale: () => false, isRunning: () => true });
      if (taken) next += values.length;
      return taken;
    },
  };
}
type Process = ReturnType<typeof processOf>;

async function startsOf({ remembered }: Process, subjects: readonly Buffer[] = SUBJECTS): Promise<(number | null)[]> {
  const starts = new Map<number, number>();
  for await (const found of remembered.lookInto(LOCATION, subjects.map(timelineBucketOf))) {
    if ('fault' in found) throw found.fault;
    const partition = await remembered.load(LOCATION, [found.bucket]);
    for (const subject of subjects.filter((each) => timelineBucketOf(each) === found.bucket)) {
      const facts: Fact[] = [];
      partition.addFactsOf(subject, facts);
      for (const { start } of facts) starts.set(found.bucket, start);
    }
  }
  return subjects.map((subject) => starts.get(timelineBucketOf(subject)) ?? null);
}

it.each([
  ['everything', EVERYTHING],
  ['nothing', NOTHING],
])('end alike where %s may be remembered: greatest revisions, whatever came before and is no longer here', async (_, mostBytes) => {
  const process = processOf(mostBytes);
  for (const revision of [2, 1, 4, 3]) expect(await process.hear(...SUBJECTS.map((subject) => supportStarted(subject, revision, 20_000 + revision)))).toBe(true);
  expect(await startsOf(process)).toEqual(SUBJECTS.map(() => 20_004));
  // What came late changed nothing in the store either.
  const { buckets } = await process.partitions.load(LOCATION, [timelineBucketOf(SUBJECTS[0]!)]);
  expect(await startsOf(processOf(mostBytes, process.server))).toEqual(SUBJECTS.map(() => 20_004));
  const onlyNews = processOf(EVERYTHING);
  for (const revision of [2, 4]) await onlyNews.hear(supportStarted(SUBJECTS[0]!, revision, 20_000 + revision));
  expect(buckets).toEqual((await onlyNews.partitions.load(LOCATION, [timelineBucketOf(SUBJECTS[0]!)])).buckets);
});

it('are forgotten from what was not needed for longest, down to what may be held', async () => {
  const [rare, often] = SUBJECTS as [Buffer, Buffer];
  const one = processOf(EVERYTHING);
  await one.hear(supportStarted(rare, 1, 20_001));
  const bytesOfOne = one.remembered.bytes;
  const process = processOf(bytesOfOne * 1.5);
  await process.hear(supportStarted(rare, 1, 20_001));
  await process.hear(supportStarted(often, 1, 20_001));
  await process.hear(supportStarted(often, 2, 20_002));
  expect(process.remembered.bytes).toBeLessThanOrEqual(bytesOfOne * 1.5);
  // Each was read once, and the one often needed is still here.
  expect(process.reads).toEqual([[timelineBucketOf(rare)], [timelineBucketOf(often)]]);
  expect(await startsOf(process, [rare, often])).toEqual([20_001, 20_002]);
});

it('take in a batch whose buckets were forgotten, and read again as they were before it, while it was written', async () => {
  const process = processOf(EVERYTHING);
  const [subject] = SUBJECTS as [Buffer];
  await process.hear(supportStarted(subject, 1, 20_001));
  const timelines = process.remembered.get(LOCATION)!;
  const bucket = timelineBucketOf(subject);
  const write = process.partitions.write.bind(process.partitions);
  process.partitions.write = async (...all) => {
    timelines.forget(bucket);
    // As a look that was on its way before the batch was staged.
    const { buckets } = await process.partitions.load(LOCATION, [bucket]);
    timelines.put(bucket, (await new RememberedTimelines({ next: async () => 1, load: async () => ({ next: 1, buckets }) }, EVERYTHING).load(LOCATION, [bucket])).bucket(bucket)!);
    return write(...all);
  };
  expect(await process.hear(supportStarted(subject, 2, 20_002))).toBe(true);
  expect(await startsOf(process, [subject])).toEqual([20_002]);
});

it('of a partition that another process moved on are read anew, and a batch from before is not stored', async () => {
  const first = processOf(EVERYTHING);
  const second = processOf(EVERYTHING, first.server);
  const [subject] = SUBJECTS as [Buffer];
  await first.hear(supportStarted(subject, 1, 20_001));
  expect(await second.hear(supportStarted(subject, 1, 20_001))).toBe(false);
  expect(await startsOf(second, [subject])).toEqual([20_001]);
  await first.hear(supportStarted(subject, 2, 20_002));
  expect(await startsOf(second, [subject])).toEqual([20_002]);
});

it('tell of a bucket that cannot be read, and hide no other for its sake', async () => {
  const process = processOf(NOTHING);
  await process.hear(...SUBJECTS.map((subject) => supportStarted(subject, 1, 20_001)));
  const damaged = timelineBucketOf(SUBJECTS[2]!);
  process.server.execute('SET', [`g1:{${LOCATION}}:b:${damaged}`, Buffer.alloc(40, 0xff)]);
  const found = new Map<number, boolean>();
  for await (const each of process.remembered.lookInto(LOCATION, SUBJECTS.map(timelineBucketOf))) found.set(each.bucket, 'fault' in each);
  expect([...found].filter(([, isFault]) => isFault)).toEqual([[damaged, true]]);
  expect(found.size).toBe(SUBJECTS.length);
});
