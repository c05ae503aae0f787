import { differenceOf } from '../facts/expected-answers.js';
import { cpuSecondsOfTree } from '../process/machine.js';
import type { TimelineContender, TimelineRun } from './timeline-contender.js';

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
}

/** Runs a contender once over the log. @throws where its answer is not the right one */
export async function measureRun(contender: TimelineContender, run: TimelineRun): Promise<MeasuredRun> {
  const { servers, log } = run;
  await contender.prepare?.(run);
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
    const difference = running.cells === null ? null : differenceOf(await running.cells(), log.expected);
    if (difference !== null) throw new Error(`The answer of ${contender.name} is wrong: ${difference}.`);
    return {
      cold,
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
