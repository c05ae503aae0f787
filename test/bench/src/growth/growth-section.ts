import type { MeasuredRun, Phase } from '../person-timelines/measured-run.js';
import { perMillion, rate } from '../person-timelines/timelines-section.js';
import { whole } from '../report/section.js';
import type { Figure, Section } from '../report/section.js';
import { MIDDLE } from './points.js';
import type { Curve, Point } from './points.js';

/** A size, and what it cost. */
export interface MeasuredPoint {
  readonly point: Point;
  readonly run: MeasuredRun;
}

const cpu = perMillion('cpuSeconds');
const redis = perMillion('redisSeconds');
const PHASES = { cold: 'cold', secondHalf: 'second half' } as const satisfies Record<Phase, Figure['phase']>;

/** Table and figures of one curve. */
export function growthSection(curve: Curve, measured: readonly MeasuredPoint[]): Section {
  return {
    title: curve.title,
    method:
      `The outcomes service over logs of which every event changes something, as on the page of performance: ${whole(MIDDLE.participants)} participants of two subjects each, ${MIDDLE.eventsPerSubject} events about each subject, four topics of ${MIDDLE.partitions} partitions, one process, but for what the table says. One run of each; every answer checked.` +
      (curve.remark === '' ? '' : ` ${curve.remark}`),
    columns: [curve.of, 'events', 'events/s', 'CPU-s per million', 'of it Redis', 'second half: events/s', 'CPU-s per million', 'Redis bytes per participant', 'of it who is who'],
    rows: measured.map(({ point, run }) => [
      whole(curve.value(point)),
      whole(run.cold.events),
      whole(rate(run.cold)),
      cpu(run.cold).toFixed(2),
      redis(run.cold).toFixed(2),
      whole(rate(run.secondHalf)),
      cpu(run.secondHalf).toFixed(2),
      ...(['after', 'before'] as const).map((when) => whole((run.stored?.[when] ?? 0) / point.participants)),
    ]),
    verdicts: [],
    figures: measured.flatMap(({ point, run }) =>
      (Object.keys(PHASES) as Phase[]).map((phase): Figure => ({
        workload: `${curve.of}: ${curve.value(point)}`,
        contender: 'Throughline: outcomes',
        phase: PHASES[phase],
        eventsPerSecond: Math.round(rate(run[phase])),
        cpuSecondsPerMillion: Number(cpu(run[phase]).toFixed(3)),
        ratio: null,
        target: null,
        reached: null,
      })),
    ),
  };
}
