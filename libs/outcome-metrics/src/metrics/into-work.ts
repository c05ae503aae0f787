import { baselineOf } from './baseline.js';
import type { OutcomeMetric } from './outcome-metric.js';

export const intoWork: OutcomeMetric = {
  id: 'into_work',
  title: 'Into work',
  counts: 'each participant who was unemployed or inactive when support began (else when referred) and then started a job; once',
  dated: 'the first job start on or after that day',
  numbers: ['sameJobWindowDays'],
  tables: ['selfEmploymentApart'],
  attributed: true,
  count: ({ facts, jobs, circumstances }) => {
    const baseline = baselineOf(facts);
    if (baseline === undefined) return [];
    // Jobs stand in the order of their anchors, so the first that matches is the earliest.
    const job = jobs.find(({ start }) => start >= baseline.start);
    if (job === undefined) return [];
    const status = circumstances.statusAt(baseline.start);
    if (status.fact === undefined || (status.value !== 'UNEMPLOYED' && status.value !== 'INACTIVE')) return [];
    return [{ day: job.start, facts: [...job.facts, baseline, status.fact] }];
  },
};
