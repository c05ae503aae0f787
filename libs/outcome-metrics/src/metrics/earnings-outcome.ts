import type { EpochDay } from '../calendar.js';
import type { EarningsFact, FactBase } from '../fact.js';
import type { Participant } from '../participant.js';
import { numberOf, tableOf } from '../rules/index.js';
import type { RuleSet } from '../rules/index.js';
import { Wages } from '../wages.js';
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

/** Cumulative earnings worth so many hours at the statutory wage, within so long of the day help began. */
export const earningsOutcome: OutcomeMetric = {
  id: 'earnings_outcome',
  title: 'Earnings outcome: pay worth 16 hours a week for 26 weeks',
  counts: 'each participant whose pay within a year of the day support began (else of the referral) adds up to 16 hours a week for 26 weeks at the statutory wage for the age; once',
  dated: 'the payment that reaches it for good',
  numbers: ['sameJobWindowDays', 'earningsWindowDays', 'earningsHoursPerWeek', 'earningsWeeks'],
  tables: ['selfEmploymentApart', 'earningsRateDate', 'minimumWage'],
  attributed: true,
  count: (participant, rules) => {
    const { facts, circumstances } = participant;
    if (facts.earnings.length === 0) return NONE;
    const baseline = baselineOf(facts);
    if (baseline === undefined) return NONE;
    const from = baseline.start;
    const to = from + numberOf(rules, 'earningsWindowDays');
    const payments = facts.earnings.filter(({ start }) => start >= from && start <= to);
    const rate = rateDay(participant, from, to, rules);
    const wages = Wages.of(rules);
    const hundredths = numberOf(rules, 'earningsHoursPerWeek') * numberOf(rules, 'earningsWeeks') * 100;
    const day = reachedOn(payments, hundredths, (payment) => {
      const on = rate.of(payment);
      return wages.minimumAt(on, circumstances.ageAt(on));
    });
    return day === undefined ? NONE : [{ day, facts: [...payments, baseline, ...rate.facts] }];
  },
};
