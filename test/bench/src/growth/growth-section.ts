import type { MeasuredRun, Phase } from '../person-timelines/measured-run.js';
import { middle, perMillion, rate } from '../person-timelines/timelines-section.js';
import { median } from '../report/median.js';
import { whole } from '../report/section.js';
import type { Figure, Section } from '../report/section.js';
import { MIDDLE } from './points.js';
import type { Curve, Point } from './points.js';

/** A size, and what it cost. */
export interface MeasuredPoint {
  readonly point: Point;
  readonly runs: readonly MeasuredRun[];
}

const cpu = perMillion('cpuSeconds');
const redis = perMillion('redisSeconds');
const PHASES = { cold: 'cold', secondHalf: 'second half' } as const satisfies Record<Phase, Figure['phase']>;

/** Table and figures of one curve. */
export function growthSection(curve: Curve, measured: readonly MeasuredPoint[]): Section {
  return {
    title: curve.title,
    method:
      `The outcomes service over logs of which every event changes something, as on the page of performance: ${whole(MIDDLE.participants)} participants of two subjects each, ${MIDDLE.eventsPerSubject} events about each subject, four topics of ${MIDDLE.partitions} partitions, one process, but for what the table says. Medians of so many runs; every answer checked.` +
      (curve.remark === '' ? '' : ` ${curve.remark}`),
    columns: [curve.of, 'events', 'runs', 'events/s', 'CPU-s per million', 'of it Redis', 'second half: events/s', 'CPU-s per million', 'Redis bytes per participant', 'of it who is who'],
    rows: measured.map(({ point, runs }) => [
      whole(curve.value(point)),
      whole(runs[0]!.cold.events),
      String(runs.length),
      whole(middle(runs, 'cold', rate)),
      middle(runs, 'cold', cpu).toFixed(2),
      middle(runs, 'cold', redis).toFixed(2),
      whole(middle(runs, 'secondHalf', rate)),
      middle(runs, 'secondHalf', cpu).toFixed(2),
      ...(['after', 'before'] as const).map((when) => whole(median(runs.map(({ stored }) => stored?.[when] ?? 0)) / point.participants)),
    ]),
    verdicts: [],
    figures: measured.flatMap(({ point, runs }) =>
      (Object.keys(PHASES) as Phase[]).map((phase): Figure => ({
        workload: `${curve.of}: ${curve.value(point)}`,
        contender: 'Throughline: outcomes',
        phase: PHASES[phase],
        eventsPerSecond: Math.round(middle(runs, phase, rate)),
        cpuSecondsPerMillion: Number(middle(runs, phase, cpu).toFixed(3)),
        ratio: null,
        target: null,
        reached: null,
      })),
    ),
  };
}
