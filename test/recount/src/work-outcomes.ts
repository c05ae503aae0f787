import { dayNumber, monthsLater } from './days.js';
import { baselineOf, districtAt, possibleYearsAt, UNKNOWN, yearsAt } from './dimensions.js';
import type { Count } from './figures.js';
import { hoursTogether } from './hours.js';
import type { HeldJob } from './hours.js';
import { byTrust, evidenceOf, ofType } from './jobs.js';
import type { AnyFact, Fact, Job } from './jobs.js';
import { RULES } from './rules.js';
import type { Hours } from './told.js';

/** Everything that is read for a job. */
const readOf = ({ job, evidence }: HeldJob): readonly AnyFact[] => [...job.facts, ...evidence.read];

function jobQuality(jobs: readonly Job[], facts: readonly AnyFact[]): Count[] {
  return jobs.flatMap((job) => {
    const contracts = job.facts.map((fact) => fact.body.contract).filter((contract) => contract !== null);
    const pays = job.facts.map((fact) => fact.body.hourlyPence).filter((pay) => pay !== null);
    const district = districtAt(ofType(facts, 'CircumstancesReported'), job.start).value;
    const rates = RULES.realLivingWage.rates.filter((rate) => dayNumber(rate.from) <= job.start).at(-1);
    const rate = district === UNKNOWN || /^E09/.test(district) ? rates?.london : rates?.elsewhere;
    const [pay] = pays;
    return [
      ...(contracts[0] === 'PERMANENT' ? [{ metric: 'permanent_job_starts', day: job.start, read: job.facts }] : []),
      ...(pay !== undefined && rate !== undefined && pay >= rate ? [{ metric: 'job_starts_at_real_living_wage', day: job.start, read: job.facts }] : []),
    ];
  });
}

type WeekHours = 'surely' | 'perhaps' | 'no';

/** What each week after a job's start was, and who was at work in it. */
function weeksAfter(start: number, held: readonly HeldJob[], hours: number, ofWeeks: number): { readonly hours: WeekHours; readonly at: readonly HeldJob[] }[] {
  return Array.from({ length: ofWeeks }, (_, index) => {
    const [first, next] = [start + index * 7, start + index * 7 + 7];
    const at = held.filter(({ job, evidence }) => job.start <= first && evidence.through >= next);
    if (at.length === 0) return { hours: 'no', at };
    const [least, below] = hoursTogether(at, next - 1);
    return { hours: least >= hours * 100 ? 'surely' : below === null || below > hours * 100 ? 'perhaps' : 'no', at };
  });
}

function hoursOutcome(metric: string, held: readonly HeldJob[], asked: { readonly hours: number; readonly weeks: number; readonly ofWeeks: number }): Count[] {
  const windows = held.map(({ job }) => ({ start: job.start, weeks: weeksAfter(job.start, held, asked.hours, asked.ofWeeks) }));
  const reached = (good: readonly WeekHours[]): { readonly day: number; readonly read: readonly AnyFact[] } | undefined => {
    for (const { start, weeks } of windows) {
      const last = weeks.map((week, index) => ({ week, index })).filter(({ week }) => good.includes(week.hours))[asked.weeks - 1]?.index;
      if (last === undefined) continue;
      const covering = new Set(weeks.slice(0, last + 1).flatMap(({ at }) => at));
      return { day: start + 7 * (last + 1), read: [...covering].flatMap(readOf) };
    }
    return undefined;
  };
  const surely = reached(['surely']);
  if (surely !== undefined) return [{ metric, ...surely }];
  const perhaps = reached(['surely', 'perhaps']);
  return perhaps === undefined ? [] : [{ metric: `${metric}_evidence_insufficient`, ...perhaps }];
}

/** Pence an hour by law; an age that nobody tells has what the oldest have. */
export function wageOfAge({ byAge }: (typeof RULES.minimumWage.rates)[number], years: number | null): number | undefined {
  const due = years === null ? byAge : byAge.filter(({ from }) => from === 0 || from <= years);
  return due.at(-1)?.pence;
}

function earningsOutcome(jobs: readonly Job[], facts: readonly AnyFact[]): Count[] {
  const baseline = baselineOf(facts);
  if (baseline === undefined) return [];
  const until = baseline.start + RULES.earnings.windowDays;
  const payments = ofType(facts, 'EarningsReported').filter(({ start }) => baseline.start <= start && start <= until);
  const job = RULES.earnings.rateOf === 'payment' ? undefined : jobs.find(({ start }) => baseline.start <= start && start <= until);
  const circumstances = ofType(facts, 'CircumstancesReported');
  /** By law, of every age that is possible, lowest first; none: before the first wage. */
  const wagesFor = (payment: AnyFact): readonly number[] => {
    const day = RULES.earnings.rateOf === 'payment' ? payment.start : (job?.start ?? baseline.start);
    const rates = RULES.minimumWage.rates.filter(({ from }) => dayNumber(from) <= day).at(-1);
    if (rates === undefined) return [];
    const ages = RULES.uncertainAge === 'assumed' ? [yearsAt(circumstances, day).years] : possibleYearsAt(circumstances, day);
    return ages.map((years) => wageOfAge(rates, years) ?? Number.NaN).sort((left, right) => left - right);
  };
  const worthBy = (day: number, end: 0 | -1): number => {
    const paid = payments.filter(({ start }) => start <= day);
    const wages = new Set(paid.map((payment) => wagesFor(payment).at(end)));
    return [...wages].reduce<number>((sum, wage) => {
      if (wage === undefined) return sum;
      const pence = paid.filter((payment) => wagesFor(payment).at(end) === wage).reduce((total, payment) => total + payment.body.pence, 0);
      return sum + Math.trunc((pence * 100) / wage);
    }, 0);
  };
  const days = [...new Set(payments.map(({ start }) => start))].sort((left, right) => left - right);
  const reachedAt = (end: 0 | -1): number | null => {
    const enough = days.map((day) => worthBy(day, end) >= RULES.earnings.hours * 100);
    return enough.at(-1) === true ? (days[enough.lastIndexOf(false) + 1] ?? Number.NaN) : null;
  };
  const read = [...payments, baseline, ...(job?.facts ?? [])];
  const [surely, perhaps] = [reachedAt(-1), reachedAt(0)];
  if (surely !== null) return [{ metric: 'earnings_outcome', day: surely, read }];
  if (perhaps !== null) return [{ metric: 'earnings_outcome_evidence_insufficient', day: perhaps, read }];
  const beforeWages = payments.filter((payment) => wagesFor(payment).length === 0);
  if (beforeWages.reduce((total, payment) => total + payment.body.pence, 0) <= 0) return [];
  return [{ metric: 'earnings_outcome_evidence_insufficient', day: Math.min(...beforeWages.map(({ start }) => start)), read }];
}

