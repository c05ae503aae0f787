import { handedOverAs, LinkIndex, originsOf, packMembers, packParticipants, participantBucketOf, ParticipantStore, UniqueIds, unpackParticipants } from '@throughline/state-store';
import type { LinkChange } from '@throughline/state-store';
import { MemoryRedis } from '@throughline/state-store/testing';
import { setImmediate as turn } from 'node:timers/promises';
import { GenerationRun } from '../generations/generation-run.js';
import { cellsIn, EVERY_BUCKET, reconcilingProcess, referral, referralsIn } from '../testing/reconciling-process.js';
import type { ReconcilingOptions } from '../testing/reconciling-process.js';
import { ImplicitParticipants } from './participants.js';

const platformKey = Buffer.alloc(32, 'platform');
const all = new ImplicitParticipants(platformKey);
const OURS: ReadonlySet<number> = new Set(Array.from({ length: 12 }, (_, bucket) => bucket));
const THEIRS = new Set([...EVERY_BUCKET].filter((bucket) => !OURS.has(bucket)));
const JANUARY = 20_454;
const FEBRUARY = 20_500;

/** So many subjects whose own participants are in some buckets. */
const subjectsIn = (buckets: ReadonlySet<number>, count: number): Buffer[] => {
  const found: Buffer[] = [];
  for (let number = 1; found.length < count; number += 1) {
    const subject = Buffer.alloc(16);
    subject.writeUInt32BE(number);
    if (buckets.has(participantBucketOf(all.of(subject)))) found.push(subject);
  }
  return found;
};
const [mine, another] = subjectsIn(OURS, 2) as [Buffer, Buffer];
const [yours, third] = subjectsIn(THEIRS, 2) as [Buffer, Buffer];
const bucketOf = (subject: Buffer): number => participantBucketOf(all.of(subject));
/** Of the same bucket of participants as `yours`, and of another one of timelines. */
const elsewhere = Array.from({ length: 256 }, (_, number) => Buffer.concat([Buffer.alloc(4), Buffer.from([1]), Buffer.alloc(10), Buffer.from([number])])).find((subject) => bucketOf(subject) === bucketOf(yours))!;

/** Two processes over one store: `us` reads the college, and `them` the council; each computes half of the people. */
const world = () => {
  const connection = new MemoryRedis().connect();
  const store = { connection, generation: 1, platformKey };
  const ids = new UniqueIds();
  const participants = new ParticipantStore(connection, 1);
  const link = new LinkIndex(connection, 1);
  const us = (options: ReconcilingOptions = {}) => reconcilingProcess(store, { deployment: 'college', buckets: OURS, ...options });
  const them = (options: ReconcilingOptions = {}) => reconcilingProcess(store, { deployment: 'council', buckets: THEIRS, ...options });
  return {
    connection,
    us,
    them,
    /** Says that these are one, under the first; what becomes of marks is the test's. */
    link: async (subjects: readonly [Buffer, ...Buffer[]], isMarked = true): Promise<void> => {
      const [root] = subjects;
      const members = packMembers(subjects.map((subject) => ({ subject, deployments: ['college', 'council'] })));
      const changes: LinkChange[] = [...subjects.map((subject) => ({ hash: 'subject', field: subject, value: all.of(root) }) as const), { hash: 'participant', field: all.of(root), value: members }];
      const { stamp } = await link.read('subject', [root]);
      const next = await link.next('college.0');
      const mark = isMarked ? { id: ids.next(), roots: Buffer.concat(subjects) } : null;
      await link.write({ expectedStamp: stamp, stamp: ids.next(), partition: 'college.0', expectedNext: next, next: next + 1, changes, mark });
    },
    cells: () => cellsIn(participants),
    /** Marks left anywhere. */
    left: async (): Promise<number> => {
      const places = await Promise.all([us().partitions.marks('college.0'), us().partitions.marks('council.0'), link.marks(), ...[...EVERY_BUCKET].map((bucket) => participants.marks(bucket))]);
      return places.flat().length;
    },
  };
};

it('leaves people to whoever holds their buckets, and computes the others', async () => {
  const { us, them, cells, left } = world();
  const [we, they] = [us(), them()];
  for (const subject of [mine, yours, another, third]) await we.hear(referral(subject, 1, JANUARY));
  const handedOver = [...new Set([bucketOf(yours), bucketOf(third)])].map((bucket) => ({ bucket }));
  expect(await we.pass()).toMatchObject({ marks: 4, participants: 2, handedOver });
  expect(await cells()).toEqual(new Map([[referralsIn('2026-01'), 2]]));
  expect(await they.pass()).toMatchObject({ marks: handedOver.length, participants: 2, overtaken: 0, handedOver: [] });
  expect(await cells()).toEqual(new Map([[referralsIn('2026-01'), 4]]));
  expect(await left()).toBe(0);
  expect(await we.pass()).toMatchObject({ marks: 0, handedOver: [] });
});

