import { mkdir } from 'node:fs/promises';
import { liveTopics } from '@throughline/event-contracts';
import { ensureTopics } from '@throughline/event-bus';
import { kafkaAnswers, LocalError, redisAnswers, startKafka, startRedis } from '@throughline/servers';
import type { PartsOptions } from '@throughline/servers';
import { buildServices } from './build-services.js';
import { requireDiskSpace } from './disk-space.js';
import { ensureKeys, keysFileOf } from './keys.js';
import { DEPLOYMENTS, nodeFlags, SERVICES, serviceEnvironment } from './services.js';
import type { ServiceSpec } from './services.js';
import { launchService } from './service-process.js';
import { stateFolders } from './settings.js';
import type { LocalSettings } from './settings.js';
import { supervise } from './supervised.js';
import type { Supervised } from './supervised.js';

export interface PlatformOptions {
  /** The checkout. */
  readonly root: string;
  readonly settings: LocalSettings;
  readonly parts: PartsOptions;
  /** Which services, by name. Default: all. */
  readonly services?: readonly string[];
  /** Start again what ends unasked. Default true; a test that kills wants to say itself when. */
  readonly restart?: boolean;
  /** Called for each line a service writes. */
  readonly onLine: (service: string, line: string) => void;
  /** Told of each step and of what ended, one sentence each. */
  readonly tell: (line: string) => void;
}

/** The platform as it runs on this machine. */
export interface Platform {
  readonly kafkaBrokers: string;
  readonly redisUrl: string;
  /** Undefined where the user's own is used. */
  readonly kafka: Supervised | undefined;
  readonly redis: Supervised | undefined;
  readonly services: ReadonlyMap<string, Supervised>;
  /** Base URL of a service's HTTP port. Throws a TypeError for one that has none. */
  readonly url: (service: string) => string;
  /** Base URL of a service's telemetry port. */
  readonly telemetryUrl: (service: string) => string;
  /** Ends everything in order: adapters, then outcomes and linkage, then Redis, then Kafka. */
  readonly stop: () => Promise<void>;
}

/** Host and port of a URL or of the first of several brokers. */
function address(text: string, defaultPort: number): { host: string; port: number } {
  const { hostname, port } = new URL(text.includes('://') ? text : `kafka://${text.split(',')[0] ?? ''}`);
  return { host: hostname, port: port === '' ? defaultPort : Number(port) };
}

/** @throws LocalError `NOT_REACHABLE` if a server of the user's own does not answer. One that wants TLS is left to the services. */
async function requireOwnServers(settings: LocalSettings): Promise<void> {
  if (settings.kafkaBrokers !== undefined) {
    const { host, port } = address(settings.kafkaBrokers, 9092);
    if (!(await kafkaAnswers(host, port))) {
      throw new LocalError('NOT_REACHABLE', `No Kafka broker answers at KAFKA_BROKERS=${settings.kafkaBrokers}`, 'start it, correct the variable, or unset it to have one started here');
    }
  }
  if (settings.redisUrl?.startsWith('redis://') === true) {
    const { host, port } = address(settings.redisUrl, 6379);
    if (!(await redisAnswers(host, port))) {
      throw new LocalError('NOT_REACHABLE', 'No Redis answers at REDIS_URL', 'start it, correct the variable, or unset it to have one started here');
    }
  }
}

async function startServers(options: PlatformOptions): Promise<Pick<Platform, 'kafka' | 'redis' | 'kafkaBrokers' | 'redisUrl'>> {
  const { settings, parts, tell, restart = true } = options;
  const folders = stateFolders(settings.stateDir);
  const kafka =
    settings.kafkaBrokers !== undefined
      ? undefined
      : await supervise({
          name: 'Kafka',
          launch: () => startKafka({ parts, dataDir: folders.kafka, port: settings.kafkaPort, controllerPort: settings.kafkaControllerPort }),
          restart,
          tell,
        });
  try {
    const redis =
      settings.redisUrl !== undefined
        ? undefined
        : await supervise({
            name: 'Redis',
            launch: () => startRedis({ parts, dataDir: folders.redis, port: settings.redisPort }),
            restart,
            tell,
          });
    return {
      kafka,
      redis,
      kafkaBrokers: settings.kafkaBrokers ?? `127.0.0.1:${settings.kafkaPort}`,
      redisUrl: settings.redisUrl ?? `redis://127.0.0.1:${settings.redisPort}`,
    };
  } catch (error) {
    await kafka?.stop();
    throw error;
  }
}

