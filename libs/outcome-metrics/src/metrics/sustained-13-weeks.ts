import type { OutcomeMetric } from './outcome-metric.js';
import { sustainedFor } from './sustained.js';

export const sustained13Weeks: OutcomeMetric = {
  id: 'sustained_13_weeks',
  title: 'Jobs sustained for 13 weeks',
  counts: 'each job that a sustain record or an unbroken chain of payments proves to have lasted 13 weeks',
  dated: 'the start of the job plus 13 weeks',
  numbers: ['sameJobWindowDays', 'paymentGapDays', 'shortSustainmentWeeks'],
  tables: ['selfEmploymentApart'],
  attributed: true,
  count: sustainedFor('shortSustainmentWeeks'),
};
