import { addMonths } from '../calendar.js';
import type { EpochDay } from '../calendar.js';
import type { FactBase } from '../fact.js';
import type { Job } from '../jobs.js';
import type { Participant } from '../participant.js';
import { Precedence } from '../precedence.js';
import { numberOf, tableOf } from '../rules/index.js';
import type { RuleNumberName, RuleSet, RuleTableName } from '../rules/index.js';
import type { Count, OutcomeMetric } from './outcome-metric.js';

/** Days on which what is told tells of the day on which is compared. */
interface Then {
  readonly from: EpochDay;
  readonly to: EpochDay;
}

/** Whether one source tells of more then than at first; undefined: it tells nothing that could be compared. */
type Compare = (job: Job, system: string, then: Then, rules: RuleSet) => boolean | undefined;

const NONE: readonly Count[] = [];

/** First of all the first payment for whole periods, since one sooner after the start is for less. */
const morePaid: Compare = (job, system, then, rules) => {
  const periodDays = tableOf(rules, 'payPeriods').days;
  const first = job.payments.find((fact) => {
    const days = periodDays[fact.frequency];
    return fact.system === system && days !== undefined && fact.periods > 0 && fact.start - job.start >= days * fact.periods;
  });
  if (first !== undefined) {
    const later = job.payments.find(
      (fact) => fact.system === system && fact.start >= then.from && fact.start <= then.to && fact.frequency === first.frequency && fact.periods === first.periods,
    );
    return later === undefined ? undefined : later.amountPence > first.amountPence;
  }
  const hourly = job.facts.find((fact) => fact.system === system && fact.hourlyPayPence !== null)?.hourlyPayPence ?? null;
  const hourlyThen = job.sustained.find((fact) => fact.system === system && isWithin(fact, then) && fact.hourlyPayPence !== null)?.hourlyPayPence ?? null;
  return hourly === null || hourlyThen === null ? undefined : hourlyThen > hourly;
};

const isWithin = ({ start }: FactBase, { from, to }: Then): boolean => start >= from && start <= to;

/** Surely more hours: the later band lies wholly above the first. */
const moreHours: Compare = (job, system, then) => {
  const paid = job.payments.filter((fact) => fact.system === system && fact.hours !== null);
  const [first, later] =
    paid.length > 0
      ? [paid[0]?.hours ?? null, paid.find((fact) => isWithin(fact, then))?.hours ?? null]
      : [
          job.facts.find((fact) => fact.system === system && fact.hours !== null)?.hours ?? null,
          job.sustained.find((fact) => fact.system === system && isWithin(fact, then) && fact.hours !== null)?.hours ?? null,
        ];
  return first === null || later === null ? undefined : first.below !== null && later.atLeast >= first.below;
};

/** Systems that tell of a job, in their order. */
const systemsOf = (job: Job, rules: RuleSet): readonly string[] => {
  const found = new Map<string, FactBase>();
  for (const facts of [job.facts, job.sustained, job.payments]) for (const fact of facts) if (!found.has(fact.system)) found.set(fact.system, fact);
  return [...found.values()].sort(Precedence.of(rules).compare).map(({ system }) => system);
};

type Months = Extract<RuleNumberName, `${string}ProgressionMonths`>;

/** A count for each job proved to have lasted until then of which the first source that can compare tells more than at first. */
const progressed =
  (months: Months, more: Compare) =>
  ({ jobs }: Participant, rules: RuleSet): readonly Count[] => {
    if (jobs.length === 0) return NONE;
    const counts: Count[] = [];
    for (const job of jobs) {
      // Most jobs have no evidence that they lasted at all.
      if (job.provedThrough === job.start) continue;
      const day = addMonths(job.start, numberOf(rules, months));
      if (job.provedThrough < day) continue;
      const then = { from: day, to: day + numberOf(rules, 'progressionWindowDays') };
      for (const system of systemsOf(job, rules)) {
        const isMore = more(job, system, then, rules);
        if (isMore === undefined) continue;
        if (isMore) counts.push({ day, facts: [...job.facts, ...job.sustained, ...job.payments] });
        break;
      }
    }
    return counts;
  };

const shared = (months: Months, ...tables: readonly RuleTableName[]) =>
  ({
    numbers: ['sameJobWindowDays', 'paymentGapDays', months, 'progressionWindowDays'],
    tables: ['selfEmploymentApart', ...tables],
    attributed: true,
  }) as const;

const PAY = 'each job, proved to have lasted so long, for which one source tells more pay then than at first, by the hour or for the same pay period';
const HOURS = 'each job, proved to have lasted so long, for which one source tells hours then in a band that lies wholly above the first';

export const payProgressed6Months: OutcomeMetric = {
  id: 'pay_progressed_6_months',
  title: 'Pay higher after six months',
  counts: PAY,
  dated: 'the start of the job plus six months',
  ...shared('firstProgressionMonths', 'payPeriods'),
  count: progressed('firstProgressionMonths', morePaid),
};

export const payProgressed12Months: OutcomeMetric = {
  id: 'pay_progressed_12_months',
  title: 'Pay higher after twelve months',
  counts: PAY,
  dated: 'the start of the job plus twelve months',
  ...shared('secondProgressionMonths', 'payPeriods'),
  count: progressed('secondProgressionMonths', morePaid),
};

export const hoursProgressed6Months: OutcomeMetric = {
  id: 'hours_progressed_6_months',
  title: 'Hours higher after six months',
  counts: HOURS,
  dated: 'the start of the job plus six months',
  ...shared('firstProgressionMonths'),
  count: progressed('firstProgressionMonths', moreHours),
};

export const hoursProgressed12Months: OutcomeMetric = {
  id: 'hours_progressed_12_months',
  title: 'Hours higher after twelve months',
  counts: HOURS,
  dated: 'the start of the job plus twelve months',
  ...shared('secondProgressionMonths'),
  count: progressed('secondProgressionMonths', moreHours),
};
