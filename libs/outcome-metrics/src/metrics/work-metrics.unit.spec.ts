import { contributions } from '../contributions.js';
import type { Fact } from '../fact.js';
import { LATEST_RULES, RULES_2026_2, RULES_2026_3 } from '../rules/index.js';
import { circumstances, counted, earnings, jobStart, jobSustained, referral, support, total } from '../testing/index.js';

const months = (metric: string, ...facts: readonly Fact[]) => counted(metric, ...facts).map(({ month }) => month);
const both = (metric: string, ...facts: readonly Fact[]) => [total(metric, ...facts), total(`${metric}_evidence_insufficient`, ...facts)];

describe('hours outcomes', () => {
  const held = (until: string, start: { hours?: string } = { hours: '8-16' }) => [jobStart('j', '2026-01-01', start), jobSustained('s', until, { job: 'j' })];

  it.each([
    ['2026-04-02', [1, 0]],
    ['2026-04-01', [0, 0]],
  ])('ask for weeks that evidence covers whole: held on %s', (until, expected) => {
    expect(both('lower_hours_outcome', ...held(until))).toEqual(expected);
  });

  it.each([
    ['7-', [1, 0]],
    ['6-8', [0, 1]],
    ['0-8', [0, 1]],
    ['0-7', [0, 0]],
    [undefined, [0, 1]],
  ])('are proved, open or missed by the band alone: %s', (hours, expected) => {
    expect(both('lower_hours_outcome', ...held('2026-04-02', hours === undefined ? {} : { hours }))).toEqual(expected);
  });

  it('are dated by the last week that was needed, and read every fact of the jobs that cover it', () => {
    const facts = [...held('2026-06-01').map((fact, n) => ({ ...fact, agreement: `dsa-${n}` })), earnings('p', '2026-01-31', { job: 'j', agreement: 'dsa-paid', system: 'rtof' })];
    expect(counted('lower_hours_outcome', ...facts)).toEqual([expect.objectContaining({ month: '2026-04', agreements: ['dsa-0', 'dsa-1', 'dsa-paid'] })]);
  });

  it('are counted once, however many jobs reach them', () => {
    const next = [jobStart('k', '2026-08-01', { hours: '8-16' }), jobSustained('t', '2027-01-01', { job: 'k' })];
    expect(months('lower_hours_outcome', ...held('2026-04-02'), ...next)).toEqual(['2026-04']);
    // One that cannot be told does not stand in the way of one that can.
    const vague = held('2026-04-02', {});
    expect(months('lower_hours_outcome', ...vague, ...next)).toEqual(['2026-10']);
    expect(total('lower_hours_outcome_evidence_insufficient', ...vague, ...next)).toBe(0);
  });

  it('follow hours as they change: a payment tells of the weeks before it, a record of those from it on', () => {
    const paid = (...bands: readonly string[]) => [
      jobStart('j', '2026-01-01', { system: 'hmrc-rti', hours: '30-' }),
      ...bands.map((hours, n) => earnings(`p${n}`, new Date(Date.UTC(2026, 0, 29 + 28 * n)).toISOString().slice(0, 10), { job: 'j', hours })),
    ];
    // Four weeks of a band each; the start's own band is of whenever it was told.
    expect(both('higher_hours_outcome', ...paid('16-24', '16-24', '16-24', '16-24', '16-24', '16-24', '16-24'))).toEqual([1, 0]);
    expect(both('higher_hours_outcome', ...paid('0-16', '16-24', '16-24', '16-24', '16-24', '16-24', '16-24'))).toEqual([0, 0]);
    // Three weeks of sixteen may be short, not four.
    expect(both('lower_hours_outcome', ...paid('0-7', '16-24', '16-24', '16-24'))).toEqual([0, 0]);
    const records = (from: string) => [jobStart('j', '2026-01-01', { hours: '0-7' }), jobSustained('r', from, { job: 'j', hours: '8-16' }), jobSustained('s', '2026-04-23', { job: 'j', hours: '8-16' })];
    expect(both('lower_hours_outcome', ...records('2026-01-28'))).toEqual([1, 0]);
    expect(both('lower_hours_outcome', ...records('2026-01-29'))).toEqual([0, 0]);
  });
});

