import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LOG_FOLDER, newClusterId, startKafka } from './kafka-server.js';
import type { KafkaServer } from './kafka-server.js';
import type { PartsOptions } from './parts/parts.js';
import { freePort } from './ports.js';

export interface KafkaClusterOptions {
  readonly parts: PartsOptions;
  /** Each node has a folder in it. */
  readonly dataDir: string;
  /** Nodes, each a broker and a controller. Default 3. */
  readonly nodes?: number;
  /** Greatest heap of each in megabytes. Default 320. */
  readonly heapMb?: number;
}

/** Brokers of this process's own on loopback. Topics have three replicas, two of which a write has to reach. */
export interface KafkaCluster {
  /** All of them, as a client is told. */
  readonly brokers: string;
  readonly nodes: readonly KafkaNode[];
  readonly stop: () => Promise<void>;
}

/** One node; its name, id and ports stay the same over a restart. */
export interface KafkaNode {
  /** `Kafka 1`. */
  readonly name: string;
  /** As the brokers name it among replicas. */
  readonly id: number;
  /** Of the process that runs now or ran last. */
  readonly pid: () => number;
  /** kill -9. */
  readonly kill: () => void;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Settles when the process that runs now is gone. */
  readonly exited: () => Promise<unknown>;
  /** Starts it on what its folder holds, once it is gone. Resolves when it serves clients, which takes a majority of controllers. */
  readonly restart: () => Promise<void>;
  /**
   * A new disk, for one that is gone: everything it held is away, its part in the quorum too. Only while all others are up
   * and every partition has its replicas in sync; it copies all of it from them.
   */
  readonly wipe: () => Promise<void>;
}

/** @throws LocalError `JAVA_MISSING`, `KAFKA_MISSING`, `SERVER_FAILED`, `TIMED_OUT` */
export async function startKafkaCluster({ parts, dataDir, nodes: count = 3, heapMb = 320 }: KafkaClusterOptions): Promise<KafkaCluster> {
  const places: { readonly id: number; readonly port: number; readonly controllerPort: number }[] = [];
  for (let id = 1; id <= count; id += 1) places.push({ id, port: await freePort(), controllerPort: await freePort() });
  const voters = places.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(',');
  const clusterId = newClusterId();
  const folderOf = (id: number): string => join(dataDir, `node-${id}`);
  const launch = ({ id, port, controllerPort }: (typeof places)[number]): Promise<KafkaServer> =>
    startKafka({ parts, dataDir: folderOf(id), port, controllerPort, heapMb, settings: settingsOf(count), member: { id, clusterId, voters } });

  // None serves clients before a majority is there.
  const started = await Promise.allSettled(places.map(launch));
  const servers = new Map(started.flatMap((result, index) => (result.status === 'fulfilled' ? [[places[index]!.id, result.value] as const] : [])));
  const stop = async (): Promise<void> => void (await Promise.all([...servers.values()].map((server) => server.stop())));
  const failed = started.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  const nodes = places.map((place): KafkaNode => {
    const server = (): KafkaServer => servers.get(place.id)!;
    return {
      name: `Kafka ${place.id}`,
      id: place.id,
      pid: () => server().pid,
      kill: () => server().kill(),
      signal: (name) => server().signal(name),
      exited: () => server().exited,
      async restart() {
        await server().exited;
        servers.set(place.id, await launch(place));
      },
      wipe: () => rm(join(folderOf(place.id), LOG_FOLDER), { recursive: true, force: true }),
    };
  });
  return { brokers: places.map(({ port }) => `127.0.0.1:${port}`).join(','), nodes, stop };
}

/** Beside those of one broker: how often everything is kept, and how soon who is gone is taken for gone. */
function settingsOf(nodes: number): Record<string, string> {
  const replicas = String(Math.min(3, nodes));
  const inSync = String(Math.min(2, nodes));
  return {
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'broker.session.timeout.ms': '3000',
  };
}
