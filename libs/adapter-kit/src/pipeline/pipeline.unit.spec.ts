import { readdir, writeFile } from 'node:fs/promises';
import { asPayload, TestAdapter } from '../testing/test-adapter.js';
import { TOY_ADAPTER, toyPayload } from '../testing/toy-adapter.js';
import type { ToyRecord, ToySection } from '../testing/toy-adapter.js';
import type { PipelineStep } from './pipeline-parts.js';

const REQUEST = { feed: 'toy', mediaType: 'application/x-ndjson' };
const adapters: TestAdapter[] = [];

const start = async (overrides: ConstructorParameters<typeof TestAdapter>[1] = {}): Promise<TestAdapter> => {
  const adapter = new TestAdapter(TOY_ADAPTER, overrides);
  adapters.push(adapter);
  await adapter.restart();
  return adapter;
};
afterEach(async () => {
  for (const adapter of adapters.splice(0)) await adapter.dispose();
});

const person = (reference: string, ...values: readonly number[]): ToyRecord => ({
  reference,
  facts: values.map((value, index) => ({ key: `k${index}`, day: '2026-03-01', value })),
});
const snapshot = (at: string, records: readonly ToyRecord[], more: Partial<ToySection> = {}): ToySection => ({
  at,
  scope: 's',
  absence: { speaks: true },
  records,
  ...more,
});
const MAY = '2026-05-01T00:00:00Z';
const JUNE = '2026-06-01T00:00:00Z';
const JULY = '2026-07-01T00:00:00Z';

const send = async (adapter: TestAdapter, ...sections: readonly ToySection[]) => {
  const receipt = await adapter.open.intake.accept(asPayload(toyPayload(...sections)), REQUEST);
  const state = await adapter.open.intake.settled(receipt.submissionId);
  return { ...receipt, state, job: adapter.open.pipeline.job(receipt.submissionId)! };
};