it('hands over again what it had handed over when it was killed, under another id', async () => {
  const { us, them, cells, left } = world();
  const [killed, they] = [us(), them()];
  await killed.hear(referral(yours, 1, JANUARY));
  killed.partitions.deleteMarks = () => Promise.reject(new Error('killed'));
  await expect(killed.pass()).rejects.toThrow('killed');
  // While they work on it, whoever comes after the killed one hands it over anew.
  const write = they.participants.write.bind(they.participants);
  they.participants.write = async (...all) => {
    they.participants.write = write;
    await us().pass();
    return write(...all);
  };
  expect(await they.pass()).toMatchObject({ marks: 1, participants: 1 });
  expect(await they.participants.markIds(bucketOf(yours))).toHaveLength(1);
  expect(await they.pass()).toMatchObject({ marks: 1, participants: 1 });
  expect(await cells()).toEqual(new Map([[referralsIn('2026-01'), 1]]));
  expect(await left()).toBe(0);
});

it('keeps a mark until it is handed over', async () => {
  const { us, them, cells, left } = world();
  const cut = us();
  await cut.hear(referral(mine, 1, JANUARY));
  await cut.hear(referral(yours, 1, JANUARY));
  cut.participants.mark = () => Promise.reject(new Error('the store is away'));
  await expect(cut.pass()).rejects.toThrow('the store is away');
  expect(await cut.partitions.marks(cut.location)).toHaveLength(2);
  await us().pass();
  await them().pass();
  expect(await cells()).toEqual(new Map([[referralsIn('2026-01'), 2]]));
  expect(await left()).toBe(0);
});

it('has one process work on the marks of the index, and hands over whom they lead to', async () => {
  const { us, them, link, cells, left } = world();
  const [we, they] = [us(), them()];
  await we.hear(referral(mine, 1, JANUARY));
  await they.hear(referral(yours, 1, FEBRUARY));
  for (const process of [we, they, we, they]) await process.pass();
  expect(await cells()).toEqual(new Map([[referralsIn('2026-01'), 1], [referralsIn('2026-02'), 1]]));
  await link([yours, mine]);
  expect(await they.pass()).toMatchObject({ marks: 0 });
  expect(await we.pass()).toMatchObject({ marks: 1, participants: 1, handedOver: [{ bucket: bucketOf(yours) }] });
  // The one that one of them was is nobody any longer.
  expect(await they.pass()).toMatchObject({ marks: 1, participants: 1 });
  expect([...(await cells()).values()].reduce((sum, count) => sum + count, 0)).toBe(2);
  expect(await left()).toBe(0);
});

it('computes each once whom others hand over while they wait here', async () => {
  const { us, them, link, cells, left } = world();
  const people = subjectsIn(THEIRS, 12);
  const [we, they] = [us(), them({ participantsPerStep: 1 })];
  for (const person of people) {
    // Both are told of everybody.
    const alsoAs = Buffer.from(person).fill(0xff, 4, 8);
    await link([person, alsoAs], false);
    await we.hear(referral(alsoAs, 1, JANUARY));
    await they.hear(referral(person, 1, JANUARY));
  }
  const computed: string[] = [];
  const write = they.participants.write.bind(they.participants);
  let handedOver: Promise<unknown> | undefined;
  they.participants.write = async (bucket, writes, differences) => {
    await (handedOver ??= we.pass());
    computed.push(...writes.map(({ participant }) => participant.toString('hex')));
    return write(bucket, writes, differences);
  };
  await they.pass();
  const times = people.map((person) => computed.filter((participant) => participant === all.of(person).toString('hex')).length);
  // The first two were at work when all of them were handed over.
  expect(times.slice(0, 2).every((count) => count > 1)).toBe(true);
  expect(times.slice(2)).toEqual(Array.from({ length: 10 }, () => 1));
  expect([...(await cells()).values()].reduce((sum, count) => sum + count, 0)).toBe(24);
  expect(await left()).toBe(0);
});

