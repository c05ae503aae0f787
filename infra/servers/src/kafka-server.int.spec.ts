import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultCacheDir, kafkaAnswers, silentProgress, startKafka } from './index.js';

const parts = { cacheDir: defaultCacheDir(process.env), env: process.env, progress: silentProgress };

test('a killed broker comes back on the same folder at the same port', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-kafka-'));
  const first = await startKafka({ parts, dataDir });
  first.kill();
  await first.exited;
  expect(await kafkaAnswers('127.0.0.1', first.port)).toBe(false);

  const second = await startKafka({ parts, dataDir });
  expect(second.port).toBe(first.port);
  expect(second.pid).not.toBe(first.pid);
  expect(await kafkaAnswers('127.0.0.1', second.port)).toBe(true);
  await second.stop();
  expect(await kafkaAnswers('127.0.0.1', second.port)).toBe(false);
  await rm(dataDir, { recursive: true });
});

test('the servers of the run are reachable for every test', async () => {
  const [host = '', port] = (process.env['THROUGHLINE_TEST_KAFKA'] ?? '').split(':');
  expect(await kafkaAnswers(host, Number(port))).toBe(true);
});
