import type { Admin } from 'kafkajs';
import { BusError } from './bus-error.js';
import type { KafkaConnection } from './kafka-connection.js';
import { busErrorOf, connectKafka } from './kafka-connection.js';

/** A topic to make sure of. */
export interface TopicToEnsure {
  readonly name: string;
  readonly partitions: number;
  readonly config?: Readonly<Record<string, string>>;
}

/** First offset kept and the offset the next record gets, of one partition. */
export interface LogRange {
  readonly partition: number;
  readonly start: number;
  readonly end: number;
}

const ADMIN_RETRY = { retries: 6, initialRetryTime: 100, maxRetryTime: 2_000 };
const TOPIC_RESOURCE = 2;

/** What a broker answers while a topic's leaders are being told of it, or move. */
const SETTLING = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE', 'REPLICA_NOT_AVAILABLE']);
const SETTLING_TRIES = 40;
/** For topics just made: a busy broker takes its time with a hundred partitions. */
const NEW_TOPIC_TRIES = 400;

// A new topic is known to the controller before every broker serves it; the client asks once and gives up.
async function onceSettled<T>(ask: () => Promise<T>, tries = SETTLING_TRIES): Promise<T> {
  for (let left = tries; ; left--) {
    try {
      return await ask();
    } catch (error) {
      if (left === 0 || !SETTLING.has(protocolErrorOf(error) ?? '')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Kafka's own name for a fault, from wherever in the chain of causes it stands. */
export function protocolErrorOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at.name === 'KafkaJSProtocolError' && 'type' in at && typeof at.type === 'string') return at.type;
  }
  return undefined;
}

/**
 * Runs `act` with an administration client of its own, which is disconnected whatever happens.
 * @throws BusError
 */
export async function withAdmin<T>(connection: KafkaConnection, act: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = connectKafka(connection, ADMIN_RETRY).admin();
  try {
    await admin.connect();
    return await act(admin);
  } catch (error) {
    throw busErrorOf(error, connection.brokers.join(','));
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/**
 * Creates the topics that are missing and sets the settings of those that differ; doing it twice changes nothing.
 * @throws BusError `TOPIC_PARTITIONS_DIFFER` when a topic exists with another number of partitions: its records are already
 *   placed by that number. `KAFKA_UNREACHABLE` or `KAFKA_REFUSED` for the rest.
 */
export async function ensureTopics(options: KafkaConnection & { readonly topics: readonly TopicToEnsure[] }): Promise<void> {
  await withAdmin(options, async (admin) => {
    const existing = new Set(await admin.listTopics());
    const missing = options.topics.filter(({ name }) => !existing.has(name));
    if (missing.length > 0) await create(admin, missing);
    const { topics } = await onceSettled(() => admin.fetchTopicMetadata({ topics: options.topics.map(({ name }) => name) }), NEW_TOPIC_TRIES);
    for (const { name, partitions } of options.topics) {
      const found = topics.find((topic) => topic.name === name)?.partitions.length;
      if (found === partitions) continue;
      throw new BusError(
        'TOPIC_PARTITIONS_DIFFER',
        name,
        `It has ${found ?? 'no'} partitions and must have ${partitions}: delete the topic if it is empty, else move its records to a new one.`,
        false,
      );
    }
    for (const { name } of missing) await logRanges(admin, name, NEW_TOPIC_TRIES);
    await setConfigs(admin, options.topics.filter(({ name }) => existing.has(name)));
  });
}

async function create(admin: Admin, topics: readonly TopicToEnsure[]): Promise<void> {
  // Resolves with false when another process was quicker; the number of partitions is compared afterwards in any case.
  await admin.createTopics({
    waitForLeaders: false,
    topics: topics.map(({ name, partitions, config = {} }) => ({
      topic: name,
      numPartitions: partitions,
      configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
    })),
  });
}

async function setConfigs(admin: Admin, topics: readonly TopicToEnsure[]): Promise<void> {
  const wanted = topics.filter(({ config = {} }) => Object.keys(config).length > 0);
  if (wanted.length === 0) return;
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: wanted.map(({ name, config = {} }) => ({ type: TOPIC_RESOURCE, name, configNames: Object.keys(config) })),
  });
  const differing = wanted.filter(({ name, config = {} }) => {
    const entries = resources.find((resource) => resource.resourceName === name)?.configEntries ?? [];
    return Object.entries(config).some(([key, value]) => entries.find((entry) => entry.configName === key)?.configValue !== value);
  });
  if (differing.length === 0) return;
  await admin.alterConfigs({
    validateOnly: false,
    resources: differing.map(({ name, config = {} }) => ({
      type: TOPIC_RESOURCE,
      name,
      configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
    })),
  });
}

/** Names of the topics a pattern matches, sorted; a list of names is given back sorted. */
export async function matchingTopics(admin: Admin, topics: RegExp | readonly string[]): Promise<string[]> {
  if (!(topics instanceof RegExp)) return [...topics].sort();
  const names = await admin.listTopics();
  return names.filter((name) => new RegExp(topics.source, topics.flags.replaceAll(/[gy]/g, '')).test(name)).sort();
}

/** The topics a pattern matches or a list names, sorted. @throws BusError `TOPIC_MISSING` for a name that no topic has. */
export async function existingTopics(admin: Admin, topics: RegExp | readonly string[]): Promise<string[]> {
  if (topics instanceof RegExp) return matchingTopics(admin, topics);
  const existing = new Set(await admin.listTopics());
  const missing = topics.filter((name) => !existing.has(name));
  if (missing.length > 0) throw new BusError('TOPIC_MISSING', missing.join(','), 'Create the topic first: ensureTopics does.', false);
  return matchingTopics(admin, topics);
}

/** Number of partitions of existing topics, as the brokers have it now: what the client remembers may be minutes old. */
export async function partitionCounts(admin: Admin, topics: readonly string[]): Promise<Map<string, number>> {
  if (topics.length === 0) return new Map();
  const { topics: found } = await onceSettled(() => admin.fetchTopicMetadata({ topics: [...topics] }));
  return new Map(found.map(({ name, partitions }) => [name, partitions.length]));
}

/**
 * Ranges of all partitions of one existing topic, by partition.
 * @param tries how often brokers are asked that do not serve it yet, 50 ms apart
 */
export async function logRanges(admin: Admin, topic: string, tries = SETTLING_TRIES): Promise<LogRange[]> {
  const offsets = await onceSettled(() => admin.fetchTopicOffsets(topic), tries);
  return offsets
    .map(({ partition, low, high }) => ({ partition, start: Number(low), end: Number(high) }))
    .sort((a, b) => a.partition - b.partition);
}

/**
 * The offset that the next record of every partition gets, by topic, in the order of partitions: where a cut or a rebuild
 * has to arrive.
 * @throws BusError `TOPIC_MISSING`, `KAFKA_UNREACHABLE`, `KAFKA_REFUSED`.
 */
export async function endOffsets(connection: KafkaConnection, topics: RegExp | readonly string[]): Promise<Map<string, number[]>> {
  return withAdmin(connection, async (admin) => {
    const ends = new Map<string, number[]>();
    for (const topic of await existingTopics(admin, topics)) {
      ends.set(topic, (await logRanges(admin, topic)).map(({ end }) => end));
    }
    return ends;
  });
}
