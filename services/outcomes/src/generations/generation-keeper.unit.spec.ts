import { LATEST_RULES, RULES_2026_1 } from '@throughline/outcome-metrics';
import type { RuleSet } from '@throughline/outcome-metrics';
import { Generations, LinkIndex, ParticipantStore, PartitionStore, TopicLayout, UniqueIds } from '@throughline/state-store';
import { MemoryRedis } from '@throughline/state-store/testing';
import { createLogger } from '@throughline/telemetry';
import { GenerationKeeper } from './generation-keeper.js';
import { writeNote } from './generation-note.js';
import { GenerationRun } from './generation-run.js';
import { markEveryone } from './mark-everyone.js';

const ids = new UniqueIds();
const started: GenerationKeeper[] = [];
afterEach(() => Promise.all(started.splice(0).map((keeper) => keeper.stop())));

/** Outcomes processes over one store in memory and a log of one partition; nobody reads or computes but the test. */
const world = () => {
  // Years before the first second that numbers a generation: they count from 1.
  const server = new MemoryRedis(() => 0);
  const connection = server.connect();
  const generations = new Generations(connection);
  const unreadable = new Set<number>();
  let end = 0;

  /** Stores as a run has them, and its own way to find marks. */
  const runOf = (generation: number, rules: RuleSet): GenerationRun => {
    const run = {
      generation,
      rules,
      partitions: new PartitionStore(connection, generation),
      link: new LinkIndex(connection, generation),
      participants: new ParticipantStore(connection, generation),
      layout: new TopicLayout(connection, generation),
      consumer: { held: () => [] },
      get unreadable() {
        return unreadable.has(generation) ? 1 : 0;
      },
      markIds: (locations: readonly string[]): Promise<string[]> => GenerationRun.prototype.markIds.call(run as unknown as GenerationRun, locations),
      announce: () => undefined,
      start: async () => undefined,
      stop: async () => undefined,
      storeWentBack: async () => false,
    };
    return run as unknown as GenerationRun;
  };
  const process = (rules: RuleSet = LATEST_RULES) => {
    const keeper = new GenerationKeeper({
      generations: new Generations(server.connect()),
      readLogEnds: async () => ({ facts: { 'partner-events.nhs': [end] }, identifiers: {} }),
      rules,
      newRun: (generation, _, counted) => runOf(generation, counted),
      markEveryone: (generation, facts) => markEveryone(connection, generation, facts),
      now: () => 0,
      logger: createLogger({ service: 'outcomes', level: 'silent' }),
      everyMs: 2 ** 30,
    });
    started.push(keeper);
    return keeper;
  };
  /** To drop what is not there is to look. */
  const look = (...keepers: GenerationKeeper[]) => keepers.reduce((before, keeper) => before.then(() => keeper.drop(0)), Promise.resolve());
  const readTo = async (generation: number, next: number) => {
    const partitions = new PartitionStore(connection, generation);
    await partitions.write('nhs.0', { read: await partitions.load('nhs.0', []), next, news: null });
  };
  /** Everyone who is marked is computed. */
  const compute = async (generation: number) => {
    const { partitions, participants } = runOf(generation, LATEST_RULES);
    await partitions.deleteMarks('nhs.0', (await partitions.marks('nhs.0')).map(({ id }) => id));
    for (let bucket = 0; bucket < 24; bucket += 1) await participants.deleteMarks(bucket, (await participants.marks(bucket)).map(({ id }) => id));
  };
  const marked = async (generation: number) => (await runOf(generation, LATEST_RULES).markIds(['nhs.0'])).length;
  /** A process whose first generation is current. */
  const withFirst = async (rules: RuleSet = LATEST_RULES) => {
    const keeper = process(rules);
    await keeper.start();
    await compute(1);
    await look(keeper);
    expect(keeper.status()).toMatchObject([{ generation: 1, current: true, rules: rules.version }]);
    return keeper;
  };
  return { server, connection, generations, unreadable, process, look, readTo, compute, marked, withFirst, endAt: (offset: number) => void (end = offset) };
};

it('shows a restarted store to nobody before those are computed whom another process has marked', async () => {
  const { server, generations, withFirst, process, look, compute, marked, readTo, endAt } = world();
  const mine = await withFirst();
  const yours = process();
  await yours.start();
  endAt(10);
  const copy = server.copy();
  server.restart(copy);
  // Mine marks everyone and waits for the log, yours does so beside it.
  await look(mine, yours);
  await readTo(1, 10);
  await compute(1);
  await new PartitionStore(server.connect(), 1).markEveryone('nhs.0', ids.next());
  // Yours has read on and holds the marks that it saw then; the store goes back once more, and mine is the one that sees it.
  await look(yours);
  server.restart(server.copy());
  await compute(1);
  await look(mine);
  expect(await marked(1)).toBeGreaterThan(0);
  await look(yours);
  expect([await generations.isWhole(), yours.isInDoubt]).toEqual([false, true]);
  await compute(1);
  await look(yours);
  expect([await generations.isWhole(), yours.isInDoubt]).toEqual([true, false]);
});

it('goes on with the other generations where one is counted under rules that this build does not have', async () => {
  const { generations, withFirst, look, marked, server } = world();
  const keeper = await withFirst();
  const begun = await generations.rebuild(writeNote({ reason: 'rules', startedAt: '', rules: '2999.1' }));
  expect(begun).toEqual({ begun: 2 });
  server.restart(server.copy());
  await look(keeper);
  expect(keeper.status()).toMatchObject([
    { generation: 1, current: true, held: [] },
    { generation: 2, current: false, rules: '2999.1', held: [expect.stringContaining('/internal/rebuild?instead=2')] },
  ]);
  // Other processes that run it need not sweep again.
  expect(await marked(2)).toBeGreaterThan(0);
});

