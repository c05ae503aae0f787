import { copyFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportLedger, restoreLedger } from '../ledger/ledger-export.js';
import type { LedgerEntry } from '../ledger/ledger-entry.js';
import { asPayload, TEST_NOW, TestAdapter } from '../testing/test-adapter.js';
import { TOY_ADAPTER, toyPayload } from '../testing/toy-adapter.js';
import { UNWATCHED } from './adapter-watch.js';
import type { StoresAmiss } from './adapter-watch.js';

const adapters: TestAdapter[] = [];
let amiss: StoresAmiss[] = [];
const watch = { ...UNWATCHED, amiss: (found: StoresAmiss) => void amiss.push(found) };
const told = (): readonly (readonly [string, number])[] => amiss.map(({ code, count }) => [code, count]);

beforeEach(() => {
  amiss = [];
});
afterEach(async () => {
  for (const adapter of adapters.splice(0)) await adapter.dispose();
});

/** No two moments are the same: arrivals have an order. */
let moments = 0;
const now = (): Date => new Date(TEST_NOW.getTime() + (moments += 1));
const start = async (): Promise<TestAdapter> => {
  const adapter = new TestAdapter(TOY_ADAPTER, { watch, now });
  adapters.push(adapter);
  await adapter.restart();
  return adapter;
};
/** The files as they are now, of an adapter that goes on. */
const copyOf = async (adapter: TestAdapter): Promise<TestAdapter> => {
  const copy = await adapter.killed();
  adapters.push(copy);
  return copy;
};

const REQUEST = { feed: 'toy', mediaType: 'application/x-ndjson' };
const snapshot = (month: number, ...people: readonly string[]): string =>
  toyPayload({ at: `2026-0${month}-01T00:00:00Z`, scope: 's', absence: { speaks: true }, records: people.map((reference) => ({ reference, facts: [{ key: 'k', day: '2026-03-01', value: 1 }] })) });
const accept = (adapter: TestAdapter, content: string) => adapter.open.intake.accept(asPayload(content), REQUEST);
const send = async (adapter: TestAdapter, content: string) => {
  const { submissionId } = await accept(adapter, content);
  return { submissionId, state: await adapter.open.intake.settled(submissionId) };
};
/** Files of a database, in a folder that nobody has open. */
const filesOf = async (folder: string, database: 'ledger' | 'receipts'): Promise<readonly string[]> =>
  (await readdir(folder)).filter((name) => name.startsWith(`${database}.sqlite`));
const lose = async (adapter: TestAdapter, database: 'ledger' | 'receipts'): Promise<void> => {
  for (const name of await filesOf(adapter.folder, database)) await rm(join(adapter.folder, name));
};
/** Puts an older state of a database in the place of the present one. */
const rollBack = async (adapter: TestAdapter, backup: TestAdapter, ...databases: readonly ('ledger' | 'receipts')[]): Promise<void> => {
  for (const database of databases) {
    await lose(adapter, database);
    for (const name of await filesOf(backup.folder, database)) await copyFile(join(backup.folder, name), join(adapter.folder, name));
  }
};
const stopped = async (adapter: TestAdapter): Promise<TestAdapter> => {
  await adapter.open.close();
  return copyOf(adapter);
};

describe('stores that are as they were left', () => {
  it('are not complained of, after a stop or a kill', async () => {
    const adapter = await start();
    await send(adapter, snapshot(5, 'a'));
    await (await copyOf(adapter)).restart();
    await adapter.restart();
    expect(told()).toEqual([]);
    expect(adapter.open.ledger.complete).toBe(true);
  });
});