describe('hours that a source leaves out', () => {
  const months = (count: number, hours: (month: number) => string | undefined) =>
    Array.from({ length: count }, (_, n) => {
      const band = hours(n + 1);
      return earnings(`p${n}`, new Date(Date.UTC(2026, n + 1, 0)).toISOString().slice(0, 10), { job: 'j', ...(band === undefined ? {} : { hours: band }) });
    });
  const payroll = jobStart('j', '2026-01-01', { system: 'hmrc-rti' });
  const under = (rules: typeof LATEST_RULES, ...facts: readonly Fact[]) =>
    [...contributions(facts, rules).keys()].map((key) => key.slice(0, key.indexOf('|'))).filter((metric) => metric.startsWith('higher_hours'));

  it('are not those of the payment after: half a year of none and one month of sixteen prove no half year of sixteen', () => {
    const facts = [payroll, ...months(7, (month) => (month < 7 ? undefined : '16-24'))];
    expect(both('higher_hours_outcome', ...facts)).toEqual([0, 1]);
    expect(both('higher_hours_outcome', payroll, ...months(7, () => '16-24'))).toEqual([1, 0]);
    // As it was under the versions before.
    expect(under(RULES_2026_3, ...facts)).toEqual(['higher_hours_outcome']);
  });

  it('are those of another payment of the day, if one tells', () => {
    const facts = [payroll, ...months(7, () => '16-24'), ...months(7, () => undefined).map((fact) => ({ ...fact, id: `0${fact.id.slice(1)}` }))];
    expect(both('higher_hours_outcome', ...facts)).toEqual([1, 0]);
  });

  it('are not those of a record after: what the council knows at half a year says nothing of the months before', () => {
    const facts = (hours: { hours?: string }) => [jobStart('j', '2026-01-01', hours), jobSustained('s', '2026-07-02', { job: 'j', hours: '16-31' })];
    expect(both('higher_hours_outcome', ...facts({}))).toEqual([0, 1]);
    expect(both('higher_hours_outcome', ...facts({ hours: '16-31' }))).toEqual([1, 0]);
    expect(under(RULES_2026_3, ...facts({}))).toEqual(['higher_hours_outcome']);
  });

  it('are those of a start, also where another source told of the job some days before', () => {
    const facts = [jobStart('c', '2026-01-01', { system: 'ilr' }), jobStart('j', '2026-01-20', { hours: '16-31' }), jobSustained('s', '2026-07-02', { job: 'j' })];
    expect(both('higher_hours_outcome', ...facts)).toEqual([1, 0]);
  });
});

