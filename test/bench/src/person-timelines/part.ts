import { startBenchServers } from '../process/bench-servers.js';
import type { PartOptions } from '../parts/part.js';
import type { Section } from '../report/section.js';
import { TIMELINE_CONTENDERS } from './contenders.js';
import { measureRun } from './measured-run.js';
import type { MeasuredRun } from './measured-run.js';
import { publishTimelines } from './published-timelines.js';
import type { PublishedTimelines } from './published-timelines.js';
import type { TimelineContender } from './timeline-contender.js';
import { timelinesSection } from './timelines-section.js';
import type { Variant, Workload } from './workload.js';

const SIZES = { quick: { participants: 4_000, rounds: 1 }, full: { participants: 200_000, rounds: 3 } };
const EVENTS = 10;
const PARTITIONS = 12;
/** Whoever stays below 20,000 events a second runs so much less. */
const SHORTER_BY = 20;
const VARIANTS: readonly Variant[] = ['every', 'fifth'];

/** Figures of people under several references, kept by the platform and by others: with one Kafka and one Redis. */
export async function personTimelinesPart(options: PartOptions): Promise<Section[]> {
  const { participants, rounds } = options.quick ? SIZES.quick : SIZES.full;
  const servers = await startBenchServers(options.progress);
  try {
    const sections: Section[] = [];
    for (const variant of VARIANTS) {
      const contenders = TIMELINE_CONTENDERS.filter(({ targets }) => variant in targets);
      const workload: Workload = { variant, participants, events: EVENTS, partitions: PARTITIONS, name: variant };
      const publishing = { root: options.root, brokers: servers.kafka.brokers, folder: servers.folder, progress: options.progress };
      const whole = await publishTimelines(workload, publishing);
      const short = await publishTimelines({ ...workload, participants: participants / SHORTER_BY, name: `${variant}-short` }, publishing);
      const task = options.progress.start(`Keeping figures (${variant})`, contenders.length * rounds, 'runs');
      const runs = new Map<TimelineContender, MeasuredRun[]>(contenders.map((contender) => [contender, []]));
      for (let round = 0; round < rounds; round += 1) {
        for (const [place, contender] of contenders.entries()) {
          const log: PublishedTimelines = contender.shortLog ? short : whole;
          const run = { root: options.root, servers, log, id: `${variant}-${round}-${place}`, profileDir: options.profileDir };
          runs.get(contender)!.push(await measureRun(contender, run));
          task.update(round * contenders.length + place + 1);
        }
      }
      task.finish();
      sections.push(timelinesSection(whole, short, runs));
    }
    return sections;
  } finally {
    await servers.stop();
  }
}
