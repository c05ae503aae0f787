import { decodeEvent } from '@throughline/event-contracts';
import { asPayload, TEST_KEYS, TestAdapter } from '../testing/test-adapter.js';
import { TOY_ADAPTER, toyPayload } from '../testing/toy-adapter.js';

const adapter = new TestAdapter(TOY_ADAPTER);
afterAll(() => adapter.dispose());

/** Sends what is known of one person at a clock, and gives what goes out: type, key of its token, subject. */
async function send(at: string): Promise<unknown[][]> {
  const from = adapter.sink.records.length;
  const records = [{ reference: 'a', nino: 'AB123456C', facts: [{ key: 'k', day: '2026-03-01', value: 1 }] }];
  const payload = toyPayload({ at, scope: 's', absence: { speaks: true }, records });
  const { submissionId } = await adapter.open.intake.accept(asPayload(payload), { feed: 'toy', mediaType: 'application/x-ndjson' });
  expect(await adapter.open.intake.settled(submissionId)).toBe('published');
  return adapter.sink.records.slice(from).map(({ value }) => {
    const event = decodeEvent(value);
    const keyId = event.type === 'SubjectIdentified' ? event.value.identifiers[0]?.token?.keyId : null;
    return [event.type, event.value.meta.change, keyId, event.value.meta.subject.toString('hex')];
  });
}

it('a rotated key makes other tokens of the same person, and nothing else', async () => {
  await adapter.restart();
  const before = await send('2026-05-01T00:00:00Z');
  await adapter.restart({ keys: { ...TEST_KEYS, rotatedTo: [{ id: 'test-domain-2', key: Buffer.alloc(32, 9) }] } });
  const after = await send('2026-06-01T00:00:00Z');
  const [identity] = before.filter(([type]) => type === 'SubjectIdentified');
  expect(identity).toEqual(['SubjectIdentified', 'STATED', 'test-domain', expect.any(String)]);
  expect(after.filter(([type]) => type === 'SubjectIdentified')).toEqual([['SubjectIdentified', 'STATED', 'test-domain-2', identity?.[3]]]);
  expect(after.filter(([, change]) => change === 'WITHDRAWN')).toEqual([]);
});
