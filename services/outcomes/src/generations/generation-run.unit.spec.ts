import { MemoryConsumer, MemoryLog } from '@throughline/event-bus/testing';
import { eventKey, eventsTopic, eventsTopics } from '@throughline/event-contracts';
import { LATEST_RULES } from '@throughline/outcome-metrics';
import { waitFor } from '@throughline/servers';
import { BucketShares, participantBucketOf } from '@throughline/state-store';
import { MemoryRedis } from '@throughline/state-store/testing';
import { createLogger, createTelemetry } from '@throughline/telemetry';
import { ImplicitParticipants } from '../reconcile/participants.js';
import { referral, referralsIn } from '../testing/reconciling-process.js';
import { GenerationRun } from './generation-run.js';

const TOPIC = eventsTopic('college');
const APPENDED_AT = 1_000_000;
const platformKey = Buffer.alloc(32, 'platform');
const telemetry = createTelemetry({ service: 'outcomes', kind: 'outcomes', build: { version: '0', revision: 'test' }, runtimeSeries: false });
const logger = createLogger({ service: 'outcomes', level: 'silent' });
const fail = (error: unknown) => {
  throw error;
};
it('leaves people to another process, is not fresh without them, and takes them over once that one is gone', async () => {
  const connection = new MemoryRedis().connect();
  const log = new MemoryLog({ now: () => APPENDED_AT });
  log.createTopic(TOPIC, 1);
  const other = new BucketShares({ connection, generation: 1, process: 'other', keptMs: 2 ** 40, onTrouble: fail });
  await other.renew();
  const run = new GenerationRun({
    generation: 1,
    until: null,
    brokers: [],
    instance: 'this',
    topics: eventsTopics(null),
    connection,
    openConsumer: (options) => new MemoryConsumer(log, options),
    platformKey,
    rules: LATEST_RULES,
    timelineBytes: 2 ** 30,
    deadLetters: { deadLetter: async () => 0 },
    telemetry,
    logger,
    onCrash: fail,
  });
  await run.start();
  const theirs = await waitFor(() => other.renew().then((held) => held.size === 12 && held), { what: 'each to have its share', everyMs: 5 });
  expect(await connection.command('HEXISTS', 'g1:{shares}:buckets', '@this')).toBe(1);

  const all = new ImplicitParticipants(platformKey);
  const people = Array.from({ length: 40 }, (_, number) => Buffer.alloc(16, number + 1));
  const left = people.filter((subject) => theirs.has(participantBucketOf(all.of(subject))));
  expect(left.length % people.length).toBeGreaterThan(0);
  log.append(people.map((subject) => ({ topic: TOPIC, key: eventKey(subject, subject), value: referral(subject, 1, 20_454) })));
  const counted = async () => (await run.cells()).get(referralsIn('2026-01')) ?? 0;
  const isOurPartDone = async () => (await run.partitions.next('college.0')) === people.length && (await run.partitions.marks('college.0')).length === 0;
  await waitFor(isOurPartDone, { what: 'its own people to be computed', everyMs: 5 });
  expect(await counted()).toBe(people.length - left.length);
  expect((await run.markIds(['college.0'])).length).toBeGreaterThan(0);
  expect(run.freshAt).toBe(0);

  await other.stop();
  await waitFor(() => run.freshAt === APPENDED_AT, { what: 'the others to be computed', everyMs: 5 });
  expect(await counted()).toBe(people.length);
  expect(await run.markIds(['college.0'])).toEqual([]);

  await run.stop();
  expect([...(await other.renew())]).toHaveLength(24);
});
