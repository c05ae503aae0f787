import { factsOfType, factsOutcome, mappingContext } from '@throughline/adapter-kit/testing';
import type { RtiItem, RtiRecord } from './rti-record.js';
import { rtiToEvents } from './to-events.js';

const CONTEXT = mappingContext('JX402917');

const item = (more: Partial<RtiItem> = {}): RtiItem => ({
  employerPayeRef: '321/TB9',
  employmentSequenceNumber: '4',
  employmentStartDate: null,
  employmentEndDate: null,
  uniquePaymentId: null,
  paymentDate: null,
  amountPence: null,
  payFrequency: null,
  periodsCovered: null,
  hours: null,
  afterLeaving: false,
  noLongerValid: false,
  confidence: null,
  ...more,
});
const answer = (...items: readonly RtiItem[]): RtiRecord => ({
  nino: 'JX402917',
  surname: 'Quillfeather',
  firstName: 'Orla',
  dateOfBirth: '1991-04-12',
  fromDate: '2025-09-01',
  items,
});
const map = (...items: readonly RtiItem[]) => rtiToEvents(answer(...items), CONTEXT);
const payment = (uniquePaymentId: string, more: Partial<RtiItem> = {}): RtiItem => item({ uniquePaymentId, paymentDate: '2025-10-31', amountPence: 101255, ...more });

const JOB = CONTEXT.factId({ type: 'JobStarted', naturalKey: ['321/TB9', '4'] });
const EMPLOYER = CONTEXT.keyed('employer', '321/TB9', '4');
const C = { atLeast: 2400, below: 3000 };

describe('an answer', () => {
  it('without items says nothing', () => {
    expect(map()).toEqual({ fate: 'skipped', reason: 'nothing-to-say' });
  });

  it('says who was asked for, as of the first day asked for, without a postcode and without circumstances', () => {
    const outcome = factsOutcome(map(item()));
    expect(outcome.identity).toEqual({ recordKind: 'request', occurredOn: '2025-09-01', nino: 'JX402917', surname: 'Quillfeather', firstName: 'Orla', dateOfBirth: '1991-04-12' });
    expect(outcome.facts).toEqual([]);
  });
});

describe('an employment', () => {
  it('started as the latest item that knows says, with the hours of that item', () => {
    const facts = factsOfType(
      map(item({ employmentStartDate: '2025-10-01', hours: { atLeast: 0, below: 1600 } }), item({ employmentStartDate: '2025-10-06', hours: C }), item({ hours: { atLeast: 3000, below: null } })),
      'JobStarted',
    );
    expect(facts).toEqual([
      {
        type: 'JobStarted',
        naturalKey: ['321/TB9', '4'],
        occurredOn: '2025-10-06',
        body: { work: 'EMPLOYED', employer: EMPLOYER, hours: C, contract: 'UNKNOWN', hourlyPayPence: null },
      },
    ]);
  });

  it('ended as the latest item that knows says', () => {
    const facts = factsOfType(map(item({ employmentStartDate: '2025-10-06', employmentEndDate: '2025-12-12' }), item({ employmentEndDate: '2025-12-14' }), item()), 'JobEnded');
    expect(facts).toEqual([{ type: 'JobEnded', naturalKey: ['321/TB9', '4'], occurredOn: '2025-12-14', body: { job: JOB, employer: EMPLOYER } }]);
  });

  const started = item({ employmentStartDate: '2025-10-06' });
  const endedOn = (employmentEndDate: string, paymentDate: string, more = {}) => payment('880009', { employmentEndDate, paymentDate, hours: C, ...more });
  it.each<[string, string | null, readonly RtiItem[]]>([
    ['up to its end, where pay is dated after that', '2025-12-12', [started, endedOn('2025-12-12', '2025-12-31')]],
    ['up to its end as it was corrected since', '2025-12-10', [started, endedOn('2025-12-12', '2025-12-31'), item({ employmentEndDate: '2025-12-10' })]],
    ['to no day where pay is not dated after the end', null, [started, endedOn('2025-12-31', '2025-12-31')]],
    ['to no day where the payment’s own item tells no end', null, [started, payment('880009', { paymentDate: '2025-12-31' }), item({ employmentEndDate: '2025-12-12' })]],
    ['to no day where the employer marks it as after leaving', null, [started, endedOn('2025-12-12', '2025-12-31', { afterLeaving: true })]],
    ['to no day where it was nothing', null, [started, endedOn('2025-12-12', '2025-12-31', { amountPence: 0 })]],
    ['to no day where the payment is no longer valid', null, [started, endedOn('2025-12-12', '2025-12-31', { noLongerValid: true })]],
    ['to no day where another employment was paid', null, [started, item({ employmentEndDate: '2025-12-12' }), endedOn('2025-12-12', '2025-12-31', { employmentSequenceNumber: '5' })]],
    ['to no day where nobody tells its start', null, [endedOn('2025-12-12', '2025-12-31')]],
  ])('is proved by its last pay %s', (_, occurredOn, items) => {
    expect(factsOfType(map(...items), 'JobSustained')).toEqual(
      occurredOn === null ? [] : [{ type: 'JobSustained', naturalKey: ['880009', '2025-12-31'], family: 'payment', part: '880009', coveredOn: '2025-12-31', occurredOn, body: { job: JOB, basis: 'LENGTH_OF_EMPLOYMENT', hours: C, contract: 'UNKNOWN', hourlyPayPence: null } }],
    );
  });

  it('whose start nobody tells has an end of no known job', () => {
    const outcome = map(item({ employmentEndDate: '2025-12-12' }));
    expect(factsOfType(outcome, 'JobStarted')).toEqual([]);
    expect(factsOfType(outcome, 'JobEnded')).toMatchObject([{ body: { job: null, employer: EMPLOYER } }]);
  });

  it('is another with another employer or another number', () => {
    const outcome = map(
      item({ employmentStartDate: '2025-10-06' }),
      item({ employmentSequenceNumber: '5', employmentStartDate: '2025-11-06' }),
      item({ employerPayeRef: '99/Z', employmentStartDate: '2025-12-06' }),
    );
    expect(factsOfType(outcome, 'JobStarted').map(({ naturalKey, occurredOn }) => [...naturalKey, occurredOn])).toEqual([
      ['321/TB9', '4', '2025-10-06'],
      ['321/TB9', '5', '2025-11-06'],
      ['99/Z', '4', '2025-12-06'],
    ]);
  });
});

