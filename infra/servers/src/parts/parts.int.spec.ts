import { access, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { startKafka } from '../kafka-server.js';
import { silentProgress } from '../progress.js';
import { redisAnswers, startRedis } from '../redis-server.js';
import { fetchParts } from './fetch-parts.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-fetch-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A PATH with everything that this machine has but Java, Redis and Valkey. */
async function barePath(): Promise<string> {
  const taken = new Set<string>();
  for (const from of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of await readdir(from).catch(() => [])) {
      if (/^(java|redis|valkey)/.test(name) || taken.has(name)) continue;
      taken.add(name);
      await symlink(join(from, name), join(folder, name));
    }
  }
  return folder;
}

test('Java, Kafka and Redis come by themselves where the machine has none of them, and work', async () => {
  const path = await barePath();
  const cache = join(folder, 'cache');
  const { JAVA_HOME: _none, ...rest } = process.env;
  const env = { ...rest, PATH: path, XDG_CACHE_HOME: cache };
  const found = await fetchParts(env);
  for (const place of Object.values(found)) {
    expect(place.startsWith(cache)).toBe(true);
    await access(place);
  }

  const parts = { cacheDir: join(cache, 'throughline'), env, progress: silentProgress };
  const redis = await startRedis({ parts, dataDir: join(folder, 'redis') });
  const kafka = await startKafka({ parts, dataDir: join(folder, 'kafka') });
  expect(await redisAnswers('127.0.0.1', redis.port)).toBe(true);
  await Promise.all([redis.stop(), kafka.stop()]);
});
