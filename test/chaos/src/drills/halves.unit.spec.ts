import type { Drill } from './drill.js';
import { halves } from './halves.js';

const drill = (anomaly: string): Drill => ({ trials, onTrial }) => {
  for (let trial = 1; trial <= trials; trial += 1) onTrial?.(trial);
  return Promise.resolve({ trials, anomalies: [anomaly], counts: { cells: 10 } });
};
const both = halves({ name: 'on one', drill: drill('a') }, { name: 'on three', drill: drill('b') });

it('shares the trials, counts them apart and adds up what both count', async () => {
  const told: number[] = [];
  expect(await both({ trials: 5, seed: 'halves', onTrial: (done) => told.push(done) })).toEqual({ trials: 5, anomalies: ['on one: a', 'on three: b'], counts: { cells: 20, 'on one': 3, 'on three': 2 } });
  expect(told).toEqual([1, 2, 3, 4, 5]);
});

it('leaves out the second of a single trial', async () => {
  expect(await both({ trials: 1, seed: 'halves' })).toEqual({ trials: 1, anomalies: ['on one: a'], counts: { cells: 10, 'on one': 1 } });
});
