import { decodeEvent, encodeEvent } from '@throughline/event-contracts';
import type { EventOf } from '@throughline/event-contracts';
import { MisplacedIdentifierRecord, NotAnIdentifierRecord, readIdentifierMessage } from './identifier-message.js';
import { packSubjectRecord, unpackSubjectRecord } from './subject-record.js';

type SubjectIdentified = EventOf<'SubjectIdentified'>;
type Identifiers = SubjectIdentified['identifiers'];

const meta: SubjectIdentified['meta'] = {
  eventId: Buffer.alloc(16, 1),
  factId: Buffer.alloc(16, 2),
  subject: Buffer.alloc(16, 3),
  revision: { instant: 1_763_000_000_000, sequence: 0 },
  change: 'STATED',
  contentHash: Buffer.alloc(8, 4),
  occurredOn: null,
  recordedAt: 1_763_000_000_000,
  source: { partner: 'college', system: 'ilr', submission: Buffer.alloc(16, 5), record: 1 },
  agreementId: 'a',
  programme: null,
  evidence: 'CASE_RECORD',
  place: null,
};
const ONLY_PARTITION = { partition: 0, partitionCount: 1 };
const identifiersOf = (keyId: string): Identifiers => [{ kind: 'NINO', check: 'PASSED', token: { value: Buffer.alloc(16, 6), keyId } }];
const told = (keyId: string, revision = meta.revision) => encodeEvent('SubjectIdentified', { meta: { ...meta, revision }, identifiers: identifiersOf(keyId) });

it('takes the longest key id there may be, whole through the index', () => {
  const { fact } = readIdentifierMessage(told('k'.repeat(200)), ONLY_PARTITION);
  expect(unpackSubjectRecord(packSubjectRecord({ facts: [fact], deployments: ['college'] })).facts).toEqual([fact]);
});

it.each([
  ['a key id longer than the index can name', told('k'.repeat(201))],
  ['a clock in microseconds', told('k1', { instant: 1_763_000_000_000_000, sequence: 0 })],
])('refuses %s, which would stop its partition for ever', (_, value) => {
  expect(decodeEvent(value).type).toBe('SubjectIdentified');
  expect(() => readIdentifierMessage(value, ONLY_PARTITION)).toThrow(NotAnIdentifierRecord);
});

it('refuses a record in another partition than its subject’s', () => {
  const home = meta.subject.readUInt32BE(0) % 5;
  expect(readIdentifierMessage(told('k1'), { partition: home, partitionCount: 5 }).subject).toEqual(meta.subject);
  for (const partition of [0, 1, 2, 3, 4].filter((each) => each !== home)) {
    expect(() => readIdentifierMessage(told('k1'), { partition, partitionCount: 5 })).toThrow(MisplacedIdentifierRecord);
  }
});
