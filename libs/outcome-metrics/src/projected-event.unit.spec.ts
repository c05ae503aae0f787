import { createProjection, defaultBody, encodeEvent, isoDateToEpochDay } from '@throughline/event-contracts';
import type { EventBody, EventMeta, EventOf, FactEventType } from '@throughline/event-contracts';
import { entryFromEvent, FACT_PROJECTION, isFactKind } from './projected-event.js';
import { FACT_KINDS } from './fact.js';

const projection = createProjection(FACT_PROJECTION);
const id = (byte: number): Buffer => Buffer.alloc(16, byte);
const text = (byte: number): string => id(byte).toString('latin1');

const META: EventMeta = {
  eventId: id(1),
  factId: id(0xfe),
  subject: id(0xff),
  revision: { instant: 1_780_000_000_000, sequence: 4 },
  contentHash: Buffer.from('ff000001800000ab', 'hex'),
  change: 'STATED',
  occurredOn: { date: isoDateToEpochDay('2026-05-17'), precision: 'DAY' },
  recordedAt: 1_780_000_000_999,
  source: { partner: 'riverside-college', system: 'ilr', submission: id(2), record: 7 },
  agreementId: 'dsa-ilr',
  programme: 'workwell',
  evidence: 'CASE_RECORD',
  place: null,
};

const BASE = { id: text(0xfe), start: isoDateToEpochDay('2026-05-17'), precision: 'DAY', system: 'ilr', agreement: 'dsa-ilr', programme: 'workwell' };

const NO_TERMS = { hours: null, work: 'UNKNOWN', contract: 'UNKNOWN', hourlyPayPence: null };

/** As it comes off the topic. */
const received = <T extends FactEventType>(type: T, body: Partial<EventBody<T>> = {}, meta: Partial<EventMeta> = {}) => {
  const event = { meta: { ...META, ...meta }, ...defaultBody(type), ...body } as unknown as EventOf<T>;
  const decoded = projection.decode(encodeEvent(type, event));
  if (decoded === undefined) throw new Error('not decoded');
  return entryFromEvent(decoded);
};

describe('an event as figures read it', () => {
  it('gives the subject, the clock and the content hash in two unsigned halves', () => {
    expect(received('SupportStarted')).toEqual({
      subject: text(0xff),
      entry: {
        factId: text(0xfe),
        instant: 1_780_000_000_000,
        sequence: 4,
        hashHigh: 0xff00_0001,
        hashLow: 0x8000_00ab,
        fact: { kind: 'SupportStarted', ...BASE },
      },
    });
  });

  it.each([
    ['ReferralMade', { status: 'REVOKED' }, { status: 'REVOKED' }],
    ['JobStarted', { employer: id(3) }, { employer: { partner: 'riverside-college', key: text(3) }, ...NO_TERMS }],
    ['JobStarted', {}, { employer: null, ...NO_TERMS }],
    [
      'JobStarted',
      { hours: { atLeast: 1_600, below: null }, work: 'SELF_EMPLOYED', contract: 'PERMANENT', hourlyPayPence: 1_300 },
      { employer: null, hours: { atLeast: 1_600, below: null }, work: 'SELF_EMPLOYED', contract: 'PERMANENT', hourlyPayPence: 1_300 },
    ],
    ['JobStarted', { hours: { atLeast: 1_600, below: 1_600 } }, { employer: null, ...NO_TERMS }],
    ['JobStarted', { hours: { atLeast: -1, below: 1_600 } }, { employer: null, ...NO_TERMS }],
    ['JobEnded', { employer: id(3) }, {}],
    ['JobSustained', { job: id(4) }, { job: text(4), hours: null, hourlyPayPence: null }],
    ['JobSustained', { hours: { atLeast: 0, below: 1_600 }, hourlyPayPence: 0 }, { job: null, hours: { atLeast: 0, below: 1_600 }, hourlyPayPence: 0 }],
    [
      'EarningsReported',
      { employer: id(3), amountPence: -250, afterLeaving: true },
      { job: null, employer: text(3), amountPence: -250, afterLeaving: true, hours: null, frequency: 'UNKNOWN', periods: 1 },
    ],
    [
      'EarningsReported',
      { hours: { atLeast: 1_600, below: 2_400 }, payFrequency: 'M1', periodsCovered: 2 },
      { job: null, employer: null, amountPence: 0, afterLeaving: false, hours: { atLeast: 1_600, below: 2_400 }, frequency: 'M1', periods: 2 },
    ],
    [
      'BenefitClaimChanged',
      { kind: 'ENDED', benefit: 'STATE_PENSION', claimStart: 20_000 },
      { change: 'ENDED', benefit: 'STATE_PENSION', claimStart: 20_000 },
    ],
    [
      'LearningStatusChanged',
      { status: 'STARTED', aim: '60012345', startDate: 20_001 },
      { status: 'STARTED', aim: '60012345', startDate: 20_001 },
    ],
    [
      'CircumstancesReported',
      { birthYear: 1990, birthMonth: 2, district: 'E08000003', labourMarketStatus: 'INACTIVE', priorityGroups: ['UNKNOWN', 'CARE_LEAVER'] },
      { birthYear: 1990, birthMonth: 2, district: 'E08000003', status: 'INACTIVE', priorityGroups: 0b101 },
    ],
    [
      'CircumstancesReported',
      { priorityGroups: [] },
      { birthYear: null, birthMonth: null, district: null, status: null, priorityGroups: 0 },
    ],
    ['CircumstancesReported', {}, { birthYear: null, birthMonth: null, district: null, status: null, priorityGroups: null }],
  ] as const)('reads of %s %j just what rules need', (type, body, own) => {
    expect(received(type, body as never).entry.fact).toEqual({ kind: type, ...BASE, ...own });
  });

  it('reads a payment\'s employer only where it names no job', () => {
    expect(received('EarningsReported', { job: id(4), employer: id(3) }).entry.fact).toMatchObject({ job: text(4), employer: null });
  });

  it.each([
    ['MONTH', '2026-05-01', 'MONTH'],
    ['YEAR', '2026-01-01', 'YEAR'],
    ['UNKNOWN', '2026-05-17', 'DAY'],
  ] as const)('takes a date of %s precision to its first day', (precision, start, read) => {
    const occurredOn = { date: isoDateToEpochDay('2026-05-17'), precision };
    expect(received('JobStarted', {}, { occurredOn }).entry.fact).toMatchObject({ start: isoDateToEpochDay(start), precision: read });
  });

  it.each([
    ['a withdrawal', { change: 'WITHDRAWN', occurredOn: null, contentHash: Buffer.alloc(8) }],
    ['a change that this version does not know', { change: 'UNKNOWN' }],
    ['a statement without a date', { occurredOn: null }],
  ] as const)('puts no fact in force for %s', (_, meta) => {
    expect(received('JobStarted', {}, meta).entry).toMatchObject({ factId: text(0xfe), fact: null });
  });

  it('knows which event types tell facts', () => {
    expect(FACT_KINDS.every(isFactKind)).toBe(true);
    expect(isFactKind('SubjectIdentified')).toBe(false);
  });
});
