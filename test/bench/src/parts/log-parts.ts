import { RedisConnection } from '@throughline/state-store';
import { differenceOf, expectedCells } from '../facts/expected-answers.js';
import { startBenchServers } from '../process/bench-servers.js';
import type { BenchServers } from '../process/bench-servers.js';
import { saying, startContender, stopwatch } from '../process/contender.js';
import type { Spent } from '../process/contender.js';
import { canPin } from '../process/machine.js';
import { median } from '../report/median.js';
import { whole } from '../report/section.js';
import type { Section } from '../report/section.js';
import { publishLog, TOPICS } from './log.js';
import type { PublishedLog } from './log.js';
import { buildServices, linkedPeople, runOutcomes, writeLinks } from './outcomes-run.js';
import type { PartOptions } from './part.js';

const PUBLISHED_TARGET = 40_000;
const SIZES = { quick: { people: 2_000, rounds: 1 }, full: { people: 25_000, rounds: 3 } };

interface Run {
  readonly events: number;
  readonly spent: Spent;
}

interface Tried {
  readonly name: string;
  readonly runs: readonly Run[];
}

/** Publishing, and consuming with reconciling under all rules: on one log, with one Kafka and one Redis. */
export async function logParts(options: PartOptions): Promise<Section[]> {
  const { people, rounds } = options.quick ? SIZES.quick : SIZES.full;
  await buildServices(options.root);
  const servers = await startBenchServers(options.progress);
  const connection = new RedisConnection({ url: servers.redis.url, commandTimeoutMs: 120_000 });
  try {
    const log = await publishLog(servers, options, people);
    return [publishing(log), await reconciling(options, servers, connection, log, rounds)];
  } finally {
    await connection.close();
    await servers.stop();
  }
}

function publishing({ records, bytes, seconds, cpuSeconds }: PublishedLog): Section {
  const rate = records / seconds;
  return {
    title: 'Publishing',
    method: `${whole(records)} events of ${whole(bytes / records)} bytes (key and value), encoded beforehand, through EventProducer in batches of 1,000, each acknowledged before the next, over ${TOPICS.length} topics of 12 partitions.`,
    columns: ['', 'events/s', 'MB/s', 'CPU-s per million'],
    rows: [['EventProducer', whole(rate), (bytes / seconds / 1e6).toFixed(1), ((cpuSeconds / records) * 1e6).toFixed(1)]],
    verdicts: [{ target: `at least ${whole(PUBLISHED_TARGET)} events/s`, measured: `${whole(rate)}`, met: rate >= PUBLISHED_TARGET }],
  };
}

async function reconciling(options: PartOptions, servers: BenchServers, connection: RedisConnection, log: PublishedLog, rounds: number): Promise<Section> {
  const drain: Run[] = [];
  const platform: Run[] = [];
  const consumed: number[] = [];
  const cells = expectedCells(log.people);
  const task = options.progress.start('Consuming and reconciling under all rules', rounds * 2, 'runs');
  for (let round = 1; round <= rounds; round += 1) {
    drain.push(await drainNoOp(options, servers, log, round));
    task.update(round * 2 - 1);
    await connection.command('FLUSHALL');
    await writeLinks(connection, linkedPeople(log.people));
    const run = await runOutcomes(options.root, servers, connection, log.records, options.profileDir);
    const difference = differenceOf(run.cells, cells);
    if (difference !== null) throw new Error(`The answer of outcomes is wrong: ${difference}.`);
    platform.push({ events: log.records, spent: run.spent });
    consumed.push(run.consumedAfter);
    task.update(round * 2);
  }
  task.finish();
  const tried: Tried[] = [
    { name: 'kafkajs eachBatch that does nothing', runs: drain },
    { name: 'Throughline: consume and reconcile', runs: platform },
  ];
  return {
    title: 'Consuming and reconciling under all rules',
    method:
      `${whole(log.records)} events about ${whole(log.people)} people with jobs, pay, claims and courses under 3 subjects each on average, who is who known beforehand, an empty Redis (appendfsync always) for each run; all metrics of the latest rules; ${rounds} ${rounds === 1 ? 'run' : 'interleaved runs'}, medians. ` +
      `${canPin() ? 'The broker on one core, the contender and Redis on another. ' : ''}Timed from the assignment of the partitions until everything is stored and nobody is marked (consumed after ${median(consumed).toFixed(1)} s). ` +
      'Every answer was checked: the cells against the rules applied to each person alone, the number of events drained.',
    columns: ['', 'events/s', 'CPU-s per million', 'of it Redis'],
    rows: tried.map(({ name, runs }) => [
      name,
      whole(median(runs.map(rateOf))),
      median(runs.map(({ events, spent }) => (spent.cpuSeconds / events) * 1e6)).toFixed(1),
      median(runs.map(({ events, spent }) => ((spent.cpuByProcess['redis'] ?? 0) / events) * 1e6)).toFixed(1),
    ]),
    verdicts: [],
  };
}

const rateOf = ({ events, spent }: Run): number => events / spent.seconds;

async function drainNoOp({ root }: PartOptions, servers: BenchServers, log: PublishedLog, round: number): Promise<Run> {
  const { child, said } = await startContender(root, 'test/bench/src/peers/no-op-drain.ts', [servers.kafka.brokers, `no-op-${round}`, String(log.records), TOPICS.join(',')]);
  await said(saying('joined'));
  const watch = stopwatch({ peer: child.pid });
  const { seen } = await said(saying('done'));
  const spent = watch();
  child.kill();
  await child.exited;
  if (seen !== log.records) throw new Error(`The drain saw ${String(seen)} of ${log.records} events.`);
  return { events: log.records, spent };
}
