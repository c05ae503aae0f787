import { createConnection } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultCacheDir, redisAnswers, silentProgress, startRedis } from './index.js';

const parts = { cacheDir: defaultCacheDir(process.env), env: process.env, progress: silentProgress };

/** Sends one command in Redis's inline form and gives the raw answer. */
function ask(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port }, () => socket.write(`${command}\r\n`));
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString());
    });
  });
}

test('what was answered survives a kill -9, and the server comes back at its port', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-redis-'));
  const first = await startRedis({ parts, dataDir });
  expect(await ask(first.port, 'CONFIG GET appendfsync')).toContain('always');
  expect(await ask(first.port, 'SET kept yes')).toBe('+OK\r\n');
  first.kill();
  await first.exited;
  expect(await redisAnswers('127.0.0.1', first.port)).toBe(false);

  const second = await startRedis({ parts, dataDir, port: first.port });
  expect(await ask(second.port, 'GET kept')).toBe('$3\r\nyes\r\n');

  await expect(startRedis({ parts, dataDir: `${dataDir}-b`, port: first.port })).rejects.toMatchObject({ code: 'PORT_TAKEN' });
  await second.stop();
  await rm(dataDir, { recursive: true });
});

test('a server that cannot start says why', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-redis-'));
  await expect(startRedis({ parts, dataDir, settings: { maxmemory: 'much' } })).rejects.toMatchObject({ code: 'SERVER_FAILED' });
  await rm(dataDir, { recursive: true });
});
