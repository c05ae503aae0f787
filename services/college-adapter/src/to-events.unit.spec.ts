import { isoDateToEpochDay } from '@throughline/event-contracts';
import { factsOfType, factsOutcome, mappingContext } from '@throughline/adapter-kit/testing';
import type { FactDraft } from '@throughline/adapter-kit';
import type { EmploymentStatus, Learner, LearningDelivery } from './learner.js';
import { ilrToEvents } from './to-events.js';

const CONTEXT = mappingContext('19900001/2526', {
  'ZA1 1AA': { district: 'E08000001', ward: 'E05999002' },
  'ZA2 1AA': { district: 'E08000002', ward: 'E05999004' },
});

const jobOf = (date: string): Buffer => CONTEXT.factId({ type: 'JobStarted', naturalKey: ['job', date] });
const employer = (id: string): Buffer => CONTEXT.keyed('employer', id);

const status = (code: EmploymentStatus['code'], appliesFrom: string, more: Partial<EmploymentStatus> = {}): EmploymentStatus => ({
  code,
  appliesFrom,
  employerId: null,
  intensity: code === '10' ? '6' : null,
  selfEmployed: false,
  benefit: null,
  ...more,
});

const delivery = (more: Partial<LearningDelivery> = {}): LearningDelivery => ({
  aim: '60310017',
  startDate: '2025-09-08',
  originalStartDate: null,
  completion: '1',
  actualEndDate: null,
  fundModel: 38,
  outcome: null,
  ...more,
});

const learner = (more: Partial<Learner> = {}): Learner => ({
  uln: '7700001005',
  niNumber: null,
  familyName: 'Quillfeather',
  givenNames: 'Odile Maren',
  dateOfBirth: '1998-11-23',
  postcode: 'ZA1 1AA',
  postcodePrior: 'ZA2 1AA',
  healthProblem: null,
  statuses: [],
  deliveries: [delivery()],
  ...more,
});

const factsOf = (of: Learner): readonly FactDraft[] => factsOutcome(ilrToEvents(of, CONTEXT)).facts;

const JOBS = ['JobStarted', 'JobSustained', 'JobEnded'];

/** Job facts in short: type, date, and the job they belong to as the date it started. */
function jobsOf(statuses: readonly EmploymentStatus[]): readonly string[] {
  const starts = new Map(statuses.map(({ appliesFrom }) => [jobOf(appliesFrom).toString('hex'), appliesFrom]));
  return factsOf(learner({ statuses }))
    .filter(({ type }) => JOBS.includes(type))
    .map(({ type, occurredOn, body }) => {
      if (!('job' in body)) return `${type} ${occurredOn}`;
      return `${type} ${occurredOn} of ${body.job === null ? 'no known job' : (starts.get(body.job.toString('hex')) ?? '?')}`;
    });
}

const of = (facts: readonly FactDraft[], type: string, ...naturalKey: readonly string[]): FactDraft | undefined =>
  facts.find((fact) => fact.type === type && naturalKey.every((part, at) => fact.naturalKey[at] === part));

describe('who a learner is', () => {
  it('is said as of the first learning start, with both postcodes', () => {
    const outcome = ilrToEvents(
      learner({ niNumber: 'JX402915B', deliveries: [delivery({ startDate: '2025-10-01' }), delivery({ aim: 'Z0007834' })] }),
      CONTEXT,
    );
    expect(outcome).toMatchObject({
      fate: 'facts',
      identity: {
        recordKind: 'learner',
        occurredOn: '2025-09-08',
        uln: '7700001005',
        nino: 'JX402915B',
        surname: 'Quillfeather',
        firstName: 'Odile Maren',
        dateOfBirth: '1998-11-23',
        postcodes: ['ZA1 1AA', 'ZA2 1AA'],
      },
    });
  });
});

