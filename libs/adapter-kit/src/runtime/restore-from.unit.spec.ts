import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DecodedEvent } from '@throughline/event-contracts';
import { ledgerEntryOf, logEntry } from '../ledger/ledger-from-log.js';
import { asPayload, TEST_NOW, TestAdapter, testOptions } from '../testing/test-adapter.js';
import { TOY_ADAPTER, toyPayload } from '../testing/toy-adapter.js';
import { UNWATCHED } from './adapter-watch.js';
import type { StoresAmiss } from './adapter-watch.js';
import { openAdapter } from './open-adapter.js';
import type { OpenAdapter } from './open-adapter.js';
import { restoreFrom } from './restore-from.js';

/** A minute passes with every look at the clock. */
let minutes = 0;
const now = (): Date => new Date(TEST_NOW.getTime() + (minutes += 1) * 60_000);
let amiss: StoresAmiss[] = [];
const watch = { ...UNWATCHED, amiss: (found: StoresAmiss) => void amiss.push(found) };
let adapter: TestAdapter;
const opened: OpenAdapter[] = [];

beforeEach(async () => {
  amiss = [];
  adapter = new TestAdapter(TOY_ADAPTER, { now });
  await adapter.restart();
});
afterEach(async () => {
  for (const open of opened.splice(0)) await open.close();
  await adapter.dispose();
});

const snapshot = (month: number, ...keys: readonly string[]): string =>
  toyPayload({ at: `2026-0${month}-01T00:00:00Z`, scope: 's', absence: { speaks: true }, records: [{ reference: 'a', facts: keys.map((key) => ({ key, day: '2026-03-01', value: 1 })) }] });
const send = async ({ intake, pipeline }: OpenAdapter, payload: string) => {
  const { submissionId } = await intake.accept(asPayload(payload), { feed: 'toy', mediaType: 'application/x-ndjson' });
  const state = await intake.settled(submissionId);
  return { submissionId, state, held: pipeline.job(submissionId)?.detail.held?.code };
};
const exportLog = async (name: string, as: (event: DecodedEvent) => DecodedEvent = (event) => event): Promise<string> => {
  const file = join(adapter.folder, name);
  const entries = [logEntry('toy', now()), ...adapter.sink.events().map((event) => ledgerEntryOf(as(event)))];
  await writeFile(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  return file;
};
const loseLedger = async (): Promise<void> => {
  await adapter.open.close();
  for (const ending of ['', '-wal', '-shm']) await rm(`${adapter.folder}/ledger.sqlite${ending}`, { force: true });
};
const startWith = async (file: string): Promise<OpenAdapter> => {
  await opened.pop()?.close();
  const open = await openAdapter({ ...testOptions(TOY_ADAPTER, adapter.folder, adapter.sink), watch, now }, restoreFrom(file, { deployment: 'toy', watch, logger: { info: () => undefined } }));
  opened.push(open);
  return open;
};

describe('an export that a lost ledger is to be restored from', () => {
  it('is left where something was published after it, and snapshots wait for a new one', async () => {
    await send(adapter.open, snapshot(1, 'k'));
    const old = await exportLog('old.ndjson');
    for (const month of [2, 3]) await send(adapter.open, snapshot(month, 'k', 'l'));
    await adapter.open.pipeline.deletePayloads(-3_600_000);
    await loseLedger();

    const open = await startWith(old);
    expect(amiss).toMatchObject([{ code: 'ledger-lost' }, { code: 'ledger-export-old', remedy: expect.stringContaining('ledger-export') as string }]);
    expect(amiss[1]!.count).toBeGreaterThan(0);
    expect([open.ledger.complete, open.ledger.untouched]).toEqual([false, false]);
    const { submissionId, state, held } = await send(open, snapshot(4, 'k'));
    expect([state, held]).toEqual(['held', 'ledger-incomplete']);

    const restored = await startWith(await exportLog('new.ndjson'));
    expect(restored.ledger.complete).toBe(true);
    expect(await restored.intake.settled(submissionId)).toBe('published');
    expect(adapter.sink.factsInForce().size).toBe(1);
  });

  it('is taken in once more by the ledger that it was restored into, whatever was published since; not by one lost since', async () => {
    await send(adapter.open, snapshot(1, 'k'));
    const file = await exportLog('unplaced.ndjson', (event) => ({ ...event, value: { ...event.value, meta: { ...event.value.meta, place: null } } }) as DecodedEvent);
    await adapter.open.pipeline.deletePayloads(-3_600_000);
    await loseLedger();
    const open = await startWith(file);
    const { submissionId, state } = await send(open, snapshot(2, 'k', 'l'));
    expect(state).toBe('held');
    open.pipeline.ask(submissionId, 'confirm');
    expect(await open.intake.settled(submissionId)).toBe('published');
    expect((await startWith(file)).ledger.complete).toBe(true);
    expect(amiss.map(({ code }) => code)).toEqual(['ledger-lost']);

    await opened.pop()?.close();
    await loseLedger();
    expect((await startWith(file)).ledger.complete).toBe(false);
    expect(amiss.at(-1)?.code).toBe('ledger-export-old');
  });

  it('is not read where the ledger was not lost', async () => {
    await send(adapter.open, snapshot(1, 'k'));
    await adapter.open.close();
    expect((await startWith(join(adapter.folder, 'nowhere'))).ledger.complete).toBe(true);
  });
});
