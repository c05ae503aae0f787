import { cellText } from './cell-text.js';
import { dayNumber, dayText } from './days.js';
import { baselineOf, countedReferrals, NO_PROGRAMME, personAt, programmeAt, statusAt } from './dimensions.js';
import type { Chosen } from './dimensions.js';
import { byStart, evidenceOf, jobsOf, ofType } from './jobs.js';
import type { AnyFact, Fact, Job } from './jobs.js';
import { RULES } from './rules.js';
import { workOutcomes } from './work-outcomes.js';

/** One for a cell, before its dimensions are known. */
export interface Count {
  readonly metric: string;
  readonly day: number;
  readonly read: readonly AnyFact[];
  /** Where the fact's own programme counts. */
  readonly programme?: Chosen<string>;
}

const grouped = <T extends AnyFact>(facts: readonly T[], keyOf: (fact: T) => string): T[][] => {
  const groups = new Map<string, T[]>();
  for (const fact of facts) groups.set(keyOf(fact), [...(groups.get(keyOf(fact)) ?? []), fact]);
  return [...groups.values()].map((group) => group.sort(byStart));
};

const monthOf = (day: number): string => dayText(day).slice(0, 7);

function referrals(facts: readonly AnyFact[]): Count[] {
  return countedReferrals(facts).map((fact) => ({ metric: 'referrals', day: fact.start, read: [fact], programme: { value: fact.programme ?? NO_PROGRAMME, read: [] } }));
}

function supportStarts(facts: readonly AnyFact[]): Count[] {
  return grouped(ofType(facts, 'SupportStarted'), (fact) => `${fact.programme ?? ''} ${monthOf(fact.start)}`).flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ metric: 'support_starts', day: first.start, read: group, programme: { value: first.programme ?? NO_PROGRAMME, read: [] } }];
  });
}

function learningStarts(facts: readonly AnyFact[]): Count[] {
  const startOf = (fact: Fact<'LearningStatusChanged'>): number => (fact.body.startDate === null ? fact.start : dayNumber(fact.body.startDate));
  const started = ofType(facts, 'LearningStatusChanged').filter((fact) => fact.body.status === 'STARTED' && fact.body.aim !== null);
  return grouped(started, (fact) => `${fact.body.aim} ${startOf(fact)}`).flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ metric: 'learning_starts', day: startOf(first), read: group }];
  });
}

const jobStarts = (jobs: readonly Job[]): Count[] => jobs.map((job) => ({ metric: 'job_starts', day: job.start, read: job.facts }));

function sustained(jobs: readonly Job[], facts: readonly AnyFact[]): Count[] {
  return jobs.flatMap((job) => {
    const evidence = evidenceOf(job, facts);
    return RULES.sustainedWeeks
      .map((weeks) => ({ weeks, day: job.start + weeks * 7 }))
      .filter(({ day }) => evidence.through >= day)
      .map(({ weeks, day }) => ({ metric: `sustained_${weeks}_weeks`, day, read: [...job.facts, ...evidence.read] }));
  });
}

function claimsEnded(jobs: readonly Job[], facts: readonly AnyFact[]): Count[] {
  const ends = ofType(facts, 'BenefitClaimChanged').filter((fact) => fact.body.kind === 'ENDED');
  return grouped(ends, (fact) => `${fact.body.benefit} ${fact.body.claimStart ?? ''}`).flatMap((group) => {
    for (const end of group) {
      const from = Math.max(end.body.claimStart === null ? Number.NEGATIVE_INFINITY : dayNumber(end.body.claimStart), end.start - RULES.claimEndWindowDays);
      const qualifying = jobs.filter((job) => from <= job.start && job.start <= end.start);
      const latest = Math.max(...qualifying.map((job) => job.start));
      const job = qualifying.find((each) => each.start === latest);
      if (job !== undefined) return [{ metric: 'claims_ended_after_job_start', day: end.start, read: [...group, ...job.facts] }];
    }
    return [];
  });
}

function intoWork(jobs: readonly Job[], facts: readonly AnyFact[]): Count[] {
  const baseline = baselineOf(facts);
  if (baseline === undefined) return [];
  const status = statusAt(facts, baseline.start);
  if (status.value !== 'UNEMPLOYED' && status.value !== 'INACTIVE') return [];
  const after = jobs.filter((job) => job.start >= baseline.start);
  const start = Math.min(...after.map((job) => job.start));
  const job = after.find((each) => each.start === start);
  return job === undefined ? [] : [{ metric: 'into_work', day: job.start, read: [...job.facts, baseline, ...status.read] }];
}

/** One person's cells, from all facts in force about them. */
export function figuresOf(facts: readonly AnyFact[]): Map<string, number> {
  const jobs = jobsOf(facts);
  const counts = [
    ...referrals(facts),
    ...supportStarts(facts),
    ...jobStarts(jobs),
    ...sustained(jobs, facts),
    ...claimsEnded(jobs, facts),
    ...learningStarts(facts),
    ...intoWork(jobs, facts),
    ...workOutcomes(jobs, facts),
  ];
  const cells = new Map<string, number>();
  for (const { metric, day, read, ...own } of counts) {
    const { district, age, group } = personAt(facts, day);
    const programme = own.programme ?? programmeAt(facts, day);
    const agreements = [...read, ...[district, age, group, programme].flatMap((chosen) => chosen.read)].map((fact) => fact.agreement);
    const cell = cellText({
      metric,
      month: monthOf(day),
      district: district.value,
      programme: programme.value,
      ageBand: age.value,
      priorityGroup: group.value,
      agreements: [...new Set(agreements)],
    });
    cells.set(cell, (cells.get(cell) ?? 0) + 1);
  }
  return cells;
}