describe('a payment', () => {
  it('belongs to the employment that this answer starts, and may be found absent', () => {
    const paid = payment('880001', { payFrequency: 'M1', periodsCovered: 1, hours: C, afterLeaving: true, confidence: 2 });
    expect(factsOfType(map(paid, item({ employmentStartDate: '2025-10-06' })), 'EarningsReported')).toEqual([
      {
        type: 'EarningsReported',
        naturalKey: ['880001', '2025-10-31'],
        family: 'payment',
        part: '880001',
        occurredOn: '2025-10-31',
        body: { job: JOB, employer: EMPLOYER, amountPence: 101255, payFrequency: 'M1', periodsCovered: 1, hours: C, afterLeaving: true, confidence: 2 },
      },
    ]);
  });

  it.each([
    ['is after leaving where its own item says that the employment had ended', { employmentEndDate: '2025-10-30' }, true],
    ['on the last day of the employment is not', { employmentEndDate: '2025-10-31' }, false],
    ['is after leaving where the employer marks it, whatever the end', { employmentEndDate: '2025-11-30', afterLeaving: true }, true],
  ])('%s', (_, more, afterLeaving) => {
    // Another item's end, told with another payment, may have been put right since.
    expect(factsOfType(map(payment('880001', more), payment('880002', { employmentEndDate: '2025-09-30', paymentDate: '2025-09-30' })), 'EarningsReported')).toMatchObject([
      { body: { afterLeaving } },
      { body: { afterLeaving: false } },
    ]);
  });

  it('of an employment whose start nobody tells is of no known job', () => {
    expect(factsOfType(map(payment('880001'), item({ employmentSequenceNumber: '5', employmentStartDate: '2025-10-06' })), 'EarningsReported')).toMatchObject([{ body: { job: null, employer: EMPLOYER } }]);
  });

  it('told twice is what the later item says', () => {
    const facts = factsOfType(map(payment('880001'), payment('880002', { amountPence: 5 }), payment('880001', { amountPence: 90000, paymentDate: '2025-11-01' })), 'EarningsReported');
    expect(facts).toMatchObject([
      { naturalKey: ['880001', '2025-11-01'], occurredOn: '2025-11-01', body: { amountPence: 90000 } },
      { naturalKey: ['880002', '2025-10-31'], body: { amountPence: 5 } },
    ]);
  });

  it.each<[string, readonly RtiItem[]]>([
    ['that is no longer linked', [payment('880001'), payment('880001', { noLongerValid: true })]],
    ['without an id', [payment('880001', { uniquePaymentId: null })]],
    ['without a date', [payment('880001', { paymentDate: null })]],
    ['without an amount', [payment('880001', { amountPence: null })]],
  ])('%s is not stated', (_, items) => {
    expect(factsOfType(map(...items), 'EarningsReported')).toEqual([]);
  });

  it('of nothing is a payment', () => {
    expect(factsOfType(map(payment('880001', { amountPence: 0 })), 'EarningsReported')).toMatchObject([{ body: { amountPence: 0 } }]);
  });

  it('starts and ends in no family: an answer about some dates takes no employment back', () => {
    const facts = factsOutcome(map(item({ employmentStartDate: '2025-10-06', employmentEndDate: '2025-12-12' }))).facts;
    expect(facts.map(({ type, family }) => [type, family])).toEqual([
      ['JobStarted', undefined],
      ['JobEnded', undefined],
    ]);
  });
});
