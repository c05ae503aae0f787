import { ensureTopics, EventProducer } from '@throughline/event-bus';
import type { KafkaConnection } from '@throughline/event-bus';
import { freePort } from '@throughline/servers';
import { RedisConnection } from '@throughline/state-store';
import { differenceOf } from '../facts/expected-answers.js';
import { startOutcomes } from '../parts/outcomes-run.js';
import type { RunningOutcomes } from '../parts/outcomes-run.js';
import type { PartOptions } from '../parts/part.js';
import type { BenchServers } from '../process/bench-servers.js';
import { inputOf, prepareOutcomes, summed } from './outcomes-service.js';
import type { PublishedTimelines } from './published-timelines.js';
import { laterCell, laterReferrals } from './timeline-log.js';
import { topicsOf } from './workload.js';

/** Referrals that come while nobody reads, for the process to catch up with and to count. */
const WAITING_RECORDS = 1_000;

/** Seconds from the start of a process until it was ready and nothing of the log was missing, one of each round. */
export interface Restarts {
  readonly participants: number;
  /** Records that came while it was down. */
  readonly waiting: number;
  /** With a store and a log that hold nothing. */
  readonly bare: readonly number[];
  /** At once after a kill -9. */
  readonly again: readonly number[];
}

type Log = Pick<PublishedTimelines, 'workload' | 'records'>;

/**
 * Kills outcomes over a log it has taken in, and starts it again; the answer is checked each time. Records are added to the log:
 * nobody else can read it afterwards as it was.
 */
export async function measureRestarts({ root, progress }: PartOptions, servers: BenchServers, log: PublishedTimelines, rounds: number): Promise<Restarts> {
  const kafka: KafkaConnection = { brokers: log.brokers.split(','), clientId: 'bench' };
  const connection = new RedisConnection({ url: servers.redis.url, commandTimeoutMs: 120_000 });
  const producer = new EventProducer(kafka);
  const task = progress.start('Killing outcomes and starting it again', rounds * 2, 'starts');
  const telemetryPort = await freePort();
  let running: RunningOutcomes | undefined;
  let done = 0;

  const start = async (each: Log): Promise<number> => {
    const began = performance.now();
    running = await startOutcomes(root, servers, connection, { ...inputOf(each), telemetryPort }, null);
    await running.caughtUp();
    return (performance.now() - began) / 1_000;
  };
  const kill = async (): Promise<void> => {
    running?.child.kill();
    await running?.child.exited;
  };

  async function bare(): Promise<number[]> {
    const empty: Log = { workload: { ...log.workload, name: `${log.workload.name}-empty`, participants: 0 }, records: 0 };
    await ensureTopics({ ...kafka, topics: topicsOf(empty.workload) });
    await connection.command('FLUSHALL');
    // The first one begins the generation, which none of those measured has to.
    await start(empty);
    const seconds: number[] = [];
    while (seconds.length < rounds) {
      // It leaves its group itself.
      await running?.child.stop();
      seconds.push(await start(empty));
      task.update((done += 1));
    }
    await running?.child.stop();
    return seconds;
  }

  let records = log.records;
  const expected = new Map(log.expected);
  async function restart(turn: number): Promise<number> {
    await kill();
    await producer.publish([...laterReferrals(log.workload, WAITING_RECORDS, turn)]);
    records += WAITING_RECORDS;
    expected.set(laterCell(turn), WAITING_RECORDS);
    const seconds = await start({ ...log, records });
    const difference = differenceOf(summed(await running!.cells()), expected);
    if (difference !== null) throw new Error(`The answer of outcomes after kill -9 is wrong: ${difference}.`);
    task.update((done += 1));
    return seconds;
  }

  try {
    await producer.connect();
    const bareSeconds = await bare();
    await prepareOutcomes(root, servers, log);
    await start(log);
    const again: number[] = [];
    while (again.length < rounds) again.push(await restart(again.length));
    await running?.child.stop();
    return { participants: log.workload.participants, waiting: WAITING_RECORDS, bare: bareSeconds, again };
  } finally {
    running?.child.kill();
    task.finish();
    await producer.close();
    await connection.close();
  }
}
