import { randomBytes } from 'node:crypto';
import { renameSync } from 'node:fs';
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { UNWATCHED } from '../runtime/adapter-watch.js';
import { asPayload, TEST_KEYS, TestAdapter } from '../testing/test-adapter.js';
import { TOY_ADAPTER, toyPayload } from '../testing/toy-adapter.js';
import type { ToyRecord, ToySection } from '../testing/toy-adapter.js';

const REQUEST = { feed: 'toy', mediaType: 'application/x-ndjson' };
const adapters: TestAdapter[] = [];
afterEach(async () => {
  for (const adapter of adapters.splice(0)) await adapter.dispose();
});

const start = async (overrides: ConstructorParameters<typeof TestAdapter>[1] = {}): Promise<TestAdapter> => {
  const adapter = new TestAdapter(TOY_ADAPTER, overrides);
  adapters.push(adapter);
  await adapter.restart();
  return adapter;
};
const person = (reference: string, value: number): ToyRecord => ({ reference, facts: [{ key: 'k', day: '2026-03-01', value }] });
const wrong: ToyRecord = { reference: 'z', facts: [], fault: 'mapping' };
const snapshot = (month: number, ...records: readonly ToyRecord[]): ToySection => ({ at: `2026-0${month}-01T00:00:00Z`, scope: 's', absence: { speaks: true }, records });
const accept = async (adapter: TestAdapter, section: ToySection): Promise<string> =>
  (await adapter.open.intake.accept(asPayload(toyPayload(section)), REQUEST)).submissionId;
const send = async (adapter: TestAdapter, section: ToySection) => {
  const submission = await accept(adapter, section);
  return { submission, state: await adapter.open.intake.settled(submission) };
};
/** Facts in force where the same is sent to an adapter that loses nothing. */
const factsAfter = async (...sections: readonly ToySection[]): Promise<ReadonlyMap<string, string>> => {
  const calm = await start();
  for (const section of sections) await send(calm, section);
  return calm.sink.factsInForce();
};

const DAMAGES: readonly (readonly [string, (path: string) => Promise<void>])[] = [
  ['is not what was written', (path) => writeFile(path, 'something else')],
  ['has a byte changed', async (path) => writeFile(path, (await readFile(path)).map((byte, index) => (index === 300 ? byte ^ 1 : byte)))],
  ['is cut short', (path) => truncate(path, 300)],
  ['is gone', (path) => rm(path)],
];
const PAST = [snapshot(4, person('a', 1), person('c', 1)), snapshot(5, person('a', 2), person('b', 1), wrong)] as const;

/** May's snapshot is in the ledger, and nothing of it was sent when its outbox was damaged. */
const withDamagedOutbox = async (damage: (path: string) => Promise<void>, ...since: readonly ToySection[]) => {
  const recorded: string[] = [];
  const adapter = await start({ retryDelayMs: () => 3_600_000, watch: { ...UNWATCHED, recorded: (_, submission) => void recorded.push(submission) } });
  await send(adapter, PAST[0]);
  adapter.sink.failure = new Error('no broker');
  const submission = await accept(adapter, PAST[1]);
  for (const section of since) await send(adapter, section);
  while (adapter.open.pipeline.stateOf(submission) !== 'publishing') await new Promise((resolve) => setImmediate(resolve));
  await adapter.open.close();
  await damage(adapter.open.spool.outboxPath(submission));
  adapter.sink.failure = undefined;
  return { adapter, submission, recorded };
};

