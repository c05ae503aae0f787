import { InvalidRuleSet, numberOf, tableOf } from '../rules/index.js';
import type { RuleNumberName, RuleSet, RuleTableName } from '../rules/index.js';
import { claimsEndedAfterJobStart } from './claims-ended-after-job-start.js';
import { earningsOutcome, earningsOutcomeEvidenceInsufficient } from './earnings-outcome.js';
import { higherHoursOutcome, higherHoursOutcomeEvidenceInsufficient, lowerHoursOutcome, lowerHoursOutcomeEvidenceInsufficient } from './hours-outcomes.js';
import { intoWork } from './into-work.js';
import { jobStarts } from './job-starts.js';
import { jobStartsAtRealLivingWage } from './job-starts-at-real-living-wage.js';
import { learningStarts } from './learning-starts.js';
import type { OutcomeMetric } from './outcome-metric.js';
import { permanentJobStarts } from './permanent-job-starts.js';
import { hoursProgressed12Months, hoursProgressed6Months, payProgressed12Months, payProgressed6Months } from './progression.js';
import { referrals } from './referrals.js';
import { selfEmployed6Months } from './self-employed-6-months.js';
import { supportStarts } from './support-starts.js';
import { sustained13Weeks } from './sustained-13-weeks.js';
import { sustained26Weeks } from './sustained-26-weeks.js';

/** Every outcome metric, in the order of a participant's way. */
export const OUTCOME_METRICS: readonly OutcomeMetric[] = [
  referrals,
  supportStarts,
  learningStarts,
  jobStarts,
  permanentJobStarts,
  jobStartsAtRealLivingWage,
  sustained13Weeks,
  sustained26Weeks,
  lowerHoursOutcome,
  lowerHoursOutcomeEvidenceInsufficient,
  higherHoursOutcome,
  higherHoursOutcomeEvidenceInsufficient,
  earningsOutcome,
  earningsOutcomeEvidenceInsufficient,
  selfEmployed6Months,
  payProgressed6Months,
  payProgressed12Months,
  hoursProgressed6Months,
  hoursProgressed12Months,
  claimsEndedAfterJobStart,
  intoWork,
];

const counted = new WeakMap<RuleSet, readonly OutcomeMetric[]>();

/**
 * The metrics that a rule set counts, in the order of a participant's way.
 *
 * @throws {InvalidRuleSet} for a metric that there is not, or that reads what the rule set does not state
 */
export const metricsOf = (rules: RuleSet): readonly OutcomeMetric[] => {
  let metrics = counted.get(rules);
  if (metrics === undefined) {
    metrics = OUTCOME_METRICS.filter(({ id }) => rules.metrics.includes(id));
    if (metrics.length < rules.metrics.length) throw new InvalidRuleSet([{ place: 'metrics', expected: 'ids of outcome metrics' }]);
    for (const { numbers, tables = [] } of metrics) {
      for (const name of numbers) numberOf(rules, name);
      for (const name of tables) tableOf(rules, name);
    }
    counted.set(rules, metrics);
  }
  return metrics;
};

/** What of a rule set decides a metric's figures and nobody could verify; empty: all was. */
export const unverifiedRulesOf = (metric: OutcomeMetric, rules: RuleSet): readonly (RuleNumberName | RuleTableName)[] => {
  const read: readonly RuleNumberName[] = metric.attributed ? [...metric.numbers, 'openSupportDays'] : metric.numbers;
  return [...read.filter((name) => rules.numbers[name]?.verified === false), ...(metric.tables ?? []).filter((name) => rules[name]?.verified === false)];
};
