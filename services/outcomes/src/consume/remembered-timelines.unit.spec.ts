import { timelineBucketOf } from '@throughline/state-store';
import { MemoryRedis } from '@throughline/state-store/testing';
import { ConsumingProcess, EVERYTHING, LOCATION, SUBJECTS, supportStarted } from '../testing/consuming-process.js';
import { BucketTimelines } from './bucket-timelines.js';

const NOTHING = 0;
const wholeReadsOf = ({ reads }: ConsumingProcess) => reads.flatMap(({ whole }) => (whole.length === 0 ? [] : [whole]));

it.each([
  ['everything', EVERYTHING],
  ['nothing', NOTHING],
])('end alike where %s may be remembered: greatest revisions, whatever came before and is no longer here', async (_, mostBytes) => {
  const process = new ConsumingProcess(mostBytes);
  for (const revision of [2, 1, 4, 3]) expect(await process.hear(...SUBJECTS.map((subject) => supportStarted(subject, revision, 20_000 + revision)))).toBe(true);
  expect(await process.startsOf()).toEqual(SUBJECTS.map(() => 20_004));
  // What came late changed nothing in the store either.
  const { buckets } = await process.partitions.load(LOCATION, [timelineBucketOf(SUBJECTS[0]!)]);
  expect(await new ConsumingProcess(mostBytes, process).startsOf()).toEqual(SUBJECTS.map(() => 20_004));
  const onlyNews = new ConsumingProcess(EVERYTHING);
  for (const revision of [2, 4]) await onlyNews.hear(supportStarted(SUBJECTS[0]!, revision, 20_000 + revision));
  expect(buckets).toEqual((await onlyNews.partitions.load(LOCATION, [timelineBucketOf(SUBJECTS[0]!)])).buckets);
});

it('are forgotten from what was not needed for longest, down to what may be held', async () => {
  const [rare, often] = SUBJECTS as [Buffer, Buffer];
  const one = new ConsumingProcess(EVERYTHING);
  await one.hear(supportStarted(rare, 1, 20_001));
  const bytesOfOne = one.remembered.bytes;
  const process = new ConsumingProcess(bytesOfOne * 1.5);
  await process.hear(supportStarted(rare, 1, 20_001));
  await process.hear(supportStarted(often, 1, 20_001));
  await process.hear(supportStarted(often, 2, 20_002));
  expect(process.remembered.bytes).toBeLessThanOrEqual(bytesOfOne * 1.5);
  // Each was read once, and the one often needed is still here.
  expect(wholeReadsOf(process)).toEqual([[timelineBucketOf(rare)], [timelineBucketOf(often)]]);
  expect(await process.startsOf([rare, often])).toEqual([20_001, 20_002]);
});

it('are the same that stay where all are needed in turn and not all may be held', async () => {
  const one = new ConsumingProcess(EVERYTHING);
  await one.hear(supportStarted(SUBJECTS[0]!, 1, 20_001));
  const process = new ConsumingProcess(one.remembered.bytes * 5.5);
  const readInRound = async (round: number): Promise<number[]> => {
    const before = process.reads.length;
    for (const subject of SUBJECTS) {
      await process.hear(supportStarted(subject, round, 20_000 + round));
      for (const { timelines } of process.remembered.get(LOCATION)!.known()) timelines.usedAt -= 5_000;
    }
    return process.reads.slice(before).flatMap(({ whole }) => whole);
  };
  expect(await readInRound(1)).toEqual(SUBJECTS.map(timelineBucketOf));
  expect(process.remembered.isShort).toBe(true);
  const again = await readInRound(2);
  expect(again.length).toBeLessThan(SUBJECTS.length);
  expect(await readInRound(3)).toEqual(again);
});

it('go first that nobody has needed for long', async () => {
  const [unneeded, ...others] = SUBJECTS as [Buffer, ...Buffer[]];
  const one = new ConsumingProcess(EVERYTHING);
  await one.hear(supportStarted(unneeded, 1, 20_001));
  const process = new ConsumingProcess(one.remembered.bytes * (others.length + 0.95));
  await process.hear(supportStarted(unneeded, 1, 20_001));
  for (const { timelines } of process.remembered.get(LOCATION)!.known()) timelines.usedAt -= 3_600_000;
  for (const subject of others) {
    await process.hear(supportStarted(subject, 1, 20_001));
    for (const { timelines } of process.remembered.get(LOCATION)!.known()) timelines.usedAt -= 5_000;
  }
  expect([...process.remembered.get(LOCATION)!.known()].map(({ bucket }) => bucket)).not.toContain(timelineBucketOf(unneeded));
  expect(process.remembered.isShort).toBe(false);
});