describe('a submission', () => {
  it('is published: every record has one fate, refused ones go to the dead letters', async () => {
    const adapter = await start();
    const { state, job, submissionId } = await send(
      adapter,
      snapshot(MAY, [person('a', 1, 2), { ...person('b', 3), fault: 'mapping' }, { ...person('c', 4), fault: 'reading' }, person('d'), { reference: null, facts: [] }, { ...person('e', 5), nino: 'QQ123456C' }]),
    );
    expect(state).toBe('published');
    expect(job.detail.counts).toEqual({ received: 6, published: 1, skipped: 1, refused: 4, skippedBecause: { 'nothing-to-say': 1 }, eventsStated: 2, eventsWithdrawn: 0 });
    expect(adapter.sink.letters.map(({ submission, record, code }) => [submission, record, code])).toEqual([
      [submissionId, 2, 'bad-code'],
      [submissionId, 3, 'bad-code'],
      [submissionId, 5, 'bad-code'],
      [submissionId, 6, 'identifier-check-failed'],
    ]);
    expect([...adapter.open.ledger.findings(submissionId)].map(({ ordinal }) => ordinal)).toEqual([2, 3, 5, 6]);
  });

  it('has a record refused whose code could be somebody, with nothing of it published', async () => {
    const adapter = await start();
    const named = { reference: 'a', facts: [{ key: 'k', day: '2026-03-01', value: 1 }, { key: 'l', day: '2026-03-01', value: 2, family: 'jx402917b' }] };
    const { job } = await send(adapter, snapshot(MAY, [named, person('b', 1)]));
    expect(job.detail.counts).toMatchObject({ published: 1, refused: 1 });
    expect(adapter.sink.letters.map(({ record, code }) => [record, code])).toEqual([[1, 'bad-format']]);
    expect(adapter.sink.records).toHaveLength(1);
  });

  it('with a clock more than a day after its receipt is refused whole: it would silence all that comes until then', async () => {
    const adapter = await start();
    expect((await send(adapter, snapshot('2030-01-02T00:00:00Z', [person('a', 1)]))).state).toBe('published');
    const { state, job } = await send(adapter, snapshot('2030-01-02T00:00:00.001Z', [person('a', 2)]));
    expect([state, job.detail.refusal?.code, job.detail.refusal?.place]).toEqual(['refused', 'bad-parameter', 'clock']);
  });

  it('damaged in the spool is read once it is sent again, also where the adapter was killed in between, and deleted in time', async () => {
    let hindered: 'damage' | 'crash' | null = 'damage';
    const adapter = await start({
      async onStep(step, submission) {
        if (step !== 'read') return;
        if (hindered === 'damage') await writeFile(adapter.open.spool.payloadPath(submission), 'not what was written');
        if (hindered === 'crash') throw new Error('killed');
      },
    });
    const content = snapshot(MAY, [person('a', 1)]);
    const { state, submissionId } = await send(adapter, content);
    expect(state).toBe('refused');
    // The refused payload's retention passes before anybody sends it again.
    await adapter.open.pipeline.deletePayloads(-60_000);
    hindered = 'crash';
    await adapter.open.intake.accept(asPayload(toyPayload(content)), REQUEST);
    const killed = await adapter.killed();
    adapters.push(killed);
    hindered = null;
    await killed.restart();
    // Queued at once: until it is read its state is not settled.
    expect(await killed.open.pipeline.settled(submissionId)).toBe('published');
    expect(killed.sink.records).toHaveLength(1);
    expect(await killed.open.pipeline.deletePayloads(-60_000)).toBe(1);
    expect(killed.open.spool.hasPayload(submissionId)).toBe(false);
  });

  it('sent again gives the same receipt and publishes nothing', async () => {
    const adapter = await start();
    const first = await send(adapter, snapshot(MAY, [person('a', 1)]));
    const published = adapter.sink.records.length;
    const again = await send(adapter, snapshot(MAY, [person('a', 1)]));
    expect([again.submissionId, again.sha256, again.bytes]).toEqual([first.submissionId, first.sha256, first.bytes]);
    expect(adapter.sink.records).toHaveLength(published);
    const otherProgramme = await adapter.open.intake.accept(asPayload(toyPayload(snapshot(MAY, [person('a', 1)]))), { ...REQUEST, programme: 'workwell' });
    expect(otherProgramme.submissionId).not.toBe(first.submissionId);
  });

  it('is refused whole, with one dead letter and nothing in the ledger, when its end is missing', async () => {
    const adapter = await start();
    const whole = toyPayload(snapshot(MAY, [person('a', 1)]), snapshot(JUNE, [person('b', 1)]));
    const { submissionId } = await adapter.open.intake.accept(asPayload(whole.slice(0, -20)), REQUEST);
    expect(await adapter.open.intake.settled(submissionId)).toBe('refused');
    expect(adapter.open.pipeline.job(submissionId)?.detail.refusal).toMatchObject({ code: 'truncated', place: 'line 2' });
    expect(adapter.sink.records).toEqual([]);
    await adapter.restart();
    expect(adapter.sink.letters).toEqual([{ deployment: 'toy', submission: submissionId, code: 'truncated', remedy: expect.stringContaining('send all of it') as string }]);
    expect((await send(adapter, snapshot(MAY, [person('a', 1)]))).job.detail.counts?.published).toBe(1);
  });

  it('states what changed, withdraws what is gone, is silent about the rest', async () => {
    const adapter = await start();
    await send(adapter, snapshot(MAY, [person('a', 1, 2), person('b', 3), person('c', 4)]));
    adapter.sink.records.length = 0;
    const { job } = await send(adapter, snapshot(JUNE, [person('a', 1, 9), person('c', 4)]));
    expect(job.detail.counts).toMatchObject({ received: 2, published: 1, skippedBecause: { unchanged: 1 }, eventsStated: 1, eventsWithdrawn: 1 });
    expect(adapter.sink.events().map(({ value }) => [value.meta.change, value.meta.source.record])).toEqual([
      ['STATED', 1],
      ['WITHDRAWN', 0],
    ]);
  });

  it('withdraws nobody for a refused record, and nobody at all where a reference could not be read', async () => {
    const adapter = await start();
    await send(adapter, snapshot(MAY, [person('a', 1), person('b', 2), person('c', 3)]));
    const inForce = adapter.sink.factsInForce();
    await send(adapter, snapshot(JUNE, [person('a', 1), { ...person('b', 2), fault: 'mapping' }, person('c', 3)]));
    expect(adapter.sink.factsInForce()).toEqual(inForce);
    await send(adapter, snapshot(JULY, [person('a', 1), { reference: null, facts: [] }]));
    expect(adapter.sink.factsInForce()).toEqual(inForce);
  });

  it('takes back by name also what arrives later', async () => {
    const adapter = await start();
    const say = (at: string, record: ToyRecord): ToySection => snapshot(at, [record], { absence: { speaks: false } });
    await send(adapter, say(JUNE, { reference: 'a', facts: [], gone: ['k0'] }));
    const late = await send(adapter, say(MAY, person('a', 1)));
    expect(late.job.detail.counts).toMatchObject({ skipped: 1, skippedBecause: { superseded: 1 } });
    expect(adapter.sink.factsInForce().size).toBe(0);
    await send(adapter, say(JULY, person('a', 1)));
    expect(adapter.sink.factsInForce().size).toBe(1);
  });

  it('is withdrawn just above its own revision, and what stands instead is sent anew', async () => {
    const adapter = await start();
    const first = await send(adapter, snapshot(MAY, [person('a', 1), person('b', 2)]));
    await send(adapter, snapshot(JUNE, [person('b', 7)], { absence: { speaks: false } }));
    adapter.open.pipeline.ask(first.submissionId, 'withdraw');
    expect(await adapter.open.intake.settled(first.submissionId)).toBe('withdrawn');
    const withdrawals = adapter.sink.events().filter(({ value }) => value.meta.change === 'WITHDRAWN');
    expect(withdrawals.map(({ value }) => value.meta.revision)).toEqual([{ instant: Date.parse(MAY), sequence: 1 }]);
    expect((await send(adapter, snapshot(MAY, [person('a', 1), person('b', 2)]))).state).toBe('withdrawn');
    expect(adapter.sink.factsInForce().size).toBe(1);
    await send(adapter, snapshot(JULY, [person('a', 1), person('b', 7)]));
    expect(adapter.sink.factsInForce().size).toBe(2);
  });
});