/**
 * Brings the platform up: Kafka and Redis while the services are built, then topics, keys and services.
 * When any of it fails, what was started is stopped again.
 *
 * @throws LocalError
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { root, settings, parts, onLine, tell, restart = true } = options;
  const folders = stateFolders(settings.stateDir);
  await mkdir(settings.stateDir, { recursive: true, mode: 0o700 });
  await requireDiskSpace(settings.stateDir);
  await requireOwnServers(settings);
  await ensureKeys(folders.keys);

  const [servers, built] = await Promise.allSettled([startServers(options), buildServices(root, parts.env)]);
  if (servers.status === 'rejected') throw servers.reason;
  const { kafka, redis, kafkaBrokers, redisUrl } = servers.value;
  const services = new Map<string, Supervised>();

  async function stop(): Promise<void> {
    const inOrder = SERVICES.filter(({ name }) => services.has(name)).reverse();
    const isAdapter = (spec: ServiceSpec): boolean => spec.adapter !== undefined;
    for (const group of [inOrder.filter(isAdapter), inOrder.filter((spec) => !isAdapter(spec))]) {
      await Promise.all(group.map(async ({ name }) => services.get(name)?.stop()));
    }
    await redis?.stop();
    await kafka?.stop();
  }

  try {
    if (built.status === 'rejected') throw built.reason;
    tell(`Kafka at ${kafkaBrokers}, Redis at ${redisUrl.replace(/\/\/[^@/]*@/, '//')}`);
    await ensureTopics({ brokers: kafkaBrokers.split(','), topics: liveTopics(DEPLOYMENTS) });
    const wanted = SERVICES.filter(({ name }) => options.services?.includes(name) ?? true);
    const started = await Promise.allSettled(
      wanted.map(async (spec) => {
        const ports = settings.ports.get(spec.name) ?? spec;
        const deployment = spec.adapter?.deployment ?? spec.name;
        if (spec.adapter !== undefined) {
          await mkdir(folders.spool(deployment), { recursive: true, mode: 0o700 });
          await mkdir(folders.inbox(deployment), { recursive: true, mode: 0o700 });
        }
        const env = serviceEnvironment(spec, {
          host: '127.0.0.1',
          kafkaBrokers,
          redisUrl,
          keysFile: keysFileOf(folders.keys, spec),
          spoolDir: folders.spool(deployment),
          inboxDir: folders.inbox(deployment),
          logLevel: settings.logLevel,
          ports,
        });
        const launch = () =>
          launchService({ name: spec.name, root, env, flags: nodeFlags(spec), ports, logDir: folders.logs, onLine: (line) => onLine(spec.name, line) });
        services.set(spec.name, await supervise({ name: spec.name, launch, restart, tell }));
      }),
    );
    const failed = started.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  } catch (error) {
    await stop();
    throw error;
  }

  const portsOf = (service: string) => settings.ports.get(service);
  return {
    kafkaBrokers,
    redisUrl,
    kafka,
    redis,
    services,
    url(service) {
      const port = portsOf(service)?.port;
      if (port === undefined) throw new TypeError(`${service} has no HTTP port.`);
      return `http://127.0.0.1:${port}`;
    },
    telemetryUrl: (service) => `http://127.0.0.1:${portsOf(service)?.telemetryPort ?? 0}`,
    stop,
  };
}