it('are forgotten where others add more to them than may be held', async () => {
  const [subject] = SUBJECTS as [Buffer];
  const owner = new ConsumingProcess(EVERYTHING);
  await owner.hear(supportStarted(subject, 1, 20_001));
  const mostBytes = owner.remembered.bytes * 2;
  const reader = new ConsumingProcess(mostBytes, owner);
  expect(await reader.startsOf([subject])).toEqual([20_001]);
  const others = Array.from({ length: 200 }, (_, number) => Buffer.concat([subject.subarray(0, 5), Buffer.from([1, 1, number]), Buffer.alloc(8)]));
  await owner.hear(...others.map((other) => supportStarted(other, 1, 20_001)));
  await reader.remembered.current(LOCATION);
  expect(reader.remembered.bytes).toBeLessThanOrEqual(mostBytes);
  expect(await reader.startsOf([subject])).toEqual([20_001]);
});

it('take in a batch whose buckets were forgotten, and read again as they were before it, while it was written', async () => {
  const process = new ConsumingProcess(EVERYTHING);
  const [subject] = SUBJECTS as [Buffer];
  await process.hear(supportStarted(subject, 1, 20_001));
  const timelines = process.remembered.get(LOCATION)!;
  const bucket = timelineBucketOf(subject);
  const write = process.partitions.write.bind(process.partitions);
  process.partitions.write = async (...all) => {
    timelines.forget(bucket);
    // As a look that was on its way before the batch was staged.
    timelines.put(bucket, BucketTimelines.from((await process.partitions.load(LOCATION, [bucket])).buckets[0]!));
    return write(...all);
  };
  expect(await process.hear(supportStarted(subject, 2, 20_002))).toBe(true);
  expect(await process.startsOf([subject])).toEqual([20_002]);
});

it('of a partition that another process moved on follow it, and a batch from before is not stored', async () => {
  const first = new ConsumingProcess(EVERYTHING);
  const second = new ConsumingProcess(EVERYTHING, first);
  const [subject] = SUBJECTS as [Buffer];
  await first.hear(supportStarted(subject, 1, 20_001));
  expect(await second.hear(supportStarted(subject, 1, 20_001))).toBe(false);
  expect(await second.startsOf([subject])).toEqual([20_001]);
  await first.hear(supportStarted(subject, 2, 20_002));
  expect(await second.startsOf([subject])).toEqual([20_002]);
});

it('tell of a bucket that cannot be read, and hide no other for its sake', async () => {
  const server = new MemoryRedis();
  const process = new ConsumingProcess(NOTHING, { connection: server.connect() });
  await process.hear(...SUBJECTS.map((subject) => supportStarted(subject, 1, 20_001)));
  const damaged = timelineBucketOf(SUBJECTS[2]!);
  server.execute('SET', [`g1:{${LOCATION}}:b:${damaged}`, Buffer.alloc(40, 0xff)]);
  expect(await faultsOf(process)).toEqual([damaged]);
});

it('tell of a bucket that cannot be read on, and follow with all others', async () => {
  const server = new MemoryRedis();
  const [first, second] = [new ConsumingProcess(EVERYTHING, { connection: server.connect() }), new ConsumingProcess(EVERYTHING, { connection: server.connect() })];
  await first.hear(...SUBJECTS.map((subject) => supportStarted(subject, 1, 20_001)));
  await second.startsOf();
  const damaged = timelineBucketOf(SUBJECTS[2]!);
  server.execute('APPEND', [`g1:{${LOCATION}}:b:${damaged}`, Buffer.alloc(40, 0xff)]);
  await first.hear(...SUBJECTS.map((subject) => supportStarted(subject, 2, 20_002)));
  expect(await faultsOf(second)).toEqual([damaged]);
  const others = SUBJECTS.filter((subject) => timelineBucketOf(subject) !== damaged);
  expect(await second.startsOf(others)).toEqual(others.map(() => 20_002));
});

/** Which buckets could not be read; every other was found. */
async function faultsOf(process: ConsumingProcess): Promise<number[]> {
  const found = new Map<number, boolean>();
  for await (const each of process.remembered.lookInto(LOCATION, SUBJECTS.map(timelineBucketOf))) found.set(each.bucket, 'fault' in each);
  expect(found.size).toBe(SUBJECTS.length);
  return [...found].flatMap(([bucket, isFault]) => (isFault ? [bucket] : []));
}
