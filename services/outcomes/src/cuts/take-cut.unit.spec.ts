import { LATEST_RULES } from '@throughline/outcome-metrics';
import { Generations, LinkIndex, ParticipantStore, PartitionStore, StopLine } from '@throughline/state-store';
import { MemoryRedis } from '@throughline/state-store/testing';
import { GenerationRun } from '../generations/generation-run.js';
import { takeCut } from './take-cut.js';

it('is not taken of a generation that is dropped while it is copied', async () => {
  const connection = new MemoryRedis(() => 0).connect();
  const generations = new Generations(connection);
  await generations.ensureFirst('first');
  await generations.promote(1);
  await generations.foundWhole(await generations.everyoneMarked(await generations.serverRun()));
  for (let bucket = 0; bucket < 24; bucket += 1) await connection.command('HSET', `g1:{b${bucket}}:cells`, 'jobs', 1);
  const parts = {
    rules: LATEST_RULES,
    generation: 1,
    partitions: new PartitionStore(connection, 1),
    link: new LinkIndex(connection, 1),
    participants: new ParticipantStore(connection, 1),
    markIds: async () => [],
    cells: async () => {
      // Another is complete, and whoever deletes what it left has only begun.
      const next = await generations.rebuild('rebuild');
      if ('begun' in next) await generations.promote(next.begun);
      await generations.forget(1);
      await connection.command('UNLINK', 'g1:{b7}:cells');
      return GenerationRun.prototype.cells.call(parts as unknown as GenerationRun);
    },
  };
  const cut = takeCut(parts as unknown as GenerationRun, { line: new StopLine(connection), generations, readLogEnds: async () => ({ facts: {}, identifiers: {} }) });
  await expect(cut).rejects.toMatchObject({ code: 'NOT_AT_REST', remedy: expect.stringContaining('another generation') as string });
  expect(await new StopLine(connection).read()).toEqual({ state: 'none' });
});
