import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BusError, ensureTopics, EventProducer, partitionReplicas, readToEnd } from '@throughline/event-bus';
import type { OutgoingRecord } from '@throughline/event-bus';
import { eventsTopic, liveTopics } from '@throughline/event-contracts';
import { defaultCacheDir, silentProgress, waitFor } from '@throughline/local';
import { startKafkaCluster } from '@throughline/servers';
import type { KafkaCluster, KafkaNode } from '@throughline/servers';
import { allInSync } from '../nemesis.js';
import { randomOf } from '../random.js';
import type { Random } from '../random.js';
import type { DrillOptions, DrillReport } from './drill.js';
import { anomaliesOf, eventOf } from './published-facts.js';

const DEPLOYMENT = 'hunted';
const TOPIC = eventsTopic(DEPLOYMENT);
/** Each in a loop of its own, as each adapter is in a process of its own. */
const PUBLISHERS = 4;
const RECORDS_PER_CALL = 20;
/** Between two calls of a publisher while no leader is being hunted. */
const REST_MS = 50;
const WIPED_EVERY = 10;

/**
 * Publishers send facts through a cluster of three, acknowledged by all replicas in sync, while the leader of one partition
 * after another is killed, every tenth with its disk wiped. Whatever was acknowledged must stand in the log, each event as
 * it was published and in its order; copies are counted. With two of three down, publishing must be refused with a code
 * and go on once they are back.
 *
 * A trial is a leader killed.
 */
