import { eventsTopic } from '@throughline/event-contracts';
import { LATEST_RULES } from '@throughline/outcome-metrics';
import { Generations, LinkIndex, ParticipantStore, PartitionStore } from '@throughline/state-store';
import { MemoryRedis } from '@throughline/state-store/testing';
import type { GenerationRun } from '../generations/generation-run.js';
import { RulesComparison } from './rules-comparison.js';

/** Over a log of which nothing is read, so that it never comes to rest. */
function comparison({ leaseMs, isSeen }: { readonly leaseMs: number; readonly isSeen: boolean }) {
  // Years before the first second that numbers a generation: they count from 1.
  const connection = new MemoryRedis(() => performance.now()).connect();
  const generations = new Generations(connection);
  const runs = new Map<number, GenerationRun>();
  const newRun = (generation: number) => {
    const parts = { generation, rules: LATEST_RULES, partitions: new PartitionStore(connection, generation), link: new LinkIndex(connection, generation), participants: new ParticipantStore(connection, generation), markIds: async () => [] };
    runs.set(generation, parts as unknown as GenerationRun);
  };
  const keeper = {
    buildTo: async () => {
      const generation = await generations.beginKept('{}', leaseMs);
      if (isSeen) newRun(generation);
      return generation;
    },
    runOf: (generation: number) => runs.get(generation),
    drop: async (generation: number) => void (await generations.forget(generation)),
  };
  const asked = new RulesComparison({ keeper, generations, readLogEnds: async () => ({ facts: { [eventsTopic('nhs')]: [9] }, identifiers: {} }), everyMs: 1 });
  asked.begin(LATEST_RULES, LATEST_RULES);
  return {
    runs,
    newRun,
    generations,
    /** Once it is over. */
    ended: async () => {
      for (;;) {
        const state = await asked.state();
        if (state.state !== 'building') return state;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    /** Once it has begun to wait. */
    underWay: async () => {
      while (runs.size < 2) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const GONE = { state: 'failed', error: { code: 'COMPARED_GENERATION_GONE', place: 'generation 2' } };

describe('a comparison ends at once', () => {
  it('when a generation of its own goes', async () => {
    const { runs, underWay, ended, generations } = comparison({ leaseMs: 60_000, isSeen: true });
    await underWay();
    runs.delete(2);
    expect(await ended()).toMatchObject(GONE);
    expect((await generations.list()).all).toEqual([]);
  });

  it('when one was begun anew, with nothing of what was counted', async () => {
    const { newRun, underWay, ended } = comparison({ leaseMs: 60_000, isSeen: true });
    await underWay();
    newRun(2);
    expect(await ended()).toMatchObject(GONE);
  });

  it('when one is gone before it was ever run', async () => {
    const { ended } = comparison({ leaseMs: 1, isSeen: false });
    expect(await ended()).toMatchObject({ state: 'failed', error: { code: 'COMPARED_GENERATION_GONE', place: 'generation 1' } });
  });
});
