import { NO_CHANGE, StateStoreError, timelineBucketOf } from '@throughline/state-store';
import { MemoryRedis } from '@throughline/state-store/testing';
import type { StoreCopy } from '@throughline/state-store/testing';
import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import { ConsumingProcess, EVERYTHING, LOCATION, SUBJECTS, supportStarted } from '../testing/consuming-process.js';
import type { ConsumingProcessOptions } from '../testing/consuming-process.js';
import { TakingTurns } from '../testing/taking-turns.js';
import { BucketTimelines } from './bucket-timelines.js';

const [ONE, TWO, THREE] = SUBJECTS as [Buffer, Buffer, Buffer];
const toldOf = (subject: Buffer, revision: number) => supportStarted(subject, revision, 20_000 + revision);

/** Compacts a bucket once two thirds of it are superseded, be it ever so small. */
const compacting = { compactAtBytes: 1 };

const processOver = (store: MemoryRedis, options: ConsumingProcessOptions = {}) => new ConsumingProcess(EVERYTHING, { connection: store.connect(), ...options });

let server: MemoryRedis;
let owner: ConsumingProcess;
let reader: ConsumingProcess;
beforeEach(() => {
  server = new MemoryRedis();
  owner = processOver(server);
  reader = processOver(server);
});

/** What a process remembers is in the state that is stored: in every bucket it has, and to the byte. */
async function expectAsStored({ remembered, partitions }: ConsumingProcess): Promise<void> {
  const partition = remembered.get(LOCATION)!;
  const stored = await partitions.load(LOCATION);
  expect(partition.state).toEqual({ next: stored.next, lastChange: stored.lastChange });
  for (const { bucket, timelines } of partition.known()) {
    expect([bucket, timelines.storedBytes]).toEqual([bucket, stored.buckets[bucket]!.length]);
    expect(timelines.inForce()).toEqual(BucketTimelines.from(stored.buckets[bucket]!).inForce());
  }
}

