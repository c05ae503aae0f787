import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'linkage-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('ends with an error when there is no store at its start, so that it is started again', async () => {
  const keys = join(folder, 'keys.json');
  writeFileSync(keys, JSON.stringify({ platformKey: Buffer.alloc(32, 5).toString('base64') }));
  const env = { ...process.env, KAFKA_BROKERS: '127.0.0.1:1', REDIS_URL: `unix://${join(folder, 'nobody.sock')}`, KEYS_FILE: keys, PORT: '0', TELEMETRY_PORT: '0', LOG_LEVEL: 'silent' };
  const sources = ['--conditions=throughline-source', '--import', pathToFileURL(join(ROOT, 'infra/local/bootstrap/typescript-hooks.mjs')).href];
  const child = spawn(process.execPath, [...sources, join(ROOT, 'services/linkage/src/main.ts')], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    const said: Buffer[] = [];
    child.stderr.on('data', (bytes: Buffer) => said.push(bytes));
    const [code] = (await once(child, 'exit')) as [number];
    expect([code, String(Buffer.concat(said))]).toEqual([1, expect.stringContaining('STORE_UNREACHABLE')]);
  } finally {
    child.kill('SIGKILL');
  }
});
