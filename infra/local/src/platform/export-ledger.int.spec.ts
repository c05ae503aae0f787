import { EventProducer, ensureTopics } from '@throughline/event-bus';
import { defaultBody, encodeEvent, eventKey, eventsTopic, identifiersTopic, liveTopics } from '@throughline/event-contracts';
import type { EventMeta, EventOf } from '@throughline/event-contracts';
import { freshName } from '@throughline/servers';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportLedgerOf } from './export-ledger.js';

const brokers = (process.env['THROUGHLINE_TEST_KAFKA'] ?? '127.0.0.1:9092').split(',');
let folder: string;
let deployment: string;
let producer: EventProducer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-export-'));
  deployment = freshName('export');
  await ensureTopics({ brokers, topics: liveTopics([deployment]) });
  producer = new EventProducer({ brokers });
});
afterAll(async () => {
  await producer?.close();
  await rm(folder, { recursive: true });
});

const id = (byte: number): Buffer => Buffer.alloc(16, byte);
const word = (type: 'JobStarted' | 'SubjectIdentified', fact: number, place: EventMeta['place']) => {
  const meta: EventMeta = {
    eventId: id(100 + fact),
    factId: id(fact),
    subject: id(1),
    revision: { instant: 1_760_000_000_000, sequence: 2 },
    contentHash: Buffer.alloc(8, 7),
    change: 'STATED',
    occurredOn: type === 'SubjectIdentified' ? null : { date: 20_454, precision: 'MONTH' },
    recordedAt: 1_770_000_000_000,
    source: { partner: 'a-college', system: 'ilr', submission: id(9), record: 1 },
    agreementId: 'dsa-ilr',
    programme: null,
    evidence: 'CASE_RECORD',
    place,
  };
  const topic = type === 'SubjectIdentified' ? identifiersTopic(deployment) : eventsTopic(deployment);
  return { topic, key: eventKey(meta.subject, meta.eventId), value: encodeEvent(type, { meta, ...defaultBody(type) } as EventOf<typeof type>) };
};

it('writes the words of both topics; what was erased, unreadable or unplaced is counted', async () => {
  const place = { scope: id(5), days: null, family: 'uc' };
  const erased = word('JobStarted', 3, place);
  await producer.publish([word('JobStarted', 2, place), erased, word('JobStarted', 4, null), { ...erased, value: null }]);
  await producer.publish([word('SubjectIdentified', 6, { scope: id(5), days: { first: 20_400, last: 20_401 }, family: null })]);
  await producer.publish([{ topic: eventsTopic(deployment), key: eventKey(id(1), id(77)), value: Buffer.from('no event') }]);

  const file = join(folder, 'ledger.ndjson');
  const begun = Date.now();
  expect(await exportLedgerOf(deployment, file, brokers)).toEqual({ file, words: 3, unplaced: 1, unreadable: 1, erased: 1 });
  expect(await readdir(folder)).toEqual(['ledger.ndjson']);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const [head, ...words] = (await readFile(file, 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line) as { row: Record<string, unknown> });
  expect(head).toEqual({ table: 'log', row: { deployment, at: expect.any(Number) as number } });
  expect(head!.row['at']).toBeGreaterThanOrEqual(begun);
  expect(head!.row['at']).toBeLessThanOrEqual(Date.now());
  const byFact = new Map(words.map(({ row }) => [JSON.stringify(row['fact']), row]));
  const of = (fact: number) => byFact.get(JSON.stringify({ hex: id(fact).toString('hex') }));
  expect(of(2)).toMatchObject({ type: 'JobStarted', scope: { hex: id(5).toString('hex') }, first_day: 20_454, last_day: 20_484, family: 'uc', stated: 1, sequence: 2 });
  expect(of(3)).toBeUndefined();
  expect(of(6)).toMatchObject({ type: 'SubjectIdentified', first_day: 20_400, last_day: 20_401 });
});

it('names a deployment that has no topics, and leaves no file', async () => {
  const file = join(folder, 'none.ndjson');
  await expect(exportLedgerOf('nowhere-at-all', file, brokers)).rejects.toMatchObject({ code: 'NOT_REACHABLE', message: expect.stringContaining('TOPIC_MISSING') as string });
  await expect(exportLedgerOf('No.Name', file, brokers)).rejects.toMatchObject({ code: 'SETTING_INVALID' });
  expect(await readdir(folder)).not.toContain('none.ndjson');
});

it('refuses a file that cannot be written', async () => {
  await expect(exportLedgerOf(deployment, join(folder, 'none', 'ledger.ndjson'), brokers)).rejects.toMatchObject({ code: 'FILE_REFUSED' });
});
