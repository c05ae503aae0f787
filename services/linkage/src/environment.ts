import { LOG_LEVELS } from '@throughline/telemetry';
import { readFileSync } from 'node:fs';
import { parsePlatformKeysFile } from '@throughline/identity';
import { z } from 'zod';

const LOOPBACK = '127.0.0.1';

const ENVIRONMENT = z.object({
  KAFKA_BROKERS: z
    .string()
    .min(1)
    .transform((list) => list.split(',').map((broker) => broker.trim()))
    .refine((brokers) => brokers.every((broker) => /^[^\s:]+:\d+$/.test(broker)), 'a comma-separated list of host:port'),
  REDIS_URL: z.string().regex(/^(rediss?|unix):\/\/.+/, 'redis://host:port or unix:///path'),
  KEYS_FILE: z.string().min(1),
  TELEMETRY_PORT: z.coerce.number().int().min(0).max(65_535).default(9105),
  TELEMETRY_HOST: z.string().min(1).default(LOOPBACK),
  DEPLOYMENTS: z
    .string()
    .regex(/^[a-z][a-z0-9-]*(,[a-z][a-z0-9-]*)*$/, 'a comma-separated list of names; absent: every deployment')
    .transform((list) => list.split(','))
    .optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
});

/** What linkage is told at start. */
export interface LinkageSettings {
  readonly brokers: readonly string[];
  readonly redisUrl: string;
  readonly platformKey: Buffer;
  readonly telemetryHost: string;
  readonly telemetryPort: number;
  /** Whose topics are read; null: every deployment's. */
  readonly deployments: readonly string[] | null;
  readonly logLevel: (typeof LOG_LEVELS)[number];
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

/** @throws EnvironmentError, KeysFileError */
export function readEnvironment(env: NodeJS.ProcessEnv): LinkageSettings {
  const read = ENVIRONMENT.safeParse(env);
  if (!read.success) throw new EnvironmentError(read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
  const { KAFKA_BROKERS, REDIS_URL, KEYS_FILE, TELEMETRY_HOST, TELEMETRY_PORT, LOG_LEVEL, DEPLOYMENTS } = read.data;
  let keys: string;
  try {
    keys = readFileSync(KEYS_FILE, 'utf8');
  } catch {
    throw new EnvironmentError(['KEYS_FILE: names no file that can be read']);
  }
  const { platformKey } = parsePlatformKeysFile(keys);
  return { brokers: KAFKA_BROKERS, redisUrl: REDIS_URL, platformKey, telemetryHost: TELEMETRY_HOST, telemetryPort: TELEMETRY_PORT, logLevel: LOG_LEVEL, deployments: DEPLOYMENTS ?? null };
}