describe('earnings_outcome', () => {
  const NEEDED = 416 * 1_221;
  const began = support('s', '2025-06-01');
  const paid = (...payments: readonly (readonly [date: string, pence: number])[]) => payments.map(([date, amountPence], n) => earnings(`p${n}`, date, { amountPence }));
  const outcome = (...facts: readonly Fact[]) => months('earnings_outcome', ...facts);

  it('is reached to the penny, on the day that reaches it', () => {
    expect(outcome(began, ...paid(['2025-07-31', NEEDED - 1], ['2025-08-31', 1], ['2025-09-30', 5_000]))).toEqual(['2025-08']);
    expect(outcome(began, ...paid(['2025-07-31', NEEDED - 1]))).toEqual([]);
  });

  it.each([
    ['the day support began', '2025-06-01', ['2025-06']],
    ['the day before', '2025-05-31', []],
    ['a year on', '2026-06-01', ['2026-06']],
    ['a day later', '2026-06-02', []],
  ])('counts what was paid %s', (_, date, expected) => {
    expect(outcome(began, ...paid([date, NEEDED]))).toEqual(expected);
  });

  it('runs from a counted referral where nobody tells of support, and from nothing else', () => {
    expect(outcome(referral('r', '2025-06-01'), ...paid(['2025-07-31', NEEDED]))).toEqual(['2025-07']);
    expect(outcome(referral('r', '2025-06-01', { status: 'REVOKED' }), ...paid(['2025-07-31', NEEDED]))).toEqual([]);
  });

  it('falls with a correction downwards, and is dated by the payment after which it stands', () => {
    const facts = [began, ...paid(['2025-07-31', NEEDED], ['2025-08-31', -1])];
    expect(outcome(...facts)).toEqual([]);
    expect(outcome(...facts, earnings('more', '2025-09-30', { amountPence: 1 }))).toEqual(['2025-09']);
    // Of one day all together.
    expect(outcome(began, ...paid(['2025-07-31', -1], ['2025-07-31', NEEDED + 1]))).toEqual(['2025-07']);
  });

  it.each([
    [2004, 6, 1_221],
    [2004, 7, 1_000],
    [2007, 6, 1_000],
    [2007, 7, 755],
    [null, null, 1_221],
  ])('is held to the wage of the age, of an unknown age to the adult’s: born %s-%s', (birthYear, birthMonth, rate) => {
    const born = circumstances('c', '2025-06-01', { birthYear, birthMonth });
    expect(outcome(began, born, ...paid(['2025-06-30', 416 * rate]))).toEqual(['2025-06']);
    expect(outcome(began, born, ...paid(['2025-06-30', 416 * rate - 1]))).toEqual([]);
  });

  it('takes the wage of the day the first job in the window started, and reads its facts', () => {
    const job = jobStart('j', '2026-04-01', { agreement: 'dsa-job' });
    expect(outcome(began, job, ...paid(['2026-04-30', 416 * 1_271 - 1]))).toEqual([]);
    expect(counted('earnings_outcome', began, job, ...paid(['2026-04-30', 416 * 1_271])).map(({ agreements }) => agreements)).toEqual([['dsa-hmrc-rti', 'dsa-job', 'dsa-rtof']]);
    // One before support began, or after the window, decides nothing.
    expect(outcome(began, jobStart('j', '2025-05-31'), ...paid(['2026-04-30', NEEDED]))).toEqual(['2026-04']);
    expect(outcome(began, jobStart('j', '2026-06-02'), ...paid(['2026-04-30', NEEDED]))).toEqual(['2026-04']);
  });

  it('takes the wage of each payment’s day where the rules say so', () => {
    const rules = structuredClone(LATEST_RULES);
    rules.earningsRateDate!.value = 'payment';
    const half = (last: number) => [began, ...paid(['2026-03-31', 208 * 1_221], ['2026-04-01', 208 * 1_271 + last])];
    const reaches = (facts: readonly Fact[]) => [...contributions(facts, rules).keys()].some((key) => key.startsWith('earnings_outcome|'));
    expect([reaches(half(0)), reaches(half(-1))]).toEqual([true, false]);
  });

  // Who turned 25, 23 or 21 in June has the adult rate of its years; the month after is the last of the rate below it. In the
  // month of the birthday, in the year of a birth of which no month is told, and for who tells none, a lower one is possible.
  it.each([
    ['2016-06-30', 1991, 6, 720, 720],
    ['2016-06-29', 1991, 6, 720, 670],
    ['2016-06-01', 1991, 7, 670, 670],
    ['2016-10-31', 1995, 10, 695, 695],
    ['2016-10-01', 1995, 11, 555, 555],
    ['2018-06-01', 1993, 6, 783, 738],
    ['2018-06-01', 1993, 7, 738, 738],
    ['2021-03-31', 1996, 4, 820, 820],
    ['2021-04-01', 1996, 5, 891, 891],
    ['2023-02-28', 2000, 2, 950, 950],
    ['2023-06-01', 2000, 7, 1_018, 1_018],
    ['2023-06-01', 2002, 7, 749, 749],
    ['2023-06-01', 2005, 7, 528, 528],
    ['2023-06-01', 2000, null, 1_042, 1_018],
    ['2023-12-31', 2000, null, 1_042, 1_042],
    ['2023-12-30', 2002, null, 1_018, 749],
    ['2023-06-01', null, null, 1_042, 528],
    ['2024-03-31', 2001, 4, 1_018, 1_018],
    ['2024-04-30', 2001, 4, 1_144, 1_144],
    ['2024-02-28', 2003, 2, 1_018, 749],
    ['2024-02-29', 2003, 2, 1_018, 1_018],
  ])('holds support begun on %s to the wage of then for those born %s-%s', (from, birthYear, birthMonth, rate, atLeast) => {
    const facts = [support('s', from), circumstances('c', from, { birthYear, birthMonth })];
    expect(both('earnings_outcome', ...facts, ...paid([from, 416 * rate]))).toEqual([1, 0]);
    expect(both('earnings_outcome', ...facts, ...paid([from, 416 * rate - 1]))).toEqual([0, rate > atLeast ? 1 : 0]);
    expect(both('earnings_outcome', ...facts, ...paid([from, 416 * atLeast]))).toEqual(rate > atLeast ? [0, 1] : [1, 0]);
    expect(both('earnings_outcome', ...facts, ...paid([from, 416 * atLeast - 1]))).toEqual([0, 0]);
  });

  it('says that evidence is insufficient on the day that reaches it for the youngest that the birth allows', () => {
    const born = circumstances('c', '2025-06-01', { birthYear: 2004 });
    const facts = [began, born, ...paid(['2025-06-30', 416_000 - 1], ['2025-07-31', 1], ['2025-08-31', 1])];
    expect(months('earnings_outcome_evidence_insufficient', ...facts)).toEqual(['2025-07']);
    expect(outcome(...facts)).toEqual([]);
    // Under the version before, the birthday was taken to be in July.
    expect([...contributions(facts, RULES_2026_3).keys()].filter((key) => key.startsWith('earnings'))).toEqual([expect.stringMatching(/^earnings_outcome\|2025-07/)]);
  });

  it('cannot tell, where no wage of the day is known: neither enough nor too little', () => {
    const before = support('s', '2016-03-31');
    expect(both('earnings_outcome', before, ...paid(['2016-05-31', NEEDED * 9]))).toEqual([0, 1]);
    expect(months('earnings_outcome_evidence_insufficient', before, ...paid(['2016-04-30', 1], ['2016-05-31', 1]))).toEqual(['2016-04']);
    // Nothing that was paid, or paid back again, says nothing; nor does pay after the window.
    for (const facts of [[], paid(['2016-04-30', 5], ['2016-05-31', -5]), paid(['2017-04-01', 5])]) expect(both('earnings_outcome', before, ...facts)).toEqual([0, 0]);
    // A job that started when there was a wage is measured by it.
    const born = circumstances('c', '2016-03-31', { birthYear: 1980 });
    expect(both('earnings_outcome', before, born, jobStart('j', '2016-04-01'), ...paid(['2016-05-31', 416 * 720]))).toEqual([1, 0]);
    expect(both('earnings_outcome', before, born, jobStart('j', '2016-04-01'), ...paid(['2016-05-31', 416 * 720 - 1]))).toEqual([0, 0]);
  });

  it('cannot tell, payment by payment, what is left to those that no wage measures', () => {
    const rules = structuredClone(LATEST_RULES);
    rules.earningsRateDate!.value = 'payment';
    const told = (measured: number) =>
      [...contributions([support('s', '2016-03-01'), ...paid(['2016-03-31', 500], ['2016-04-30', measured])], rules).keys()].map((key) => key.slice(0, key.indexOf('|'))).filter((metric) => metric.startsWith('earnings'));
    expect(told(416 * 720)).toEqual(['earnings_outcome']);
    expect(told(416 * 720 - 1)).toEqual(['earnings_outcome_evidence_insufficient']);
  });

  it('is as it was under the version before: no wage before April 2024, and nobody told apart', () => {
    const metrics = [...contributions([support('s', '2024-03-31'), ...paid(['2024-05-31', NEEDED * 9])], RULES_2026_2).keys()];
    expect(metrics.filter((key) => key.startsWith('earnings'))).toEqual([]);
  });
});

