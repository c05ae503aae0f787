import { linkIndexSections, subjectsHeld } from './link-index-section.js';
import type { IndexSize } from './link-index-section.js';

const hashes = { identity: 20_000_000, token: 10_000_000, subject: 6_000_000, participant: 4_000_000, next: 100 };
const small: IndexSize = { subjects: 100_000, participants: 40_000, seconds: 10, cpuSeconds: 8, redisSeconds: 2, redisBytes: 41_000_000, hashes };
const large: IndexSize = { ...small, subjects: 300_000, participants: 120_000, seconds: 50, cpuSeconds: 36, redisSeconds: 14, redisBytes: 120_000_000 };

it('counts each size from the one before it on', () => {
  const [index] = linkIndexSections([small, large]);
  expect(index!.rows).toEqual([
    ['100,000', '40,000', '10,000', '100.0', '20.0', '410', '200', '100', '100'],
    ['300,000', '120,000', '5,000', '200.0', '60.0', '400', '67', '33', '33'],
  ]);
  expect(index!.figures?.map(({ eventsPerSecond }) => eventsPerSecond)).toEqual([10_000, 5_000]);
});

it('says what a node holds, a rebuild beside what is in force', () => {
  expect(subjectsHeld(1_000, 35)).toBe(10);
  const [, node] = linkIndexSections([large]);
  expect(node!.rows[0]).toEqual(['8 GiB', '7,516,192', '3,006,477', '0.3']);
});