export async function leaderHunt({ trials, seed, onTrial, signal }: DrillOptions): Promise<DrillReport> {
  const random = randomOf(seed);
  const folder = await mkdtemp(join(tmpdir(), 'throughline-leaders-'));
  const parts = { cacheDir: defaultCacheDir(process.env), env: process.env, progress: silentProgress };
  const kafka = await startKafkaCluster({ parts, dataDir: join(folder, 'kafka') });
  const brokers = kafka.brokers.split(',');
  const hunt: Hunt = { over: false, close: false, refused: 0 };
  const producers = Array.from({ length: PUBLISHERS }, (_, publisher) => new EventProducer({ brokers, clientId: `hunted-${publisher}` }));
  let publishing: Promise<readonly (readonly OutgoingRecord[])[]> | undefined;
  try {
    const topic = liveTopics([DEPLOYMENT]).find(({ name }) => name === TOPIC)!;
    await ensureTopics({ brokers, topics: [topic] });
    publishing = Promise.all(producers.map((producer, publisher) => publish(producer, publisher, randomOf(`${seed}/${publisher}`), hunt)));
    // Awaited at the end: what fails before must not end the process, but run what comes after.
    publishing.catch(() => undefined);
    let wiped = 0;
    let beside: Outage | undefined;
    for (let trial = 0; trial < trials; trial += 1) {
      signal?.throwIfAborted();
      if (trial === Math.floor(trials / 2)) beside = await withTwoDown(kafka, random);
      const wipe = (trial + 1) % WIPED_EVERY === 0;
      await killLeader(kafka, hunt, { partition: random.below(topic.partitions), wipe, afterMs: random.below(100), ...(signal === undefined ? {} : { signal }) });
      if (wipe) wiped += 1;
      onTrial?.(trial + 1);
    }
    hunt.over = true;
    const published = [...(await publishing), ...(beside === undefined ? [] : [beside.sent])];
    const stored: OutgoingRecord[] = [];
    await readToEnd({ brokers, topics: [TOPIC], onBatch: ({ records }) => void stored.push(...[...records].map(({ key, value }) => ({ topic: TOPIC, key: key && Buffer.from(key), value: value && Buffer.from(value) }))) });
    const acknowledged = published.flat().length;
    return {
      trials,
      anomalies: [...(beside?.anomalies ?? []), ...anomaliesOf(published, stored)],
      counts: { acknowledged, stored: stored.length, copies: stored.length - acknowledged, wiped, 'refused with two of three down': beside?.refused === true ? 1 : 0, 'calls sent again': hunt.refused },
    };
  } finally {
    hunt.over = true;
    await Promise.all(producers.map((producer) => producer.close()));
    await publishing?.catch(() => undefined);
    await kafka.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Hunt {
  over: boolean;
  /** Somebody is about to be killed: publishers do not rest. */
  close: boolean;
  /** Calls that failed after all of the publisher's tries. */
  refused: number;
}

/** @returns what was acknowledged, in the order of publishing; rejects once the producer is closed */
async function publish(producer: EventProducer, publisher: number, random: Random, hunt: Hunt): Promise<readonly OutgoingRecord[]> {
  const sent: OutgoingRecord[] = [];
  while (!hunt.over) {
    const records = Array.from({ length: RECORDS_PER_CALL }, () => {
      const record = eventOf(TOPIC, publisher, random, sent);
      sent.push(record);
      return record;
    });
    for (let acknowledged = false; !acknowledged; ) {
      try {
        await producer.publish(records);
        acknowledged = true;
      } catch (error) {
        // As an adapter does: the same again.
        if (!(error instanceof BusError) || !error.retryable) throw error;
        hunt.refused += 1;
      }
    }
    if (!hunt.close) await pause(REST_MS);
  }
  return sent;
}

interface Prey {
  readonly partition: number;
  readonly wipe: boolean;
  /** From when publishers do not rest any more, milliseconds. */
  readonly afterMs: number;
  readonly signal?: AbortSignal;
}

/** Kills the leader of a partition while records are on their way to it, and returns when it is in sync again. */
async function killLeader(kafka: KafkaCluster, hunt: Hunt, { partition, wipe, afterMs, signal }: Prey): Promise<void> {
  const abortable = signal === undefined ? {} : { signal };
  await allInSync(kafka.brokers, signal);
  const leader = await leaderOf(kafka, partition, abortable);
  hunt.close = true;
  await pause(afterMs);
  leader.kill();
  await leader.exited();
  if (wipe) await leader.wipe();
  await waitFor(async () => (await leaderOf(kafka, partition, abortable)).id !== leader.id, { what: `partition ${partition} to have another leader than ${leader.name}`, timeoutMs: 120_000, everyMs: 100, ...abortable });
  hunt.close = false;
  await leader.restart();
}

function leaderOf(kafka: KafkaCluster, partition: number, abortable: { readonly signal?: AbortSignal }): Promise<KafkaNode> {
  return waitFor(
    async () => {
      const found = (await partitionReplicas({ brokers: kafka.brokers.split(',') }, [TOPIC])).find((each) => each.partition === partition);
      return kafka.nodes.find(({ id }) => id === found?.leader);
    },
    { what: `the leader of partition ${partition}`, timeoutMs: 120_000, everyMs: 100, ...abortable },
  );
}

interface Outage {
  /** What was acknowledged, in the end. */
  readonly sent: readonly OutgoingRecord[];
  /** As it must be: with a code, and not for good. */
  readonly refused: boolean;
  readonly anomalies: readonly string[];
}

/** Two of three are killed: a publisher with few tries must be told so, and succeed with the same record once they are back. */
async function withTwoDown(kafka: KafkaCluster, random: Random): Promise<Outage> {
  await allInSync(kafka.brokers);
  const producer = new EventProducer({ brokers: kafka.brokers.split(','), clientId: 'hunted-refused', retries: 0 });
  const down = random.shuffled(kafka.nodes).slice(0, 2);
  const record = eventOf(TOPIC, PUBLISHERS, random, []);
  const anomalies: string[] = [];
  try {
    await producer.connect();
    for (const node of down) node.kill();
    await Promise.all(down.map((node) => node.exited()));
    const refusal: unknown = await producer.publish([record]).catch((error: unknown) => error);
    if (refusal === undefined) anomalies.push('with two of three down a record was acknowledged');
    else if (!(refusal instanceof BusError)) anomalies.push(`with two of three down publishing failed without a code${refusal instanceof Error ? `: ${refusal.message}` : ''}`);
    else if (!refusal.retryable) anomalies.push(`with two of three down publishing was refused for good: ${refusal.code}`);
    await Promise.all(down.map((node) => node.restart()));
    await allInSync(kafka.brokers);
    await producer.publish([record]);
  } finally {
    await producer.close();
  }
  return { sent: [record], refused: anomalies.length === 0, anomalies };
}
