import { join, resolve } from 'node:path';
import { z } from 'zod';
import { defaultCacheDir, freePort, LocalError } from '@throughline/servers';
import { SERVICES } from './services.js';

/** What the environment may say to `npm start`. Everything has a default. */
export interface LocalSettings {
  readonly stateDir: string;
  readonly cacheDir: string;
  /** Brokers of the user's own, comma-separated; undefined: one is started. */
  readonly kafkaBrokers: string | undefined;
  /** Redis of the user's own; undefined: one is started. */
  readonly redisUrl: string | undefined;
  readonly kafkaPort: number;
  readonly kafkaControllerPort: number;
  readonly redisPort: number;
  readonly logLevel: string;
  /** People in the sample data. 0: none is loaded. */
  readonly samplePeople: number;
  readonly ports: ReadonlyMap<string, ServicePorts>;
}

export interface ServicePorts {
  readonly port: number | undefined;
  readonly telemetryPort: number;
}

/** The variable that moves a service's port: `NHS_ADAPTER_PORT`. */
export function portVariable(service: string, kind: 'PORT' | 'TELEMETRY_PORT'): string {
  return `${service.toUpperCase().replaceAll('-', '_')}_${kind}`;
}

const port = (fallback: number): z.ZodType<number> =>
  z.coerce.number<string>('a port from 1 to 65535').int('a port from 1 to 65535').min(1, 'a port from 1 to 65535').max(65_535, 'a port from 1 to 65535').default(fallback);

const servicePorts = SERVICES.flatMap(({ name, port: offered, telemetryPort }) => [
  ...(offered === undefined ? [] : [[portVariable(name, 'PORT'), port(offered)] as const]),
  [portVariable(name, 'TELEMETRY_PORT'), port(telemetryPort)] as const,
]);

const schema = z.object({
  THROUGHLINE_STATE: z.string().default('.throughline'),
  KAFKA_BROKERS: z.string().regex(/^[^\s:,]+:\d+(,[^\s:,]+:\d+)*$/, 'host:port, several separated by commas').optional(),
  REDIS_URL: z.string().regex(/^(rediss?|redis-cluster|unix):\/\//, 'a URL such as redis://127.0.0.1:6379').optional(),
  KAFKA_PORT: port(19092),
  KAFKA_CONTROLLER_PORT: port(19093),
  REDIS_PORT: port(16379),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error'], 'trace, debug, info, warn or error').default('info'),
  SAMPLE_PEOPLE: z.coerce.number<string>('a whole number').int('a whole number').min(0, '0 or more').max(200_000, '200,000 at most').default(5000),
  ...Object.fromEntries(servicePorts),
});

/**
 * @param env the environment; an empty variable counts as absent
 * @param root the checkout, under which the state is kept by default
 * @throws LocalError `SETTING_INVALID` naming every fault at once
 */
export function readSettings(env: NodeJS.ProcessEnv, root: string): LocalSettings {
  const result = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!result.success) {
    const faults = result.error.issues.map(({ path, message }) => `${path.join('.')} must be ${message}`).join('; ');
    throw new LocalError('SETTING_INVALID', `The environment cannot be used: ${faults}`, 'correct or unset these variables');
  }
  const values = result.data as typeof result.data & Record<string, number>;
  return {
    stateDir: resolve(root, values.THROUGHLINE_STATE),
    cacheDir: defaultCacheDir(env),
    kafkaBrokers: values.KAFKA_BROKERS,
    redisUrl: values.REDIS_URL,
    kafkaPort: values.KAFKA_PORT,
    kafkaControllerPort: values.KAFKA_CONTROLLER_PORT,
    redisPort: values.REDIS_PORT,
    logLevel: values.LOG_LEVEL,
    samplePeople: values.SAMPLE_PEOPLE,
    ports: new Map(
      SERVICES.map(({ name, port: offered }) => [
        name,
        {
          port: offered === undefined ? undefined : values[portVariable(name, 'PORT')],
          telemetryPort: values[portVariable(name, 'TELEMETRY_PORT')] as number,
        },
      ]),
    ),
  };
}

/**
 * Settings for a platform of a test's own, beside any other: free ports, quiet logs, no sample.
 *
 * @param own a Kafka or Redis that already runs, instead of ones of its own
 */
export async function isolatedSettings(
  stateDir: string,
  cacheDir: string,
  own: { readonly kafkaBrokers?: string; readonly redisUrl?: string } = {},
): Promise<LocalSettings> {
  const taken = new Set<number>();
  const another = async (): Promise<number> => {
    for (;;) {
      const found = await freePort();
      if (!taken.has(found)) {
        taken.add(found);
        return found;
      }
    }
  };
  const ports = new Map<string, ServicePorts>();
  for (const { name, port: offered } of SERVICES) {
    ports.set(name, { port: offered === undefined ? undefined : await another(), telemetryPort: await another() });
  }
  return {
    stateDir,
    cacheDir,
    kafkaBrokers: own.kafkaBrokers,
    redisUrl: own.redisUrl,
    kafkaPort: await another(),
    kafkaControllerPort: await another(),
    redisPort: await another(),
    logLevel: 'warn',
    samplePeople: 0,
    ports,
  };
}

/** Folders under the state folder. */
export const stateFolders = (stateDir: string) => ({
  keys: join(stateDir, 'keys'),
  kafka: join(stateDir, 'kafka'),
  redis: join(stateDir, 'redis'),
  logs: join(stateDir, 'logs'),
  sample: join(stateDir, 'sample'),
  spool: (deployment: string) => join(stateDir, 'adapters', deployment, 'spool'),
  inbox: (deployment: string) => join(stateDir, 'adapters', deployment, 'inbox'),
});
