import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultCacheDir, silentProgress, startRedisCluster } from '@throughline/servers';
import type { RedisCluster } from '@throughline/servers';
import { RedisConnection } from './index.js';
import { storeSuite } from './testing/store-suite.js';

let folder: string;
let cluster: RedisCluster;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-redis-cluster-'));
  cluster = await startRedisCluster({ parts: { cacheDir: defaultCacheDir(process.env), env: process.env, progress: silentProgress }, dataDir: folder });
});
afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

storeSuite(() => new RedisConnection({ url: cluster.url }));

it('finds the keys of every node, and another run where one of them was started again', async () => {
  const connection = new RedisConnection({ url: cluster.url });
  const names = Array.from({ length: 60 }, (_, index) => `spread:{${index}}`);
  for (const name of names) await connection.command('SET', name, 'here');
  const found: string[] = [];
  for await (const keys of connection.keys('spread:*')) found.push(...keys.map(String));
  expect(found.sort()).toEqual([...names].sort());
  const before = await connection.serverRun();
  expect(before.split(',')).toHaveLength(3);
  await cluster.nodes[1]!.kill();
  await cluster.nodes[1]!.restart();
  let after = before;
  while (after === before) after = await connection.serverRun().catch(() => before);
  expect(after.split(',').filter((run) => before.includes(run))).toHaveLength(2);
  await connection.close();
});
