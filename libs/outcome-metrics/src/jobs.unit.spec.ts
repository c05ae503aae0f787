import { isoDateToEpochDay } from '@throughline/event-contracts';
import fc from 'fast-check';
import type { Fact, JobStartedFact } from './fact.js';
import { factsInForce } from './facts-in-force.js';
import { jobsOf } from './jobs.js';
import { RULES_2026_1 } from './rules/index.js';
import { earnings, idText, jobEnd, jobStart, jobSustained } from './testing/index.js';

const jobs = (...facts: readonly Fact[]) => jobsOf(factsInForce(facts, RULES_2026_1), RULES_2026_1);
const names = (facts: readonly { id: string }[]) => facts.map(({ id }) => id.replaceAll('\0', ''));
const told = (...facts: readonly Fact[]) => jobs(...facts).map((job) => names(job.facts));
const provedThrough = (...facts: readonly Fact[]) => jobs(...facts).map((job) => job.provedThrough);
const day = isoDateToEpochDay;

describe('one job told by several', () => {
  it.each([
    ['the same day', '2026-05-01', '2026-05-01', 1],
    ['28 days apart', '2026-05-01', '2026-05-29', 1],
    ['29 days apart', '2026-05-01', '2026-05-30', 2],
    ['a month, and a day within it', '2026-05', '2026-05-31', 1],
    ['a month, and a day 28 after its end', '2026-05', '2026-06-28', 1],
    ['a month, and a day 29 after its end', '2026-05', '2026-06-29', 2],
    ['a day, and the month that starts 28 after it', '2026-05-04', '2026-06', 1],
    ['a day, and the month that starts 29 after it', '2026-05-03', '2026-06', 2],
    ['a year, and the last day of it', '2026', '2026-12-31', 1],
    ['a year, and a day in the next February', '2026', '2027-02-01', 2],
  ])('%s', (_, first, second, expected) => {
    expect(jobs(jobStart('a', first, { system: 'rtof' }), jobStart('b', second, { system: 'hmrc-rti' }))).toHaveLength(expected);
  });

  it('is measured from its anchor, not from fact to fact', () => {
    const facts = [jobStart('a', '2026-05-01'), jobStart('b', '2026-05-20'), jobStart('c', '2026-06-05')];
    expect(told(...facts)).toEqual([['a', 'b'], ['c']]);
  });

  it('takes a fact near two anchors into the earlier one', () => {
    const facts = [
      jobStart('a', '2026-05-01', { system: 'ilr', employer: 'alpha' }),
      jobStart('b', '2026-05-10', { system: 'ilr', employer: 'beta' }),
      jobStart('c', '2026-05-20', { system: 'rtof' }),
    ];
    expect(told(...facts)).toEqual([['a', 'c'], ['b']]);
  });

  it('starts when its anchor does, by order of sources where several start that day', () => {
    const facts = [
      jobStart('a', '2026-05-01', { system: 'nhs-csv' }),
      jobStart('b', '2026-05-01', { system: 'bars' }),
      jobStart('c', '2026-05-01', { system: 'ilr' }),
      jobStart('d', '2026-05-01', { system: 'rtof' }),
      jobStart('e', '2026-05-01', { system: 'dwp-citizen' }),
      jobStart('f', '2026-05-01', { system: 'hmrc-rti' }),
      jobStart('g', '2026-05-01', { system: 'a-new-one' }),
      jobStart('h', '2026-05-01', { system: 'hmrc-rti' }),
    ];
    expect(told(...facts)).toEqual([['f', 'h', 'e', 'd', 'c', 'b', 'a', 'g']]);
  });

  it('orders facts of one start and source by id as unsigned bytes', () => {
    const high: JobStartedFact = { ...jobStart('x', '2026-05-01'), id: 'ÿ'.repeat(16) };
    expect(jobs(high, jobStart('a', '2026-05-01'))[0]?.facts.map(({ id }) => id)).toEqual([idText('a'), high.id]);
  });

  it('never holds two employers of one source', () => {
    const facts = [
      jobStart('a', '2026-05-01', { system: 'ilr', employer: 'alpha' }),
      jobStart('b', '2026-05-02', { system: 'ilr', employer: 'beta' }),
    ];
    expect(told(...facts)).toEqual([['a'], ['b']]);
  });

  it('asks every fact of the job for its employer, not only the anchor', () => {
    const facts = [
      jobStart('a', '2026-05-01', { system: 'rtof' }),
      jobStart('b', '2026-05-02', { system: 'ilr', employer: 'alpha' }),
      jobStart('c', '2026-05-03', { system: 'ilr', employer: 'beta' }),
    ];
    expect(told(...facts)).toEqual([['a', 'b'], ['c']]);
  });

  it.each([
    ['of two systems', { system: 'hmrc-rti', employer: 'beta' }],
    ['of two partners with one system', { system: 'ilr', partner: 'partner-2', employer: 'beta' }],
    ['one of which is not named', { system: 'ilr' }],
    ['that are one', { system: 'ilr', employer: 'alpha' }],
  ])('may hold employers %s', (_, second) => {
    expect(told(jobStart('a', '2026-05-01', { system: 'ilr', employer: 'alpha' }), jobStart('b', '2026-05-02', second))).toHaveLength(1);
  });
});