describe('circumstances', () => {
  it('are home from the first start on, the prior home the day before', () => {
    const facts = factsOf(learner());
    expect(of(facts, 'CircumstancesReported', 'home')).toMatchObject({
      occurredOn: '2025-09-08',
      body: { birthYear: 1998, birthMonth: 11, district: 'E08000001', ward: 'E05999002', priorityGroups: null, labourMarketStatus: 'UNKNOWN' },
    });
    expect(of(facts, 'CircumstancesReported', 'prior')).toMatchObject({
      occurredOn: '2025-09-07',
      body: { birthYear: null, district: 'E08000002', ward: 'E05999004' },
    });
  });

  it.each([
    ['1', ['DISABILITY_OR_HEALTH']],
    ['2', []],
    ['9', null],
  ] as const)('take the health question answered %s as %j', (healthProblem, priorityGroups) => {
    expect(of(factsOf(learner({ healthProblem })), 'CircumstancesReported', 'home')?.body).toMatchObject({ priorityGroups });
  });

  it('are not stated where nothing is known', () => {
    const facts = factsOf(learner({ dateOfBirth: null, postcode: 'ZZ99 9ZZ', postcodePrior: null }));
    expect(facts.filter(({ type }) => type === 'CircumstancesReported')).toEqual([]);
  });

  it('carry status and benefit of every known status on its date', () => {
    const facts = factsOf(
      learner({ statuses: [status('11', '2025-08-20', { benefit: '4' }), status('98', '2025-09-01'), status('12', '2025-10-01', { benefit: '3' }), status('10', '2025-11-01')] }),
    );
    expect(facts.filter(({ naturalKey }) => naturalKey[0] === 'status')).toMatchObject([
      { naturalKey: ['status', '2025-08-20'], occurredOn: '2025-08-20', body: { labourMarketStatus: 'UNEMPLOYED', benefit: 'UNIVERSAL_CREDIT' } },
      { naturalKey: ['status', '2025-10-01'], occurredOn: '2025-10-01', body: { labourMarketStatus: 'INACTIVE', benefit: 'OTHER_STATE_BENEFIT' } },
      { naturalKey: ['status', '2025-11-01'], occurredOn: '2025-11-01', body: { labourMarketStatus: 'EMPLOYED', benefit: null } },
    ]);
  });
});

describe('jobs', () => {
  it.each<[string, readonly EmploymentStatus[], readonly string[]]>([
    ['nothing is said of no status', [], []],
    ['the first status opens nothing, whatever it says', [status('10', '2025-08-01')], []],
    ['work after unemployment starts a job', [status('11', '2025-08-20'), status('10', '2025-10-13')], ['JobStarted 2025-10-13']],
    ['work after inactivity starts a job', [status('12', '2025-08-20'), status('10', '2025-10-13')], ['JobStarted 2025-10-13']],
    [
      'later work sustains it and its end ends it',
      [status('11', '2025-08-20'), status('10', '2025-10-13'), status('10', '2026-02-02'), status('10', '2026-04-02'), status('12', '2026-05-01')],
      ['JobStarted 2025-10-13', 'JobSustained 2026-02-02 of 2025-10-13', 'JobSustained 2026-04-02 of 2025-10-13', 'JobEnded 2026-05-01 of 2025-10-13'],
    ],
    [
      'work known from the start is not sustained, its end is of no known job',
      [status('10', '2025-08-01'), status('10', '2025-12-01'), status('11', '2026-01-01')],
      ['JobEnded 2026-01-01 of no known job'],
    ],
    [
      'another employer ends the job without saying so',
      [status('12', '2025-08-11'), status('10', '2025-09-29', { employerId: 'A' }), status('10', '2026-01-05', { employerId: 'B' }), status('10', '2026-02-05', { employerId: 'B' }), status('11', '2026-02-23')],
      ['JobStarted 2025-09-29', 'JobEnded 2026-02-23 of no known job'],
    ],
    [
      'an employer not named is no other employer',
      [status('12', '2025-08-11'), status('10', '2025-09-29', { employerId: 'A' }), status('10', '2026-01-05', { employerId: '999999999' }), status('10', '2026-02-05')],
      ['JobStarted 2025-09-29', 'JobSustained 2026-01-05 of 2025-09-29', 'JobSustained 2026-02-05 of 2025-09-29'],
    ],
    [
      'employers are compared with the one that opened the job',
      [status('12', '2025-08-11'), status('10', '2025-09-29', { employerId: 'A' }), status('10', '2026-01-05'), status('10', '2026-02-05', { employerId: 'B' })],
      ['JobStarted 2025-09-29', 'JobSustained 2026-01-05 of 2025-09-29'],
    ],
    [
      'a status not known is passed over',
      [status('11', '2025-08-20'), status('98', '2025-09-01'), status('10', '2025-10-13'), status('98', '2025-11-01'), status('10', '2026-02-02')],
      ['JobStarted 2025-10-13', 'JobSustained 2026-02-02 of 2025-10-13'],
    ],
    [
      'a second job is another job',
      [status('11', '2025-08-20'), status('10', '2025-09-01'), status('11', '2025-10-01'), status('10', '2025-11-01'), status('10', '2025-12-01')],
      ['JobStarted 2025-09-01', 'JobEnded 2025-10-01 of 2025-09-01', 'JobStarted 2025-11-01', 'JobSustained 2025-12-01 of 2025-11-01'],
    ],
  ])('%s', (_, statuses, expected) => {
    expect(jobsOf(statuses)).toEqual(expected);
  });

  it('carry hours, kind of work and employer', () => {
    const facts = factsOf(
      learner({
        statuses: [
          status('11', '2025-08-20'),
          status('10', '2025-10-13', { employerId: '987000001', intensity: '8' }),
          status('10', '2026-02-02', { employerId: '987000001', intensity: '5' }),
          status('11', '2026-03-01'),
          status('10', '2026-04-01', { employerId: '999999999', selfEmployed: true, intensity: '7' }),
        ],
      }),
    );
    expect(of(facts, 'JobStarted', 'job', '2025-10-13')?.body).toMatchObject({ hours: { atLeast: 3100, below: null }, work: 'EMPLOYED', employer: employer('987000001') });
    expect(of(facts, 'JobSustained', 'sustained', '2026-02-02')?.body).toMatchObject({ basis: 'LATER_STATUS', job: jobOf('2025-10-13'), hours: { atLeast: 0, below: 1100 } });
    expect(of(facts, 'JobEnded', 'ended', '2026-03-01')?.body).toMatchObject({ job: jobOf('2025-10-13'), employer: employer('987000001') });
    expect(of(facts, 'JobStarted', 'job', '2026-04-01')?.body).toMatchObject({ hours: { atLeast: 2100, below: 3100 }, work: 'SELF_EMPLOYED', employer: null });
  });
});

