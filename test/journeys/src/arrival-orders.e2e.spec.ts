import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTopics, EventProducer } from '@throughline/event-bus';
import type { OutgoingRecord } from '@throughline/event-bus';
import { deploymentOf, eventsTopic, identifiersTopic, IDENTIFIERS_TOPIC_PATTERN, liveTopics } from '@throughline/event-contracts';
import { DEPLOYMENTS, SERVICES, stateFolders } from '@throughline/local';
import { RedisConnection } from '@throughline/state-store';
import { writePopulation } from '@throughline/test-population';
import { compareCells, describeDifferences, partnersByDeployment, recount } from '@throughline/test-recount';
import type { Recount } from '@throughline/test-recount';
import { copyOfLog } from './copied-log.js';
import { startCounting } from './counting.js';
import { runPlatform } from './running-platform.js';
import type { RunningPlatform } from './running-platform.js';

const PEOPLE = 100;

const permutations = <T>(items: readonly T[]): (readonly T[])[] =>
  items.length <= 1 ? [items] : items.flatMap((first, at) => permutations(items.toSpliced(at, 1)).map((rest) => [first, ...rest]));

/** How many pairs stand the other way round. */
const inversions = <T>(order: readonly T[], usual: readonly T[]): number =>
  order.reduce((count, item, at) => count + order.slice(at + 1).filter((later) => usual.indexOf(later) < usual.indexOf(item)).length, 0);

/** Half of all orders, such that every two partners come first in both orders, and every set of them is reached in two ways or more. */
const ORDERS = permutations(DEPLOYMENTS).filter((order) => inversions(order, DEPLOYMENTS) % 2 === 0);

/** The same shuffle each time: a multiplicative walk through all places. */
const shuffled = <T>(items: readonly T[]): T[] => {
  const places = items.map((_, at) => ({ at, key: Math.imul(at + 1, 0x9e3779b1) >>> 0 }));
  return places.sort((left, right) => left.key - right.key).map(({ at }) => items[at]!);
};

const isIdentity = ({ topic }: OutgoingRecord): boolean => IDENTIFIERS_TOPIC_PATTERN.test(topic);

/** Batches of records; figures are awaited between one and the next. */
type Arrival = readonly (readonly OutgoingRecord[])[];

describe('whatever order partners’ records arrive in', () => {
  let folder: string;
  let running: RunningPlatform;
  let brokers: string[];
  let redis: RedisConnection;
  let producer: EventProducer;
  let counted: Recount;
  let log: readonly OutgoingRecord[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'throughline-arrival-'));
    await writePopulation({ seed: 'arrival-orders', people: PEOPLE, untidiness: 'untidy', directory: join(folder, 'sample') });
    // The real adapters say what they have to say once; every order then plays that log back.
    running = await runPlatform({ services: SERVICES.flatMap(({ name, adapter }) => (adapter === undefined ? [] : [name])) });
    brokers = running.platform.kafkaBrokers.split(',');
    counted = recount(join(folder, 'sample'), { partnersByDeployment: await partnersByDeployment(running.stateDir), knowableOnly: true });
    await running.load(join(folder, 'sample'));
    log = await copyOfLog(brokers, DEPLOYMENTS.flatMap((deployment) => [eventsTopic(deployment), identifiersTopic(deployment)]));
    redis = new RedisConnection({ url: running.platform.redisUrl });
    producer = new EventProducer({ brokers });
  });

  afterAll(async () => {
    await producer?.close();
    await redis?.close();
    await running?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const of = (deployment: string): OutgoingRecord[] => log.filter(({ topic }) => deploymentOf(topic) === deployment);

  /** The cells after each batch, on topics and a store that nothing else uses. */
  async function cellsAfterEach(name: string, arrival: Arrival): Promise<Map<string, number>[]> {
    const named = (deployment: string): string => `${deployment}-${name}`;
    const deployments = DEPLOYMENTS.map(named);
    const topics = liveTopics(deployments).filter(({ name: topic }) => deploymentOf(topic) !== undefined);
    await ensureTopics({ brokers, topics });
    await redis.command('FLUSHALL');
    const counting = await startCounting({
      brokers: running.platform.kafkaBrokers,
      redisUrl: running.platform.redisUrl,
      keysFile: join(stateFolders(running.stateDir).keys, 'platform', 'keys.json'),
      deployments,
    });
    try {
      const after: Map<string, number>[] = [];
      for (const batch of arrival) {
        await producer.publish(batch.map((record) => ({ ...record, topic: renamed(record.topic, named) })));
        after.push(await counting.cells());
      }
      return after;
    } finally {
      await counting.stop();
    }
  }

  it('has something to say from every partner, linked over partners', () => {
    expect(DEPLOYMENTS).toHaveLength(4);
    const pairs = new Set(ORDERS.map((order) => order.slice(0, 2).join(', ')));
    expect([ORDERS.length, pairs.size]).toEqual([12, 12]);
    for (const deployment of DEPLOYMENTS) expect([deployment, of(deployment).some(isIdentity), of(deployment).some((record) => !isIdentity(record))]).toEqual([deployment, true, true]);
    expect(counted.knowable.size).toBeGreaterThan(100);
  });

  // What a set of partners amounts to must not depend on who of them came first either.
  const shownOf = new Map<string, { readonly order: string; readonly cells: Map<string, number> }>();

  it.each(ORDERS.map((order, at) => [order.join(', '), `order${at}`, order] as const))('shows the same figures: %s', async (text, name, order) => {
    const after = await cellsAfterEach(name, order.map(of));
    order.forEach((_, at) => {
      const partners = order.slice(0, at + 1).toSorted().join(', ');
      const before = shownOf.get(partners);
      if (before === undefined) shownOf.set(partners, { order: text, cells: after[at]! });
      else expect(`${partners}: ${describeDifferences(compareCells(after[at]!, before.cells))}`).toBe(`${partners}: `);
    });
    expect(describeDifferences(compareCells(after.at(-1)!, counted.knowable))).toBe('');
  });

  it.each([
    ['all partners’ records among each other', 'mixed', () => inThree(shuffled(log))],
    ['who before what', 'who-first', () => [shuffled(log.filter(isIdentity)), shuffled(log.filter((record) => !isIdentity(record)))]],
    ['what before who', 'what-first', () => [shuffled(log.filter((record) => !isIdentity(record))), shuffled(log.filter(isIdentity))]],
    ['the log backwards', 'backwards', () => inThree(log.toReversed())],
  ] as const)('shows the same figures: %s', async (_, name, arrival) => {
    const after = await cellsAfterEach(name, arrival());
    expect(describeDifferences(compareCells(after.at(-1)!, counted.knowable))).toBe('');
  });
});

/** Thirds, so that some of it is counted before the rest is there. */
const inThree = <T>(items: readonly T[]): T[][] => {
  const third = Math.ceil(items.length / 3);
  return [items.slice(0, third), items.slice(third, 2 * third), items.slice(2 * third)];
};

const renamed = (topic: string, named: (deployment: string) => string): string => {
  const deployment = deploymentOf(topic);
  if (deployment === undefined) throw new Error(`${topic} is no partner's topic`);
  return topic.replace(deployment, named(deployment));
};
