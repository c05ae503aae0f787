import {
  circumstances,
  claim,
  counted,
  earnings,
  jobStart,
  jobSustained,
  learning,
  referral,
  support,
  total,
} from '../testing/index.js';

const months = (metric: string, ...facts: Parameters<typeof total>[1][]) => counted(metric, ...facts).map(({ month }) => month);

describe('referrals', () => {
  it.each([
    ['ACTIVE', 1],
    ['COMPLETED', 1],
    ['ON_HOLD', 1],
    ['UNKNOWN', 1],
    ['REVOKED', 0],
    ['DRAFT', 0],
  ] as const)('counts one that is %s: %d', (status, expected) => {
    expect(total('referrals', referral('r', '2026-05-01', { status }))).toBe(expected);
  });

  it('counts each, under its own programme', () => {
    const facts = [referral('r', '2026-05-01', { programme: 'restart' }), referral('s', '2026-05-01'), support('x', '2026-04-01', { programme: 'workwell' })];
    expect(counted('referrals', ...facts).map(({ programme, count }) => [programme, count])).toEqual([
      ['no programme', 1],
      ['restart', 1],
    ]);
  });
});

describe('support_starts', () => {
  it('counts one for a programme and month, dated by its earliest fact and read of all', () => {
    const facts = [
      support('a', '2026-05-20', { programme: 'workwell', agreement: 'dsa-1' }),
      support('b', '2026-05', { programme: 'workwell', system: 'nhs-csv', agreement: 'dsa-2' }),
      circumstances('c', '2026-05-01', { district: 'E08000003', agreement: 'dsa-3' }),
      circumstances('d', '2026-05-10', { district: 'E08000025', agreement: 'dsa-4' }),
    ];
    expect(counted('support_starts', ...facts)).toEqual([
      expect.objectContaining({ count: 1, month: '2026-05', programme: 'workwell', district: 'E08000003', agreements: ['dsa-1', 'dsa-2', 'dsa-3'] }),
    ]);
  });

  it.each([
    ['another month', { programme: 'workwell' }, '2026-06-01'],
    ['another programme', { programme: 'restart' }, '2026-05-01'],
    ['no programme', {}, '2026-05-01'],
  ])('counts %s for itself', (_, details, date) => {
    expect(total('support_starts', support('a', '2026-05-20', { programme: 'workwell' }), support('b', date, details))).toBe(2);
  });

  it('never borrows a programme', () => {
    const facts = [support('a', '2026-04-01', { programme: 'workwell' }), support('b', '2026-05-01')];
    expect(counted('support_starts', ...facts).map(({ month, programme }) => [month, programme])).toEqual([
      ['2026-04', 'workwell'],
      ['2026-05', 'no programme'],
    ]);
  });
});

describe('job_starts', () => {
  it('counts a job told by three once, in the month of its anchor, read of all three', () => {
    const facts = [
      jobStart('a', '2026-05-25', { system: 'hmrc-rti' }),
      jobStart('b', '2026-05-27', { system: 'ilr' }),
      jobStart('c', '2026-06-02', { system: 'rtof' }),
    ];
    expect(counted('job_starts', ...facts)).toEqual([
      expect.objectContaining({ count: 1, month: '2026-05', agreements: ['dsa-hmrc-rti', 'dsa-ilr', 'dsa-rtof'] }),
    ]);
  });

  it('adds up jobs of one cell', () => {
    const facts = [jobStart('a', '2026-05-01', { system: 'ilr', employer: 'alpha' }), jobStart('b', '2026-05-01', { system: 'ilr', employer: 'beta' })];
    expect(counted('job_starts', ...facts).map(({ count }) => count)).toEqual([2]);
  });
});

describe.each([
  ['sustained_13_weeks', '2026-04-02', '2026-04-01'],
  ['sustained_26_weeks', '2026-07-02', '2026-07-01'],
])('%s', (metric, enough, tooShort) => {
  const start = jobStart('job', '2026-01-01', { system: 'ilr' });

  it('counts a job held on its last day, dated that day', () => {
    expect(months(metric, start, jobSustained('s', enough, { job: 'job' }))).toEqual([enough.slice(0, 7)]);
    expect(months(metric, start, jobSustained('s', '2027-01-01', { job: 'job' }))).toEqual([enough.slice(0, 7)]);
  });

  it('does not count one held until the day before', () => {
    expect(total(metric, start, jobSustained('s', tooShort, { job: 'job' }))).toBe(0);
  });

  it('does not count silence', () => {
    expect(total(metric, start)).toBe(0);
  });

  it('reads every sustain record and every payment of the chain, whichever proved it, and no payment beyond a gap', () => {
    const facts = [
      start,
      jobSustained('s1', '2026-01-02', { job: 'job', agreement: 'dsa-early' }),
      jobSustained('s2', '2027-01-02', { job: 'job', agreement: 'dsa-late' }),
      earnings('p1', '2026-01-31', { job: 'job', agreement: 'dsa-paid' }),
      earnings('p2', '2026-12-31', { job: 'job', agreement: 'dsa-beyond' }),
    ];
    expect(counted(metric, ...facts).map(({ agreements }) => agreements)).toEqual([['dsa-early', 'dsa-ilr', 'dsa-late', 'dsa-paid']]);
  });
});

