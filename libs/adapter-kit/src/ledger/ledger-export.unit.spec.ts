import { rm } from 'node:fs/promises';
import { openAdapter } from '../runtime/open-adapter.js';
import { asPayload, TEST_NOW, TestAdapter, testOptions } from '../testing/test-adapter.js';
import { TOY_ADAPTER, toyPayload } from '../testing/toy-adapter.js';
import { exportLedger, restoreLedger } from './ledger-export.js';
import type { LedgerEntry } from './ledger-entry.js';

const adapters: TestAdapter[] = [];
afterEach(async () => {
  for (const adapter of adapters.splice(0)) await adapter.dispose();
});

const BY = { deployment: 'toy', publishedAt: null };
const snapshot = (at: string, ...people: readonly string[]): string =>
  toyPayload({ at, scope: 's', absence: { speaks: true }, records: people.map((reference) => ({ reference, facts: [{ key: 'k', day: '2026-03-01', value: 1 }] })) });
const send = async (adapter: Pick<TestAdapter['open'], 'intake'>, payload: string) => {
  const { submissionId } = await adapter.intake.accept(asPayload(payload), { feed: 'toy', mediaType: 'application/x-ndjson' });
  return { submissionId, state: await adapter.intake.settled(submissionId) };
};

/** An adapter that published May's snapshot, deleted its payload and then lost its ledger. */
const withLostLedger = async (): Promise<{ adapter: TestAdapter; backup: LedgerEntry[] }> => {
  const adapter = new TestAdapter(TOY_ADAPTER);
  adapters.push(adapter);
  await adapter.restart();
  await send(adapter.open, snapshot('2026-05-01T00:00:00Z', 'a', 'b'));
  await adapter.open.pipeline.deletePayloads(-1);
  const backup = JSON.parse(JSON.stringify([...exportLedger(adapter.open.ledger, TEST_NOW)])) as LedgerEntry[];
  const lost = await adapter.killed();
  adapters.push(lost);
  for (const ending of ['', '-wal', '-shm']) await rm(`${lost.folder}/ledger.sqlite${ending}`, { force: true });
  return { adapter: lost, backup };
};

describe('a lost ledger', () => {
  it('holds snapshots, since absence cannot be judged, and lets other things through', async () => {
    const { adapter } = await withLostLedger();
    const open = await adapter.restart();
    expect(open.ledger.complete).toBe(false);
    const { submissionId, state } = await send(open, snapshot('2026-06-01T00:00:00Z', 'a'));
    expect(state).toBe('held');
    expect(open.pipeline.job(submissionId)?.detail.held?.code).toBe('ledger-incomplete');
    const single = toyPayload({ at: '2026-06-01T00:00:00Z', scope: 's', absence: { speaks: false }, records: [{ reference: 'c', facts: [] }] });
    expect((await send(open, single)).state).toBe('published');
  });

  it('is restored from its export: what was held goes on and withdraws what is gone', async () => {
    const { adapter, backup } = await withLostLedger();
    const { submissionId } = await send(await adapter.restart(), snapshot('2026-06-01T00:00:00Z', 'a'));
    await adapter.open.close();
    const restored = await openAdapter(testOptions(TOY_ADAPTER, adapter.folder, adapter.sink), async (ledger) => {
      expect(await restoreLedger(ledger, BY, backup)).toEqual({ entries: backup.length, unplaced: 0 });
    });
    try {
      expect(restored.ledger.complete).toBe(true);
      expect(await restored.intake.settled(submissionId)).toBe('published');
      expect(adapter.sink.factsInForce().size).toBe(1);
    } finally {
      await restored.close();
    }
  });

  it('stays as it was when the export is not one', async () => {
    const { adapter, backup } = await withLostLedger();
    const broken = [...backup, { table: 'word', row: {} } as LedgerEntry];
    const open = await openAdapter(testOptions(TOY_ADAPTER, adapter.folder, adapter.sink), async (ledger) => {
      await expect(restoreLedger(ledger, BY, broken)).rejects.toMatchObject({ code: 'ledger-export-invalid', line: broken.length });
      expect([...exportLedger(ledger, TEST_NOW)]).toHaveLength(1);
      expect(ledger.complete).toBe(false);
    });
    await open.close();
  });
});