describe('progression', () => {
  const start = jobStart('j', '2025-01-15', { system: 'hmrc-rti' });
  const pay = (date: string, amountPence: number, more: Parameters<typeof earnings>[2] = {}) => earnings(`p${date.slice(2)}`, date, { job: 'j', frequency: 'M1', amountPence, ...more });
  const monthly = (from: number, to: number, pence: (month: number) => number) =>
    Array.from({ length: to - from + 1 }, (_, n) => pay(new Date(Date.UTC(2025, from + n, 0)).toISOString().slice(0, 10), pence(from + n)));
  const progressed = (what: 'pay' | 'hours', ...facts: readonly Fact[]) => [6, 12].map((at) => total(`${what}_progressed_${at}_months`, ...facts));

  it('compares pay six and twelve months on with the first whole period’s', () => {
    // A part month first, which is less and counts for nothing.
    expect(progressed('pay', start, ...monthly(1, 13, (month) => (month === 1 ? 10 : month < 7 ? 100 : month < 13 ? 101 : 100)))).toEqual([1, 0]);
    expect(progressed('pay', start, ...monthly(1, 13, (month) => (month === 1 ? 10 : 100)))).toEqual([0, 0]);
    expect(progressed('pay', start, ...monthly(1, 13, (month) => (month < 13 ? 100 : 101)))).toEqual([0, 1]);
  });

  it('takes no month of a day or two less for a whole one', () => {
    const from = (date: string) => [jobStart('j', date, { system: 'hmrc-rti' }), ...monthly(1, 13, (month) => (month === 1 ? 95 : 100))];
    expect(progressed('pay', ...from('2025-01-03'))).toEqual([0, 0]);
    expect(progressed('pay', ...from('2025-01-01'))).toEqual([0, 0]);
    expect(progressed('pay', ...from('2024-12-31'))).toEqual([1, 1]);
    expect([...contributions(from('2025-01-03'), RULES_2026_3).keys()].filter((key) => key.startsWith('pay_progressed'))).toHaveLength(2);
  });

  it('is dated six months after the start', () => {
    expect(months('pay_progressed_6_months', start, ...monthly(1, 8, (month) => month))).toEqual(['2025-07']);
  });

  it.each([
    ['for another period', { frequency: 'W4' }],
    ['for two periods', { periods: 2 }],
    ['at no regular time', { frequency: 'IR' }],
  ] as const)('says nothing of pay %s', (_, more) => {
    const facts = [start, ...monthly(1, 6, () => 100), pay('2025-07-31', 500, more), pay('2025-08-30', 500, more)];
    expect(progressed('pay', ...facts)).toEqual([0, 0]);
    expect(progressed('pay', ...facts, pay('2025-08-31', 500))).toEqual([1, 0]);
  });

  it('asks for the job to have lasted, and for word of then, not of long after', () => {
    expect(progressed('pay', start, ...monthly(1, 6, (month) => month))).toEqual([0, 0]);
    const council = (date: string) => [jobStart('j', '2025-01-15', { hourlyPayPence: 1_200 }), jobSustained('s', date, { job: 'j', hourlyPayPence: 1_300 })];
    expect(progressed('pay', ...council('2025-07-14'))).toEqual([0, 0]);
    expect(progressed('pay', ...council('2025-07-15'))).toEqual([1, 0]);
    expect(progressed('pay', ...council('2025-10-14'))).toEqual([1, 0]);
    expect(progressed('pay', ...council('2025-10-15'))).toEqual([0, 0]);
  });

  it.each([
    ['0-16', '16-24', 1],
    ['11-21', '16-24', 0],
    ['16-24', '16-24', 0],
    ['30-', '30-', 0],
    ['16-24', '0-16', 0],
  ])('finds more hours from %s to %s: %d', (first, then, expected) => {
    const records = [jobStart('j', '2025-01-15', { hours: first }), jobSustained('s', '2025-07-20', { job: 'j', hours: then })];
    expect(progressed('hours', ...records)).toEqual([expected, 0]);
    // Payroll’s start says what hours were when it was last asked.
    const payroll = [jobStart('j', '2025-01-15', { system: 'hmrc-rti', hours: then }), ...monthly(1, 8, () => 100).map((fact, n) => earnings(`h${n}`, new Date(fact.start * 86_400_000).toISOString().slice(0, 10), { job: 'j', hours: n < 6 ? first : then }))];
    expect(progressed('hours', ...payroll)).toEqual([expected, 0]);
  });

  it('hears the first source that can compare', () => {
    const payroll = [start, ...monthly(1, 8, () => 100)];
    const council = [jobStart('c', '2025-01-16', { hourlyPayPence: 1_200 }), jobSustained('s', '2025-07-20', { job: 'c', hourlyPayPence: 1_300 })];
    expect(progressed('pay', ...payroll, ...council)).toEqual([0, 0]);
    expect(progressed('pay', ...payroll.map((fact) => (fact.kind === 'EarningsReported' ? { ...fact, frequency: 'UNKNOWN' as const } : fact)), ...council)).toEqual([1, 0]);
  });
});

