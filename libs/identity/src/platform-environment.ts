import { LOG_LEVELS } from '@throughline/telemetry';
import type { LogLevel } from '@throughline/telemetry';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parsePlatformKeysFile } from './keys-file.js';
import type { KeyRotation } from './keys-file.js';

const LOOPBACK = '127.0.0.1';

/** A port number, with what holds where none is set; 0: any free port. */
export const portSetting = (byDefault: number) => z.coerce.number().int().min(0).max(65_535).default(byDefault);

/** An address to listen on; anything but loopback only where something else keeps strangers out, as a container does. */
export const hostSetting = () => z.string().min(1).default(LOOPBACK);

const platform = (telemetryPort: number) =>
  z.object({
    KAFKA_BROKERS: z
      .string()
      .min(1)
      .transform((list) => list.split(',').map((broker) => broker.trim()))
      .refine((brokers) => brokers.every((broker) => /^[^\s:]+:\d+$/.test(broker)), 'a comma-separated list of host:port'),
    REDIS_URL: z.string().regex(/^(rediss?|redis-cluster|unix):\/\/.+/, 'redis://host:port, redis-cluster://host:port,host:port or unix:///path'),
    KEYS_FILE: z.string().min(1),
    TELEMETRY_PORT: portSetting(telemetryPort),
    TELEMETRY_HOST: hostSetting(),
    DEPLOYMENTS: z
      .string()
      .regex(/^[a-z][a-z0-9-]*(,[a-z][a-z0-9-]*)*$/, 'a comma-separated list of names; absent: every deployment')
      .transform((list) => list.split(','))
      .optional(),
    LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  });

/** What a service that holds the platform's key is told at start: linkage and outcomes. */
export interface PlatformSettings {
  readonly brokers: readonly string[];
  readonly redisUrl: string;
  readonly platformKey: Buffer;
  /** Keys that followed others in a linkage domain; of linkage alone. */
  readonly rotations: readonly KeyRotation[];
  readonly telemetryHost: string;
  readonly telemetryPort: number;
  /** Whose topics are read; null: every deployment's. */
  readonly deployments: readonly string[] | null;
  readonly logLevel: LogLevel;
}

/** Thrown when the environment cannot be used; names every fault at once and repeats no value. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly code = 'ENVIRONMENT_INVALID';
  readonly place = 'environment';
  readonly remedy = 'Set the variables named and start again.';
  constructor(readonly faults: readonly string[]) {
    super(`Not started: ${faults.join('; ')}. Set the variables named and start again.`);
  }
}

/**
 * Reads the environment that a service of the platform was given, and the keys file it names.
 * @param byDefault what holds where nothing is set.
 * @param own variables of this service alone.
 * @throws EnvironmentError, KeysFileError
 */
export function readPlatformEnvironment<Own extends z.ZodRawShape>(
  env: Readonly<Record<string, string | undefined>>,
  byDefault: { readonly telemetryPort: number },
  own: Own,
): { readonly platform: PlatformSettings; readonly own: z.infer<z.ZodObject<Own>> } {
  const common = platform(byDefault.telemetryPort).safeParse(env);
  const others = z.object(own).safeParse(env);
  if (!common.success || !others.success) {
    const issues = [...(common.error?.issues ?? []), ...(others.error?.issues ?? [])];
    throw new EnvironmentError(issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
  }
  const { KAFKA_BROKERS, REDIS_URL, KEYS_FILE, TELEMETRY_HOST, TELEMETRY_PORT, LOG_LEVEL, DEPLOYMENTS } = common.data;
  let keys: string;
  try {
    keys = readFileSync(KEYS_FILE, 'utf8');
  } catch {
    throw new EnvironmentError(['KEYS_FILE: names no file that can be read']);
  }
  const { platformKey, rotations = [] } = parsePlatformKeysFile(keys);
  return {
    platform: { brokers: KAFKA_BROKERS, redisUrl: REDIS_URL, platformKey, rotations, telemetryHost: TELEMETRY_HOST, telemetryPort: TELEMETRY_PORT, logLevel: LOG_LEVEL, deployments: DEPLOYMENTS ?? null },
    own: others.data,
  };
}