describe('a snapshot that would withdraw much', () => {
  const many = (count: number): ToyRecord[] => Array.from({ length: count }, (_, index) => person(`p${index}`, 1));
  const held = { held: { share: 0.2, least: 20 } };

  it('is held, publishes nothing, and is published once confirmed', async () => {
    const adapter = await start(held);
    await send(adapter, snapshot(MAY, many(100)));
    const { state, submissionId, job } = await send(adapter, snapshot(JUNE, many(79)));
    expect(state).toBe('held');
    expect(job.detail.held).toMatchObject({ code: 'would-withdraw-many', withdrawn: 21, inForce: 100 });
    expect(adapter.sink.factsInForce().size).toBe(100);
    adapter.open.pipeline.ask(submissionId, 'confirm');
    expect(await adapter.open.intake.settled(submissionId)).toBe('published');
    expect(adapter.sink.factsInForce().size).toBe(79);
  });

  it('passes below the share or the least number', async () => {
    const adapter = await start(held);
    await send(adapter, snapshot(MAY, many(100)));
    expect((await send(adapter, snapshot(JUNE, many(80)))).state).toBe('published');
    await send(adapter, snapshot(MAY, many(19), { scope: 'small' }));
    expect((await send(adapter, snapshot(JUNE, [], { scope: 'small' }))).state).toBe('published');
  });

  it('can be rejected, and is superseded by a newer accepted one', async () => {
    const adapter = await start(held);
    await send(adapter, snapshot(MAY, many(100)));
    const rejected = await send(adapter, snapshot(JUNE, many(10)));
    adapter.open.pipeline.ask(rejected.submissionId, 'reject');
    expect(await adapter.open.intake.settled(rejected.submissionId)).toBe('rejected');
    expect(() => adapter.open.pipeline.ask(rejected.submissionId, 'confirm')).toThrow('the submission is rejected');
    const overtaken = await send(adapter, snapshot(JUNE, many(11)));
    expect(overtaken.state).toBe('held');
    await send(adapter, snapshot(JULY, many(95)));
    expect(adapter.open.pipeline.stateOf(overtaken.submissionId)).toBe('superseded');
  });

  it('waits on where a newer one is about some of its facts only', async () => {
    const adapter = await start(held);
    await send(adapter, snapshot(MAY, many(100)));
    const waiting = await send(adapter, snapshot(JUNE, many(10)));
    await send(adapter, snapshot(JULY, [], { absence: { speaks: true, families: ['another'] } }));
    expect(adapter.open.pipeline.stateOf(waiting.submissionId)).toBe('held');
  });
});

