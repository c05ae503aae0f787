import { rm } from 'node:fs/promises';
import { createLogger, createTelemetry } from '@throughline/telemetry';
import { asPayload, TestAdapter } from '../testing/test-adapter.js';
import { TOY_ADAPTER, toyPayload } from '../testing/toy-adapter.js';
import type { ToyRecord } from '../testing/toy-adapter.js';
import { telemetryWatch } from './telemetry-watch.js';

const REQUEST = { feed: 'toy', mediaType: 'application/x-ndjson' };
const START = Date.parse('2026-06-01T00:00:00Z');
const adapters: TestAdapter[] = [];
let hour = 0;
const now = (): Date => new Date(START + hour * 3_600_000);
const logger = createLogger({ service: 'toy-adapter', level: 'info', destination: { write: () => undefined } });

beforeEach(() => {
  hour = 0;
});
afterEach(async () => {
  for (const adapter of adapters.splice(0)) await adapter.dispose();
});

/** Each process has series of its own: what an earlier one set is gone. */
const process = () => {
  const telemetry = createTelemetry({ service: 'toy-adapter', kind: 'adapter', build: { version: '1', revision: 'x' }, declare: { feed: ['toy'], partner: ['toy-partner'] }, runtimeSeries: false });
  const watch = telemetryWatch({ telemetry, logger, partner: 'toy-partner', expectedIntervalMs: 48 * 3_600_000, now });
  const valueOf = async (name: string): Promise<number | undefined> => {
    const { body } = await telemetry.expose();
    const value = new RegExp(`^throughline_partner_${name}_seconds\\{[^}]*\\} (\\S+)$`, 'm').exec(body)?.[1];
    return value === undefined ? undefined : Number(value);
  };
  /** In hours since the start; undefined: the series is not there. */
  const heard = async (): Promise<number | undefined> => {
    const value = await valueOf('last_event_timestamp');
    return value === undefined ? undefined : (value * 1_000 - START) / 3_600_000;
  };
  return { watch, heard, interval: () => valueOf('expected_interval') };
};
/** Starts a process over the same files at that hour. */
const startAt = async (at: number, adapter?: TestAdapter) => {
  hour = at;
  const { watch, heard, interval } = process();
  const running = adapter ?? new TestAdapter(TOY_ADAPTER, { now });
  if (adapter === undefined) adapters.push(running);
  await running.restart({ watch });
  return { adapter: running, heard, interval };
};
const person = (value: number): ToyRecord => ({ reference: 'a', facts: [{ key: 'k', day: '2026-03-01', value }] });
const sendAt = async (at: number, adapter: TestAdapter, day: string, ...records: readonly ToyRecord[]) => {
  hour = at;
  const payload = toyPayload({ at: `2026-05-${day}T00:00:00Z`, scope: 's', absence: { speaks: true }, records });
  const { submissionId } = await adapter.open.intake.accept(asPayload(payload), REQUEST);
  return adapter.open.intake.settled(submissionId);
};

describe('when a partner was last heard', () => {
  it('is known to a process that has published nothing itself', async () => {
    const first = await startAt(0);
    await sendAt(5, first.adapter, '01', person(1));
    expect(await first.heard()).toBe(5);
    expect(await (await startAt(100, first.adapter)).heard()).toBe(5);
  });

  it('is the first start of the adapter where nothing ever came', async () => {
    const first = await startAt(3);
    expect(await first.heard()).toBe(3);
    expect(await first.interval()).toBe(48 * 3_600);
    expect(await (await startAt(100, first.adapter)).heard()).toBe(3);
  });

  it('counts what says nothing new, and not what was refused or is older', async () => {
    const first = await startAt(0);
    await sendAt(5, first.adapter, '01', person(1));
    await sendAt(6, first.adapter, '02', person(1));
    expect(await first.heard()).toBe(6);
    expect(await sendAt(7, first.adapter, '03', { ...person(2), fault: 'mapping' })).toBe('published');
    expect(await sendAt(8, first.adapter, '01', person(3))).toBe('published');
    hour = 9;
    const refused = await first.adapter.open.intake.accept(asPayload(toyPayload({ at: '2099-01-01T00:00:00Z', scope: 's', absence: { speaks: true }, records: [person(4)] })), REQUEST);
    expect(await first.adapter.open.intake.settled(refused.submissionId)).toBe('refused');
    expect(await first.heard()).toBe(6);
    expect(await (await startAt(100, first.adapter)).heard()).toBe(6);
  });

  it('outlives the ledger: the receipts know how a submission ended', async () => {
    const first = await startAt(0);
    await sendAt(5, first.adapter, '01', person(1));
    hour = 6;
    await first.adapter.open.pipeline.deletePayloads(0);
    await first.adapter.open.close();
    for (const end of ['', '-wal', '-shm']) await rm(`${first.adapter.open.spool.ledgerPath}${end}`, { force: true });
    expect(await (await startAt(100, first.adapter)).heard()).toBe(5);
  });
});
