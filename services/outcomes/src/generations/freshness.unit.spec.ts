import { handedOverAs, ParticipantStore, UniqueIds } from '@throughline/state-store';
import { MemoryRedis } from '@throughline/state-store/testing';
import { Freshness } from './freshness.js';

const ids = new UniqueIds();

/** A process of several, whose marks others compute. */
const world = () => {
  const participants = new ParticipantStore(new MemoryRedis().connect(), 1);
  const fresh = new Freshness(participants);
  return {
    fresh,
    handOver: async (bucket: number) => {
      const id = handedOverAs([ids.next()], ids.next());
      await participants.mark(bucket, id, Buffer.alloc(32, 1));
      return { bucket, id, computed: () => participants.deleteMarks(bucket, [id]) };
    },
  };
};

it('is what every pass has taken in, where one process computes all', async () => {
  const { fresh } = world();
  expect(fresh.at).toBe(0);
  await fresh.passed(100, []);
  expect(fresh.at).toBe(100);
  await fresh.passed(null, []);
  expect(fresh.at).toBe(100);
  await fresh.passed(300, []);
  expect(fresh.at).toBe(300);
});

it('does not claim what was handed over before it is computed', async () => {
  const { fresh, handOver } = world();
  const first = await handOver(3);
  const second = await handOver(4);
  await fresh.passed(100, [first, second]);
  await first.computed();
  await fresh.passed(200, []);
  expect(fresh.at).toBe(0);
  await second.computed();
  await fresh.passed(200, []);
  expect(fresh.at).toBe(200);
});

it('moves on while more is handed over again and again', async () => {
  const { fresh, handOver } = world();
  let before = await handOver(3);
  await fresh.passed(100, [before]);
  for (const appendedAt of [200, 300, 400]) {
    const next = await handOver(3);
    await before.computed();
    await fresh.passed(appendedAt, [next]);
    expect(fresh.at).toBe(appendedAt - 100);
    before = next;
  }
});

it('does not claim what a pass handed over that left out others, once a later one leaves out nobody', async () => {
  const { fresh, handOver } = world();
  const early = await handOver(5);
  await fresh.passed(null, [early]);
  await fresh.passed(200, []);
  expect(fresh.at).toBe(0);
  await early.computed();
  await fresh.passed(200, []);
  expect(fresh.at).toBe(200);
});

it('keeps nothing of what is computed while something handed over earlier is not', async () => {
  const { fresh, handOver } = world();
  const stuck = await handOver(3);
  await fresh.passed(100, [stuck]);
  for (const appendedAt of [200, 300]) {
    const one = await handOver(4);
    await one.computed();
    await fresh.passed(appendedAt, [one]);
    expect(fresh.at).toBe(0);
  }
  await stuck.computed();
  await fresh.passed(300, []);
  expect(fresh.at).toBe(300);
});
