import { isCounted, NO_PROGRAMME } from '../attribution.js';
import type { OutcomeMetric } from './outcome-metric.js';

export const referrals: OutcomeMetric = {
  id: 'referrals',
  title: 'Referrals',
  counts: 'each referral that was neither revoked nor is still a draft',
  dated: 'the date of the referral',
  numbers: [],
  attributed: false,
  count: ({ facts }) =>
    facts.referrals
      .filter(isCounted)
      .map((fact) => ({ day: fact.start, facts: [fact], programme: fact.programme ?? NO_PROGRAMME })),
};
