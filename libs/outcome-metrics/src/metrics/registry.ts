import type { RuleNumberName, RuleSet } from '../rules/index.js';
import { claimsEndedAfterJobStart } from './claims-ended-after-job-start.js';
import { intoWork } from './into-work.js';
import { jobStarts } from './job-starts.js';
import { learningStarts } from './learning-starts.js';
import type { OutcomeMetric } from './outcome-metric.js';
import { referrals } from './referrals.js';
import { supportStarts } from './support-starts.js';
import { sustained13Weeks } from './sustained-13-weeks.js';
import { sustained26Weeks } from './sustained-26-weeks.js';

/** Every outcome metric, in the order of a participant's way. */
export const OUTCOME_METRICS: readonly OutcomeMetric[] = [
  referrals,
  supportStarts,
  learningStarts,
  jobStarts,
  sustained13Weeks,
  sustained26Weeks,
  claimsEndedAfterJobStart,
  intoWork,
];

/** Numbers that decide a metric's figures and that nobody could verify; empty: all were. */
export const unverifiedNumbersOf = (metric: OutcomeMetric, rules: RuleSet): readonly RuleNumberName[] => {
  const read: readonly RuleNumberName[] = metric.attributed ? [...metric.numbers, 'openSupportDays'] : metric.numbers;
  return read.filter((name) => !rules.numbers[name].verified);
};