it('begins another generation where it was started upon one of rules that it does not have', async () => {
  const { generations, process, look } = world();
  await generations.ensureFirst(writeNote({ reason: 'first', startedAt: '', rules: '2999.1' }));
  await generations.promote(1);
  const keeper = process();
  await keeper.start();
  await look(keeper);
  expect(keeper.status().at(-1)).toMatchObject({ generation: 2, reason: 'rules', rules: LATEST_RULES.version });
});

it('rebuilds under the rules that are in force, whatever the process was started with that is asked', async () => {
  const { generations, withFirst, process, look, compute, unreadable } = world();
  const older = await withFirst(RULES_2026_1);
  const newer = process(LATEST_RULES);
  await newer.start();
  await look(newer);
  await compute(2);
  await look(newer);
  expect((await generations.list()).current).toBe(2);
  await look(older);
  expect(await older.rebuild()).toBe(3);
  expect(older.status().at(-1)).toMatchObject({ generation: 3, reason: 'rebuild', rules: LATEST_RULES.version });
  unreadable.add(3);
  await look(older, older);
  expect(older.status().at(-1)).toMatchObject({ generation: 4, reason: 'repair', rules: LATEST_RULES.version });
});

it('takes the place of nothing but what is being built, and else names the generations there are', async () => {
  const { withFirst, look, compute, readTo, endAt, generations } = world();
  const keeper = await withFirst();
  for (const generation of [1, 99]) {
    await expect(keeper.rebuild(generation)).rejects.toMatchObject({ code: 'NOT_BEING_BUILT', place: `generation ${generation}`, remedy: expect.stringContaining('There are: 1 (shown).') as string });
  }
  expect((await generations.list()).all).toHaveLength(1);
  endAt(10);
  expect(await keeper.rebuild()).toBe(2);
  await expect(keeper.rebuild(99)).rejects.toMatchObject({ code: 'REBUILD_UNDER_WAY', generation: 2 });
  expect(await keeper.rebuild(2)).toBe(3);
  await readTo(3, 10);
  await compute(3);
  await look(keeper);
  await expect(keeper.rebuild(3)).rejects.toMatchObject({ code: 'NOT_BEING_BUILT', remedy: expect.stringContaining('3 (shown)') as string });
});

it('shows when linkage began the first generation, and counts it under rules of its own', async () => {
  const { generations, process, look } = world();
  await generations.ensureFirst('{"reason":"first","startedAt":"2026-05-01T00:00:00.000Z"}');
  const keeper = process();
  await keeper.start();
  await look(keeper);
  expect(keeper.status()).toMatchObject([{ generation: 1, reason: 'first', startedAt: '2026-05-01T00:00:00.000Z', rules: LATEST_RULES.version }]);
});

it('completes a rebuild that had become current in a store that was put back to a copy from before it had', async () => {
  const { server, generations, withFirst, look, compute, readTo, endAt } = world();
  const keeper = await withFirst();
  endAt(10);
  expect(await keeper.rebuild()).toBe(2);
  const during = server.copy();
  await readTo(2, 10);
  await look(keeper, keeper);
  expect((await generations.list()).all).toMatchObject([{ generation: 2 }]);
  server.restart(during);
  await look(keeper);
  for (const generation of [1, 2]) {
    await readTo(generation, 10);
    await compute(generation);
  }
  await look(keeper, keeper);
  expect(await generations.list()).toMatchObject({ current: 2, all: [{ generation: 2 }] });
});

it('shows no generation for the sake of another, which was current before the store was put back', async () => {
  const { server, generations, withFirst, look, compute, readTo, endAt } = world();
  const keeper = await withFirst();
  endAt(10);
  expect(await keeper.rebuild()).toBe(2);
  const during = server.copy();
  await readTo(2, 10);
  await look(keeper, keeper);
  server.restart(server.copy());
  // The second is in doubt.
  await look(keeper);
  expect(keeper.isInDoubt).toBe(true);
  server.restart(during);
  await look(keeper);
  await readTo(2, 10);
  await compute(2);
  await look(keeper);
  // The first has read nothing.
  expect([(await generations.list()).current, await generations.isWhole()]).toEqual([2, true]);
});

it('counts under its own rules again where the store was put back to before it did', async () => {
  const { server, generations, withFirst, process, look, compute, readTo, endAt } = world();
  await withFirst(RULES_2026_1);
  const before = server.copy();
  endAt(10);
  const newer = process(LATEST_RULES);
  await newer.start();
  await readTo(2, 10);
  await compute(2);
  await look(newer, newer);
  expect((await generations.list()).current).toBe(2);
  server.restart(before);
  await look(newer, newer);
  expect(newer.status()).toMatchObject([{ generation: 1, current: true, rules: RULES_2026_1.version }, { reason: 'rules', rules: LATEST_RULES.version }]);
});

it('begins a generation to be shown where the only one there is stays at a position, as of a comparison asked for in a store just emptied', async () => {
  const { server, generations, withFirst, look, compute } = world();
  const keeper = await withFirst();
  server.restart(null);
  await keeper.buildTo({});
  await look(keeper, keeper);
  for (const { generation } of (await generations.list()).all) await compute(generation);
  await look(keeper, keeper);
  expect([keeper.current?.generation, await generations.isWhole()]).toEqual([expect.any(Number), true]);
});