describe('a crash', () => {
  const STEPS: readonly PipelineStep[] = ['read', 'outbox', 'ledger', 'publish', 'acknowledged', 'settle'];
  const records = Array.from({ length: 2_500 }, (_, index) => (index % 500 === 0 ? { ...person(`p${index}`, 1), fault: 'mapping' as const } : person(`p${index}`, index)));

  it.each(STEPS)('before %s loses nothing and counts nothing twice', async (step) => {
    let killed: TestAdapter | undefined;
    const calm: TestAdapter = await start({
      onStep: async (at) => {
        if (at === step) killed ??= await calm.killed();
      },
    });
    const { submissionId } = await send(calm, snapshot(MAY, records));
    if (killed === undefined) throw new Error('the step was never reached');
    adapters.push(killed);
    await killed.restart();
    expect(await killed.open.intake.settled(submissionId)).toBe('published');

    expect(killed.sink.factsInForce()).toEqual(calm.sink.factsInForce());
    const keysOf = ({ sink }: TestAdapter) => new Set(sink.records.map(({ key }) => key.toString('hex')));
    expect(keysOf(killed)).toEqual(keysOf(calm));
    expect(new Set(killed.sink.letters.map(({ record }) => record))).toEqual(new Set(calm.sink.letters.map(({ record }) => record)));
    expect(killed.open.pipeline.job(submissionId)?.detail).toEqual(calm.open.pipeline.job(submissionId)?.detail);
    expect((await readdir(killed.folder)).filter((name) => /outbox|unfinished/.test(name))).toEqual([]);
  });

  it('while a submission is withdrawn loses nothing of it', async () => {
    for (const step of ['outbox', 'ledger', 'publish', 'settle'] as const) {
      let killed: TestAdapter | undefined;
      let withdrawing = false;
      const calm: TestAdapter = await start({
        onStep: async (at) => {
          if (at === step && withdrawing) killed ??= await calm.killed();
        },
      });
      const { submissionId } = await send(calm, snapshot(MAY, [person('a', 1), person('b', 2)]));
      withdrawing = true;
      calm.open.pipeline.ask(submissionId, 'withdraw');
      await calm.open.intake.settled(submissionId);
      if (killed === undefined) throw new Error('the step was never reached');
      adapters.push(killed);
      await killed.restart();
      expect(await killed.open.intake.settled(submissionId)).toBe('withdrawn');
      expect(killed.sink.factsInForce().size).toBe(0);
    }
  });

  it('after the receipt, before anything else, loses nothing', async () => {
    const adapter = await start({ onStep: () => new Promise(() => undefined) });
    const { submissionId } = await adapter.open.intake.accept(asPayload(toyPayload(snapshot(MAY, [person('a', 1)]))), REQUEST);
    const killed = await adapter.killed();
    adapters.splice(0, adapters.length, killed);
    await killed.restart({ onStep: () => undefined });
    expect(await killed.open.intake.settled(submissionId)).toBe('published');
  });

  it('of the log itself only delays', async () => {
    const adapter = await start();
    adapter.sink.failure = new Error('no broker');
    const { submissionId } = await adapter.open.intake.accept(asPayload(toyPayload(snapshot(MAY, [person('a', 1)]))), REQUEST);
    const settled = adapter.open.intake.settled(submissionId);
    adapter.sink.failure = undefined;
    expect(await settled).toBe('published');
  });
});
