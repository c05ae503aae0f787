import { differenceOf } from '../facts/expected-answers.js';
import { cpuSecondsOfTree } from '../process/machine.js';
import { redisBytes } from '../process/redis-memory.js';
import type { RunningContender, TimelineContender, TimelineRun } from './timeline-contender.js';

/** What a stretch of the log cost. */
export interface Cost {
  readonly events: number;
  readonly seconds: number;
  /** Time on the processor of the contender, its store and all they have started. */
  readonly cpuSeconds: number;
  /** The store's part of it. */
  readonly redisSeconds: number;
  /** The broker's, which is not in it. */
  readonly brokerSeconds: number;
}

/** One run. */
export interface MeasuredRun {
  /** From the start of its process to its stored answer. */
  readonly cold: Cost;
  /** From the half of its input to its stored answer. */
  readonly secondHalf: Cost;
  /** What Redis holds in memory, bytes: before it began, which is who is who where that lies there, and with the answer. Null: it uses none. */
  readonly stored: { readonly before: number; readonly after: number } | null;
}

/** A stretch that is measured. */
export type Phase = 'cold' | 'secondHalf';

/**
 * Runs a contender once over the log.
 * @param afterwards called with the contender still at work, once all is measured and its answer checked
 * @throws where its answer is not the right one
 */
export async function measureRun(contender: TimelineContender, run: TimelineRun, afterwards?: (running: RunningContender) => Promise<unknown>): Promise<MeasuredRun> {
  const { servers, log } = run;
  await contender.prepare?.(run);
  const storedBefore = await redisBytes(servers.redis.url);
  const redisBefore = cpuSecondsOfTree(servers.redis.pid);
  const brokerBefore = cpuSecondsOfTree(servers.kafka.pid);
  const began = performance.now();
  const running = await contender.start(run);
  const costSoFar = (): Cost => {
    const { redis, ...own } = running.processes;
    const redisSeconds = redis === undefined ? 0 : cpuSecondsOfTree(redis) - redisBefore;
    return {
      events: log.records,
      seconds: (performance.now() - began) / 1_000,
      cpuSeconds: Object.values(own).reduce((sum, pid) => sum + cpuSecondsOfTree(pid), redisSeconds),
      redisSeconds,
      brokerSeconds: cpuSecondsOfTree(servers.kafka.pid) - brokerBefore,
    };
  };
  try {
    await running.half;
    const half = costSoFar();
    await running.done;
    const cold = costSoFar();
    const stored = running.processes['redis'] === undefined ? null : { before: storedBefore, after: await redisBytes(servers.redis.url) };
    const difference = running.cells === null ? null : differenceOf(await running.cells(), log.expected);
    if (difference !== null) throw new Error(`The answer of ${contender.name} is wrong: ${difference}.`);
    await afterwards?.(running);
    return {
      cold,
      stored,
      secondHalf: {
        events: log.records / 2,
        seconds: cold.seconds - half.seconds,
        cpuSeconds: cold.cpuSeconds - half.cpuSeconds,
        redisSeconds: cold.redisSeconds - half.redisSeconds,
        brokerSeconds: cold.brokerSeconds - half.brokerSeconds,
      },
    };
  } finally {
    await running.stop();
  }
}
