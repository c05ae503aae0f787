import { setImmediate as turn } from 'node:timers/promises';
import { FollowedGenerations } from './followed-generations.js';
import type { FollowedRun } from './followed-generations.js';
import type { GenerationList } from './generations.js';

/** Generations in memory, and runs that take a few turns to begin and to end. */
const world = () => {
  const state = { list: { current: null, building: null, all: [] } as GenerationList, wentBack: new Set<number>(), begun: [] as number[], working: [] as number[], told: [] as number[], troubles: 0, fails: 0, unknown: new Set<number>() };
  const newRun = (generation: number): FollowedRun => ({
    start: async () => {
      if (state.fails-- > 0) throw new Error('not now');
      state.begun.push(generation);
      await turn();
      state.working.push(generation);
    },
    stop: async () => {
      await turn();
      state.working.splice(state.working.indexOf(generation), 1);
    },
    storeWentBack: async () => state.wentBack.delete(generation),
  });
  const followed = new FollowedGenerations({
    generations: {
      list: async () => state.list,
      ensureFirst: async (note: string) => {
        state.list = { current: null, building: 1, all: [{ generation: 1, note }] };
      },
    },
    firstNote: () => 'first',
    newRun: (generation) => (state.unknown.has(generation) ? null : newRun(generation)),
    onWentBack: (generation) => state.told.push(generation),
    onTrouble: () => {
      state.troubles += 1;
    },
    everyMs: 2 ** 30,
  });
  const listed = (...generations: number[]) => {
    state.list = { current: null, building: generations.at(-1) ?? null, all: generations.map((generation) => ({ generation, note: '' })) };
  };
  return { state, followed, listed };
};

it('begins the first generation where there is none, and again in a store that was emptied', async () => {
  const { state, followed, listed } = world();
  await followed.start();
  expect(state.working).toEqual([1]);
  listed();
  state.wentBack.add(1);
  await followed.look();
  expect([state.begun, state.working, state.told]).toEqual([[1, 1], [1], [1]]);
  await followed.stop();
});

it('keeps one run for each generation, whoever asks for a look meanwhile', async () => {
  const { state, followed, listed } = world();
  await followed.start();
  listed(1, 2);
  state.wentBack.add(1);
  await Promise.all([followed.look(), followed.look(), followed.look()]);
  expect([...state.working].sort()).toEqual([1, 2]);
  expect([...followed.runs.keys()].sort()).toEqual([1, 2]);
  listed(2);
  await followed.look();
  expect(state.working).toEqual([2]);
  await followed.stop();
  expect(state.working).toEqual([]);
});

it('tries again what could not be begun', async () => {
  const { state, followed } = world();
  state.fails = 1;
  await followed.start();
  expect([state.troubles, state.working]).toEqual([1, []]);
  await followed.look();
  expect([state.troubles, state.working]).toEqual([1, [1]]);
  await followed.stop();
});

it('goes on with the others where one cannot be run here, and begins it once it can', async () => {
  const { state, followed, listed } = world();
  state.unknown.add(1);
  listed(1, 2);
  await followed.start();
  expect([state.troubles, state.working]).toEqual([0, [2]]);
  state.unknown.clear();
  await followed.look();
  expect([...state.working].sort()).toEqual([1, 2]);
  await followed.stop();
});

it('ends what the look under way is beginning when it is stopped', async () => {
  const { state, followed, listed } = world();
  await followed.start();
  listed(1, 2);
  const looking = followed.look();
  while (!state.begun.includes(2)) await turn();
  await Promise.all([followed.stop(), looking]);
  expect([state.begun, state.working, [...followed.runs.keys()]]).toEqual([[1, 2], [], []]);
});