it('ends a pass, however many are handed over to it all the while', async () => {
  const { them } = world();
  const they = them({ participantsPerStep: 1, participantsPerPass: 6 });
  const people = subjectsIn(THEIRS, 200).filter((subject) => bucketOf(subject) === bucketOf(yours));
  const ids = new UniqueIds();
  let times = 0;
  const handOverMore = async () => {
    times += 1;
    const four = people.slice(0, 4).map((root) => ({ participant: all.of(root), root }));
    if (times < 50) await they.participants.mark(bucketOf(yours), handedOverAs([ids.next()], ids.next()), packParticipants(four));
  };
  await handOverMore();
  const read = they.participants.read.bind(they.participants);
  they.participants.read = async (...asked) => {
    await handOverMore();
    return read(...asked);
  };
  expect(await they.pass()).toMatchObject({ participants: 4 });
  expect(times).toBeLessThan(50);
});

it('does not read again and again what is put off', async () => {
  const { them, connection } = world();
  await them().hear(referral(yours, 1, JANUARY));
  await connection.command('SET', 'g1:{council.0}:b:0', Buffer.alloc(40, 0xff));
  const they = them();
  await they.participants.mark(bucketOf(yours), new UniqueIds().next(), packParticipants([{ participant: all.of(yours), root: yours }]));
  expect(await they.pass()).toMatchObject({ unreadable: 1 });
  const asked: unknown[] = [];
  const command = connection.command.bind(connection);
  connection.command = (name, ...args) => {
    if (args[0] === `g1:{b${bucketOf(yours)}}:marks`) asked.push(name);
    return command(name, ...args);
  };
  await they.pass();
  expect(asked).toEqual(['HKEYS']);
  await they.participants.mark(bucketOf(yours), new UniqueIds().next(), packParticipants([{ participant: all.of(elsewhere), root: elsewhere }]));
  expect(await they.pass()).toMatchObject({ marks: 1, unreadable: 0 });
});

describe('a pass that has to begin again', () => {
  it('hands over nobody twice, and says to whom it did', async () => {
    const { us, them, cells, left } = world();
    const [we, they] = [us(), them()];
    await we.hear(referral(mine, 1, JANUARY));
    await we.hear(referral(yours, 1, JANUARY));
    const read = we.participants.read.bind(we.participants);
    we.participants.read = () => Promise.reject(new Error('part of the store is away'));
    for (let time = 0; time < 3; time += 1) await expect(we.pass()).rejects.toThrow('part of the store is away');
    const ids = await we.participants.markIds(bucketOf(yours));
    expect(ids).toHaveLength(1);
    we.participants.read = read;
    expect(await we.pass()).toMatchObject({ marks: 2, participants: 1, handedOver: [{ bucket: bucketOf(yours), id: ids[0] }] });
    expect(await we.pass()).toMatchObject({ marks: 0, handedOver: [] });
    await they.pass();
    expect(await cells()).toEqual(new Map([[referralsIn('2026-01'), 2]]));
    expect(await left()).toBe(0);
  });

  it('hands over also whom it would have computed itself before', async () => {
    const { us, link } = world();
    const buckets = new Set(EVERY_BUCKET);
    buckets.delete(bucketOf(yours));
    const we = us({ buckets });
    const other = subjectsIn(THEIRS, 30).find((subject) => bucketOf(subject) !== bucketOf(yours))!;
    await link([yours, other]);
    we.participants.read = () => Promise.reject(new Error('part of the store is away'));
    await expect(we.pass()).rejects.toThrow('part of the store is away');
    buckets.delete(bucketOf(other));
    expect((await we.pass()).handedOver.map(({ bucket }) => bucket).sort()).toEqual([bucketOf(yours), bucketOf(other)].sort());
    expect(await we.participants.markIds(bucketOf(yours))).toHaveLength(1);
  });

  it('hands over also whom it could not read before', async () => {
    const { us, connection } = world();
    let now = 0;
    const we = us({ now: () => now });
    await we.hear(referral(yours, 1, JANUARY));
    await we.hear(referral(elsewhere, 1, JANUARY));
    await we.partitions.deleteMarks(we.location, (await we.partitions.marks(we.location)).map(({ id }) => id));
    await we.partitions.markEveryone(we.location, new UniqueIds().next());
    const fresh = us({ now: () => now });
    const key = `g1:{${we.location}}:b:1`;
    const whole = (await connection.command('GET', key)) as Buffer;
    await connection.command('SET', key, Buffer.alloc(40, 0xff));
    expect((await fresh.pass()).handedOver).toHaveLength(1);
    await connection.command('SET', key, whole);
    now += 60_000;
    expect((await fresh.pass()).handedOver).toHaveLength(1);
    const marks = await fresh.participants.marks(bucketOf(yours));
    const handedOver = marks.map(({ participants }) => [...unpackParticipants(participants!)].map(({ root }) => root));
    expect(handedOver).toEqual([[yours], [yours, elsewhere]]);
  });
});