describe('evidence that a job lasted', () => {
  const start = jobStart('job', '2026-01-01', { system: 'hmrc-rti', employer: 'alpha' });

  it('is a statement that it was still held, through its date', () => {
    expect(provedThrough(start, jobSustained('s', '2026-07-02', { job: 'job' }), jobSustained('t', '2026-03-02', { job: 'job' }))).toEqual([
      day('2026-07-02'),
    ]);
  });

  it('counts a statement of a month through the first of it', () => {
    expect(provedThrough(start, jobSustained('s', '2026-07', { job: 'job' }))).toEqual([day('2026-07-01')]);
  });

  it('belongs to the job that holds the fact it names', () => {
    const other = jobStart('told', '2026-01-20', { system: 'rtof' });
    expect(provedThrough(start, other, jobSustained('s', '2026-07-02', { job: 'told' }))).toEqual([day('2026-07-02')]);
  });

  it.each([
    ['that names no job', jobSustained('s', '2026-07-02')],
    ['of another job', jobSustained('s', '2026-07-02', { job: 'elsewhere' })],
    ['that it ended', jobEnd('e', '2026-07-02')],
    ['dated before its start', jobSustained('s', '2025-12-31', { job: 'job' })],
  ])('is not a statement %s', (_, fact) => {
    expect(provedThrough(start, fact)).toEqual([start.start]);
  });

  it('is a chain of payments, 42 days from the start and from one to the next', () => {
    const chain = [earnings('p1', '2026-02-12', { job: 'job' }), earnings('p2', '2026-03-26', { job: 'job' })];
    expect(provedThrough(start, ...chain)).toEqual([day('2026-03-26')]);
  });

  it('does not begin with a payment 43 days after the start', () => {
    expect(provedThrough(start, earnings('p1', '2026-02-13', { job: 'job' }))).toEqual([start.start]);
  });

  it('ends for good at a gap of 43 days', () => {
    const [job] = jobs(
      start,
      earnings('p1', '2026-01-31', { job: 'job' }),
      earnings('p2', '2026-03-15', { job: 'job' }),
      earnings('p3', '2026-03-16', { job: 'job' }),
    );
    expect(job?.provedThrough).toBe(day('2026-01-31'));
    expect(names(job?.payments ?? [])).toEqual(['p1']);
  });

  it.each([
    ['of nothing', { amountPence: 0 }],
    ['corrected downwards', { amountPence: -500 }],
    ['made after leaving', { afterLeaving: true }],
  ])('is no payment %s, and such a payment bridges no gap', (_, what) => {
    expect(provedThrough(start, earnings('p1', '2026-02-10', { job: 'job', ...what }), earnings('p2', '2026-03-10', { job: 'job' }))).toEqual([
      start.start,
    ]);
  });

  it('is no payment before its start', () => {
    const [job] = jobs(start, earnings('p1', '2025-12-31', { job: 'job' }), earnings('p2', '2026-01-01', { job: 'job' }));
    expect(names(job?.payments ?? [])).toEqual(['p2']);
  });

  it('is a payment that names no job but the employer of the same source', () => {
    expect(provedThrough(start, earnings('p', '2026-01-31', { employer: 'alpha' }))).toEqual([day('2026-01-31')]);
  });

  it.each([
    ['another employer', { employer: 'beta' }],
    ['the employer in another system', { employer: 'alpha', system: 'ilr' }],
    ['neither job nor employer', {}],
  ])('is no payment that names %s', (_, what) => {
    expect(provedThrough(start, earnings('p', '2026-01-31', what))).toEqual([start.start]);
  });

  it('chains payments of several employments that are one job', () => {
    const second = jobStart('second', '2026-01-10', { system: 'dwp-citizen', employer: 'gamma' });
    const facts = [
      start,
      second,
      earnings('p1', '2026-02-05', { job: 'job' }),
      earnings('p2', '2026-03-10', { job: 'second' }),
      earnings('p3', '2026-04-15', { employer: 'gamma', system: 'dwp-citizen' }),
      earnings('p4', '2026-05-20', { job: 'job' }),
    ];
    expect(provedThrough(...facts)).toEqual([day('2026-05-20')]);
  });

  it('lets a payment that names only the employer prove every job with that employer', () => {
    const again = jobStart('again', '2026-02-10', { system: 'hmrc-rti', employer: 'alpha' });
    const facts = [start, again, earnings('p1', '2026-01-31', { employer: 'alpha' }), earnings('p2', '2026-02-28', { employer: 'alpha' })];
    expect(jobs(...facts).map((job) => names(job.payments))).toEqual([['p1', 'p2'], ['p2']]);
  });

  it('takes a payment once where two facts of the job name its employer', () => {
    const facts = [start, jobStart('twice', '2026-01-02', { system: 'hmrc-rti', employer: 'alpha' }), earnings('p', '2026-01-31', { employer: 'alpha' })];
    expect(jobs(...facts).map((job) => names(job.payments))).toEqual([['p']]);
  });

  it('reaches as far as looking for the next payment step by step does', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -60, max: 900 }), { maxLength: 40 }), (offsets) => {
        const payments = offsets.map((offset, n) => ({ ...earnings(`p${n}`, '2026-01-01', { job: 'job' }), start: start.start + offset }));
        let reached = start.start;
        for (;;) {
          const from = reached;
          reached = Math.max(reached, ...payments.map((p) => p.start).filter((date) => date >= start.start && date <= from + 42));
          if (reached === from) break;
        }
        expect(provedThrough(start, ...payments)).toEqual([reached]);
      }),
    );
  });
});
