// docker-compose.yml cannot be run where there is no Docker engine, so it is held to what the local runner proves: the same
// services, variables, commands and health checks; and to the parts of the Compose specification that it uses.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { BROKER_SETTINGS, lockedPart, REDIS_SETTINGS } from '@throughline/servers';
import { keyOwner } from './platform/keys.js';
import { nodeFlags, READY_PATH, SERVICES, serviceEnvironment } from './platform/services.js';

const ROOT = join(import.meta.dirname, '..', '..', '..');

// https://github.com/compose-spec/compose-spec: the elements used here, none besides.
const duration = z.string().regex(/^\d+(ms|s|m|h)$/);
const command = z.array(z.string()).min(1);
const service = z.strictObject({
  build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
  image: z.string().regex(/^[a-z0-9./-]+:[A-Za-z0-9._-]+$/),
  restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']),
  init: z.boolean().optional(),
  stop_grace_period: duration.optional(),
  command: command.optional(),
  // Numbers and booleans lose their spelling in YAML: every value is written as text.
  environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()).optional(),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/)).optional(),
  volumes: z.array(z.string().regex(/^[^:]+:\/[^:]+(:ro)?$/)).optional(),
  healthcheck: z
    .strictObject({ test: command.refine(([how]) => how === 'CMD'), interval: duration, timeout: duration, retries: z.int().positive() })
    .optional(),
  depends_on: z
    .record(z.string(), z.strictObject({ condition: z.enum(['service_started', 'service_healthy', 'service_completed_successfully']) }))
    .optional(),
});
const composeFile = z.strictObject({
  name: z.string(),
  'x-service': z.unknown(),
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()),
});

const compose = composeFile.parse(parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }));
const of = (name: string): z.infer<typeof service> => {
  const found = compose.services[name];
  if (found === undefined) throw new TypeError(`docker-compose.yml has no service ${name}`);
  return found;
};

test('it has the services of the local runner, and the parts they need', () => {
  expect(Object.keys(compose.services).sort()).toEqual(
    [...SERVICES.map(({ name }) => name), 'kafka', 'redis', 'prepare', 'prometheus', 'grafana'].sort(),
  );
});

describe.each(SERVICES.map((spec) => [spec.name, spec] as const))('%s', (name, spec) => {
  test('gets the same variables', () => {
    const place = {
      host: '0.0.0.0',
      kafkaBrokers: 'kafka:9092',
      redisUrl: 'redis://redis:6379',
      keysFile: '/run/throughline/keys/keys.json',
      spoolDir: '/var/lib/throughline/spool',
      inboxDir: '/var/lib/throughline/inbox',
      logLevel: 'info',
      ports: spec,
    };
    expect(of(name).environment).toEqual(serviceEnvironment(spec, place));
  });

  test('is started and asked for its health as by the local runner', () => {
    expect(of(name).command).toEqual(['node', ...nodeFlags(spec), `services/${name}/dist/main.js`]);
    expect(of(name).healthcheck?.test.at(-1)).toContain(`http://127.0.0.1:${spec.telemetryPort}${READY_PATH}`);
    expect(of(name).depends_on).toMatchObject({ prepare: { condition: 'service_completed_successfully' } });
    expect(Object.hasOwn(of(name).depends_on ?? {}, 'redis')).toBe(spec.adapter === undefined);
  });

  test('publishes its ports on loopback, and holds its owner’s keys alone', () => {
    const ports = [spec.port, spec.telemetryPort].filter((port) => port !== undefined);
    expect(of(name).ports).toEqual(ports.map((port) => `127.0.0.1:${port}:${port}`));
    expect(of(name).volumes?.filter((volume) => volume.startsWith('keys-'))).toEqual([`keys-${keyOwner(spec)}:/run/throughline/keys:ro`]);
  });
});

test('Kafka is the version and has the settings of the local broker', () => {
  expect(of('kafka').image).toBe(`apache/kafka:${lockedPart('kafka').requirement.split(':').at(-1) ?? ''}`);
  const variable = (setting: string): string => `KAFKA_${setting.toUpperCase().replaceAll('.', '_')}`;
  expect(of('kafka').environment).toMatchObject(
    Object.fromEntries(Object.entries(BROKER_SETTINGS).map(([setting, value]) => [variable(setting), value])),
  );
});

test('Redis has every write on the disk before it answers', () => {
  const words = Object.entries(REDIS_SETTINGS).flatMap(([setting, value]) => [`--${setting}`, value]);
  expect(of('redis').command).toEqual(['redis-server', ...words]);
});

test('keys are prepared for every owner', () => {
  const owners = new Set(['domain', ...SERVICES.map(keyOwner)]);
  expect(of('prepare').volumes?.toSorted()).toEqual([...owners].map((owner) => `keys-${owner}:/keys/${owner}`).sort());
  const image = readFileSync(join(ROOT, 'infra/images/Dockerfile'), 'utf8');
  expect(/for owner in ([a-z ]+);/.exec(image)?.[1]?.split(' ').sort()).toEqual([...owners].sort());
  expect(existsSync(join(ROOT, 'infra/local/src/prepare.ts'))).toBe(true);
});

test('every volume named is declared, every one declared is used, every file mounted exists', () => {
  const sources = Object.values(compose.services).flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')[0] ?? ''));
  const named = sources.filter((source) => !source.startsWith('.'));
  expect([...new Set(named)].sort()).toEqual(Object.keys(compose.volumes).sort());
  for (const path of sources.filter((source) => source.startsWith('.'))) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
});

test('what is waited for exists and can be waited for in that way', () => {
  for (const { depends_on: waits = {} } of Object.values(compose.services)) {
    for (const [name, { condition }] of Object.entries(waits)) {
      if (condition === 'service_healthy') expect(of(name).healthcheck).toBeDefined();
      else expect(of(name)).toBeDefined();
    }
  }
});

test('one image for all services', () => {
  const ours = [...SERVICES.map(({ name }) => name), 'prepare'].map((name) => of(name));
  for (const { build, image } of ours) {
    expect(image).toBe('throughline:local');
    expect(existsSync(join(ROOT, build?.dockerfile ?? ''))).toBe(true);
  }
});
