import { participantBucketOf, RedisConnection } from '@throughline/state-store';
import { randomBytes, randomInt } from 'node:crypto';
import { EVERY_BUCKET, reconcilingProcess, referral, referralsIn } from '../testing/reconciling-process.js';
import type { ReconcilingOptions } from '../testing/reconciling-process.js';
import { ImplicitParticipants } from './participants.js';

const subject = randomBytes(16);
const platformKey = randomBytes(32);
const participant = new ImplicitParticipants(platformKey).of(subject);
let redis: RedisConnection;
let generation: number;

beforeAll(() => {
  redis = new RedisConnection({ url: process.env['THROUGHLINE_TEST_REDIS'] ?? 'redis://127.0.0.1:6379' });
});
afterAll(() => redis.close());
beforeEach(() => {
  generation = randomInt(1_000_000, 2_000_000_000);
});

const newProcess = (options?: ReconcilingOptions) => reconcilingProcess({ connection: redis, generation, platformKey }, options);
const cellsOf = ({ participants }: ReturnType<typeof newProcess>) => participants.cells(participantBucketOf(participant));

it('takes back what another process counted, in cells it never met', async () => {
  const first = newProcess();
  await first.hear(referral(subject, 1, 20_454));
  expect(await first.pass()).toMatchObject({ participants: 1, unreadable: 0 });
  expect([...(await cellsOf(first))]).toEqual([[referralsIn('2026-01'), 1]]);

  const second = newProcess();
  await second.hear(referral(subject, 2, 20_500));
  expect(await second.pass()).toMatchObject({ participants: 1, overtaken: 0, unreadable: 0 });
  expect([...(await cellsOf(second))]).toEqual([[referralsIn('2026-02'), 1]]);
});

it('computes a participant again whose cells went meanwhile, and tells it from a damaged one', async () => {
  const first = newProcess();
  await first.hear(referral(subject, 1, 20_454));
  await first.pass();
  const second = newProcess();
  await second.hear(referral(subject, 2, 20_500));
  // Between reading the participant and looking up its cells, another process counts it anew.
  const cells = second.participants.cells.bind(second.participants);
  second.participants.cells = async (bucket) => {
    second.participants.cells = cells;
    await first.pass();
    return cells(bucket);
  };
  expect(await second.pass()).toMatchObject({ participants: 1, overtaken: 0, again: 1, unreadable: 0 });
  await second.hear(referral(subject, 3, 20_530));
  expect(await second.pass()).toMatchObject({ participants: 1, overtaken: 0 });
  expect([...(await cellsOf(second))]).toEqual([[referralsIn('2026-03'), 1]]);

  await redis.command('DEL', `g${generation}:{b${participantBucketOf(participant)}}:cells`);
  let now = 0;
  const third = newProcess({ now: () => now });
  await third.hear(referral(subject, 4, 20_560));
  expect(await third.pass()).toMatchObject({ participants: 0, overtaken: 0, unreadable: 1 });
  expect(third.unreadable()).toBe(1);
  // Somebody else settles it: its mark is gone.
  await third.partitions.deleteMarks(third.location, (await third.partitions.marks(third.location)).map(({ id }) => id));
  now = 59_999;
  await third.pass();
  expect(third.unreadable()).toBe(1);
  now = 60_000;
  await third.pass();
  expect(third.unreadable()).toBe(0);
});

it('adds up what participants of one bucket count whom several scripts write', async () => {
  const all = new ImplicitParticipants(platformKey);
  const others: Buffer[] = [];
  while (others.length < 4) {
    const other = randomBytes(16);
    if (participantBucketOf(all.of(other)) === participantBucketOf(participant)) others.push(other);
  }
  const process = newProcess({ participantsPerScript: 2 });
  for (const of of [subject, ...others]) await process.hear(referral(of, 1, 20_454));
  expect(await process.pass()).toMatchObject({ participants: 5, overtaken: 0, unreadable: 0 });
  expect([...(await cellsOf(process))]).toEqual([[referralsIn('2026-01'), 5]]);
  await process.hear(referral(others[3]!, 2, 20_500));
  expect(await process.pass()).toMatchObject({ participants: 1 });
  expect(await cellsOf(process)).toEqual(new Map([[referralsIn('2026-01'), 4], [referralsIn('2026-02'), 1]]));
});

it('leaves marks beyond what one pass may hold to the next, and says so', async () => {
  const process = newProcess({ participantsPerPass: 2 });
  const others = [randomBytes(16), randomBytes(16)];
  for (const of of [subject, ...others]) await process.hear(referral(of, 1, 20_454));
  expect(await process.pass()).toMatchObject({ marks: 2, participants: 2, more: true });
  expect(await process.pass()).toMatchObject({ marks: 1, participants: 1, more: false });
  expect(await process.pass()).toMatchObject({ marks: 0, more: false });
});

it('divides people with another process: each computes those of its buckets, whoever found them marked', async () => {
  const bucket = participantBucketOf(participant);
  const ours = newProcess({ deployment: 'council', buckets: new Set([bucket]) });
  const theirs = newProcess({ buckets: new Set([...EVERY_BUCKET].filter((other) => other !== bucket)) });
  await theirs.hear(referral(subject, 1, 20_454));
  expect(await theirs.pass()).toMatchObject({ marks: 1, participants: 0, handedOver: [{ bucket }] });
  expect(await theirs.partitions.marks(theirs.location)).toEqual([]);
  expect(await ours.pass()).toMatchObject({ marks: 1, participants: 1, overtaken: 0, handedOver: [] });
  expect([...(await cellsOf(ours))]).toEqual([[referralsIn('2026-01'), 1]]);
  expect(await ours.participants.markIds(bucket)).toEqual([]);
});
