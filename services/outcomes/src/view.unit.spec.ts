import type { Generations } from '@throughline/state-store';
import type { GenerationKeeper } from './generations/generation-keeper.js';
import type { GenerationRun } from './generations/generation-run.js';
import { View } from './view.js';

/** A view whose service still holds generation 4 for the current one, over a store that says so before, and after, a read. */
const viewOver = (...pointers: (number | null)[]) => {
  const keeper = { current: { generation: 4, storeWentBack: async () => false } as GenerationRun, progress: 0.5 } as GenerationKeeper;
  const generations = { list: async () => ({ current: pointers.shift() ?? null, all: [] }), isWhole: async () => true } as unknown as Generations;
  const [nothing] = [] as never[];
  return new View(keeper, generations, nothing!, nothing!, nothing!, nothing!, nothing!, Date.now);
};
const read = async () => 'figures';

it('shows what was read while the pointer stayed', async () => {
  expect(await viewOver(4, 4).readCurrent(read)).toBe('figures');
});

it.each([
  ['was emptied before', [null, null]],
  ['was emptied meanwhile', [4, null]],
  ['has moved on meanwhile, so that the generation may be half deleted', [4, 5]],
])('shows nothing of a store that %s', async (_, pointers) => {
  await expect(viewOver(...pointers).readCurrent(read)).rejects.toMatchObject({ status: 503 });
});
