import { decodeEvent } from '@throughline/event-contracts';
import type { DecodedEvent } from '@throughline/event-contracts';
import fc from 'fast-check';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openAdapter } from '../runtime/open-adapter.js';
import type { OpenAdapter } from '../runtime/open-adapter.js';
import { asPayload, TEST_NOW, TestAdapter, testOptions } from '../testing/test-adapter.js';
import { TOY_ADAPTER, toyPayload } from '../testing/toy-adapter.js';
import type { ToySection } from '../testing/toy-adapter.js';
import { toySection } from '../testing/toy-histories.js';
import { exportLedger, restoreLedger } from './ledger-export.js';
import type { LedgerEntry } from './ledger-entry.js';
import { ledgerEntryOf, logEntry } from './ledger-from-log.js';

const adapters: TestAdapter[] = [];
afterEach(async () => {
  for (const adapter of adapters.splice(0)) await adapter.dispose();
});

const REQUEST = { feed: 'toy', mediaType: 'application/x-ndjson' };
const fact = (key: string, value = 1) => ({ key, day: '2026-03', value });
const snapshot = (day: number, people: Readonly<Record<string, readonly ReturnType<typeof fact>[]>>, scope = 's'): ToySection => ({
  at: new Date(Date.UTC(2026, 5, day)).toISOString(),
  scope,
  absence: { speaks: true },
  records: Object.entries(people).map(([reference, facts]) => ({ reference, facts })),
});
const send = async ({ intake }: Pick<OpenAdapter, 'intake'>, ...sections: readonly ToySection[]) => {
  const { submissionId } = await intake.accept(asPayload(toyPayload(...sections)), REQUEST);
  return { submissionId, state: await intake.settled(submissionId) };
};
const started = async (...sections: readonly ToySection[]): Promise<TestAdapter> => {
  const adapter = new TestAdapter(TOY_ADAPTER);
  adapters.push(adapter);
  await adapter.restart();
  for (const section of sections) await send(adapter.open, section);
  return adapter;
};
const exported = (events: readonly DecodedEvent[], at = TEST_NOW): LedgerEntry[] => JSON.parse(JSON.stringify([logEntry('toy', at), ...events.map(ledgerEntryOf)])) as LedgerEntry[];

/** The same adapter after all its files were lost, begun again from what its log says. */
const begunAgain = async (adapter: TestAdapter, entries = exported(adapter.sink.events())): Promise<{ adapter: TestAdapter; open: OpenAdapter }> => {
  const copy = await adapter.killed();
  adapters.push(copy);
  await rm(copy.folder, { recursive: true });
  const open = await openAdapter(testOptions(TOY_ADAPTER, copy.folder, copy.sink), async (ledger, { publishedAt }) => {
    await restoreLedger(ledger, { deployment: 'toy', publishedAt }, entries);
  });
  return { adapter: copy, open };
};

