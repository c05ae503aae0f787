import type { EpochDay } from '../calendar.js';
import type { EarningsFact, FactBase } from '../fact.js';
import type { Participant } from '../participant.js';
import { numberOf, tableOf } from '../rules/index.js';
import type { RuleSet } from '../rules/index.js';
import { Wages } from '../wages.js';
import type { Minima } from '../wages.js';
import { baselineOf } from './baseline.js';
import type { Count, OutcomeMetric } from './outcome-metric.js';

const NONE: readonly Count[] = [];

/** Which rate payments are measured by, and the facts that decide it. */
interface RateDay {
  readonly of: (payment: EarningsFact) => EpochDay;
  readonly facts: readonly FactBase[];
}

const rateDay = ({ jobs }: Participant, from: EpochDay, to: EpochDay, rules: RuleSet): RateDay => {
  if (tableOf(rules, 'earningsRateDate').value === 'payment') return { of: ({ start }) => start, facts: [] };
  const job = jobs.find(({ start }) => start >= from && start <= to);
  const day = job?.start ?? from;
  return { of: () => day, facts: job?.facts ?? [] };
};

/**
 * Hundredths of an hour that pay is worth: pence are added up rate by rate first, so that one rate gives the exact threshold
 * and nothing depends on how pay was divided.
 */
const worth = (penceByRate: ReadonlyMap<number, number>): number => {
  let hundredths = 0;
  for (const [rate, pence] of penceByRate) hundredths += Math.trunc((pence * 100) / rate);
  return hundredths;
};

/**
 * The day from which all that was paid by then, corrections downwards included, is worth the hours asked for and stays so to
 * the end of the window; undefined: it is not, in the end.
 */
const reachedOn = (payments: readonly EarningsFact[], hundredths: number, rateOf: (payment: EarningsFact) => number | null): EpochDay | undefined => {
  const penceByRate = new Map<number, number>();
  let reached: EpochDay | undefined;
  for (const [index, payment] of payments.entries()) {
    const rate = rateOf(payment);
    if (rate !== null) penceByRate.set(rate, (penceByRate.get(rate) ?? 0) + payment.amountPence);
    // What is paid on one day is paid together.
    if (payments[index + 1]?.start === payment.start) continue;
    if (worth(penceByRate) < hundredths) reached = undefined;
    else reached ??= payment.start;
  }
  return reached;
};

/** What a participant was paid within the window, and the wages that may measure each payment. */
interface Paid {
  readonly payments: readonly EarningsFact[];
  /** Null: the payment is measured by a day before the first wage. */
  readonly wagesOf: (payment: EarningsFact) => Minima | null;
  /** Everything read for the outcome. */
  readonly facts: readonly FactBase[];
}

/** Undefined where nobody tells of pay, or of a day that help began. */
const paidTo = (participant: Participant, rules: RuleSet): Paid | undefined => {
  const { facts, circumstances } = participant;
  if (facts.earnings.length === 0) return undefined;
  const baseline = baselineOf(facts);
  if (baseline === undefined) return undefined;
  const from = baseline.start;
  const to = from + numberOf(rules, 'earningsWindowDays');
  const payments = facts.earnings.filter(({ start }) => start >= from && start <= to);
  const rate = rateDay(participant, from, to, rules);
  const wages = Wages.of(rules);
  const assumed = assumesAge(rules);
  const wagesOf = (payment: EarningsFact): Minima | null => {
    const on = rate.of(payment);
    if (!assumed) return wages.minimaAt(on, circumstances.agesAt(on));
    const wage = wages.minimumAt(on, circumstances.ageAt(on));
    return wage === null ? null : { lowest: wage, highest: wage };
  };
  return { payments, wagesOf, facts: [...payments, baseline, ...rate.facts] };
};

const assumesAge = (rules: RuleSet): boolean => tableOf(rules, 'uncertainAge').value === 'assumed';

const reachedBy = ({ payments, wagesOf }: Paid, which: keyof Minima, rules: RuleSet): EpochDay | undefined =>
  reachedOn(payments, numberOf(rules, 'earningsHoursPerWeek') * numberOf(rules, 'earningsWeeks') * 100, (payment) => wagesOf(payment)?.[which] ?? null);

const shared = {
  numbers: ['sameJobWindowDays', 'earningsWindowDays', 'earningsHoursPerWeek', 'earningsWeeks'],
  tables: ['selfEmploymentApart', 'uncertainAge', 'earningsRateDate', 'minimumWage'],
  attributed: true,
} as const;

/** Cumulative earnings worth so many hours at the statutory wage, within so long of the day help began. */
export const earningsOutcome: OutcomeMetric = {
  id: 'earnings_outcome',
  title: 'Earnings outcome: pay worth 16 hours a week for 26 weeks',
  counts: 'each participant whose pay within a year of the day support began (else of the referral) adds up to 16 hours a week for 26 weeks at the statutory wage for the age; once',
  dated: 'the payment that reaches it for good',
  ...shared,
  count: (participant, rules) => {
    const paid = paidTo(participant, rules);
    const day = paid && reachedBy(paid, 'highest', rules);
    return paid === undefined || day === undefined ? NONE : [{ day, facts: paid.facts }];
  },
};

/** Nobody can say by these rules whether it was enough: the wage of its days, or the age, is not known. */
export const earningsOutcomeEvidenceInsufficient: OutcomeMetric = {
  id: 'earnings_outcome_evidence_insufficient',
  title: 'Earnings outcome: evidence insufficient',
  counts: 'each participant paid within that year whose pay falls short by what is sure, while some of it belongs to a day before the first statutory wage in the table, or all of it would do at an age that what is told of the birth leaves possible; once',
  dated: 'the payment that would reach it for good at the youngest such age, else the first that no wage measures',
  ...shared,
  count: (participant, rules) => {
    const baseline = participant.facts.earnings.length === 0 ? undefined : baselineOf(participant.facts);
    // No rate's day lies before the baseline's: hardly anybody's has no wage.
    if (baseline === undefined || (assumesAge(rules) && Wages.of(rules).minimumAt(baseline.start, null) !== null)) return NONE;
    const paid = paidTo(participant, rules);
    if (paid === undefined || reachedBy(paid, 'highest', rules) !== undefined) return NONE;
    const reached = reachedBy(paid, 'lowest', rules);
    if (reached !== undefined) return [{ day: reached, facts: paid.facts }];
    const unmeasured = paid.payments.filter((payment) => paid.wagesOf(payment) === null);
    const [first] = unmeasured;
    return first === undefined || unmeasured.reduce((sum, { amountPence }) => sum + amountPence, 0) <= 0 ? NONE : [{ day: first.start, facts: paid.facts }];
  },
};
