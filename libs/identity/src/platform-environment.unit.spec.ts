import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvironmentError, portSetting, readPlatformEnvironment } from './platform-environment.js';

const folder = mkdtempSync(join(tmpdir(), 'platform-env-'));
const keys = join(folder, 'keys.json');
const platformKey = Buffer.alloc(32, 5);
writeFileSync(keys, JSON.stringify({ platformKey: platformKey.toString('base64') }));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (env: Record<string, string>) => readPlatformEnvironment(env, { telemetryPort: 9110 }, { PORT: portSetting(4110) });

it('names every fault at once', () => {
  const fault = (() => {
    try {
      read({ KAFKA_BROKERS: 'nowhere', PORT: '99999', KEYS_FILE: keys });
    } catch (error) {
      return error;
    }
    return undefined;
  })();
  expect(fault).toBeInstanceOf(EnvironmentError);
  expect((fault as EnvironmentError).faults.map((text) => text.split(':')[0])).toEqual(['KAFKA_BROKERS', 'REDIS_URL', 'PORT']);
});

it('reads what is there and fills in a laptop’s defaults', () => {
  expect(read({ KAFKA_BROKERS: 'a:1, b:2', REDIS_URL: 'unix:///run/r.sock', KEYS_FILE: keys, DEPLOYMENTS: 'nhs,dwp' })).toEqual({
    platform: {
      brokers: ['a:1', 'b:2'],
      redisUrl: 'unix:///run/r.sock',
      platformKey,
      rotations: [],
      telemetryHost: '127.0.0.1',
      telemetryPort: 9110,
      logLevel: 'info',
      deployments: ['nhs', 'dwp'],
    },
    own: { PORT: 4110 },
  });
});

it('says that the keys file cannot be read without repeating its name', () => {
  expect(() => read({ KAFKA_BROKERS: 'a:1', REDIS_URL: 'redis://x', KEYS_FILE: '/nowhere/secret-name' })).toThrow(/KEYS_FILE: names no file/);
});
