import { zombies } from './zombies.js';

it('a process that slept past its session writes nothing that counts', async () => {
  const { anomalies, counts } = await zombies({ trials: 1, seed: 'zombies' });
  expect(anomalies).toEqual([]);
  expect(counts['cells']).toBeGreaterThan(50);
}, 600_000);