it('counts once whoever is computed by two steps at once, of which one is overtaken', async () => {
  const { us, them, link, cells, left } = world();
  const bucket = bucketOf(yours);
  const [person, beside] = subjectsIn(new Set([bucket]), 2) as [Buffer, Buffer];
  const others = subjectsIn(new Set([...THEIRS].filter((each) => each !== bucket)), 4);
  const [we, they] = [us(), them({ participantsPerStep: 8 })];
  for (const subject of [person, beside]) {
    const alsoAs = Buffer.from(subject).fill(0xff, 4, 8);
    await link([subject, alsoAs], false);
    await we.hear(referral(alsoAs, 1, JANUARY));
  }
  for (const subject of [person, ...others]) await they.hear(referral(subject, 1, JANUARY));
  const participant = all.of(person);
  const [read, write] = [they.participants.read.bind(they.participants), they.participants.write.bind(they.participants)];
  const [handedOver, readAgain, lost] = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let reads = 0;
  they.participants.read = async (...all) => {
    const found = await read(...all);
    if (all[1].includes(participant) && ++reads === 2) {
      readAgain.resolve();
      await lost.promise;
      await turn();
    }
    return found;
  };
  let writes = 0;
  they.participants.write = async (...all) => {
    if (!all[1].some((each) => each.participant.equals(participant)) || ++writes > 1) {
      await handedOver.promise;
      return write(...all);
    }
    // Somebody else has written the same figures since, and the person is handed over again.
    const [stored] = await read(bucket, participant, Buffer.alloc(12, 1));
    await write(bucket, [{ participant, expectedVersion: stored!.version, version: Buffer.alloc(12, 2), root: null, contributions: stored!.contributions }], new Map());
    await we.pass();
    handedOver.resolve();
    await readAgain.promise;
    const overtaken = await write(...all);
    lost.resolve();
    return overtaken;
  };
  await they.pass();
  expect([reads >= 2, await left()]).toEqual([true, 0]);
  expect(await cells()).toEqual(new Map([[referralsIn('2026-01'), 7]]));
});

it('divides a sweep: each computes everyone of its own buckets', async () => {
  const { us, them, left } = world();
  const [we, they] = [us(), them()];
  for (const subject of [mine, yours, another]) await we.hear(referral(subject, 1, JANUARY));
  for (const process of [we, they]) await process.pass();
  const ids = new UniqueIds();
  for (const bucket of EVERY_BUCKET) await we.participants.markEveryone(bucket, ids.next());
  expect(await we.pass()).toMatchObject({ marks: 12, participants: 2, handedOver: [] });
  expect(await they.pass()).toMatchObject({ marks: 12, participants: 1, handedOver: [] });
  expect(await left()).toBe(0);
});

describe('the marks there are', () => {
  const markIds = (stores: object): Promise<string[]> => GenerationRun.prototype.markIds.call(stores as GenerationRun, ['college.0']);

  it('name one that is handed over as before, until all it leads to are computed', async () => {
    const { us, them } = world();
    const [we, they] = [us(), them()];
    await we.hear(referral(yours, 1, JANUARY));
    await we.hear(referral(third, 1, JANUARY));
    const before = await markIds(we);
    expect(before).toHaveLength(2);
    await we.pass();
    expect((await markIds(we)).sort()).toEqual(before.sort());
    await they.pass();
    expect(await markIds(we)).toEqual([]);
  });

  it('are seen in one place at least while they are handed over', async () => {
    const { us } = world();
    const [we, looking] = [us(), us()];
    await we.hear(referral(yours, 1, JANUARY));
    const [id] = (await we.partitions.marks(we.location)).map((mark) => mark.id);
    // A partition's node is slow, and a bucket's answer is on its way while the mark is handed over.
    const ofPartition = looking.partitions.marks.bind(looking.partitions);
    looking.partitions.marks = async (location) => {
      await turn();
      return ofPartition(location);
    };
    let handedOver: Promise<unknown> | undefined;
    const ofBucket = looking.participants.markIds.bind(looking.participants);
    looking.participants.markIds = async (bucket) => {
      const found = await ofBucket(bucket);
      await (handedOver ??= we.pass());
      return found;
    };
    expect(await markIds(looking)).toEqual([id!.toString('hex')]);
    expect((await we.participants.markIds(bucketOf(yours))).flatMap(originsOf)).toEqual([id]);
  });
});
