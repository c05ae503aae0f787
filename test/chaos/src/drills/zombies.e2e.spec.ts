import { zombies } from './zombies.js';

// Sessions run out in both at the same time: they wait more than they work.
it.concurrent.each([
  { store: 'one Redis', onCluster: false },
  { store: 'a Redis Cluster', onCluster: true },
])('a process that slept past its session writes nothing that counts, on $store', async ({ onCluster }) => {
  const { anomalies, counts } = await zombies({ trials: 1, seed: 'zombies', changesPerTrial: 4, onCluster });
  expect(anomalies).toEqual([]);
  expect(counts['cells']).toBeGreaterThan(50);
  expect(counts['joined and left']).toBe(4);
}, 600_000);
