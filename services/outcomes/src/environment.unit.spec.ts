import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from './environment.js';

const folder = mkdtempSync(join(tmpdir(), 'outcomes-env-'));
const keys = join(folder, 'keys.json');
const platformKey = Buffer.alloc(32, 5);
writeFileSync(keys, JSON.stringify({ platformKey: platformKey.toString('base64') }));
afterAll(() => rmSync(folder, { recursive: true }));

it('adds where requests are answered to what every service of the platform is told', () => {
  const env = { KAFKA_BROKERS: 'a:1', REDIS_URL: 'redis://x', KEYS_FILE: keys };
  expect(readEnvironment(env)).toMatchObject({ host: '127.0.0.1', port: 4110, telemetryPort: 9110, platformKey });
  expect(readEnvironment({ ...env, HOST: '0.0.0.0', PORT: '80' })).toMatchObject({ host: '0.0.0.0', port: 80 });
});
