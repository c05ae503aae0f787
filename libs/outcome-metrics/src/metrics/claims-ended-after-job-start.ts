import type { EpochDay } from '../calendar.js';
import type { Job } from '../jobs.js';
import type { Count, OutcomeMetric } from './outcome-metric.js';
import { groupedBy } from './grouped.js';

/** The latest-starting job within the days given; of equal starts the one anchored first. */
const latestJobWithin = (jobs: readonly Job[], from: EpochDay, to: EpochDay): Job | undefined => {
  let latest: Job | undefined;
  for (const job of jobs) {
    if (job.start >= from && job.start <= to && (latest === undefined || job.start > latest.start)) latest = job;
  }
  return latest;
};

export const claimsEndedAfterJobStart: OutcomeMetric = {
  id: 'claims_ended_after_job_start',
  title: 'Benefit claims ended after a job start',
  counts: 'each benefit claim that ended with a job started during it, not long before its end',
  dated: 'the earliest end told that follows a job start',
  numbers: ['sameJobWindowDays', 'claimEndWindowDays'],
  tables: ['selfEmploymentApart'],
  attributed: true,
  count: ({ facts, jobs }, rules) => {
    if (jobs.length === 0) return [];
    const window = rules.numbers.claimEndWindowDays.value;
    const ended = facts.claims.filter((fact) => fact.change === 'ENDED');
    return groupedBy(ended, (fact) => `${fact.benefit} ${fact.claimStart ?? ''}`).flatMap((group): Count[] => {
      for (const { claimStart, start: end } of group) {
        const job = latestJobWithin(jobs, Math.max(claimStart ?? -Infinity, end - window), end);
        if (job !== undefined) return [{ day: end, facts: [...group, ...job.facts] }];
      }
      return [];
    });
  },
};
