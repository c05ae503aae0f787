import type { Cost, MeasuredRun } from './measured-run.js';
import type { PublishedTimelines } from './published-timelines.js';
import type { TimelineContender } from './timeline-contender.js';
import { timelinesSection } from './timelines-section.js';

const log = (participants: number): PublishedTimelines => ({
  workload: { variant: 'every', participants, events: 10, partitions: 12, name: 'every' },
  brokers: '',
  topics: ['a', 'b', 'c', 'd'],
  records: participants * 20,
  linksFile: '',
  expected: new Map(),
});

const contender = (name: string, role: TimelineContender['role'], cold: number | null, secondHalf: number | null): TimelineContender => ({
  name,
  role,
  targets: { every: cold === null ? null : { cold, secondHalf } },
  shortLog: role === 'peer',
  start: () => Promise.reject(new Error('not run')),
});

/** Processor time of a million events. */
const run = (cold: number, secondHalf: number): MeasuredRun => {
  const cost = (cpuSeconds: number): Cost => ({ events: 1_000_000, seconds: 10, cpuSeconds, redisSeconds: 0, brokerSeconds: 1 });
  return { cold: cost(cold), secondHalf: cost(secondHalf), stored: null };
};

const ours = contender('ours', 'ours', null, null);
const worse = contender('worse form', 'bar', 5, 3);
const best = contender('best form', 'bar', 5, 3);
const peer = contender('another way', 'peer', 60, null);

const section = timelinesSection(
  log(4_000),
  log(200),
  new Map([
    [ours, [run(9, 2), run(2, 2), run(1, 2)]],
    [worse, [run(30, 9)]],
    [best, [run(9, 8)]],
    [peer, [run(130, 1)]],
  ]),
);

it('ours is held against the best form of the stream engine, by medians, from the start and in the second half', () => {
  expect(section.verdicts).toEqual([
    { target: expect.stringMatching(/at least 5 times .*best form.* from the start/) as string, measured: '4.5 times', met: false },
    { target: expect.stringMatching(/at least 60 times .*another way .*short log.* from the start/) as string, measured: '65.0 times', met: true },
    { target: expect.stringMatching(/at least 3 times .*best form.* in the second half/) as string, measured: '4.0 times', met: true },
  ]);
});

it('every contender has a line for each phase, with what is asked of it and whether it was reached', () => {
  const lines = section.figures?.map(({ contender: name, phase, ratio, target, reached }) => [name, phase, ratio, target, reached]);
  expect(lines).toEqual([
    ['ours', 'cold', null, null, null],
    ['ours', 'second half', null, null, null],
    ['worse form', 'cold', 15, 5, true],
    ['worse form', 'second half', 4.5, 3, true],
    ['best form', 'cold', 4.5, 5, false],
    ['best form', 'second half', 4, 3, true],
    ['another way', 'cold', 65, 60, true],
    ['another way', 'second half', 0.5, null, null],
  ]);
});

it('a table says who ran the short log', () => {
  expect(section.rows.map(([name]) => name)).toEqual(['ours', 'worse form (once)', 'best form (once)', 'another way (short) (once)']);
  expect(section.method).toContain('80,000 events');
  expect(section.method).toContain('Short: 4,000 events');
});

it('ours under another condition has a table of its own, and what ran once is told of', () => {
  const withCondition = timelinesSection(log(4_000), log(200), new Map([[ours, [run(9, 2), run(9, 2)]], [contender('condition', 'condition', null, null), [run(1, 1)]], [best, [run(9, 8)]]]));
  expect(withCondition.rows.map(([name]) => name)).toEqual(['ours', 'best form (once)']);
  expect(withCondition.method).toContain('(once: one run)');
});

it('nobody is compared where ours did not run', () => {
  const without = timelinesSection(log(4_000), log(200), new Map([[best, [run(9, 8)]]]));
  expect(without.verdicts).toEqual([]);
  expect(without.figures?.map(({ ratio, reached }) => [ratio, reached])).toEqual([[null, null], [null, null]]);
});
