import { RedisConnection } from '@throughline/state-store';
import { differenceOf, expectedCells, expectedWords } from '../facts/expected-answers.js';
import { startBenchServers } from '../process/bench-servers.js';
import type { BenchServers } from '../process/bench-servers.js';
import { saying, startContender, stopwatch } from '../process/contender.js';
import type { Spent } from '../process/contender.js';
import { canPin } from '../process/machine.js';
import { median } from '../report/median.js';
import { whole } from '../report/section.js';
import type { Section } from '../report/section.js';
import { firstRecords, PREFIX_TOPIC, publishLog, TOPICS } from './log.js';
import type { PublishedLog } from './log.js';
import { buildServices, linkedPeople, runOutcomes, writeLinks } from './outcomes-run.js';
import type { PartOptions } from './part.js';

const PUBLISHED_TARGET = 40_000;
const RATIO_TARGET = 15;
const SIZES = { quick: { people: 2_000, prefix: 2_000, rounds: 1 }, full: { people: 50_000, prefix: 20_000, rounds: 3 } };

interface Run {
  readonly events: number;
  readonly spent: Spent;
}

interface Tried {
  readonly name: string;
  readonly runs: readonly Run[];
}

/** Publishing, and consuming with reconciling, beside peers: on one log, with one Kafka and one Redis. */
export async function logParts(options: PartOptions): Promise<Section[]> {
  const { people, prefix, rounds } = options.quick ? SIZES.quick : SIZES.full;
  await buildServices(options.root);
  const servers = await startBenchServers(options.progress);
  const connection = new RedisConnection({ url: servers.redis.url, commandTimeoutMs: 120_000 });
  try {
    const log = await publishLog(servers, options, people, prefix);
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
  const plain: Run[] = [];
  const wide: Run[] = [];
  const consumed: number[] = [];
  const cells = expectedCells(log.people);
  const words = expectedWords(firstRecords(log.people, log.prefix));
  const task = options.progress.start('Consuming and reconciling, beside peers', rounds * 4, 'runs');
  let done = 0;
  const step = (): void => task.update((done += 1));
  for (let round = 1; round <= rounds; round += 1) {
    drain.push(await drainNoOp(options, servers, log, round));
    step();
    await connection.command('FLUSHALL');
    await writeLinks(connection, linkedPeople(log.people));
    const run = await runOutcomes(options.root, servers, connection, log.records, options.profileDir);
    requireEqual('outcomes', run.cells, cells);
    platform.push({ events: log.records, spent: run.spent });
    consumed.push(run.consumedAfter);
    step();
    for (const [concurrency, runs] of [[1, plain], [12, wide]] as const) {
      await connection.command('FLUSHALL');
      runs.push(await handlePlainly(options, servers, log, `${round}-${concurrency}`, concurrency));
      await requireWords(connection, words);
      step();
    }
  }
  task.finish();
  const tried: Tried[] = [
    { name: 'kafkajs eachBatch that does nothing', runs: drain },
    { name: 'Throughline: consume and reconcile', runs: platform },
    { name: 'plain Nest handler, Redis per event', runs: plain },
    { name: 'the same, 12 partitions at once', runs: wide },
  ];
  const ratio = median(platform.map((run, i) => rateOf(run) / rateOf(plain[i]!)));
  const wideRatio = median(platform.map((run, i) => rateOf(run) / rateOf(wide[i]!)));
  return {
    title: 'Consuming and reconciling',
    method:
      `${whole(log.records)} events about ${whole(log.people)} people under 3 subjects each on average, who is who known beforehand, an empty Redis (appendfsync always) for each run; ${rounds} ${rounds === 1 ? 'run' : 'interleaved runs'}, medians. ` +
      `${canPin() ? 'The broker on one core, the contender and Redis on another. ' : ''}The platform is timed from the assignment of its partitions until everything is stored and nobody is marked (consumed after ${median(consumed).toFixed(1)} s); the plain handler, from its first event, over the first ${whole(log.prefix)} events. ` +
      'Every answer was checked: the cells against the rules applied to each person alone, the plain handler’s state fact by fact, the number of events drained.',
    columns: ['', 'events/s', 'CPU-s per million', 'of it Redis'],
    rows: tried.map(({ name, runs }) => [
      name,
      whole(median(runs.map(rateOf))),
      median(runs.map(({ events, spent }) => (spent.cpuSeconds / events) * 1e6)).toFixed(1),
      median(runs.map(({ events, spent }) => ((spent.cpuByProcess['redis'] ?? 0) / events) * 1e6)).toFixed(1),
    ]),
    verdicts: [
      {
        target: `at least ${RATIO_TARGET} times the plain handler`,
        measured: `${ratio.toFixed(1)} times (${wideRatio.toFixed(1)} times the one with 12 partitions at once)`,
        met: ratio >= RATIO_TARGET,
      },
    ],
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

async function handlePlainly({ root }: PartOptions, servers: BenchServers, log: PublishedLog, name: string, concurrency: number): Promise<Run> {
  const words = [servers.kafka.brokers, `plain-${name}`, String(log.prefix), PREFIX_TOPIC, servers.redis.url, String(concurrency)];
  const { child, said } = await startContender(root, 'test/bench/src/peers/plain-handler.ts', words);
  await said(saying('first'));
  const watch = stopwatch({ peer: child.pid, redis: servers.redis.pid });
  await said(saying('done'));
  const spent = watch();
  child.kill();
  await child.exited;
  return { events: log.prefix, spent };
}

async function requireWords(connection: RedisConnection, expected: ReadonlyMap<string, ReadonlyMap<string, string>>): Promise<void> {
  const found = new Map<string, string>();
  const wanted = new Map<string, string>();
  for (const [subject, facts] of expected) {
    for (const [fact, word] of facts) wanted.set(`${subject}/${fact}`, word);
    const stored = (await connection.command('GET', `subject:${subject}`)) as Buffer | null;
    const state = JSON.parse(stored === null ? '{}' : stored.toString()) as Record<string, { instant: number; sequence: number; hash: string }>;
    for (const [fact, { instant, sequence, hash }] of Object.entries(state)) found.set(`${subject}/${fact}`, `${instant}/${sequence}/${hash}`);
  }
  requireEqual('the plain handler', found, wanted);
}

function requireEqual<V>(who: string, found: ReadonlyMap<string, V>, expected: ReadonlyMap<string, V>): void {
  const difference = differenceOf(found, expected);
  if (difference !== null) throw new Error(`The answer of ${who} is wrong: ${difference}.`);
}
