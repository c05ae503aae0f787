import type { OutcomeMetric } from './outcome-metric.js';

export const jobStarts: OutcomeMetric = {
  id: 'job_starts',
  title: 'Job starts',
  counts: 'each job, told by one source or several',
  dated: 'the start of the job',
  numbers: ['sameJobWindowDays'],
  tables: ['selfEmploymentApart'],
  attributed: true,
  count: ({ jobs }) => jobs.map((job) => ({ day: job.start, facts: job.facts })),
};
