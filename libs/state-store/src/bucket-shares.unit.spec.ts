import { BucketShares } from './bucket-shares.js';
import { MemoryRedis } from './testing/memory-redis.js';

it('are let go by one that died before the server’s clock was put back, as if it had not been', async () => {
  let now = 10_000_000;
  const connection = new MemoryRedis(() => now).connect();
  const fail = (error: unknown) => {
    throw error;
  };
  const [left, dead] = ['left', 'dead'].map((process) => new BucketShares({ connection, generation: 1, process, keptMs: 5_000, onTrouble: fail })) as [BucketShares, BucketShares];
  for (const each of [left, dead, left]) await each.renew();
  expect((await dead.renew()).size).toBe(12);
  now -= 3_600_000;
  expect((await left.renew()).size).toBe(24);
  // One that lives is back with its share.
  expect((await dead.renew()).size).toBe(0);
  expect((await left.renew()).size).toBe(12);
  expect((await dead.renew()).size).toBe(12);
});