describe('learning_starts', () => {
  it('counts one aim and start date told by returns of two years once, on the start date', () => {
    const facts = [
      learning('a', '2026-08-01', { aim: 'aim-1', startDate: '2026-05-04', agreement: 'dsa-1' }),
      learning('b', '2026-05-04', { aim: 'aim-1', startDate: '2026-05-04', agreement: 'dsa-2' }),
    ];
    expect(counted('learning_starts', ...facts)).toEqual([expect.objectContaining({ count: 1, month: '2026-05', agreements: ['dsa-1', 'dsa-2'] })]);
  });

  it.each([
    ['another aim', { aim: 'aim-2', startDate: '2026-05-04' }],
    ['another start', { aim: 'aim-1', startDate: '2026-05-05' }],
  ])('counts %s for itself', (_, second) => {
    expect(total('learning_starts', learning('a', '2026-05-04', { aim: 'aim-1', startDate: '2026-05-04' }), learning('b', '2026-05-04', second))).toBe(2);
  });

  it('does not count learning of which no aim is told', () => {
    expect(total('learning_starts', learning('a', '2026-05-04', { aim: null, startDate: '2026-05-04' }))).toBe(0);
  });

  it('takes its fact\'s date where no start date is given', () => {
    const facts = [learning('a', '2026-05-04', { aim: 'aim-1' }), learning('b', '2026-06-04', { aim: 'aim-1', startDate: '2026-05-04' })];
    expect(months('learning_starts', ...facts)).toEqual(['2026-05']);
    expect(total('learning_starts', ...facts)).toBe(1);
  });

  it.each(['COMPLETED', 'WITHDRAWN', 'BREAK', 'UNKNOWN'] as const)('does not count %s', (status) => {
    expect(total('learning_starts', learning('a', '2026-05-04', { status, startDate: '2026-05-04' }))).toBe(0);
  });

  it('is attributed like any other outcome, not by its own programme', () => {
    const facts = [learning('a', '2026-05-04', { programme: 'local' }), support('s', '2026-04-01', { programme: 'workwell' })];
    expect(counted('learning_starts', ...facts).map(({ programme }) => programme)).toEqual(['workwell']);
  });
});

describe('claims_ended_after_job_start', () => {
  const ended = claim('c', '2026-06-30', { claimStart: '2026-01-01' });
  const count = (...facts: Parameters<typeof total>[1][]) => total('claims_ended_after_job_start', ...facts);

  it.each([
    ['on the day it ended', '2026-06-30', 1],
    ['the day after it ended', '2026-07-01', 0],
    ['on the day the claim started', '2026-01-01', 1],
    ['the day before the claim started', '2025-12-31', 0],
  ])('asks for a job that started while claimed: %s', (_, date, expected) => {
    expect(count(ended, jobStart('j', date))).toBe(expected);
  });

  it.each([
    ['2025-12-30', 1],
    ['2025-12-29', 0],
  ])('asks for a job at most 182 days before the end: %s', (date, expected) => {
    for (const long of [claim('c', '2026-06-30', { claimStart: '2024-01-01' }), claim('c', '2026-06-30')]) {
      expect(count(long, jobStart('j', date))).toBe(expected);
    }
  });

  it.each(['UNKNOWN', 'STARTED', 'AWARD_CHANGED', 'ASSESSMENT_PERIOD'] as const)('does not count %s', (change) => {
    expect(count(claim('c', '2026-06-30', { change }), jobStart('j', '2026-06-01'))).toBe(0);
  });

  it('counts one claim told twice once, dated by the earliest end that a job precedes, read of both and of the latest job', () => {
    const facts = [
      claim('c0', '2026-03-31', { claimStart: '2026-01-01', agreement: 'dsa-0' }),
      claim('c1', '2026-06-30', { claimStart: '2026-01-01', agreement: 'dsa-1' }),
      claim('c2', '2026-07-31', { claimStart: '2026-01-01', agreement: 'dsa-2' }),
      jobStart('early', '2026-04-01', { agreement: 'dsa-early' }),
      jobStart('late', '2026-05-01', { agreement: 'dsa-late' }),
      jobStart('after', '2026-07-01', { agreement: 'dsa-after' }),
    ];
    expect(counted('claims_ended_after_job_start', ...facts)).toEqual([
      expect.objectContaining({ count: 1, month: '2026-06', agreements: ['dsa-0', 'dsa-1', 'dsa-2', 'dsa-late'] }),
    ]);
  });

  it('reads the job anchored first of two that start together', () => {
    const facts = [
      ended,
      jobStart('a', '2026-05-01', { system: 'ilr', employer: 'alpha', agreement: 'dsa-a' }),
      jobStart('b', '2026-05-01', { system: 'ilr', employer: 'beta', agreement: 'dsa-b' }),
    ];
    expect(counted('claims_ended_after_job_start', ...facts)[0]?.agreements).toEqual(['dsa-a', 'dsa-dwp-citizen']);
  });

  it.each([
    ['another benefit', { claimStart: '2026-01-01', benefit: 'CARERS_ALLOWANCE' }],
    ['another start', { claimStart: '2026-02-01' }],
    ['no start', {}],
  ] as const)('counts a claim of %s for itself', (_, second) => {
    expect(count(ended, claim('d', '2026-06-30', second), jobStart('j', '2026-06-01'))).toBe(2);
  });
});

