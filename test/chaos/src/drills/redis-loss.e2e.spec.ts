import { LOSSES, NODE_LOSSES, redisLoss, redisNodeLoss } from './redis-loss.js';

// Both platforms wait more than they work: they do it at the same time.
it.concurrent('shows the same figures after any loss of Redis, and never a part of them', async () => {
  const { anomalies, counts } = await redisLoss({ trials: LOSSES.length, seed: 'redis-loss' });
  expect(anomalies).toEqual([]);
  for (const loss of LOSSES) expect(counts[loss]).toBe(1);
  expect(counts['shown']).toBeGreaterThan(0);
  expect(counts['refused']).toBeGreaterThan(0);
}, 600_000);

it.concurrent('shows the same figures after one node of a cluster lost what it held, and never a part of them', async () => {
  // The first loss: an older copy, which no part of the store can tell from the present one.
  const { anomalies, counts } = await redisNodeLoss({ trials: 1, seed: 'redis-node-loss' });
  expect(anomalies).toEqual([]);
  expect(counts[NODE_LOSSES[0]]).toBe(1);
  expect(counts['shown']).toBeGreaterThan(0);
}, 600_000);
