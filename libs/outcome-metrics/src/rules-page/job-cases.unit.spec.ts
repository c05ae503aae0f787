import type { Fact } from '../fact.js';
import { circumstances, counted, earnings, jobEnd, jobStart, jobSustained, stated, support, timelineOf, total, withdrawn } from '../testing/index.js';
import { factsOf } from '../timeline.js';
import type { TimelineEntry } from '../timeline.js';
import { JOB_CASES } from './job-cases.js';

type Facts = readonly Fact[];

const months = (metric: string, ...facts: Facts) => counted(metric, ...facts).map(({ month }) => month);
const agreements = (metric: string, ...facts: Facts) => counted(metric, ...facts).map((cell) => cell.agreements);
/** What stands after all that was said, in whatever order it came. */
const after = (...said: readonly (Fact | TimelineEntry)[]) => factsOf([timelineOf(...said.toReversed())]);

/** A job of one source, paid every week so often; hours as bands are written. */
const paidJob = (name: string, start: string, weeks: number, more: { readonly employer?: string; readonly hours?: string; readonly system?: string } = {}): Facts => {
  const { system = 'hmrc-rti', hours, employer = name } = more;
  const first = Date.parse(start);
  return [
    jobStart(name, start, { system, employer }),
    ...Array.from({ length: weeks }, (_, week) =>
      earnings(`${name}-${week}`, new Date(first + (week + 1) * 7 * 86_400_000).toISOString().slice(0, 10), {
        job: name, system, frequency: 'W1', ...(hours === undefined ? {} : { hours }),
      })),
  ];
};

