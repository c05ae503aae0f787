import type { RunningPlatform } from '@throughline/test-journeys';
import { cpuSecondsOfTree } from '../process/machine.js';
import { logSize } from './log-size.js';

/** What all of a population’s files cost, from the first request to figures of all of them. */
export interface PipelineRun {
  /** Facts and identifiers that came to the log. */
  readonly events: number;
  readonly seconds: number;
  /** Seconds on the processor by process, with all it has started. */
  readonly cpuByProcess: Readonly<Record<string, number>>;
}

/** Sends everybody’s files to their adapters at once, and waits until all that came to the log is counted. */
export async function runPipeline(running: RunningPlatform, population: string): Promise<PipelineRun> {
  const { kafka, redis, services, kafkaBrokers } = running.platform;
  const pids: Record<string, number> = {};
  if (kafka !== undefined) pids['Kafka'] = kafka.pid();
  if (redis !== undefined) pids['Redis'] = redis.pid();
  for (const [name, service] of [...services].sort(([a], [b]) => (a < b ? -1 : 1))) pids[name] = service.pid();
  pids['sender'] = process.pid;

  const cpu = (): Record<string, number> => {
    const all = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSecondsOfTree(pid)]));
    // Everything here was started by the sender.
    const others = Object.entries(all).reduce((sum, [name, seconds]) => (name === 'sender' ? sum : sum + seconds), 0);
    return { ...all, sender: (all['sender'] ?? 0) - others };
  };
  const eventsBefore = await logSize(kafkaBrokers);
  const before = cpu();
  const began = performance.now();
  await running.load(population);
  await running.cells();
  const seconds = (performance.now() - began) / 1_000;
  const after = cpu();
  return {
    events: (await logSize(kafkaBrokers)) - eventsBefore,
    seconds,
    cpuByProcess: Object.fromEntries(Object.keys(pids).map((name) => [name, after[name]! - before[name]!])),
  };
}
