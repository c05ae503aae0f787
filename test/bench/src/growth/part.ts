import type { PartOptions } from '../parts/part.js';
import { measureRun } from '../person-timelines/measured-run.js';
import type { MeasuredRun } from '../person-timelines/measured-run.js';
import { outcomesService } from '../person-timelines/outcomes-service.js';
import { publishTimelines } from '../person-timelines/published-timelines.js';
import { startBenchServers } from '../process/bench-servers.js';
import type { Section } from '../report/section.js';
import { growthSection } from './growth-section.js';
import { CURVES, nameOf } from './points.js';
import type { Point } from './points.js';

/** In quick runs there are so many times fewer participants. */
const QUICKER_BY = 250;

/** How ours grows, alone: each size on a Kafka and a Redis of its own, so that none pays for another’s log. */
export async function growthPart(options: PartOptions): Promise<Section[]> {
  const sized = options.quick ? CURVES.map((curve) => ({ ...curve, points: curve.points.map(smaller) })) : CURVES;
  const runs = new Map<string, MeasuredRun>();
  for (const log of Map.groupBy(sized.flatMap(({ points }) => points), nameOf).values()) {
    const points = new Map(log.map((point) => [keyOf(point), point]));
    for (const [key, run] of await measurePoints(options, [...points.values()])) runs.set(key, run);
  }
  return sized.map((curve) => growthSection(curve, curve.points.map((point) => ({ point, run: runs.get(keyOf(point))! }))));
}

const keyOf = (point: Point): string => JSON.stringify(point);

/** Participants come in rows of four. */
const smaller = (point: Point): Point => ({ ...point, participants: Math.max(4, Math.floor(point.participants / QUICKER_BY / 4) * 4) });

/** Runs of the points of one log, by key; one of each: a curve is read over its points. */
async function measurePoints({ root, progress, profileDir }: PartOptions, points: readonly Point[]): Promise<Map<string, MeasuredRun>> {
  const [{ partitions, participants, eventsPerSubject: events }] = points as [Point];
  const workload = { variant: 'every', participants, events, partitions, name: nameOf(points[0]!) } as const;
  const servers = await startBenchServers(progress);
  try {
    const log = await publishTimelines(workload, { root, brokers: servers.kafka.brokers, folder: servers.folder, progress });
    const task = progress.start(`Keeping figures (${workload.name})`, points.length, 'runs');
    const runs = new Map<string, MeasuredRun>();
    for (const point of points) {
      const contender = outcomesService({ name: 'Throughline: outcomes', role: 'ours', targets: { every: null } }, { processes: point.processes });
      runs.set(keyOf(point), await measureRun(contender, { root, servers, log, id: String(runs.size), profileDir }));
      task.update(runs.size);
    }
    task.finish();
    return runs;
  } finally {
    await servers.stop();
  }
}