describe('an outbox that is lost before it was sent', () => {
  it.each(DAMAGES)('is made again from the payload where it %s', async (_, damage) => {
    const { adapter, submission, recorded } = await withDamagedOutbox(damage);
    await adapter.restart();
    expect(await adapter.open.intake.settled(submission)).toBe('published');
    expect(adapter.sink.factsInForce()).toEqual(await factsAfter(...PAST));
    expect(adapter.open.pipeline.job(submission)?.detail).toMatchObject({ refusal: null, again: 1, counts: { received: 3, published: 2, refused: 1, eventsWithdrawn: 1 } });
    expect(adapter.sink.letters).toHaveLength(1);
    expect(recorded.filter((each) => each === submission)).toHaveLength(1);
  });

  it('is made again whole though a later submission found all of it unchanged', async () => {
    const later = snapshot(6, person('a', 2), person('b', 1));
    const { adapter, submission } = await withDamagedOutbox(DAMAGES[0]![1], later);
    expect(adapter.sink.factsInForce().size).toBe(2);
    await adapter.restart();
    expect(await adapter.open.intake.settled(submission)).toBe('published');
    expect(adapter.sink.factsInForce()).toEqual(await factsAfter(...PAST, later));
  });

  it('is not held when it is read again, having been confirmed', async () => {
    const { adapter, submission } = await withDamagedOutbox(DAMAGES[0]![1]);
    await adapter.restart({ held: { share: 0, least: 1 } });
    expect(await adapter.open.intake.settled(submission)).toBe('published');
  });

  it('is made again from the ledger alone where it withdraws its submission', async () => {
    const adapter = await start({ retryDelayMs: () => 3_600_000 });
    const { submission } = await send(adapter, snapshot(5, person('a', 1), person('b', 1)));
    await adapter.open.pipeline.deletePayloads(-60_000);
    adapter.sink.failure = new Error('no broker');
    adapter.open.pipeline.ask(submission, 'withdraw');
    while (adapter.open.pipeline.stateOf(submission) !== 'publishing') await new Promise((resolve) => setImmediate(resolve));
    await adapter.open.close();
    await rm(adapter.open.spool.outboxPath(submission));
    adapter.sink.failure = undefined;
    await adapter.restart();
    expect(await adapter.open.intake.settled(submission)).toBe('withdrawn');
    expect(adapter.sink.factsInForce().size).toBe(0);
    expect(adapter.sink.events().filter(({ value }) => value.meta.change === 'WITHDRAWN').map(({ value }) => value.meta.revision.sequence)).toEqual([1, 1]);
  });

  it('is not made again for ever: the submission is refused, with one dead letter and what to do', async () => {
    const adapter: TestAdapter = await start({
      async onStep(step, submission) {
        if (step === 'publish') await writeFile(adapter.open.spool.outboxPath(submission), 'damaged each time');
      },
    });
    const { state, submission } = await send(adapter, PAST[1]);
    expect(state).toBe('refused');
    expect(adapter.open.pipeline.job(submission)?.detail.refusal).toMatchObject({ code: 'spool-damaged', remedy: expect.stringContaining('again') as string });
    await adapter.restart({ onStep: () => undefined });
    // Its payload is as it was: on a sound disk it is published after all.
    expect(await adapter.open.intake.settled(submission)).toBe('published');
    expect(adapter.sink.letters.map(({ record, code }) => [record ?? null, code])).toEqual([
      [null, 'spool-damaged'],
      [3, 'bad-code'],
    ]);
  });
});

describe('a submission whose outbox and payload are both lost', () => {
  const refused = async (): Promise<{ adapter: TestAdapter; submission: string }> => {
    const { adapter, submission } = await withDamagedOutbox(DAMAGES[3]![1]);
    await rm(adapter.open.spool.payloadPath(submission));
    await adapter.restart();
    expect(await adapter.open.intake.settled(submission)).toBe('refused');
    return { adapter, submission };
  };

  it('is refused and told of, and published once the same is sent again', async () => {
    const { adapter, submission } = await refused();
    await adapter.restart();
    expect(adapter.sink.letters).toMatchObject([{ submission, code: 'spool-damaged' }]);
    expect(await send(adapter, PAST[1])).toEqual({ submission, state: 'published' });
    expect(adapter.sink.factsInForce()).toEqual(await factsAfter(...PAST));
  });

  it('keeps no later file from being heard that says the same', async () => {
    const { adapter } = await refused();
    const later = snapshot(6, person('a', 2), person('b', 1));
    expect((await send(adapter, later)).state).toBe('published');
    const inForce = await factsAfter(...PAST, later);
    expect(adapter.sink.factsInForce()).toEqual(inForce);
  });

  it('keeps no older file from being heard', async () => {
    const { adapter } = await refused();
    const between: ToySection = { ...snapshot(4, person('d', 1)), at: '2026-04-15T00:00:00Z', absence: { speaks: false } };
    await send(adapter, between);
    expect(adapter.sink.factsInForce().size).toBe(3);
  });
});

describe('a payload that cannot be read', () => {
  it('is not lost while the whole folder is away', async () => {
    let tries = 0;
    const adapter: TestAdapter = await start({
      onStep(step) {
        if (step === 'read' && (tries += 1) === 1) renameSync(adapter.folder, `${adapter.folder}-away`);
      },
      watch: { ...UNWATCHED, failed: () => renameSync(`${adapter.folder}-away`, adapter.folder) },
    });
    expect((await send(adapter, PAST[0])).state).toBe('published');
    expect(tries).toBe(2);
  });

  it('is kept, and read once its key is back', async () => {
    const adapter = await start({ onStep: () => Promise.reject(new Error('killed')), retryDelayMs: () => 3_600_000 });
    const submission = await accept(adapter, PAST[0]);
    const spoolKeys = [{ kid: TEST_KEYS.spoolKeys[0].kid, key: randomBytes(32) }] as const;
    await adapter.restart({ onStep: () => undefined, keys: { ...TEST_KEYS, spoolKeys } });
    expect(await adapter.open.intake.settled(submission)).toBe('refused');
    await adapter.restart({ onStep: () => undefined });
    expect(await adapter.open.intake.settled(submission)).toBe('published');
  });
});
