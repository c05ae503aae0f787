import { groupMembers } from '@throughline/event-bus/testing';
import { waitFor } from '@throughline/servers';
import { applicationOf } from './kafka-streams.js';
import type { RunningContender, TimelineContender, TimelineRun } from './timeline-contender.js';

/** Seconds from the start of the stream engine until it had taken up what it kept, and read on. */
export interface StreamsRestore {
  readonly name: string;
  /** With nothing kept, its topics made. */
  readonly bare: number;
  /** After a kill -9 over the whole log, when its consumer group had let go of the process killed. */
  readonly free: number;
}

/** Kills a form of the stream engine that has taken in its log, and starts it again. */
export async function measureRestore(contender: TimelineContender, run: TimelineRun, running: RunningContender): Promise<StreamsRestore> {
  process.kill(running.processes['streams']!, 'SIGKILL');
  const kafka = { brokers: run.log.brokers.split(','), clientId: 'bench' };
  await waitFor(async () => (await groupMembers(kafka, applicationOf(run.id))) === 0, { what: 'the consumer group to let go', timeoutMs: 60_000 });
  const again = await contender.start(run);
  // It has nothing to say of a log that it has read.
  for (const never of [again.half, again.done]) never.catch(() => undefined);
  try {
    return { name: contender.name, bare: (await running.readyAfter)!, free: (await again.readyAfter)! };
  } finally {
    await again.stop();
  }
}
