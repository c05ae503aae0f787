import { UNKNOWN } from '../circumstances.js';
import { Wages } from '../wages.js';
import type { Count, OutcomeMetric } from './outcome-metric.js';

/** Codes of London's boroughs and of the City. */
const LONDON = 'E09';

export const jobStartsAtRealLivingWage: OutcomeMetric = {
  id: 'job_starts_at_real_living_wage',
  title: 'Job starts at or above the real Living Wage',
  counts: 'each job whose hourly pay, by the first of its starts that tells, is at least the real Living Wage of that day',
  dated: 'the start of the job',
  numbers: ['sameJobWindowDays'],
  tables: ['selfEmploymentApart', 'realLivingWage'],
  attributed: true,
  count: ({ jobs, circumstances }, rules) => {
    const counts: Count[] = [];
    for (const job of jobs) {
      const pay = job.facts.find(({ hourlyPayPence }) => hourlyPayPence !== null)?.hourlyPayPence ?? null;
      if (pay === null) continue;
      // The district is a dimension of the same day, so that its fact is read for the count as it is.
      const district = circumstances.districtAt(job.start).value;
      const rate = Wages.of(rules).livingAt(job.start, district === UNKNOWN || district.startsWith(LONDON));
      if (rate !== null && pay >= rate) counts.push({ day: job.start, facts: job.facts });
    }
    return counts;
  },
};