describe('into_work', () => {
  const status = (value: 'EMPLOYED' | 'UNEMPLOYED' | 'INACTIVE', date = '2026-01-01') => circumstances('st', date, { status: value, agreement: 'dsa-status' });
  const began = support('s', '2026-02-01', { agreement: 'dsa-support' });
  const job = jobStart('j', '2026-03-01', { agreement: 'dsa-job' });
  const count = (...facts: Parameters<typeof total>[1][]) => total('into_work', ...facts);

  it.each([
    ['UNEMPLOYED', 1],
    ['INACTIVE', 1],
    ['EMPLOYED', 0],
  ] as const)('counts one who was %s: %d', (value, expected) => {
    expect(count(status(value), began, job)).toBe(expected);
  });

  it('does not count one of whom no status is known', () => {
    expect(count(began, job)).toBe(0);
  });

  it('does not count one without support or referral', () => {
    expect(count(status('UNEMPLOYED'), job)).toBe(0);
  });

  it('reads the status on the baseline date, not on the job\'s', () => {
    expect(count(status('UNEMPLOYED'), circumstances('later', '2026-02-15', { status: 'EMPLOYED' }), began, job)).toBe(1);
    expect(count(status('EMPLOYED'), circumstances('later', '2026-02-15', { status: 'UNEMPLOYED' }), began, job)).toBe(0);
  });

  it.each([
    ['on the baseline date', '2026-02-01', 1],
    ['the day before it', '2026-01-31', 0],
  ])('asks for a job starting on or after the baseline date: %s', (_, date, expected) => {
    expect(count(status('UNEMPLOYED', '2025-01-01'), began, jobStart('j', date))).toBe(expected);
  });

  it('counts once, dated by the first such job, read of it, of what set the baseline, and of the status', () => {
    const facts = [
      status('INACTIVE'),
      began,
      support('t', '2026-02-15', { agreement: 'dsa-other' }),
      referral('r', '2026-01-15', { agreement: 'dsa-referral' }),
      jobStart('before', '2026-01-01', { agreement: 'dsa-before' }),
      job,
      jobStart('next', '2026-06-01', { agreement: 'dsa-next' }),
    ];
    expect(counted('into_work', ...facts)).toEqual([
      expect.objectContaining({ count: 1, month: '2026-03', agreements: ['dsa-job', 'dsa-status', 'dsa-support'] }),
    ]);
  });

  it('takes the earliest counted referral where there is no support', () => {
    const facts = [
      status('INACTIVE', '2025-01-01'),
      referral('r', '2026-01-01', { status: 'REVOKED', agreement: 'dsa-revoked' }),
      referral('s', '2026-02-01', { agreement: 'dsa-referral' }),
      jobStart('before', '2026-01-15'),
    ];
    expect(count(...facts)).toBe(0);
    expect(counted('into_work', ...facts, job)[0]?.agreements).toContain('dsa-referral');
  });

  it('takes the first source of several that set the baseline', () => {
    const facts = [status('INACTIVE'), support('a', '2026-02-01', { system: 'nhs-csv' }), support('b', '2026-02-01', { system: 'ilr' }), job];
    expect(counted('into_work', ...facts)[0]?.agreements).toEqual(['dsa-ilr', 'dsa-job', 'dsa-status']);
  });
});
