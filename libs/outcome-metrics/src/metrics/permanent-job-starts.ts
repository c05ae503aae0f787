import type { OutcomeMetric } from './outcome-metric.js';

export const permanentJobStarts: OutcomeMetric = {
  id: 'permanent_job_starts',
  title: 'Permanent job starts',
  counts: 'each job whose contract is permanent by the first of its starts that tells; of a job whose contract nobody tells nothing is said',
  dated: 'the start of the job',
  numbers: ['sameJobWindowDays'],
  tables: ['selfEmploymentApart'],
  attributed: true,
  count: ({ jobs }) =>
    jobs
      .filter((job) => job.facts.find(({ contract }) => contract !== 'UNKNOWN')?.contract === 'PERMANENT')
      .map((job) => ({ day: job.start, facts: job.facts })),
};
