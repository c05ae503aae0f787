import { NO_PROGRAMME } from '../attribution.js';
import { monthOf } from '../calendar.js';
import { groupedBy } from './grouped.js';
import type { OutcomeMetric } from './outcome-metric.js';

export const supportStarts: OutcomeMetric = {
  id: 'support_starts',
  title: 'Support starts',
  counts: 'each programme and month in which support started, whoever tells of it',
  dated: 'the earliest start told in that month',
  numbers: [],
  attributed: false,
  count: ({ facts }) =>
    groupedBy(facts.supports, (fact) => `${monthOf(fact.start)} ${fact.programme === null ? 'none' : `of ${fact.programme}`}`).map((group) => ({
      day: group[0].start,
      facts: group,
      programme: group[0].programme ?? NO_PROGRAMME,
    })),
};