describe('job quality', () => {
  it('counts a permanent contract by the first start that tells', () => {
    const facts = [jobStart('a', '2026-05-01', { system: 'ilr' }), jobStart('b', '2026-05-02', { contract: 'PERMANENT' }), jobStart('c', '2026-05-03', { contract: 'TEMPORARY', system: 'nhs-csv' })];
    expect(total('permanent_job_starts', ...facts)).toBe(1);
    for (const contract of ['UNKNOWN', 'TEMPORARY', 'ZERO_HOURS', 'CASH_IN_HAND', 'SELF_EMPLOYED', 'OTHER'] as const) expect(total('permanent_job_starts', jobStart('a', '2026-05-01', { contract }))).toBe(0);
  });

  it.each([
    ['2026-04-30', 1_260, 'E08000003', 1],
    ['2026-04-30', 1_259, 'E08000003', 0],
    ['2026-05-01', 1_260, 'E08000003', 0],
    ['2026-05-01', 1_345, 'E08000003', 1],
    ['2026-05-01', 1_479, 'E09000001', 0],
    ['2026-05-01', 1_480, 'E09000001', 1],
    ['2026-05-01', 1_479, null, 0],
    ['2024-04-30', 9_999, 'E08000003', 0],
  ])('holds pay on %s of %d in %s to the rate of the day and the place: %d', (date, hourlyPayPence, district, expected) => {
    expect(total('job_starts_at_real_living_wage', jobStart('a', date, { hourlyPayPence }), circumstances('c', date, { district }))).toBe(expected);
  });
});
