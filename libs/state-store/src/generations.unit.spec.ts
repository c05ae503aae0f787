import { Generations } from './generations.js';
import type { StoreConnection } from './redis-connection.js';
import { MemoryRedis } from './testing/index.js';

const KEYS = ['g1:{link}:stamp', 'g1:{b0}:cells'] as const;

/**
 * A store that holds keys of generation 1, and a connection of whoever deletes what is forgotten there. Its clock stands, unless
 * it is moved: one that is emptied and begun anew in the same second gives the same number again.
 */
const world = async () => {
  const clock = { now: 0 };
  const store = new MemoryRedis(() => clock.now);
  const connection = store.connect();
  const begin = async (): Promise<void> => {
    await new Generations(connection).ensureFirst('first');
    const { all } = await new Generations(connection).list();
    for (const key of KEYS) await connection.command('SET', key.replace('1', String(all.at(-1)?.generation)), 'there');
  };
  await begin();
  let afterKeys = async (): Promise<void> => {};
  let afterAnswer = async (): Promise<void> => {};
  const answered = async <T>(reply: T): Promise<T> => {
    const happens = afterAnswer;
    afterAnswer = async () => {};
    await happens();
    return reply;
  };
  const slow: StoreConnection = {
    command: async (...words) => answered(await connection.command(...words)),
    run: async (...words) => answered(await connection.run(...words)),
    async *keys(pattern) {
      const pages: (readonly Buffer[])[] = [];
      for await (const page of connection.keys(pattern)) pages.push(page);
      if (pattern.startsWith('g')) await afterKeys();
      // As of a store so large that no two are found together.
      for (const key of pages.flat()) yield [key];
    },
    serverRun: () => connection.serverRun(),
    close: () => connection.close(),
  };
  return {
    store,
    begin,
    generations: new Generations(slow),
    afterKeys: (happens: () => Promise<void>) => (afterKeys = happens),
    afterAnswer: (happens: () => Promise<void>) => (afterAnswer = happens),
    clock,
    left: async () => (await Promise.all(KEYS.map(async (key) => ((await connection.command('EXISTS', key)) === 1 ? [key] : [])))).flat(),
    ofGeneration: async (generation: number) => {
      const found: string[] = [];
      for await (const keys of connection.keys(`g${generation}:*`)) found.push(...keys.map(String));
      return found;
    },
  };
};

it('deletes what is on no list, and nothing else', async () => {
  const { generations, left } = await world();
  expect(await generations.deleteForgotten()).toBe(0);
  await generations.forget(1);
  expect(await left()).toEqual(KEYS);
  expect(await generations.deleteForgotten()).toBe(KEYS.length);
  expect(await left()).toEqual([]);
});

it('deletes nothing of a generation that was begun, under the same number, since the store was emptied before the list was looked at', async () => {
  const { store, begin, generations, afterKeys, afterAnswer, left } = await world();
  afterKeys(async () => {
    store.restart(null);
    afterAnswer(begin);
  });
  expect(await generations.deleteForgotten()).toBe(0);
  expect(await left()).toEqual(KEYS);
});

it('looks at the list before each key: what was forgotten may be in force by then, in a store that was emptied and begun anew', async () => {
  const { store, begin, generations, afterKeys, afterAnswer, left } = await world();
  await generations.forget(1);
  afterKeys(async () => {
    // After the list, and the first key that went by it.
    afterAnswer(async () => {
      afterAnswer(async () => {
        store.restart(null);
        await begin();
      });
    });
  });
  expect(await generations.deleteForgotten()).toBe(1);
  expect(await left()).toEqual(KEYS);
});

it('deletes nothing of a generation begun since in a store that was emptied or put back, however late it wakes: numbers do not repeat', async () => {
  const { store, clock, begin, generations, afterKeys, afterAnswer, ofGeneration } = await world();
  await generations.forget(1);
  const before = store.copy();
  const numbers: number[] = [1];
  for (const copy of [null, before]) {
    // Between the look at the list and the key that goes by it.
    afterKeys(async () => {
      afterAnswer(async () => {
        clock.now = Date.UTC(2026, 2, 1 + numbers.length);
        store.restart(copy);
        await begin();
      });
    });
    await generations.deleteForgotten();
    const { all } = await generations.list();
    const newest = all.at(-1)?.generation ?? 0;
    expect(numbers).not.toContain(newest);
    expect(await ofGeneration(newest)).toHaveLength(KEYS.length);
    numbers.push(newest);
    await generations.forget(newest);
  }
});

it('numbers generations by the second in which they begin, each above the last', async () => {
  const store = new MemoryRedis(() => Date.UTC(2026, 0, 1, 0, 1));
  const generations = new Generations(store.connect());
  expect([await generations.beginKept('', 1_000), await generations.beginKept('', 1_000), await generations.rebuild('')]).toEqual([60, 61, { begun: 62 }]);
});

it('numbers none beyond what the event of a cut has room for, however wrong the clock', async () => {
  const generations = new Generations(new MemoryRedis(() => Date.UTC(2099, 11, 31)).connect());
  expect([await generations.beginKept('', 1_000), await generations.rebuild('')]).toEqual([1, { begun: 2 }]);
});

it('deletes what lies under one tag in one step, so that no half of it is in force where the list alone is put back', async () => {
  const { store, generations, afterKeys, afterAnswer, ofGeneration } = await world();
  const connection = store.connect();
  for (const name of ['{link}:next', '{b0}:participants', '{nhs.0}:b:63', '{nhs.0}:next']) await connection.command('SET', `g1:${name}`, 'there');
  const tagsOf = async () => new Set((await ofGeneration(1)).map((key) => key.slice(0, key.indexOf('}'))));
  const pairs = (await tagsOf()).size;
  await generations.forget(1);
  afterKeys(async () => {
    // The list, then the first that goes.
    afterAnswer(async () => {
      afterAnswer(async () => {
        throw new Error('the node with the list is away');
      });
    });
  });
  await expect(generations.deleteForgotten()).rejects.toThrow('away');
  expect([(await tagsOf()).size, (await ofGeneration(1)).length]).toEqual([pairs - 1, 2 * (pairs - 1)]);
});

it('shows no figures of a generation of which it deleted something when the store was put back to a copy that lists it', async () => {
  const { store, begin, generations, afterKeys, afterAnswer } = await world();
  const others = new Generations(store.connect());
  const before = store.copy();
  await generations.forget(1);
  await begin();
  afterKeys(async () => {
    afterAnswer(async () => {
      store.restart(before);
      await others.foundWhole(await others.everyoneMarked(await others.serverRun()));
      expect(await others.isWhole()).toBe(true);
    });
  });
  expect(await generations.deleteForgotten()).toBeGreaterThan(0);
  expect([await others.isWhole(), await others.lastSweep()]).toEqual([false, null]);
});

it('forgets a generation with what was settled of it in one step: in a store that is put back then, that stays', async () => {
  const { store, generations, afterAnswer } = await world();
  const others = new Generations(store.connect());
  await others.settle(1, 'old rules');
  const before = store.copy();
  afterAnswer(async () => store.restart(before));
  await generations.forget(1);
  expect(await others.settle(1, 'new rules')).toBe('old rules');
});
