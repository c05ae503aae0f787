import { decodeEvent, encodeEvent, eventsTopic } from '@throughline/event-contracts';
import type { EventOf } from '@throughline/event-contracts';
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

const stage = (...values: (Buffer | null)[]) =>
  new BatchStager().stage(
    {
      topic,
      partition: 0,
      firstOffset: 0,
      lastOffset: values.length - 1,
      nextOffset: values.length,
      highWatermark: values.length,
      messages: values.map((value, offset) => ({ offset: String(offset), key: null, value, timestamp: '1' })),
    },
    new PartitionTimelines(),
  );

it.each([
  ['a clock in microseconds', { revision: { ...revision, instant: 1_763_000_000_000_000 } }],
  ['a sequence below 0', { revision: { ...revision, sequence: -1 } }],
  ['a day that no calendar has', { occurredOn: { ...occurredOn!, date: 2_000_000_000 } }],
])('puts %s aside, and takes in what is before and after it', (_, meta) => {
  const staged = stage(told({ factId: Buffer.alloc(16, 1) }), told(meta), null, told({ factId: Buffer.alloc(16, 2) }));
  expect(staged.unreadable.map(({ offset, code }) => [offset, code])).toEqual([[1, 'FACT_OUT_OF_RANGE']]);
  expect(staged.changes).toHaveLength(2);
});
