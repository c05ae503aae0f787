import { randomBytes } from 'node:crypto';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from './child-process.js';
import { LocalError } from './local-error.js';
import { findJava } from './parts/java.js';
import { findJars } from './parts/maven-jars.js';
import type { PartsOptions } from './parts/parts.js';
import { runTool } from './parts/run-tool.js';
import { freePort, requireFreePort } from './ports.js';
import { serverLog } from './server-log.js';
import { waitFor } from './wait-for.js';

export interface KafkaOptions {
  readonly parts: PartsOptions;
  /** Where the log is kept; formatted if it is new. */
  readonly dataDir: string;
  /** Default: the one this folder had before, else any free one. */
  readonly port?: number;
  /** Default: the one this folder had before, else any free one. */
  readonly controllerPort?: number;
  /** Greatest heap in megabytes. Default 512. */
  readonly heapMb?: number;
  /** Further settings, by the names of server.properties. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Its place among several, for {@link startKafkaCluster}. Default: a cluster of this one node. */
  readonly member?: KafkaMember;
}

/** What a node has to know of the cluster it belongs to. */
export interface KafkaMember {
  readonly id: number;
  readonly clusterId: string;
  /**
   * `id@host:port` of every controller, commas between. A fixed list: a node whose disk is new takes its place again by
   * its id alone.
   */
  readonly voters: string;
}

/** A broker of this process's own: KRaft, plain text, loopback. */
export interface KafkaServer {
  readonly brokers: string;
  readonly port: number;
  readonly pid: number;
  readonly dataDir: string;
  readonly logFile: string;
  /** Resolves when the process is gone, for whatever reason. */
  readonly exited: Promise<unknown>;
  readonly stop: () => Promise<void>;
  /** kill -9. Start again with the same folder to go on, at the same port. */
  readonly kill: () => void;
  /** Any signal: SIGSTOP and SIGCONT make it hang and go on. */
  readonly signal: (name: NodeJS.Signals) => void;
}

const LOGGING = fileURLToPath(new URL('../../kafka/log4j2.xml', import.meta.url));

/** In a broker's folder: everything it would lose with its disk. */
export const LOG_FOLDER = 'log';

export const newClusterId = (): string => randomBytes(16).toString('base64url');

interface Ports {
  readonly client: number;
  readonly controller: number;
}

async function choosePorts(dataDir: string, wanted: { [K in keyof Ports]: number | undefined }): Promise<Ports> {
  const file = join(dataDir, 'ports.json');
  const before = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Ports,
    () => undefined,
  );
  const ports = {
    client: wanted.client ?? before?.client ?? (await freePort()),
    controller: wanted.controller ?? before?.controller ?? (await freePort()),
  };
  await writeFile(file, JSON.stringify(ports));
  return ports;
}

/** Settings of a one-node broker that do not depend on where it runs. */
export const BROKER_SETTINGS: Readonly<Record<string, string>> = {
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.listener.names': 'CONTROLLER',
  'listener.security.protocol.map': 'CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'inter.broker.listener.name': 'CLIENT',
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '8',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  // After a kill -9 the broker waits until its former self's session has ended.
  'broker.session.timeout.ms': '4000',
  'broker.heartbeat.interval.ms': '500',
  'group.initial.rebalance.delay.ms': '0',
  'auto.create.topics.enable': 'false',
};

function properties({ dataDir, member, settings = {} }: KafkaOptions, { client, controller }: Ports): string {
  const all: Record<string, string> = {
    ...BROKER_SETTINGS,
    ...(member === undefined
      ? { 'controller.quorum.bootstrap.servers': `127.0.0.1:${controller}` }
      : { 'node.id': String(member.id), 'controller.quorum.voters': member.voters }),
    listeners: `CLIENT://127.0.0.1:${client},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `CLIENT://127.0.0.1:${client},CONTROLLER://127.0.0.1:${controller}`,
    'log.dirs': join(dataDir, LOG_FOLDER),
    ...settings,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/**
 * Whether a Kafka broker answers there, within two seconds: it is asked for the versions of its protocol (the ApiVersions
 * request, version 0), which it answers once it serves clients.
 */
export function kafkaAnswers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: 2000 });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(false));
    socket.once('close', () => settle(false));
    // length, correlation id, error code
    socket.once('data', (data) => settle(data.length >= 10 && data.readInt32BE(4) === 7 && data.readInt16BE(8) === 0));
    const request = Buffer.alloc(14);
    request.writeInt32BE(10, 0); // length of what follows
    request.writeInt16BE(18, 4); // ApiVersions
    request.writeInt16BE(0, 6); // version
    request.writeInt32BE(7, 8); // correlation id
    request.writeInt16BE(-1, 12); // no client id
    socket.write(request);
  });
}

/**
 * Starts a broker and resolves when it serves clients.
 *
 * @throws LocalError `JAVA_MISSING`, `KAFKA_MISSING`, `PORT_TAKEN`, `SERVER_FAILED`
 */
export async function startKafka(options: KafkaOptions): Promise<KafkaServer> {
  const { parts, dataDir, heapMb = 512, member } = options;
  const java = await findJava(parts);
  const jars = await findJars('kafka', java, parts);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const ports = await choosePorts(dataDir, { client: options.port, controller: options.controllerPort });
  await requireFreePort(ports.client, 'Kafka', 'KAFKA_PORT');
  await requireFreePort(ports.controller, 'the Kafka controller', 'KAFKA_CONTROLLER_PORT');

  const config = join(dataDir, 'server.properties');
  await writeFile(config, properties(options, ports));
  const flags = ['-cp', join(jars, '*'), `-Dlog4j2.configurationFile=${LOGGING}`, '-XX:TieredStopAtLevel=1'];
  const log = serverLog(join(dataDir, 'kafka.log'));

  const formatted = await access(join(dataDir, LOG_FOLDER, 'meta.properties')).then(
    () => true,
    () => false,
  );
  if (!formatted) {
    // One in sixty-four ids begins with "-": joined to its option it cannot be taken for another.
    const id = member?.clusterId ?? newClusterId();
    const alone = member === undefined ? ['--standalone'] : [];
    const args = [...flags, 'kafka.tools.StorageTool', 'format', ...alone, `--cluster-id=${id}`, '-c', config];
    const { code, output } = await runTool(java.command, args, parts.env);
    if (code !== 0) {
      log.close();
      throw new LocalError('SERVER_FAILED', `Kafka could not format ${dataDir} (${output.trim().split('\n').at(-1) ?? ''})`, 'see that the disk has room and the folder is writable');
    }
  }

  const child = await startChild({
    command: java.command,
    args: [`-Xmx${heapMb}m`, ...flags, 'kafka.Kafka', config],
    env: parts.env,
    onLine: log.write,
  });
  const exited = child.exited.finally(log.close);
  await waitFor(
    async () => {
      if (!child.running()) return 'gone' as const;
      return (await kafkaAnswers('127.0.0.1', ports.client)) ? ('ready' as const) : undefined;
    },
    { what: 'Kafka to serve clients', timeoutMs: 120_000, everyMs: 50 },
  ).then(
    async (state) => {
      if (state === 'ready') return;
      await exited;
      throw new LocalError('SERVER_FAILED', `Kafka ended while starting (${log.tail()})`, `see ${log.file}`);
    },
    (error: unknown) => {
      child.kill();
      throw error;
    },
  );
  return {
    brokers: `127.0.0.1:${ports.client}`,
    port: ports.client,
    pid: child.pid,
    dataDir,
    logFile: log.file,
    exited,
    stop: async () => void (await child.stop(30_000)),
    kill: child.kill,
    signal: child.signal,
  };
}
