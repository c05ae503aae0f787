import { schemaPairs } from '@throughline/event-contracts/testing';
import { schemaSkew } from './schema-skew.js';

it('what any release writes is read by every other as it must be, or refused for its id', async () => {
  const pairs = schemaPairs();
  const { trials, anomalies, counts } = await schemaSkew({ trials: Infinity, seed: 'npm test' });
  expect(anomalies).toEqual([]);
  expect(trials).toBe(pairs.length);
  // Of each schema some that was written before its reader, and some after.
  expect(pairs.some(({ written, read }) => written < read)).toBe(true);
  expect(counts['values read']).toBeGreaterThan(0);
  expect(counts['values refused']).toBeGreaterThan(0);
});
