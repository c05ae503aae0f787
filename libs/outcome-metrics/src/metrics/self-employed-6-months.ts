import { addMonths } from '../calendar.js';
import { numberOf } from '../rules/index.js';
import type { Count, OutcomeMetric } from './outcome-metric.js';

export const selfEmployed6Months: OutcomeMetric = {
  id: 'self_employed_6_months',
  title: 'Self-employment sustained for six months',
  counts: 'each job of self-employment that a sustain record proves to have lasted six months; what it earned is in no source',
  dated: 'the start of the job plus six months',
  numbers: ['sameJobWindowDays', 'paymentGapDays', 'selfEmploymentMonths'],
  tables: ['selfEmploymentApart'],
  attributed: true,
  count: ({ jobs }, rules) => {
    const counts: Count[] = [];
    for (const job of jobs) {
      if (!job.selfEmployed) continue;
      const day = addMonths(job.start, numberOf(rules, 'selfEmploymentMonths'));
      if (job.provedThrough >= day) counts.push({ day, facts: [...job.facts, ...job.sustained, ...job.payments] });
    }
    return counts;
  },
};
