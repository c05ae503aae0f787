import type { MeasuredRun } from '../person-timelines/measured-run.js';
import { growthSection } from './growth-section.js';
import { CURVES, MIDDLE, nameOf } from './points.js';

const run = (eventsPerSecond: number, bytes: number): MeasuredRun => {
  const cost = { events: 2_000_000, seconds: 2_000_000 / eventsPerSecond, cpuSeconds: 6, redisSeconds: 1, brokerSeconds: 1 };
  return { cold: cost, secondHalf: cost, stored: { before: bytes / 2, after: bytes } };
};

it('a line tells size, cost and bytes of one participant', () => {
  const curve = CURVES.find(({ of }) => of === 'participants')!;
  const { rows, figures } = growthSection(curve, [{ point: { ...MIDDLE, participants: 10_000 }, run: run(100_000, 9_000_000) }]);
  expect(rows).toEqual([['10,000', '2,000,000', '100,000', '3.00', '0.50', '100,000', '3.00', '900', '450']]);
  expect(figures?.map(({ workload, phase }) => [workload, phase])).toEqual([['participants: 10000', 'cold'], ['participants: 10000', 'second half']]);
});

it('every curve goes through the middle or says as much of everybody', () => {
  for (const { of, points, value } of CURVES) {
    expect(new Set(points.map(value)).size).toBe(points.length);
    if (of === 'events per participant') for (const { participants, eventsPerSubject } of points) expect(participants * eventsPerSubject * 2).toBe(2_000_000);
    else expect(points).toContainEqual(MIDDLE);
    for (const { participants } of points) expect(participants % 4).toBe(0);
  }
});

it('sizes that differ in processes alone read one log', () => {
  expect(nameOf({ ...MIDDLE, processes: 2 })).toBe(nameOf(MIDDLE));
  expect(nameOf({ ...MIDDLE, partitions: 1 })).not.toBe(nameOf(MIDDLE));
});