/** Holds a call back: it is not begun before `begin`, nor its answer given before `answer`. */
function heldBack<A extends unknown[], R>(call: (...args: A) => Promise<R>) {
  const [begin, done, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  return {
    begin: begin.resolve,
    done: done.promise,
    answer: answer.resolve,
    call: async (...args: A): Promise<R> => {
      await begin.promise;
      const result = await call(...args);
      done.resolve();
      await answer.promise;
      return result;
    },
  };
}

describe('what another process adds to a partition', () => {
  it('is all that comes over', async () => {
    await owner.hear(...SUBJECTS.map((subject) => toldOf(subject, 1)));
    await reader.startsOf();
    const before = (await owner.partitions.load(LOCATION)).buckets;
    const reads = reader.reads.length;
    await owner.hear(toldOf(ONE, 2), toldOf(TWO, 2));
    await owner.hear(toldOf(ONE, 3));
    const after = (await owner.partitions.load(LOCATION)).buckets;
    expect(await reader.startsOf()).toEqual([20_003, 20_002, ...SUBJECTS.slice(2).map(() => 20_001)]);
    expect(reader.reads.slice(reads)).toEqual([{ whole: [], bytesReadOn: Buffer.concat(after).length - Buffer.concat(before).length }]);
    await expectAsStored(reader);
  });

  it('is followed over batches that change nothing', async () => {
    await owner.hear(toldOf(ONE, 2));
    await reader.startsOf();
    await owner.hear(toldOf(ONE, 1));
    expect(await reader.startsOf([ONE])).toEqual([20_002]);
    await expectAsStored(reader);
    expect(reader.reads.at(-1)).toEqual({ whole: [], bytesReadOn: 0 });
  });

  it('is taken in once by two who look at once', async () => {
    await owner.hear(toldOf(ONE, 1), toldOf(TWO, 1));
    await reader.startsOf();
    const reads = reader.reads.length;
    await owner.hear(toldOf(ONE, 2));
    expect(await Promise.all([reader.startsOf([ONE]), reader.startsOf([ONE, TWO])])).toEqual([[20_002], [20_002, 20_001]]);
    expect(reader.reads.length).toBe(reads + 1);
    await expectAsStored(reader);
  });

  it('comes over with a bucket that is read whole for the first time', async () => {
    await owner.hear(toldOf(ONE, 1), toldOf(TWO, 1));
    await reader.startsOf([ONE]);
    await owner.hear(toldOf(ONE, 2));
    await reader.remembered.load(LOCATION, [timelineBucketOf(TWO)]);
    expect(await reader.startsOf([ONE, TWO])).toEqual([20_002, 20_001]);
    await expectAsStored(reader);
  });

  it('is read whole where it was compacted', async () => {
    owner = processOver(server, compacting);
    for (const revision of [1, 2]) await owner.hear(toldOf(ONE, revision));
    await owner.hear(toldOf(TWO, 1));
    await reader.startsOf();
    // The third is the one that is too many.
    await owner.hear(toldOf(ONE, 3), toldOf(TWO, 2));
    await expectAsStored(owner);
    await owner.hear(toldOf(ONE, 4));
    const reads = reader.reads.length;
    expect(await reader.startsOf([ONE, TWO])).toEqual([20_004, 20_002]);
    expect(reader.reads.slice(reads).flatMap(({ whole }) => whole)).toEqual([timelineBucketOf(ONE)]);
    await expectAsStored(reader);
    await expectAsStored(owner);
  });

  it('is read whole where the store was put back, and is written in other bytes by now', async () => {
    owner = processOver(server, compacting);
    const log = [1, 2, 3, 4, 5].map((revision) => toldOf(ONE, revision));
    await owner.read(log, 2);
    const copy = server.copy();
    await owner.read(log, 2);
    await reader.startsOf();
    const bytes = async () => (await reader.partitions.load(LOCATION, [timelineBucketOf(ONE)])).buckets[0]!.length;
    const lost = await bytes();
    server.restart(copy);
    // Compacted a batch earlier than what was lost.
    const another = processOver(server, compacting);
    for (let batch = 0; batch < 2; batch += 1) await another.read(log, 1);
    expect(await bytes()).toBe(lost * 2);
    // A batch that was merged into what was lost is merged again.
    expect(await owner.read(log, 1)).toBe(false);
    expect(await owner.read(log, 1)).toBe(true);
    expect(await reader.startsOf([ONE])).toEqual([20_005]);
    await expectAsStored(reader);
    await expectAsStored(owner);
  });
});

describe('reading on while', () => {
  it('a batch of the process’s own is written takes it in once, and forgets nothing', async () => {
    await owner.hear(toldOf(ONE, 1), toldOf(TWO, 1));
    const load = heldBack(owner.partitions.load.bind(owner.partitions));
    const write = heldBack(owner.partitions.write.bind(owner.partitions));
    owner.remembered.get(LOCATION)!.forget(timelineBucketOf(TWO));
    Object.assign(owner.partitions, { load: load.call, write: write.call });
    const looking = owner.startsOf([ONE, TWO]);
    await turn();
    const hearing = owner.hear(toldOf(ONE, 2));
    write.begin();
    await write.done;
    // Asked for before the batch, and answered after it was stored.
    load.begin();
    await load.done;
    load.answer();
    await turn();
    write.answer();
    expect(await hearing).toBe(true);
    expect((await looking)[1]).toBe(20_001);
    const reads = owner.reads.length;
    expect(await owner.startsOf([ONE, TWO])).toEqual([20_002, 20_001]);
    expect(owner.reads.length).toBe(reads);
    await expectAsStored(owner);
  });

  it('a bucket is put in as it was before leaves it out', async () => {
    await owner.hear(toldOf(ONE, 1), toldOf(TWO, 1));
    await reader.startsOf([ONE]);
    const load = reader.partitions.load.bind(reader.partitions);
    const [older, newer] = [heldBack(load), heldBack(load)];
    const calls = [older, newer];
    reader.partitions.load = (...all) => (calls.shift()?.call ?? load)(...all);
    const looking = reader.startsOf([TWO]);
    await turn();
    older.begin();
    await older.done;
    await owner.hear(toldOf(ONE, 2), toldOf(TWO, 2));
    const lookingOn = reader.startsOf([ONE]);
    await turn();
    newer.begin();
    await newer.done;
    older.answer();
    expect(await looking).toEqual([20_001]);
    newer.answer();
    expect(await lookingOn).toEqual([20_002]);
    await expectAsStored(reader);
    expect(await reader.startsOf([ONE, TWO])).toEqual([20_002, 20_002]);
  });

  it('a batch waits to be written leaves nothing of a state that was taken back', async () => {
    const letter = heldBack(async () => 1);
    const process = processOver(server, { deadLetter: letter.call });
    const log = [toldOf(ONE, 1), Buffer.from('no event'), toldOf(ONE, 2), toldOf(TWO, 1)];
    await process.read(log, 1);
    await process.startsOf();
    const copy = server.copy();
    const writing = process.read(log, 2);
    await turn();
    await owner.read(log, 4);
    expect(await process.startsOf([ONE, TWO])).toEqual([20_002, 20_001]);
    server.restart(copy);
    letter.begin();
    letter.answer();
    expect(await writing).toBe(true);
    expect(await process.startsOf([ONE, TWO, THREE])).toEqual([20_002, null, null]);
    await expectAsStored(process);
  });

  it('a bucket is compacted that was forgotten, and read again as it was before, forgets it for good', async () => {
    owner = processOver(server, compacting);
    for (const revision of [1, 2]) await owner.hear(toldOf(ONE, revision));
    const timelines = owner.remembered.get(LOCATION)!;
    const compact = owner.partitions.compact.bind(owner.partitions);
    let compacted = 0;
    owner.partitions.compact = async (location, read, bucket, ...rest) => {
      compacted += 1;
      timelines.put(bucket, BucketTimelines.from((await owner.partitions.load(LOCATION, [bucket])).buckets[0]!));
      return compact(location, read, bucket, ...rest);
    };
    await owner.hear(toldOf(ONE, 3));
    expect(compacted).toBe(1);
    await expectAsStored(owner);
    expect(await owner.startsOf([ONE])).toEqual([20_003]);
  });
});

it('remembers what the log says and where it is stored, whoever reads, looks, compacts and puts the store back, in any order', async () => {
  const subjects = [ONE, TWO, THREE];
  const batches = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 8 });
  const history = fc.record({
    log: fc.array(fc.record({ subject: fc.nat(2), late: fc.constantFrom(0, 0, 0, 4) }), { minLength: 8, maxLength: 24 }),
    batches: fc.tuple(batches, batches),
    looks: fc.tuple(fc.nat(6), fc.nat(6), fc.nat(6)),
    copies: fc.array(fc.boolean(), { maxLength: 6 }),
    scheduler: fc.scheduler(),
  });
  await fc.assert(
    fc.asyncProperty(history, async ({ log: told, batches: [some, others], looks, copies, scheduler }) => {
      const revisions = told.map(({ late }, offset) => Math.max(0, offset - late));
      const log = told.map(({ subject }, offset) => toldOf(subjects[subject]!, revisions[offset]!));
      /** What is in force of each subject in the log up to here. */
      const inForce = (next: number) =>
        subjects.map((_, subject) => revisions.slice(0, next).reduce<number | null>((last, revision, offset) => (told[offset]!.subject === subject ? Math.max(last ?? 0, 20_000 + revision) : last), null));
      const store = new MemoryRedis();
      const turnOf = () => scheduler.schedule(Promise.resolve());
      const [one, two] = [0, 1].map(() => processOver(store, { ...compacting, connection: new TakingTurns(store, turnOf) })) as [ConsumingProcess, ConsumingProcess];
      const storedNext = () => Number(store.execute('GET', [`g1:{${LOCATION}}:next`]) ?? 0);
      const cut = (error: unknown) => {
        if (!(error instanceof StateStoreError)) throw error;
      };
      const consume = async (process: ConsumingProcess, sizes: readonly number[]) => {
        for (const size of sizes) await process.read(log, size).catch(cut);
      };
      const look = async (process: ConsumingProcess, times: number) => {
        for (let time = 0; time < times; time += 1) {
          const { serverRun } = store;
          const atLeast = inForce(storedNext());
          const found = await process.startsOf(subjects).catch(cut);
          if (found === undefined) continue;
          for (const [subject, start] of found.entries()) {
            expect(log.map((_, offset) => inForce(offset + 1)[subject]).concat(null)).toContain(start);
            if (store.serverRun === serverRun) expect(start ?? 0).toBeGreaterThanOrEqual(atLeast[subject] ?? 0);
          }
        }
      };
      const copyAndPutBack = async () => {
        let copy: StoreCopy | null = null;
        for (const isCopied of copies) {
          for (let turns = 0; turns < 8; turns += 1) await turnOf();
          if (isCopied) copy = store.copy();
          else store.restart(copy);
        }
      };
      await scheduler.waitFor(Promise.all([consume(one, some), consume(two, others), look(one, looks[0]), look(two, looks[1]), look(two, looks[2]), copyAndPutBack()]));
      const end = async () => {
        // Those who remember what the store has lost wait for what comes after it.
        const another = processOver(store, { ...compacting, connection: new TakingTurns(store, turnOf) });
        while (storedNext() < log.length) await another.read(log, 3);
        for (const process of [one, two]) {
          expect(await process.startsOf(subjects)).toEqual(inForce(log.length));
          const partition = process.remembered.get(LOCATION)!;
          const stored = await process.partitions.load(LOCATION, []);
          if (partition.isAt(stored) && !stored.lastChange.equals(NO_CHANGE)) await expectAsStored(process);
        }
      };
      await scheduler.waitFor(end());
    }),
    { numRuns: 100 },
  );
});
