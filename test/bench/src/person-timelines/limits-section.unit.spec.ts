import { limitsSection } from './limits-section.js';
import type { MeasuredRun } from './measured-run.js';
import type { PublishedTimelines } from './published-timelines.js';
import type { TimelineContender } from './timeline-contender.js';

const log: PublishedTimelines = {
  workload: { variant: 'every', participants: 1_000, events: 10, partitions: 12, name: 'every' },
  brokers: '',
  topics: ['a', 'b', 'c', 'd'],
  records: 20_000,
  linksFile: '',
  expected: new Map(),
};

const contender = (name: string, role: TimelineContender['role']): TimelineContender => ({
  name,
  role,
  targets: { every: null },
  shortLog: false,
  start: () => Promise.reject(new Error('not run')),
});

/** A run of so many events a second, with so much in Redis. */
const run = (eventsPerSecond: number, stored: MeasuredRun['stored'] = null): MeasuredRun => {
  const cost = { events: 20_000, seconds: 20_000 / eventsPerSecond, cpuSeconds: 0.1, redisSeconds: 0.02, brokerSeconds: 0.1 };
  return { cold: cost, secondHalf: cost, stored };
};

const drain = contender('drain', 'ceiling');
const ours = contender('ours', 'ours');
const unsynced = contender('the same, appendfsync no', 'condition');
const keyUpdates = [200, 300, 400].map((thousands) => ({ updates: thousands * 1_000, seconds: 1, cpuSeconds: 0.9 }));

const section = (synced: number) =>
  limitsSection(
    log,
    new Map([
      [drain, [run(800_000)]],
      [ours, [run(synced, { before: 200_000, after: 900_000 }), run(synced, { before: 200_000, after: 800_000 }), run(1, { before: 200_000, after: 850_000 })]],
      [contender('bar', 'bar'), [run(1)]],
      [unsynced, [run(100_000, { before: 1, after: 2 })]],
    ]),
    keyUpdates,
  );

it('ours stands beside the drain and beside Redis alone, by medians', () => {
  const rows = section(150_000).rows.map(([name, events, drained, redis]) => [name, events, drained, redis]);
  expect(rows).toEqual([
    ['drain', '800,000', '', ''],
    ['Redis alone, keys updated in scripts', '300,000', '', ''],
    ['ours', '150,000', '19 %', '50 %'],
    ['the same, appendfsync no (once)', '100,000', '13 %', '33 %'],
  ]);
});

it('says what Redis holds of a participant, and how much of it was there before', () => {
  expect(section(150_000).rows[2]!.slice(-2)).toEqual(['850', '200']);
});

it('syncing may cost a twentieth of the events a second, and no more', () => {
  expect(section(95_000).verdicts).toEqual([{ target: expect.stringContaining('at least 95 %') as string, measured: '95 %', met: true }]);
  expect(section(94_000).verdicts[0]).toMatchObject({ measured: '94 %', met: false });
});

it('gives machines what only this table has', () => {
  expect(section(95_000).figures).toEqual([expect.objectContaining({ contender: 'the same, appendfsync no', eventsPerSecond: 100_000, target: null })]);
});
