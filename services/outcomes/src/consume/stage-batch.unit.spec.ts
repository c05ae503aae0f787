import { FetchedRecords } from '@throughline/event-bus';
import { decodeEvent, defaultBody, encodeEvent, eventsTopic } from '@throughline/event-contracts';
import type { EventOf } from '@throughline/event-contracts';
import { timelineBucketOf } from '@throughline/state-store';
import { FictionalLog } from '../testing/fictional-log.js';
import { PartitionTimelines } from './partition-timelines.js';
import { BatchStager } from './stage-batch.js';

type JobStarted = EventOf<'JobStarted'>;

const topic = eventsTopic('college');
const jobStarted = ((): JobStarted => {
  for (const record of new FictionalLog(1, 50, { college: 'college', council: 'council' }).records(1_000)) {
    const event = decodeEvent(record.value);
    if (event.type === 'JobStarted' && event.value.meta.occurredOn !== null) return event.value;
  }
  throw new Error('no job started');
})();
const told = (meta: Partial<JobStarted['meta']>): Buffer => encodeEvent('JobStarted', { ...jobStarted, meta: { ...jobStarted.meta, ...meta } });
const { revision, occurredOn } = jobStarted.meta;

const ONLY_PARTITION = { partition: 0, partitionCount: 1 };
const stage = (...values: (Buffer | null)[]) => stageIn(ONLY_PARTITION, ...values);
const stageIn = (place: { partition: number; partitionCount: number }, ...values: (Buffer | null)[]) =>
  new BatchStager().stage(
    {
      topic,
      ...place,
      firstOffset: 0,
      lastOffset: values.length - 1,
      nextOffset: values.length,
      highWatermark: values.length,
      records: FetchedRecords.of(values.map((value, offset) => ({ offset, key: null, value, timestamp: 1 }))),
    },
    PartitionTimelines.empty(),
  );

it.each([
  ['a clock in microseconds', { revision: { ...revision, instant: 1_763_000_000_000_000 } }],
  ['a sequence below 0', { revision: { ...revision, sequence: -1 } }],
  ['a day that no calendar has', { occurredOn: { ...occurredOn!, date: 2_000_000_000 } }],
])('puts %s aside, and takes in what is before and after it', (_, meta) => {
  const staged = stage(told({ factId: Buffer.alloc(16, 1) }), told(meta), null, told({ factId: Buffer.alloc(16, 2) }));
  expect(staged.unreadable.map(({ offset, code }) => [offset, code])).toEqual([[1, 'FACT_OUT_OF_RANGE']]);
  expect(staged.changes).toBe(2);
});

it('puts aside what lies in another partition than its subject, where nobody would look for it', () => {
  const subject = Buffer.from('ff000001000000000000000000000000', 'hex');
  const home = 0xff000001 % 12;
  const there = stageIn({ partition: home, partitionCount: 12 }, told({ subject }));
  expect([there.changes, there.unreadable]).toEqual([1, []]);
  const elsewhere = stageIn({ partition: home - 1, partitionCount: 12 }, told({ subject }));
  expect(elsewhere.unreadable.map(({ offset, code }) => [offset, code])).toEqual([[0, 'MISPLACED_RECORD']]);
  expect([elsewhere.changes, elsewhere.appendedAt]).toEqual([0, 0]);
});

describe('an event that no figure is made of', () => {
  const wellbeing = encodeEvent('WellbeingMeasured', { ...defaultBody('WellbeingMeasured'), meta: jobStarted.meta, instrument: 'PHQ_9', score: 4, stage: 'BASELINE' });
  const consent = encodeEvent('ConsentChanged', { ...defaultBody('ConsentChanged'), meta: jobStarted.meta, status: 'GIVEN' });

  it('is passed over, and what is before and after it is taken in', () => {
    const staged = stage(told({ factId: Buffer.alloc(16, 1) }), wellbeing, consent, told({ factId: Buffer.alloc(16, 2) }));
    expect([staged.changes, staged.unreadable]).toEqual([2, []]);
  });

  it('is put aside by a reader from before it was in the contract, which goes on', () => {
    const unheardOf = Buffer.from(wellbeing);
    unheardOf.writeUInt32BE(2 ** 31, 1);
    const staged = stage(told({ factId: Buffer.alloc(16, 1) }), unheardOf, told({ factId: Buffer.alloc(16, 2) }));
    expect([staged.changes, staged.unreadable.map(({ offset, code }) => [offset, code])]).toEqual([2, [[1, 'UNKNOWN_SCHEMA']]]);
  });

  it('is no fact where it says who somebody is', () => {
    const identified = encodeEvent('SubjectIdentified', { ...defaultBody('SubjectIdentified'), meta: jobStarted.meta });
    expect(stage(identified).unreadable.map(({ code }) => code)).toEqual(['NOT_A_FACT']);
  });
});

it('leaves nothing of a batch that failed halfway in the next', () => {
  const stager = new BatchStager();
  const value = (fact: number) => told({ factId: Buffer.alloc(16, fact) });
  const batch = (...values: Buffer[]): Parameters<BatchStager['stage']>[0] => ({
    topic,
    ...ONLY_PARTITION,
    firstOffset: 0,
    lastOffset: values.length - 1,
    nextOffset: values.length,
    highWatermark: values.length,
    records: FetchedRecords.of(values.map((each, offset) => ({ offset, key: null, value: each, timestamp: 1 }))),
  });
  const damaged = PartitionTimelines.empty();
  const bucket = damaged.bucket(timelineBucketOf(jobStarted.meta.subject))!;
  let looked = 0;
  const numberOf = bucket.numberOf.bind(bucket);
  bucket.numberOf = (word) => {
    looked += 1;
    if (looked > 1) throw new Error('damaged');
    return numberOf(word);
  };
  expect(() => stager.stage(batch(value(1), value(2)), damaged)).toThrow('damaged');
  const { entries } = stager.stage(batch(value(3)), PartitionTimelines.empty());
  expect(entries).toEqual(new BatchStager().stage(batch(value(3)), PartitionTimelines.empty()).entries);
});