describe('a ledger restored from the log', () => {
  it('judges whatever the source says later as the lost one would have', async () => {
    const histories = fc.integer({ min: 2, max: 5 }).chain((count) =>
      fc.record({
        sections: fc.tuple(...Array.from({ length: count }, (_, clock) => toySection(clock))),
        lostAfter: fc.integer({ min: 1, max: count - 1 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(histories, async ({ sections, lostAfter }) => {
        const whole = await started(...sections.slice(0, lostAfter));
        const { adapter, open } = await begunAgain(whole);
        try {
          for (const section of sections.slice(lostAfter)) {
            await send(whole.open, section);
            expect((await send(open, section)).state).toBe('published');
          }
          expect(adapter.sink.factsInForce()).toEqual(whole.sink.factsInForce());
        } finally {
          await open.close();
        }
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('has every word as the lost one had it: of withdrawn facts and of tokens, by months, families and parts', async () => {
    const sections: readonly ToySection[] = [
      { ...snapshot(1, {}), records: [{ reference: 'a', nino: 'AB123456C', facts: [{ ...fact('k'), family: 'uc', part: 'p1' }, { ...fact('l'), day: '2026' }] }] },
      { ...snapshot(2, {}), records: [{ reference: 'a', nino: 'AB123456C', facts: [{ ...fact('k', 2), family: 'uc', part: 'p1' }] }, { reference: 'b', facts: [{ ...fact('k'), day: '2026-03-09', part: 'p2' }] }] },
      { ...snapshot(3, { c: [fact('k')] }), absence: { speaks: false } },
    ];
    const whole = await started(...sections);
    const { submissionId } = await send(whole.open, snapshot(4, { d: [fact('k')] }, 't'));
    whole.open.pipeline.ask(submissionId, 'withdraw');
    await whole.open.intake.settled(submissionId);
    const { open } = await begunAgain(whole);
    const wordsOf = ({ ledger }: OpenAdapter) => [...exportLedger(ledger, TEST_NOW)].filter(({ table }) => table === 'word');
    const restated = ({ row }: LedgerEntry): boolean => row['type'] === 'SubjectIdentified';
    expect(wordsOf(open)).toHaveLength(6);
    expect(wordsOf(open).filter((word) => !restated(word))).toEqual(wordsOf(whole.open).filter((word) => !restated(word)));
    // The tokens were told twice and published once: their word is the one the log has, the rest of it is as it was.
    const [was, is] = [whole.open, open].map((each) => wordsOf(each).find(restated)!.row) as [LedgerEntry['row'], LedgerEntry['row']];
    expect({ ...is, instant: was['instant'], submission: was['submission'] }).toEqual(was);
    await open.close();
  });

  it('publishes nothing for what is told again, and takes back what is gone, in its own scope only', async () => {
    const whole = await started(snapshot(1, { a: [fact('k')], b: [fact('k'), fact('l')] }), snapshot(1, { b: [fact('m')] }, 't'));
    const { adapter, open } = await begunAgain(whole);
    const before = adapter.sink.records.length;
    await send(open, snapshot(2, { a: [fact('k')], b: [fact('k')] }));
    await open.close();
    const said = adapter.sink.records.slice(before).map(({ value }) => decodeEvent(value).value.meta.change);
    expect(said).toEqual(['WITHDRAWN']);
  });

  it('holds a snapshot older than what the log tells of its scope, withdrawals included', async () => {
    const whole = await started(snapshot(1, { a: [fact('k')], b: [fact('k')] }), snapshot(5, { a: [fact('k')] }));
    const { open } = await begunAgain(whole);
    const { submissionId, state } = await send(open, snapshot(3, { b: [fact('k')] }));
    expect(state).toBe('held');
    expect(open.pipeline.job(submissionId)?.detail.held?.code).toBe('older-than-restored');
    expect((await send(open, snapshot(3, { b: [fact('k')] }, 't'))).state).toBe('published');
    expect((await send(open, snapshot(6, { a: [fact('k')] }))).state).toBe('published');
    expect(await open.intake.settled(submissionId)).toBe('superseded');
    await open.close();
  });

  it('goes on holding snapshots while the log does not tell the scope of a fact in force', async () => {
    const whole = await started(snapshot(1, { a: [fact('k')] }));
    const [event] = whole.sink.events() as [DecodedEvent];
    const unplaced = { ...event, value: { ...event.value, meta: { ...event.value.meta, place: null } } } as DecodedEvent;
    const { adapter, open } = await begunAgain(whole, exported([unplaced]));
    const { submissionId, state } = await send(open, snapshot(2, { a: [fact('k')] }));
    expect(state).toBe('held');
    expect(open.pipeline.job(submissionId)?.detail.held?.code).toBe('ledger-incomplete');
    // Confirmed, it tells the scope; read once more, the export finds nothing missing.
    open.pipeline.ask(submissionId, 'confirm');
    expect(await open.intake.settled(submissionId)).toBe('published');
    await open.close();
    const again = await openAdapter(testOptions(TOY_ADAPTER, adapter.folder, adapter.sink), async (ledger, { publishedAt }) => {
      expect(await restoreLedger(ledger, { deployment: 'toy', publishedAt }, exported([unplaced]))).toEqual({ entries: 2, unplaced: 0 });
    });
    expect((await send(again, snapshot(3, {}))).state).toBe('published');
    expect(adapter.sink.factsInForce().size).toBe(0);
    await again.close();
  });

  it('takes no export of other topics, nor one that is not of a log', async () => {
    const whole = await started(snapshot(1, { a: [fact('k')] }));
    const entries = exported(whole.sink.events());
    const section = { table: 'section', row: { id: 1, scope: { hex: '00' }, instant: 1, sequence: 0, coverage: '[null,null]', complete: 1, submission: { hex: '00' } } } as const;
    for (const [broken, code] of [
      [[logEntry('other', TEST_NOW), ...entries.slice(1)], 'ledger-export-foreign'],
      [[...entries, ...entries.slice(0, 1)], 'ledger-export-invalid'],
      [[...entries, section], 'ledger-export-invalid'],
    ] as const) {
      await expect(begunAgain(whole, broken as LedgerEntry[])).rejects.toMatchObject({ code });
    }
  });
});

describe('a submission of which the log tells', () => {
  const within = (section: ToySection, from: string, to: string): ToySection => ({ ...section, absence: { speaks: true, within: { from, to } } });
  /** Both were published, and lie in the spool. */
  const withLostLedger = async (...sections: readonly ToySection[]) => {
    const whole = await started();
    const ids: string[] = [];
    for (const section of sections) ids.push((await send(whole.open, section)).submissionId);
    const adapter = await whole.killed();
    adapters.push(adapter);
    for (const ending of ['', '-wal', '-shm']) await rm(`${adapter.folder}/ledger.sqlite${ending}`, { force: true });
    return { adapter, ids, before: whole.sink.factsInForce() };
  };
  const restored = (adapter: TestAdapter): Promise<OpenAdapter> =>
    openAdapter(testOptions(TOY_ADAPTER, adapter.folder, adapter.sink), async (ledger, { publishedAt }) => {
      await restoreLedger(ledger, { deployment: 'toy', publishedAt }, exported(adapter.sink.events()));
    });
  const PARTS = [within(snapshot(1, { a: [fact('k')] }), '2026-01-01', '2026-12-31'), within(snapshot(2, { a: [fact('k', 2)], b: [fact('k')] }), '2026-01-01', '2026-12-31')];
  const WHOLES = [snapshot(1, { a: [fact('k'), fact('l')] }), snapshot(2, { a: [fact('k')], b: [fact('k')] })];

  it.each([
    ['parts', PARTS],
    ['wholes', WHOLES],
  ])('is read again and changes nothing, and can be withdrawn: %s', async (_, sections) => {
    const { adapter, ids, before } = await withLostLedger(...sections);
    const open = await restored(adapter);
    try {
      for (const id of ids) expect(await open.intake.settled(id)).toBe('published');
      expect(open.pipeline.job(ids[0]!)?.detail).toMatchObject({ held: null, counts: { received: 1 } });
      expect(adapter.sink.factsInForce()).toEqual(before);
      for (const id of ids) open.pipeline.ask(id, 'withdraw');
      for (const id of ids) expect(await open.intake.settled(id)).toBe('withdrawn');
      expect(adapter.sink.factsInForce().size).toBe(0);
    } finally {
      await open.close();
    }
  });

  it('brings back nothing that a newer one, known no more, had silenced or told again', async () => {
    const whole = await started(snapshot(1, { a: [fact('k')] }), snapshot(4, { a: [fact('k')], b: [fact('k')] }));
    await whole.open.pipeline.deletePayloads(-1);
    // It comes late: k of a was told again since, and m is silenced.
    const { submissionId } = await send(whole.open, { ...snapshot(2, { b: [fact('l')], c: [fact('m')] }), records: [{ reference: 'b', facts: [fact('l')] }, { reference: 'c', facts: [], gone: ['x'] }] });
    const before = whole.sink.factsInForce();
    expect(whole.sink.events().at(-1)!.value.meta.source.submission.toString('hex')).toBe(submissionId);
    const adapter = await whole.killed();
    adapters.push(adapter);
    for (const ending of ['', '-wal', '-shm']) await rm(`${adapter.folder}/ledger.sqlite${ending}`, { force: true });
    const open = await restored(adapter);
    expect(await open.intake.settled(submissionId)).toBe('published');
    expect(adapter.sink.factsInForce()).toEqual(before);
    await open.close();
  });

  it('can be withdrawn though it was turned down while the ledger was lost', async () => {
    const { adapter, ids } = await withLostLedger(...PARTS);
    const lost = await adapter.restart();
    expect(await lost.intake.settled(ids[1]!)).toBe('held');
    expect(() => lost.pipeline.ask(ids[1]!, 'withdraw')).toThrow(expect.objectContaining({ code: 'wrong-state', remedy: expect.stringContaining('as far as the ledger knows') as string }) as Error);
    lost.pipeline.ask(ids[1]!, 'reject');
    expect(await lost.intake.settled(ids[1]!)).toBe('rejected');
    expect(() => lost.pipeline.ask(ids[1]!, 'withdraw')).toThrow(expect.objectContaining({ code: 'wrong-state' }) as Error);
    await lost.close();
    const open = await restored(adapter);
    open.pipeline.ask(ids[1]!, 'withdraw');
    expect(await open.intake.settled(ids[1]!)).toBe('withdrawn');
    expect(adapter.sink.factsInForce().size).toBe(0);
    await open.close();
  });

  it('is held as any other while some of it was not sent', async () => {
    const { adapter, ids } = await withLostLedger(...PARTS);
    await writeFile(join(adapter.folder, `${ids[0]}.outbox`), '');
    const open = await restored(adapter);
    expect(await open.intake.settled(ids[0]!)).toBe('held');
    expect(() => open.pipeline.ask(ids[0]!, 'withdraw')).toThrow(expect.objectContaining({ remedy: expect.stringContaining('then withdraw it') as string }) as Error);
    open.pipeline.ask(ids[0]!, 'confirm');
    expect(await open.intake.settled(ids[0]!)).toBe('published');
    await open.close();
  });
});
