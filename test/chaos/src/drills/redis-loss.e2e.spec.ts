import { LOSSES, redisLoss } from './redis-loss.js';

it('shows the same figures after any loss of Redis, and never a part of them', async () => {
  const { anomalies, counts } = await redisLoss({ trials: LOSSES.length, seed: 'redis-loss' });
  expect(anomalies).toEqual([]);
  for (const loss of LOSSES) expect(counts[loss]).toBe(1);
  expect(counts['shown']).toBeGreaterThan(0);
  expect(counts['refused']).toBeGreaterThan(0);
}, 600_000);
