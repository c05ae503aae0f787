import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { LATEST_RULES, RULES_2026_1 } from '@throughline/outcome-metrics';
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

it('counts under the latest rules unless told otherwise, and under none that there are not', () => {
  const env = { KAFKA_BROKERS: 'a:1', REDIS_URL: 'redis://x', KEYS_FILE: keys };
  expect(readEnvironment(env).rules).toBe(LATEST_RULES);
  expect(readEnvironment({ ...env, OUTCOME_RULES: '2026.1' }).rules).toBe(RULES_2026_1);
  expect(() => readEnvironment({ ...env, OUTCOME_RULES: '1999.1' })).toThrow(/OUTCOME_RULES/);
});

it('holds timelines in a quarter of the memory there is unless told otherwise', () => {
  const env = { KAFKA_BROKERS: 'a:1', REDIS_URL: 'redis://x', KEYS_FILE: keys };
  expect(readEnvironment({ ...env, TIMELINE_MEMORY_MB: '100' }).timelineBytes).toBe(100 * 2 ** 20);
  const { timelineBytes } = readEnvironment(env);
  expect(timelineBytes).toBeLessThan(totalmem() / 4 + 2 ** 20);
  expect(timelineBytes).toBeGreaterThan(0);
  expect(() => readEnvironment({ ...env, TIMELINE_MEMORY_MB: '0' })).toThrow(/TIMELINE_MEMORY_MB/);
});
