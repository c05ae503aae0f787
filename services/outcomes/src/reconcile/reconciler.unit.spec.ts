import { MemoryRedis } from '@throughline/state-store/testing';
import { cellsIn, reconcilingProcess, referral, referralsIn } from '../testing/reconciling-process.js';
import type { ReconcilingOptions } from '../testing/reconciling-process.js';

const platformKey = Buffer.alloc(32, 'platform');
const JANUARY = 20_454;

/** People of one process, told of one by one. */
const told = async (count: number, options: ReconcilingOptions) => {
  const process = reconcilingProcess({ connection: new MemoryRedis().connect(), generation: 1, platformKey }, options);
  for (let number = 1; number <= count; number += 1) {
    const subject = Buffer.alloc(16);
    subject.writeUInt32BE(number);
    // Each in another bucket of timelines.
    subject[4] = number;
    await process.hear(referral(subject, 1, JANUARY));
  }
  const steps: number[] = [];
  const membersOf = process.link.membersOf.bind(process.link);
  process.link.membersOf = async (people) => {
    steps.push(people.length);
    return membersOf(people);
  };
  return { ...process, steps };
};

it('takes larger steps where timelines have to be read for each, and counts the same', async () => {
  const count = 40;
  const roomy = await told(count, { participantsPerStep: 2 });
  const short = await told(count, { participantsPerStep: 2, timelineBytes: 1 });
  for (const process of [roomy, short]) {
    expect(await process.pass()).toMatchObject({ participants: count });
    expect(await cellsIn(process.participants)).toEqual(new Map([[referralsIn('2026-01'), count]]));
    expect(process.steps.reduce((sum, size) => sum + size)).toBe(count);
  }
  expect(new Set(roomy.steps)).toEqual(new Set([2]));
  // Two at a time begin before it is known.
  expect(short.steps.length).toBeLessThan(roomy.steps.length / 2);
  expect(Math.max(...short.steps)).toBeGreaterThan(2);
});
