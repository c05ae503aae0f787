import { zombies } from './zombies.js';

it('a process that slept past its session writes nothing that counts', async () => {
  const { anomalies, counts } = await zombies({ trials: 1, seed: 'zombies', changesPerTrial: 4 });
  expect(anomalies).toEqual([]);
  expect(counts['cells']).toBeGreaterThan(50);
  expect(counts['joined and left']).toBe(4);
}, 600_000);