const TESTS: Readonly<Record<string, () => void>> = {
  J01: () => {
    const facts = [
      jobStart('payroll', '2026-05-03', { system: 'hmrc-rti', employer: 'paye' }),
      jobStart('college', '2026-05-01', { system: 'ilr' }),
      jobStart('council', '2026-05-04', { system: 'rtof', employer: 'named' }),
      circumstances('before', '2026-05-01', { district: 'E08000003' }),
      circumstances('moved', '2026-05-02', { district: 'E08000025' }),
    ];
    expect(counted('job_starts', ...facts)).toEqual([expect.objectContaining({ count: 1, month: '2026-05', district: 'E08000003', agreements: ['dsa-hmrc-rti', 'dsa-ilr', 'dsa-rtof'] })]);
  },
  J02: () => {
    const facts = [jobStart('b', '2026-05-01', { system: 'ilr', contract: 'PERMANENT' }), jobStart('a', '2026-05-01', { system: 'rtof', contract: 'TEMPORARY' })];
    expect(total('job_starts', ...facts)).toBe(1);
    expect(total('permanent_job_starts', ...facts)).toBe(0);
  },
  J03: () => {
    const first = jobStart('a', '2026-05-01', { system: 'ilr' });
    expect(total('job_starts', first, jobStart('b', '2026-05-29'))).toBe(1);
    expect(total('job_starts', first, jobStart('b', '2026-05-30'))).toBe(2);
    expect(total('job_starts', first, jobStart('b', '2026-05-20'), jobStart('c', '2026-06-10', { system: 'hmrc-rti' }))).toBe(2);
  },
  J04: () => {
    expect(months('job_starts', jobStart('a', '2026-05', { system: 'rtof' }), jobStart('b', '2026-05-31', { system: 'hmrc-rti' }))).toEqual(['2026-05']);
  },
  J05: () => {
    expect(total('job_starts', jobStart('a', '2026-05-01', { employer: 'alpha' }), jobStart('b', '2026-05-03', { employer: 'beta' }))).toBe(2);
    expect(total('job_starts', jobStart('a', '2026-05-01', { employer: 'alpha' }), jobStart('b', '2026-05-03', { employer: 'beta', system: 'ilr' }))).toBe(1);
  },
  J06: () => {
    const [one, other] = [paidJob('a', '2026-01-01', 30, { hours: '8-16' }), paidJob('b', '2026-01-01', 30, { hours: '8-16' })];
    expect(total('job_starts', ...one, ...other)).toBe(2);
    expect(total('sustained_26_weeks', ...one, ...other)).toBe(2);
    expect(total('higher_hours_outcome', ...one)).toBe(0);
    expect(total('higher_hours_outcome', ...one, ...other)).toBe(1);
  },
  J07: () => {
    const [one, other] = [paidJob('a', '2026-01-01', 40, { hours: '8-16' }), paidJob('b', '2026-02-12', 30, { hours: '8-16', system: 'rtof' })];
    expect(total('job_starts', ...one, ...other)).toBe(2);
    expect(total('higher_hours_outcome', ...one, ...other)).toBe(0);
    expect(total('higher_hours_outcome_evidence_insufficient', ...one, ...other)).toBe(1);
  },
  J08: () => {
    const paid = (...dates: readonly string[]) => [jobStart('j', '2026-01-01', { system: 'hmrc-rti' }), ...dates.map((date, n) => earnings(`p${n}`, date, { job: 'j' }))];
    expect(total('sustained_13_weeks', ...paid('2026-02-01', '2026-03-15', '2026-04-02'))).toBe(1);
    expect(total('sustained_13_weeks', ...paid('2026-02-01', '2026-03-16', '2026-04-02'))).toBe(0);
  },
  J09: () => {
    const facts = [...paidJob('a', '2026-01-01', 7, { hours: '16-24' }), ...paidJob('b', '2026-03-05', 6, { hours: '16-24' })];
    expect(total('sustained_13_weeks', ...facts)).toBe(0);
    expect(months('lower_hours_outcome', ...facts)).toEqual(['2026-04']);
  },
  J10: () => {
    const facts = [jobStart('a', '2026-05-01', { system: 'hmrc-rti', work: 'EMPLOYED' }), jobStart('b', '2026-05-03', { system: 'ilr', work: 'SELF_EMPLOYED' })];
    expect(total('job_starts', ...facts)).toBe(2);
    expect(total('job_starts', facts[0]!, jobStart('b', '2026-05-03', { system: 'ilr' }))).toBe(1);
  },
  J11: () => {
    const start = jobStart('own', '2026-01-31', { work: 'SELF_EMPLOYED' });
    expect(months('self_employed_6_months', start, jobSustained('s', '2026-07-31', { job: 'own' }))).toEqual(['2026-07']);
    expect(total('self_employed_6_months', start, jobSustained('s', '2026-07-30', { job: 'own' }))).toBe(0);
    expect(total('self_employed_6_months', jobStart('own', '2026-01-31', { work: 'EMPLOYED' }), jobSustained('s', '2026-07-31', { job: 'own' }))).toBe(0);
  },
  J12: () => {
    expect(months('job_starts', ...after(stated(jobStart('a', '2026-05-31')), stated(jobStart('a', '2026-06-02'), { instant: 2 })))).toEqual(['2026-06']);
  },
  J13: () => {
    const paid = paidJob('a', '2026-01-01', 14);
    expect(total('sustained_13_weeks', ...after(...paid))).toBe(1);
    const left = after(...paid, withdrawn('a', { instant: 2 }));
    expect([total('job_starts', ...left), total('sustained_13_weeks', ...left)]).toEqual([0, 0]);
  },
  J14: () => {
    const left = after(...paidJob('a', '2026-05-01', 14), jobStart('b', '2026-05-03', { system: 'rtof' }), withdrawn('a', { instant: 2 }));
    expect(months('job_starts', ...left)).toEqual(['2026-05']);
    expect(agreements('job_starts', ...left)).toEqual([['dsa-rtof']]);
    expect(total('sustained_13_weeks', ...left)).toBe(0);
  },
  J15: () => {
    const paid = paidJob('a', '2026-01-01', 13, { hours: '16-24' });
    for (const metric of ['sustained_13_weeks', 'lower_hours_outcome']) {
      expect(total(metric, ...after(...paid))).toBe(1);
      expect(total(metric, ...after(...paid, withdrawn('a-12', { instant: 2 })))).toBe(0);
    }
  },
  J16: () => {
    const facts = [jobStart('a', '2026-01-01', { system: 'ilr' }), jobStart('b', '2026-01-01'), jobEnd('e', '2026-03-01', { system: 'ilr' }), jobSustained('s', '2026-04-02', { job: 'b' })];
    expect(total('sustained_13_weeks', ...facts)).toBe(1);
  },
  J17: () => {
    const facts = [jobStart('a', '2026-01-01', { system: 'ilr', hours: '11-21' }), jobSustained('s', '2026-07-02', { job: 'a', system: 'ilr', hours: '11-21' })];
    expect(total('lower_hours_outcome', ...facts)).toBe(1);
    expect(total('higher_hours_outcome', ...facts)).toBe(0);
    expect(months('higher_hours_outcome_evidence_insufficient', ...facts)).toEqual(['2026-07']);
  },
  J18: () => {
    const facts = [jobStart('a', '2026-01-01', { system: 'ilr', hours: '11-21' }), jobSustained('s', '2026-07-02', { job: 'a', system: 'ilr', hours: '11-21' })];
    const payroll = (hours: string) => [...facts, jobStart('p', '2026-01-02', { system: 'hmrc-rti', hours })];
    expect([total('higher_hours_outcome', ...payroll('16-24')), total('higher_hours_outcome_evidence_insufficient', ...payroll('16-24'))]).toEqual([1, 0]);
    // The college contradicts payroll, which comes first.
    expect(total('higher_hours_outcome', ...payroll('24-30'))).toBe(1);
    expect([total('higher_hours_outcome', ...payroll('0-11')), total('higher_hours_outcome_evidence_insufficient', ...payroll('0-11'))]).toEqual([0, 0]);
  },
  J19: () => {
    const facts = paidJob('a', '2026-01-01', 26);
    expect(total('sustained_26_weeks', ...facts)).toBe(1);
    expect(['lower_hours_outcome', 'higher_hours_outcome'].map((metric) => [total(metric, ...facts), total(`${metric}_evidence_insufficient`, ...facts)])).toEqual([[0, 1], [0, 1]]);
  },
  J20: () => {
    const facts = (afterLeaving: boolean) => [
      support('s', '2026-01-01'),
      jobStart('j', '2026-01-01', { system: 'hmrc-rti' }),
      ...['2026-02-01', '2026-03-01', '2026-04-02'].map((date, n) => earnings(`p${n}`, date, { job: 'j', amountPence: 200_000, afterLeaving: afterLeaving && n === 2 })),
    ];
    expect([false, true].map((leaving) => total('sustained_13_weeks', ...facts(leaving)))).toEqual([1, 0]);
    expect([false, true].map((leaving) => total('earnings_outcome', ...facts(leaving)))).toEqual([1, 1]);
  },
};

describe('which facts are one job', () => {
  it('every row of the page has a test, and every test its row', () => {
    expect(Object.keys(TESTS)).toEqual(JOB_CASES.map(({ id }) => id));
  });

  it.each(JOB_CASES.map(({ id, told }) => [id, told] as const))('%s: %s', (id) => {
    expect.hasAssertions();
    TESTS[id]?.();
  });
});
