import { syscallSweep } from './syscall-sweep.js';

it('a receipt outlives a kill and a failing disk at any system call, and without one nothing was accepted', async () => {
  const { trials, anomalies, counts } = await syscallSweep({ trials: 16, seed: 'npm test' });
  expect(anomalies).toEqual([]);
  expect(trials).toBe(16);
  expect(counts['calls']).toBeGreaterThan(100);
  expect(counts['receipts']).toBeGreaterThan(0);
  expect(counts['errors']).toBeGreaterThan(0);
  expect(counts['no answer']).toBeGreaterThan(0);
});
