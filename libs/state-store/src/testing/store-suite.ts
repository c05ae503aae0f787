import { randomBytes, randomInt } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import {
  BucketShares,
  Generations,
  handedOverAs,
  LinkIndex,
  originsOf,
  ownIdOf,
  packMembers,
  packParticipants,
  ParticipantStore,
  participantBucketOf,
  PartitionStore,
  StopLine,
  ToldRecords,
  UniqueIds,
  unpackParticipants,
} from '../index.js';
import type { KnownParticipant, StoreConnection } from '../index.js';
import { partitionSuite } from './partition-suite.js';

const ids = new UniqueIds();
const id16 = () => randomBytes(16);
const SUBJECT = Buffer.from('00ff'.repeat(8), 'hex');

/** What the stores are held to over a server, whichever it is. @param connect makes a connection of its own at each call */
export function storeSuite(connect: () => StoreConnection): void {
  let redis: StoreConnection;
  let another: StoreConnection;
  let generation: number;

  beforeAll(() => {
    redis = connect();
    another = connect();
  });
  afterAll(async () => {
    await redis.close();
    await another.close();
  });
  beforeEach(() => {
    generation = randomInt(1_000_000, 2_000_000_000);
  });

  describe('a partition', () => {
    partitionSuite(() => ({ redis, generation }));
  });

  describe('participants', () => {
    const inBucket = (bucket: number) => {
      const participant = id16();
      participant[0] = bucket;
      return participant;
    };
    let store: ParticipantStore;
    beforeEach(() => {
      store = new ParticipantStore(redis, generation);
    });
    const read = async (...participants: Buffer[]) => store.read(participantBucketOf(participants[0]!), Buffer.concat(participants), ids.next());

    it('are in the bucket of their first byte', () => {
      expect(participantBucketOf(inBucket(25))).toBe(1);
    });

    it('get their first version by being read, and keep it', async () => {
      const [a, b] = [inBucket(5), inBucket(5)];
      const [first] = await read(a);
      const [again, other] = await read(a, b);
      expect(first!.version).toHaveLength(12);
      expect(again!.version).toEqual(first!.version);
      expect(other!.version).not.toEqual(first!.version);
      expect([again!.root, again!.contributions.length]).toEqual([null, 0]);
    });

    it('are written with the differences of cells, and zero is no cell', async () => {
      const participant = inBucket(5);
      const [first] = await read(participant);
      const root = id16();
      const write = { participant, expectedVersion: first!.version, version: ids.next(), root, contributions: Buffer.from([0, 255, 1]) };
      expect(await store.write(5, [write], new Map([['cell|é', 2], ['gone', 1]]))).toEqual([]);
      const [second] = await read(participant);
      expect(second).toEqual({ version: write.version, root, contributions: Buffer.from([0, 255, 1]) });
      await store.write(5, [{ ...write, expectedVersion: write.version, version: ids.next() }], new Map([['cell|é', -3], ['gone', -1]]));
      expect([...(await store.cells(5))]).toEqual([['cell|é', -1]]);
    });

    it('are written all or none, and those whose version moved are named', async () => {
      const participants = [inBucket(5), inBucket(5), inBucket(5)];
      const versions = (await read(...participants)).map(({ version }) => version);
      const writes = participants.map((participant, index) => ({
        participant,
        expectedVersion: versions[index]!,
        version: ids.next(),
        root: null,
        contributions: Buffer.from('new'),
      }));
      await store.write(5, [writes[1]!], new Map());
      expect(await store.write(5, writes, new Map([['c', 3]]))).toEqual([1]);
      expect((await read(...participants)).map(({ contributions }) => String(contributions))).toEqual(['', 'new', '']);
      expect((await store.cells(5)).size).toBe(0);
    });

    it('are written by thousands in one call', async () => {
      const participants = Array.from({ length: 2_500 }, () => inBucket(7));
      const versions = (await read(...participants)).map(({ version }) => version);
      const writes = participants.map((participant, index) => ({
        participant,
        expectedVersion: versions[index]!,
        version: ids.next(),
        root: participant,
        contributions: Buffer.from(String(index)),
      }));
      expect(await store.write(7, writes, new Map([['c', 2_500]]))).toEqual([]);
      expect(String((await read(...participants))[2_499]!.contributions)).toBe('2499');
      expect(await store.count(7)).toBe(2_500);
      const seen: Buffer[] = [];
      for await (const page of store.everyone(7)) seen.push(...page.map(({ participant }) => participant));
      expect(new Set(seen.map(String)).size).toBe(2_500);
    });

    it('are marked by name, byte for byte, beside a mark for everyone', async () => {
      const [named, everyone] = [ids.next(), ids.next()];
      const participants: KnownParticipant[] = [
        { participant: inBucket(7), root: SUBJECT },
        { participant: inBucket(7), root: null },
      ];
      await store.mark(7, named, packParticipants(participants));
      await store.markEveryone(7, everyone);
      const marks = await store.marks(7);
      expect(marks.find(({ id }) => id.equals(everyone))).toEqual({ id: everyone, participants: null });
      expect([...unpackParticipants(marks.find(({ id }) => id.equals(named))!.participants!)]).toEqual(participants);
      expect((await store.markIds(7)).map(String).sort()).toEqual([String(named), String(everyone)].sort());
      await store.deleteMarks(7, [named]);
      expect((await store.markIds(7)).map(String)).toEqual([String(everyone)]);
    });
  });

  it('finds and forgets marks of a bucket by the thousand, but for those that it is not to look at', async () => {
    const store = new ParticipantStore(redis, generation);
    const marked = Array.from({ length: 2_500 }, () => ids.next());
    for (const id of marked) await store.markEveryone(9, id);
    const wanted = new Set(marked.slice(0, 2_400).map((id) => id.toString('hex')));
    const found = await store.marks(9, (id) => wanted.has(id.toString('hex')));
    expect(new Set(found.map(({ id }) => id.toString('hex')))).toEqual(wanted);
    await store.deleteMarks(9, found.map(({ id }) => id));
    expect(new Set((await store.markIds(9)).map((id) => id.toString('hex')))).toEqual(new Set(marked.slice(2_400).map((id) => id.toString('hex'))));
  });

  it('knows a mark that hands others over by theirs, and from every other by its own id', () => {
    const [one, two, own] = [ids.next(), ids.next(), ids.next()];
    const id = handedOverAs([one, two], own);
    expect(originsOf(id)).toEqual([one, two]);
    expect(ownIdOf(id)).toEqual(own);
    expect(originsOf(one)).toEqual([one]);
    expect(ownIdOf(one)).toEqual(one);
  });

  describe('the link index', () => {
    let index: LinkIndex;
    beforeEach(() => {
      index = new LinkIndex(redis, generation);
    });
    const write = (expectedStamp: Buffer | null, stamp: Buffer, changes: Parameters<LinkIndex['write']>[0]['changes'], expectedNext = 0) =>
      index.write({ expectedStamp, stamp, partition: 'nhs.1', expectedNext, next: expectedNext + 1, changes, mark: { id: ids.next(), roots: id16() } });

    it('is written and read back with its stamp', async () => {
      const [subject, gone, stamp] = [id16(), id16(), ids.next()];
      expect((await index.read('subject', [subject])).stamp).toBeNull();
      expect(await write(null, stamp, [{ hash: 'subject', field: subject, value: Buffer.from('p') }, { hash: 'subject', field: gone, value: null }])).toBe(true);
      const { stamp: read, values } = await index.read('subject', [gone, subject]);
      expect([read, values]).toEqual([stamp, [null, Buffer.from('p')]]);
      expect([...(await index.nextOffsets())]).toEqual([['nhs.1', 1]]);
      expect(await index.marks()).toHaveLength(1);
    });

    it('refuses one who read an older index, or another offset', async () => {
      const [first, second] = [ids.next(), ids.next()];
      await write(null, first, []);
      expect(await write(null, second, [], 1)).toBe(false);
      expect(await write(first, second, [], 0)).toBe(false);
      expect(await write(first, second, [], 1)).toBe(true);
      expect(await index.marks()).toHaveLength(2);
    });

    it('tells a participant nobody ever joined from one that everybody left', async () => {
      const [subject, moved, stranger, participant, left] = [id16(), id16(), id16(), id16(), id16()];
      const members = packMembers([{ subject, deployments: ['nhs', 'dwp'] }, { subject: moved, deployments: ['nhs'] }]);
      await write(null, ids.next(), [
        { hash: 'participant', field: participant, value: members },
        { hash: 'subject', field: moved, value: participant },
      ]);
      const memberships = await index.membersOf([
        { participant, root: null },
        { participant: left, root: moved },
        { participant: left, root: null },
        { participant: id16(), root: stranger },
      ]);
      expect(memberships).toEqual([
        { known: true, members: [{ subject, deployments: ['nhs', 'dwp'] }, { subject: moved, deployments: ['nhs'] }] },
        { known: true, members: [] },
        { known: true, members: [] },
        { known: false },
      ]);
    });
  });

  describe('generations', () => {
    it('are dropped with all their keys, the others untouched', async () => {
      const generations = new Generations(redis);
      const [one, two] = [await generations.beginKept('test', 60_000), await generations.beginKept('test', 60_000)];
      for (const each of [one, two]) await new PartitionStore(redis, each).markEveryone('nhs.0', ids.next());
      expect(await generations.forget(one)).toBe(true);
      await generations.deleteForgotten();
      expect((await generations.list()).all.map(({ generation: each }) => each)).not.toContain(one);
      expect(await new PartitionStore(redis, one).marks('nhs.0')).toEqual([]);
      expect(await new PartitionStore(redis, two).marks('nhs.0')).toHaveLength(1);
      await expect(generations.promote(one)).rejects.toMatchObject({ code: 'UNKNOWN_GENERATION' });
      await generations.forget(two);
    });

    it('are rebuilt one at a time, whoever asks, unless one is to take the place of the other', async () => {
      const [mine, yours] = [new Generations(redis), new Generations(another)];
      const first = await mine.rebuild('one');
      if (!('begun' in first)) throw new Error('none was under way');
      expect(await yours.rebuild('two')).toEqual({ underWay: first.begun });
      expect(await yours.rebuild('two', first.begun + 1)).toEqual({ underWay: first.begun });
      const second = await yours.rebuild('two', first.begun);
      if (!('begun' in second)) throw new Error('its place was to be taken');
      expect(await mine.rebuild('three', first.begun)).toEqual({ underWay: second.begun });
      await mine.promote(second.begun);
      await mine.promote(first.begun);
      expect((await mine.list()).current).toBe(second.begun);
      for (const nobody of [second.begun, second.begun + 1]) expect(await mine.rebuild('three', nobody)).toEqual({ underWay: null });
      const third = await mine.rebuild('three');
      if (!('begun' in third)) throw new Error('none was under way');
      expect(third.begun).toBeGreaterThan(second.begun);
      // One that was dropped is no longer under way.
      await mine.forget(third.begun);
      expect(await mine.rebuild('four')).toMatchObject({ begun: expect.any(Number) as number });
      for await (const keys of redis.keys('{generation}:*')) await redis.command('DEL', ...keys);
    });

    it('that somebody keeps are kept until he stops, and never again', async () => {
      const generations = new Generations(redis);
      const kept = await generations.beginKept('test', 1);
      while (await generations.isKept(kept)) await turn();
      expect(await generations.keep(kept, 60_000)).toBe(false);
      const other = await generations.beginKept('test', 60_000);
      expect([await generations.keep(other, 60_000), await generations.isKept(other)]).toEqual([true, true]);
      await generations.forget(other);
      expect(await generations.isKept(other)).toBe(false);
      await generations.forget(kept);
    });

    it('leave nothing behind that a late worker wrote', async () => {
      const generations = new Generations(redis);
      const one = await generations.beginKept('test', 60_000);
      await generations.forget(one);
      await generations.deleteForgotten();
      const late = new LinkIndex(redis, one);
      await late.write({ expectedStamp: null, stamp: ids.next(), partition: 'nhs.0', expectedNext: 0, next: 1, changes: [{ hash: 'token', field: id16(), value: id16() }], mark: null });
      expect(await generations.deleteForgotten()).toBeGreaterThan(0);
      expect((await late.dump('token')).size).toBe(0);
    });

    it('never get a number whose keys are still there, also where the list was lost and they were not', async () => {
      const generations = new Generations(redis);
      const lost = await generations.beginKept('test', 60_000);
      // Years ahead, as of a server whose clock was wrong.
      const ahead = lost + 2 ** 28;
      const left = new PartitionStore(redis, ahead);
      await left.markEveryone('nhs.0', ids.next());
      for await (const keys of redis.keys('{generation}:*')) for (const key of keys) await redis.command('DEL', key);
      // Nobody knows yet which numbers were given but for these keys.
      expect(await generations.deleteForgotten()).toBe(0);
      await generations.ensureFirst('first');
      expect((await generations.list()).all).toEqual([{ generation: ahead + 1, note: 'first' }]);
      // As a replica that was promoted before it had heard of the last one.
      await redis.command('SET', '{generation}:last', lost);
      expect(await left.marks('nhs.0')).toHaveLength(1);
      await generations.deleteForgotten();
      expect(await left.marks('nhs.0')).toEqual([]);
      for await (const keys of redis.keys('{generation}:*')) for (const key of keys) await redis.command('DEL', key);
    });

    it('are whole only where they were found so after the last sweep of this run of the server', async () => {
      const [mine, yours] = [new Generations(redis), new Generations(another)];
      await mine.doubt();
      expect([await yours.lastSweep(), await yours.isWhole()]).toEqual([null, false]);
      const first = await mine.everyoneMarked(await mine.serverRun());
      expect(await yours.lastSweep()).toBe(first);
      const second = await yours.everyoneMarked(await yours.serverRun());
      expect(second).not.toBe(first);
      expect([await mine.foundWhole(first), await mine.isWhole()]).toEqual([false, false]);
      expect([await mine.foundWhole(second), await yours.isWhole()]).toEqual([true, true]);
      await mine.everyoneMarked('another run');
      expect(await mine.lastSweep()).toBeNull();
      await mine.doubt();
      expect(await yours.isWhole()).toBe(false);
    });

    it('of another form are not on the list, and their keys go', async () => {
      const generations = new Generations(redis);
      const older = await generations.beginKept('newest form', 60_000);
      // As the first form had it: one list for all.
      await redis.command('HSET', '{generation}:all', String(older + 1), 'older form');
      await redis.command('INCR', '{generation}:last');
      await redis.command('SET', `g${older + 1}:{nhs.0}:next`, '7');
      const newest = await generations.beginKept('newest form', 60_000);
      expect((await generations.list()).all.map(({ generation }) => generation)).toEqual(expect.arrayContaining([older, newest]));
      expect((await generations.list()).all.map(({ generation }) => generation)).not.toContain(older + 1);
      expect(newest).toBeGreaterThan(older + 1);
      await generations.deleteForgotten();
      expect(await redis.command('EXISTS', `g${older + 1}:{nhs.0}:next`)).toBe(0);
      // Nor does the older build find its list, and take an emptied generation for whole.
      expect(await redis.command('EXISTS', '{generation}:all')).toBe(0);
      expect((await generations.list()).all.map(({ generation }) => generation)).toEqual(expect.arrayContaining([older, newest]));
    });
  });

  describe('the stop line', () => {
    const line = () => new StopLine(another);
    afterEach(() => redis.command('DEL', '{generation}:stop-line'));

    it('is announced by one, drawn and lifted by him', async () => {
      const mine = (await new StopLine(redis).announce(60_000))!;
      expect([await line().announce(60_000), await line().read()]).toEqual([null, { state: 'waiting' }]);
      expect(await mine.draw({ 'partner-events.nhs': [1, 2] }, 60_000)).toBe(true);
      expect(await line().read()).toEqual({ state: 'at', position: { 'partner-events.nhs': [1, 2] } });
      await mine.lift();
      expect(await line().read()).toEqual({ state: 'none' });
    });

    it('is not moved or lifted by one whose own has gone by itself', async () => {
      const late = (await new StopLine(redis).announce(1))!;
      while ((await line().read()).state !== 'none') await turn();
      const present = (await line().announce(60_000))!;
      expect(await late.draw({ 'partner-events.nhs': [9] }, 60_000)).toBe(false);
      await late.lift();
      expect(await line().read()).toEqual({ state: 'waiting' });
      await present.lift();
    });
  });

  it('remembers what was told, over generations', async () => {
    const told = new ToldRecords(redis);
    const [one, two] = [`t/0/${generation}`, `t/1/${generation}`];
    await told.add([one]);
    expect(await new ToldRecords(another).areTold([one, two])).toEqual([true, false]);
    const few = new ToldRecords(redis, 2);
    for (const name of ['first', 'second', 'third']) await few.add([name]);
    expect(await few.areTold(['first', 'second', 'third'])).toEqual([false, true, true]);
    expect([await told.areTold([]), await told.add([])]).toEqual([[], undefined]);
  });

  describe('shares of the buckets', () => {
    const LONG_MS = 600_000;
    const EVERY = Array.from({ length: 24 }, (_, bucket) => bucket);
    const fail = (error: unknown) => {
      throw error;
    };
    const named = (process: string, keptMs = LONG_MS, connection = redis) => new BucketShares({ connection, generation, process, keptMs, onTrouble: fail });
    /** Each in turn, as often as they need to settle: what each holds then. */
    const settled = async (...processes: BucketShares[]): Promise<number[][]> => {
      for (const each of processes) await each.renew();
      const held: number[][] = [];
      for (const each of processes) held.push([...(await each.renew())]);
      return held;
    };
    const sizes = (held: readonly (readonly number[])[]) => held.map(({ length }) => length);

    it('are all of the only one', async () => {
      expect(await settled(named('a'))).toEqual([EVERY]);
    });

    it('are equal, and together every bucket once', async () => {
      const all = ['a', 'b', 'c', 'd', 'e'].map((process) => named(process));
      const two = await settled(...all.slice(0, 2));
      expect(sizes(two)).toEqual([12, 12]);
      const three = await settled(...all.slice(0, 3));
      expect(sizes(three)).toEqual([8, 8, 8]);
      expect(three.flat().sort((a, b) => a - b)).toEqual(EVERY);
      const five = await settled(...all);
      expect(sizes(five)).toEqual([5, 5, 5, 5, 4]);
      expect(five.flat().sort((a, b) => a - b)).toEqual(EVERY);
      // What one holds stays with it.
      expect(await settled(...all)).toEqual(five);
    });

    it('are let go by one that ends, and by one that is not heard of', async () => {
      const [a, b] = [named('a'), named('b')];
      await settled(a, b);
      await b.stop();
      expect([...(await a.renew())]).toHaveLength(24);
      const silent = named('c', 1);
      await silent.renew();
      let held = await a.renew();
      while (held.size < 24) held = await a.renew();
      expect([...held].sort((x, y) => x - y)).toEqual(EVERY);
    });

    it('are had back at once by one that was killed and comes back under its name, over another connection', async () => {
      const [a, b] = [named('a'), named('b')];
      const [, before] = await settled(a, b);
      const [kept, back] = await settled(a, named('b', LONG_MS, another));
      expect(back).toEqual(before);
      expect(sizes([kept!])).toEqual([12]);
    });

    it('are of no use to more processes than there are buckets, and nobody loses by it', async () => {
      const held = await settled(...Array.from({ length: 30 }, (_, index) => named(`p${10 + index}`)));
      expect(held.flat().sort((a, b) => a - b)).toEqual(EVERY);
    });

    it('are renewed without being asked, until it ends', async () => {
      const untilIs = () => redis.command('HGET', `g${generation}:{shares}:buckets`, '@a').then(String);
      const a = named('a', 50);
      a.start();
      let first = await untilIs();
      while (first === 'null') first = await turn().then(untilIs);
      while ((await untilIs()) === first) await turn();
      await a.stop();
      expect(await untilIs()).toBe('null');
    });
  });
}
