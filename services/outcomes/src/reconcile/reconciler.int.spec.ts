import { FetchedRecords } from '@throughline/event-bus';
import { defaultBody, encodeEvent } from '@throughline/event-contracts';
import { LATEST_RULES } from '@throughline/outcome-metrics';
import { EVERY_TIMELINE_BUCKET, LinkIndex, participantBucketOf, ParticipantStore, PartitionStore, RedisConnection, TopicLayout, UniqueIds } from '@throughline/state-store';
import { randomBytes, randomInt } from 'node:crypto';
import { RememberedTimelines } from '../consume/remembered-timelines.js';
import { BatchStager } from '../consume/stage-batch.js';
import { ImplicitParticipants } from './participants.js';
import { Reconciler } from './reconciler.js';
import type { ReconcilerOptions } from './reconciler.js';

const LOCATION = 'college.0';
const TOPIC = 'partner-events.college';
const subject = randomBytes(16);
const platformKey = randomBytes(32);
const participant = new ImplicitParticipants(platformKey).of(subject);
let redis: RedisConnection;
let generation: number;

beforeAll(() => {
  redis = new RedisConnection({ url: process.env['THROUGHLINE_TEST_REDIS'] ?? 'redis://127.0.0.1:6379' });
});
afterAll(() => redis.close());
beforeEach(async () => {
  generation = randomInt(1_000_000, 2_000_000_000);
  await new TopicLayout(redis, generation).fix(TOPIC, 1);
});

/** What one process has: all it knows it has read from the store. */
function newProcess(now = () => 0, bounds: Pick<ReconcilerOptions, 'participantsPerScript' | 'participantsPerPass'> = {}) {
  const ids = new UniqueIds();
  const partitions = new PartitionStore(redis, generation);
  const participants = new ParticipantStore(redis, generation);
  const remembered = new RememberedTimelines(partitions, 1 << 30);
  const reconciler = new Reconciler({
    partitions,
    participants,
    remembered,
    link: new LinkIndex(redis, generation),
    implicit: new ImplicitParticipants(platformKey),
    rules: LATEST_RULES,
    newId: () => ids.next(),
    layout: new TopicLayout(redis, generation),
    now,
    ...bounds,
  });
  return {
    unreadable: () => reconciler.unreadable,
    partitions,
    participants,
    pass: () => reconciler.pass([LOCATION], true),
    /** Takes one event in, as the next of the log. */
    async hear(value: Buffer) {
      const { next } = await remembered.current(LOCATION);
      const records = FetchedRecords.of([{ offset: next, key: null, value, timestamp: 1 }]);
      const staged = new BatchStager().stage({ topic: TOPIC, partition: 0, partitionCount: 1, firstOffset: next, lastOffset: next, nextOffset: next + 1, highWatermark: next + 1, records }, await remembered.load(LOCATION, EVERY_TIMELINE_BUCKET));
      await partitions.write(LOCATION, { expectedNext: next, next: next + 1, entries: staged.entries, mark: { id: ids.next(), subjects: staged.subjects } });
    },
    cells: () => participants.cells(participantBucketOf(participant)),
  };
}

const referral = (revision: number, date: number, of: Buffer = subject): Buffer =>
  encodeEvent('ReferralMade', {
    ...defaultBody('ReferralMade'),
    status: 'ACTIVE',
    meta: {
      eventId: randomBytes(16),
      factId: Buffer.concat([of.subarray(0, 8), Buffer.alloc(8, 1)]),
      subject: of,
      revision: { instant: revision, sequence: 0 },
      contentHash: Buffer.alloc(8, revision),
      change: 'STATED',
      occurredOn: { date, precision: 'DAY' },
      recordedAt: 0,
      source: { partner: 'p', system: 'bars', submission: Buffer.alloc(16), record: 1 },
      agreementId: 'dsa',
      programme: null,
      evidence: 'CASE_RECORD',
      place: null,
    },
  });
const cellOf = (month: string): string => `referrals|${month}|unknown|no programme|unknown|unknown|dsa`;

it('takes back what another process counted, in cells it never met', async () => {
  const first = newProcess();
  await first.hear(referral(1, 20_454));
  expect(await first.pass()).toMatchObject({ participants: 1, unreadable: 0 });
  expect([...(await first.cells())]).toEqual([[cellOf('2026-01'), 1]]);

  const second = newProcess();
  await second.hear(referral(2, 20_500));
  expect(await second.pass()).toMatchObject({ participants: 1, overtaken: 0, unreadable: 0 });
  expect([...(await second.cells())]).toEqual([[cellOf('2026-02'), 1]]);
});

it('computes a participant again whose cells went meanwhile, and tells it from a damaged one', async () => {
  const first = newProcess();
  await first.hear(referral(1, 20_454));
  await first.pass();
  const second = newProcess();
  await second.hear(referral(2, 20_500));
  // Between reading the participant and looking up its cells, another process counts it anew.
  const cells = second.participants.cells.bind(second.participants);
  second.participants.cells = async (bucket) => {
    second.participants.cells = cells;
    await first.pass();
    return cells(bucket);
  };
  expect(await second.pass()).toMatchObject({ participants: 1, overtaken: 0, again: 1, unreadable: 0 });
  await second.hear(referral(3, 20_530));
  expect(await second.pass()).toMatchObject({ participants: 1, overtaken: 0 });
  expect([...(await second.cells())]).toEqual([[cellOf('2026-03'), 1]]);

  await redis.command('DEL', `g${generation}:{b${participantBucketOf(participant)}}:cells`);
  let now = 0;
  const third = newProcess(() => now);
  await third.hear(referral(4, 20_560));
  expect(await third.pass()).toMatchObject({ participants: 0, overtaken: 0, unreadable: 1 });
  expect(third.unreadable()).toBe(1);
  // Somebody else settles it: its mark is gone.
  await third.partitions.deleteMarks(LOCATION, (await third.partitions.marks(LOCATION)).map(({ id }) => id));
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
  const process = newProcess(undefined, { participantsPerScript: 2 });
  for (const of of [subject, ...others]) await process.hear(referral(1, 20_454, of));
  expect(await process.pass()).toMatchObject({ participants: 5, overtaken: 0, unreadable: 0 });
  expect([...(await process.cells())]).toEqual([[cellOf('2026-01'), 5]]);
  await process.hear(referral(2, 20_500, others[3]));
  expect(await process.pass()).toMatchObject({ participants: 1 });
  expect(await process.cells()).toEqual(new Map([[cellOf('2026-01'), 4], [cellOf('2026-02'), 1]]));
});

it('leaves marks beyond what one pass may hold to the next, and says so', async () => {
  const process = newProcess(undefined, { participantsPerPass: 2 });
  const others = [randomBytes(16), randomBytes(16)];
  for (const of of [subject, ...others]) await process.hear(referral(1, 20_454, of));
  expect(await process.pass()).toMatchObject({ marks: 2, participants: 2, more: true });
  expect(await process.pass()).toMatchObject({ marks: 1, participants: 1, more: false });
  expect(await process.pass()).toMatchObject({ marks: 0, more: false });
});