function selfEmployment(held: readonly HeldJob[]): Count[] {
  return held.flatMap((each) => {
    const day = monthsLater(each.job.start, RULES.selfEmploymentMonths);
    const own = each.job.facts.some((fact) => fact.body.work === 'SELF_EMPLOYED');
    return own && each.evidence.through >= day ? [{ metric: `self_employed_${RULES.selfEmploymentMonths}_months`, day, read: readOf(each) }] : [];
  });
}

/** First and later word of one system, where it has both. */
type Comparison<T> = readonly [first: T, later: T] | null;
const pairOf = <T>(first: T | null | undefined, later: T | null | undefined): Comparison<T> =>
  first === null || first === undefined || later === null || later === undefined ? null : [first, later];

/** What one system tells of a job. */
interface Words {
  readonly start: number;
  readonly starts: readonly Fact<'JobStarted'>[];
  readonly sustained: readonly Fact<'JobSustained'>[];
  readonly chain: readonly Fact<'EarningsReported'>[];
}
type Within = (fact: AnyFact) => boolean;

function payOf({ start, starts, sustained, chain }: Words, then: Within): Comparison<number> {
  const first = chain.find(({ body, start: day }) => {
    const least = RULES.payPeriodDays[body.frequency ?? ''];
    return least !== undefined && body.periods > 0 && day - start >= least * body.periods;
  });
  if (first === undefined) {
    const paid = (facts: readonly (Fact<'JobStarted'> | Fact<'JobSustained'>)[]): number | null | undefined => facts.find(({ body }) => body.hourlyPence !== null)?.body.hourlyPence;
    return pairOf(paid(starts), paid(sustained.filter(then)));
  }
  const alike = chain.filter((payment) => payment.body.frequency === first.body.frequency && payment.body.periods === first.body.periods);
  return pairOf(first.body.pence, alike.find(then)?.body.pence);
}

function bandsOf({ starts, sustained, chain }: Words, then: Within): Comparison<Hours> {
  const said = (facts: readonly (Fact<'JobStarted'> | Fact<'JobSustained'> | Fact<'EarningsReported'>)[]): Hours | null | undefined =>
    facts.find(({ body }) => body.hours !== null)?.body.hours;
  return chain.some(({ body }) => body.hours !== null) ? pairOf(said(chain), said(chain.filter(then))) : pairOf(said(starts), said(sustained.filter(then)));
}

function progression({ job, evidence }: HeldJob): Count[] {
  return RULES.progressionMonths.flatMap((months) => {
    const day = monthsLater(job.start, months);
    if (evidence.through < day) return [];
    const then: Within = ({ start }) => day <= start && start <= day + RULES.progressionWindowDays;
    const all: readonly AnyFact[] = [...job.facts, ...evidence.read];
    const systems = [...new Map([...all].sort(byTrust).map((fact) => [fact.system, fact])).keys()];
    const words = systems.map((system): Words => ({
      start: job.start,
      starts: job.facts.filter((fact) => fact.system === system),
      sustained: evidence.sustained.filter((fact) => fact.system === system),
      chain: evidence.chain.filter((fact) => fact.system === system),
    }));
    const [pay] = words.map((each) => payOf(each, then)).filter((pair) => pair !== null);
    const [bands] = words.map((each) => bandsOf(each, then)).filter((pair) => pair !== null);
    return [
      ...(pay !== undefined && pay[1] > pay[0] ? [{ metric: `pay_progressed_${months}_months`, day, read: all }] : []),
      ...(bands !== undefined && bands[0][1] !== null && bands[1][0] >= bands[0][1] ? [{ metric: `hours_progressed_${months}_months`, day, read: all }] : []),
    ];
  });
}

/** Hours, earnings, self-employment, progression and job quality: decision 0004, from rules 2026.2. */
export function workOutcomes(jobs: readonly Job[], facts: readonly AnyFact[]): Count[] {
  const held = jobs.map((job): HeldJob => ({ job, evidence: evidenceOf(job, facts) }));
  return [
    ...jobQuality(jobs, facts),
    ...hoursOutcome('lower_hours_outcome', held, RULES.lowerHours),
    ...hoursOutcome('higher_hours_outcome', held, RULES.higherHours),
    ...earningsOutcome(jobs, facts),
    ...selfEmployment(held),
    ...held.flatMap(progression),
  ];
}