describe('a ledger older than what was published', () => {
  const withOlderLedger = async (): Promise<{ adapter: TestAdapter; newest: LedgerEntry[] }> => {
    const running = await start();
    await send(running, snapshot(5, 'a'));
    const backup = await copyOf(running);
    await send(running, snapshot(6, 'a', 'b'));
    await running.open.pipeline.deletePayloads(-60_000);
    const newest = JSON.parse(JSON.stringify([...exportLedger(running.open.ledger, TEST_NOW)])) as LedgerEntry[];
    const adapter = await stopped(running);
    await rollBack(adapter, backup, 'ledger');
    return { adapter, newest };
  };

  it('holds snapshots at this start and at every later one', async () => {
    const { adapter } = await withOlderLedger();
    await adapter.restart();
    expect(told()).toEqual([['ledger-older', 1]]);
    const { state, submissionId } = await send(adapter, snapshot(7, 'a'));
    expect([state, adapter.open.pipeline.job(submissionId)?.detail.held?.code]).toEqual(['held', 'ledger-incomplete']);
    await adapter.restart();
    expect(adapter.open.ledger.complete).toBe(false);
    expect(told()).toHaveLength(1);
  });

  it('is whole again once restored: what only the lost one knew is withdrawn', async () => {
    const { adapter, newest } = await withOlderLedger();
    await adapter.restart();
    const held = await send(adapter, snapshot(7, 'a'));
    await restoreLedger(adapter.open.ledger, { deployment: 'toy', publishedAt: null }, newest);
    await adapter.restart();
    expect(await adapter.open.intake.settled(held.submissionId)).toBe('published');
    expect(adapter.sink.factsInForce().size).toBe(1);
    expect(adapter.open.ledger.complete).toBe(true);
  });

  it('does not take what it published for lost, though its payload went in time', async () => {
    const { adapter } = await withOlderLedger();
    const { receipts, pipeline } = await adapter.restart();
    expect(receipts.page(9).receipts.map(({ submission }) => pipeline.stateOf(submission))).toEqual(['published', 'published']);
    expect(adapter.sink.letters).toEqual([]);
  });

  it('is not complained of where nothing it lacks was published: it is read again', async () => {
    const running = await start();
    await send(running, snapshot(5, 'a'));
    const backup = await copyOf(running);
    running.sink.failure = new Error('no broker');
    const { submissionId } = await accept(running, snapshot(6, 'b'));
    await running.open.close();
    const adapter = await copyOf(running);
    await rollBack(adapter, backup, 'ledger');
    await adapter.restart();
    expect(await adapter.open.intake.settled(submissionId)).toBe('published');
    expect(adapter.open.ledger.complete).toBe(true);
    expect(adapter.sink.factsInForce().size).toBe(1);
  });

  it.each([
    ['the receipts, which are as old', true],
    ['no receipts, which are lost', false],
  ])('is noticed by a payload accepted since, beside %s', async (_, older) => {
    const running = await start();
    await send(running, snapshot(5, 'a'));
    const backup = await copyOf(running);
    await send(running, snapshot(6, 'a', 'b'));
    await send(running, snapshot(7, 'a', 'b', 'c'));
    const adapter = await stopped(running);
    await rollBack(adapter, backup, 'ledger', 'receipts');
    if (!older) await lose(adapter, 'receipts');
    await adapter.restart();
    expect(told().map(([code]) => code)).toEqual(['receipts-remade', 'ledger-older']);
    expect((await send(adapter, snapshot(8, 'a'))).state).toBe('held');
    expect(adapter.sink.factsInForce().size).toBe(3);
  });
});

describe('receipts that are lost or older', () => {
  it.each(['lost', 'older'])('are made again from the payloads when they are %s, and nothing accepted is lost', async (how) => {
    const running = await start();
    const first = await send(running, snapshot(5, 'a'));
    const backup = await copyOf(running);
    const gate = Promise.withResolvers<void>();
    await running.restart({ onStep: () => gate.promise });
    const second = await accept(running, snapshot(6, 'a', 'b'));
    const receipt = running.open.receipts.find(second.submissionId)!;
    const adapter = await copyOf(running);
    gate.resolve();
    if (how === 'lost') await lose(adapter, 'receipts');
    else await rollBack(adapter, backup, 'receipts');

    const { receipts, intake, ledger } = await adapter.restart();
    expect(await intake.settled(second.submissionId)).toBe('published');
    expect(adapter.sink.factsInForce().size).toBe(2);
    expect(told()).toEqual([['receipts-remade', how === 'lost' ? 2 : 1]]);
    expect(receipts.find(second.submissionId)).toEqual({ ...receipt, receivedAt: expect.any(Date) as Date });
    expect(receipts.page(9).receipts.map(({ submission }) => submission)).toEqual([second.submissionId, first.submissionId]);
    expect(ledger.complete).toBe(true);
    await adapter.restart();
    expect(told()).toHaveLength(1);
  });

  it('are told of where the payload is gone too, and given again to whoever sends it again', async () => {
    const running = await start();
    const { submissionId } = await send(running, snapshot(5, 'a'));
    await running.open.pipeline.deletePayloads(-60_000);
    const adapter = await stopped(running);
    await lose(adapter, 'receipts');
    await adapter.restart();
    expect(told()).toEqual([['receipts-missing', 1]]);
    expect(await send(adapter, snapshot(5, 'a'))).toEqual({ submissionId, state: 'published' });
    expect(adapter.sink.records).toHaveLength(1);
  });

  it('never cost a payload that nobody can place', async () => {
    const running = await start();
    const { submissionId } = await send(running, snapshot(5, 'a'));
    const adapter = await stopped(running);
    await lose(adapter, 'receipts');
    await copyFile(join(adapter.folder, `${submissionId}.payload`), join(adapter.folder, `${'0'.repeat(32)}.payload`));
    await writeFile(join(adapter.folder, `${'1'.repeat(32)}.payload`), 'damaged');
    await adapter.restart();
    expect(told()).toEqual([
      ['receipts-remade', 1],
      ['payloads-unknown', 2],
    ]);
    expect((await readdir(adapter.folder)).filter((name) => name.endsWith('.payload'))).toHaveLength(3);
  });
});