describe('learning', () => {
  const learningOf = (...deliveries: readonly LearningDelivery[]): readonly FactDraft[] =>
    factsOfType(ilrToEvents(learner({ deliveries }), CONTEXT), 'LearningStatusChanged');

  it('starts, and goes on without another word', () => {
    expect(learningOf(delivery({ actualEndDate: '2025-12-12' }))).toEqual([
      {
        type: 'LearningStatusChanged',
        naturalKey: ['learning', '60310017', '2025-09-08', 'started'],
        occurredOn: '2025-09-08',
        body: { status: 'STARTED', aim: '60310017', startDate: isoDateToEpochDay('2025-09-08'), fundModel: 38, outcome: null },
      },
    ]);
  });

  it.each([
    ['2', 'COMPLETED'],
    ['3', 'WITHDRAWN'],
    ['6', 'BREAK'],
  ] as const)('ends with completion status %s as %s', (completion, ended) => {
    expect(learningOf(delivery({ completion, actualEndDate: '2025-12-12', outcome: 1 }))[1]).toEqual({
      type: 'LearningStatusChanged',
      naturalKey: ['learning', '60310017', '2025-09-08', 'ended'],
      occurredOn: '2025-12-12',
      body: { status: ended, aim: '60310017', startDate: isoDateToEpochDay('2025-09-08'), fundModel: 38, outcome: 1 },
    });
  });

  it('that carries on an earlier one started then, and keeps its own key', () => {
    const [earlier, later] = learningOf(
      delivery({ originalStartDate: '2025-02-10' }),
      delivery({ aim: 'Z0007834', originalStartDate: '2025-10-10' }),
    );
    expect(earlier).toMatchObject({ naturalKey: ['learning', '60310017', '2025-09-08', 'started'], occurredOn: '2025-02-10', body: { startDate: isoDateToEpochDay('2025-02-10') } });
    expect(later).toMatchObject({ occurredOn: '2025-09-08' });
  });

  it('given twice with one aim and start is what the last says', () => {
    const said = learningOf(delivery({ completion: '2', actualEndDate: '2025-12-12' }), delivery({ fundModel: 35 }));
    expect(said.map(({ body }) => body)).toEqual([expect.objectContaining({ status: 'STARTED', fundModel: 35 })]);
  });
});
