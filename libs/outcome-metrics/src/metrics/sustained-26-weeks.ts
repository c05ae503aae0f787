import type { OutcomeMetric } from './outcome-metric.js';
import { sustainedFor } from './sustained.js';

export const sustained26Weeks: OutcomeMetric = {
  id: 'sustained_26_weeks',
  title: 'Jobs sustained for 26 weeks',
  counts: 'each job that a sustain record or an unbroken chain of payments proves to have lasted 26 weeks',
  dated: 'the start of the job plus 26 weeks',
  numbers: ['sameJobWindowDays', 'paymentGapDays', 'longSustainmentWeeks'],
  tables: ['selfEmploymentApart'],
  attributed: true,
  count: sustainedFor('longSustainmentWeeks'),
};
