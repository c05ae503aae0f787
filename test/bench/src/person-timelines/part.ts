import { startBenchServers } from '../process/bench-servers.js';
import type { BenchServers } from '../process/bench-servers.js';
import type { PartOptions } from '../parts/part.js';
import type { Section } from '../report/section.js';
import { BEST_STREAMS, TIMELINE_CONTENDERS } from './contenders.js';
import { measureKeyUpdates } from './key-updates.js';
import type { KeyUpdates } from './key-updates.js';
import { limitsSection } from './limits-section.js';
import { measureRun } from './measured-run.js';
import type { MeasuredRun } from './measured-run.js';
import { publishTimelines } from './published-timelines.js';
import type { PublishedTimelines } from './published-timelines.js';
import { measureRestore } from './streams-restore.js';
import type { StreamsRestore } from './streams-restore.js';
import type { RunningContender, TimelineContender, TimelineRun } from './timeline-contender.js';
import { measureRestarts } from './restart.js';
import { restartSection } from './restart-section.js';
import { timelinesSection } from './timelines-section.js';
import type { Runs } from './timelines-section.js';
import type { Variant, Workload } from './workload.js';

const SIZES = { quick: { participants: 4_000, rounds: 1, keyRounds: 1 }, full: { participants: 200_000, rounds: 3, keyRounds: 3 } };
const EVENTS = 10;
const PARTITIONS = 12;
/** Whoever stays below 20,000 events a second runs so much less. */
const SHORTER_BY = 20;

interface Logs {
  readonly whole: PublishedTimelines;
  readonly short: PublishedTimelines;
}

/** Figures of people under several references, kept by the platform and by others: with one Kafka and one Redis. */
export async function personTimelinesPart(options: PartOptions): Promise<Section[]> {
  const { rounds, keyRounds } = options.quick ? SIZES.quick : SIZES.full;
  const servers = await startBenchServers(options.progress);
  try {
    const keyUpdates: KeyUpdates[] = [];
    const restores: StreamsRestore[] = [];
    const every = await publish(options, servers, 'every');
    const everyRuns = await inTurn(options, servers, every, rounds, {
      between: async () => void keyUpdates.push(await measureKeyUpdates(servers, keyRounds)),
      afterLast: async (contender, run, running) => {
        if (contender === BEST_STREAMS) restores.push(await measureRestore(contender, run, running));
      },
    });
    // Adds to the log: last of all that reads it.
    const restarts = await measureRestarts(options, servers, every.whole, rounds);
    const fifth = await publish(options, servers, 'fifth');
    const fifthRuns = await inTurn(options, servers, fifth, rounds);
    return [
      timelinesSection(every.whole, every.short, everyRuns),
      timelinesSection(fifth.whole, fifth.short, fifthRuns),
      limitsSection(every.whole, everyRuns, keyUpdates),
      restartSection(restarts, restores),
    ];
  } finally {
    await servers.stop();
  }
}

async function publish({ root, quick, progress }: PartOptions, { kafka, folder }: BenchServers, variant: Variant): Promise<Logs> {
  const { participants } = quick ? SIZES.quick : SIZES.full;
  const workload: Workload = { variant, participants, events: EVENTS, partitions: PARTITIONS, name: variant };
  const publishing = { root, brokers: kafka.brokers, folder, progress };
  return {
    whole: await publishTimelines(workload, publishing),
    short: await publishTimelines({ ...workload, participants: participants / SHORTER_BY, name: `${variant}-short` }, publishing),
  };
}

interface Besides {
  /** Called in each round, before the first of it. */
  readonly between?: () => Promise<void>;
  /** Called in the last round of each, with the contender still at work. */
  readonly afterLast?: (contender: TimelineContender, run: TimelineRun, running: RunningContender) => Promise<void>;
}

/** Everybody who takes part, round after round. */
async function inTurn({ root, progress, profileDir }: PartOptions, servers: BenchServers, { whole, short }: Logs, rounds: number, { between, afterLast }: Besides = {}): Promise<Runs> {
  const { variant } = whole.workload;
  const contenders = TIMELINE_CONTENDERS.filter(({ targets }) => variant in targets);
  const turns = Array.from({ length: rounds }, (_, round) => contenders.filter(({ once = false }) => round === 0 || !once));
  const task = progress.start(`Keeping figures (${variant})`, turns.flat().length, 'runs');
  const runs = new Map<TimelineContender, MeasuredRun[]>(contenders.map((contender) => [contender, []]));
  let done = 0;
  for (const [round, turn] of turns.entries()) {
    await between?.();
    for (const contender of turn) {
      const run = { root, servers, log: contender.shortLog ? short : whole, id: `${variant}-${round}-${contenders.indexOf(contender)}`, profileDir };
      const isLast = !turns.slice(round + 1).some((later) => later.includes(contender));
      runs.get(contender)!.push(await measureRun(contender, run, async (running) => (isLast ? afterLast?.(contender, run, running) : undefined)));
      task.update((done += 1));
    }
  }
  task.finish();
  return runs;
}
