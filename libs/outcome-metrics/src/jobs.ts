import { lastDay } from './calendar.js';
import type { EpochDay } from './calendar.js';
import type { EarningsFact, FactBase, IdText, JobStartedFact, JobSustainedFact } from './fact.js';
import type { FactsInForce } from './facts-in-force.js';
import type { RuleSet } from './rules/index.js';

/** One job, told by one source or several. */
export interface Job {
  /** The anchor's. */
  readonly start: EpochDay;
  /** Every job start that tells of it; the first is its anchor. */
  readonly facts: readonly JobStartedFact[];
  /** Statements that it was still held. */
  readonly sustained: readonly JobSustainedFact[];
  /** Payments reached from its start without too long a gap. */
  readonly payments: readonly EarningsFact[];
  /** Last day to which some evidence proves it; its start where none does. */
  readonly provedThrough: EpochDay;
  /** Whether a fact of it tells of self-employment. */
  readonly selfEmployed: boolean;
}

/** A job while its facts are being gathered. */
class GatheredJob implements Job {
  readonly start: EpochDay;
  readonly facts: JobStartedFact[];
  readonly sustained: JobSustainedFact[] = [];
  readonly payments: EarningsFact[] = [];
  provedThrough: EpochDay;
  selfEmployed: boolean;
  private employed: boolean;
  private readonly anchorEnd: EpochDay;
  private paidThrough: EpochDay;

  constructor(anchor: JobStartedFact) {
    this.start = anchor.start;
    this.anchorEnd = lastDay(anchor.start, anchor.precision);
    this.facts = [anchor];
    this.selfEmployed = anchor.work === 'SELF_EMPLOYED';
    this.employed = anchor.work === 'EMPLOYED';
    this.provedThrough = anchor.start;
    this.paidThrough = anchor.start;
  }

  /** Days from the anchor's interval to that of a fact which does not start before it. */
  gapTo(fact: JobStartedFact): number {
    return Math.max(0, fact.start - this.anchorEnd);
  }

  /** Whether a fact of the same source names another employer. */
  contradicts({ system, employer }: JobStartedFact): boolean {
    if (employer === null) return false;
    return this.facts.some(
      (fact) =>
        fact.system === system &&
        fact.employer !== null &&
        fact.employer.partner === employer.partner &&
        fact.employer.key !== employer.key,
    );
  }

  /** Whether one of the two tells of employment, the other of self-employment. */
  isOtherWork({ work }: JobStartedFact): boolean {
    return work === 'SELF_EMPLOYED' ? this.employed : work === 'EMPLOYED' && this.selfEmployed;
  }

  take(fact: JobStartedFact): void {
    this.facts.push(fact);
    if (fact.work === 'SELF_EMPLOYED') this.selfEmployed = true;
    if (fact.work === 'EMPLOYED') this.employed = true;
  }

  takeSustained(fact: JobSustainedFact): void {
    this.sustained.push(fact);
    if (fact.start > this.provedThrough) this.provedThrough = fact.start;
  }

  /** Payments come in order of date, so a gap once too long never closes: each is looked at once per job. */
  takePayment(fact: EarningsFact, gapDays: number): void {
    if (fact.start < this.start || fact.start - this.paidThrough > gapDays) return;
    this.paidThrough = fact.start;
    this.payments.push(fact);
    if (fact.start > this.provedThrough) this.provedThrough = fact.start;
  }
}

const anchorJobs = (jobStarts: readonly JobStartedFact[], rules: RuleSet): GatheredJob[] => {
  const windowDays = rules.numbers.sameJobWindowDays.value;
  const apart = rules.selfEmploymentApart.value;
  const jobs: GatheredJob[] = [];
  // Facts come by start, so a job that one is too late for is too late for all that follow.
  let firstOpen = 0;
  for (const fact of jobStarts) {
    while (firstOpen < jobs.length && (jobs[firstOpen]?.gapTo(fact) ?? 0) > windowDays) firstOpen += 1;
    let taken = false;
    for (let i = firstOpen; i < jobs.length && !taken; i += 1) {
      const job = jobs[i];
      if (job === undefined || job.gapTo(fact) > windowDays || job.contradicts(fact) || (apart && job.isOtherWork(fact))) continue;
      job.take(fact);
      taken = true;
    }
    if (!taken) jobs.push(new GatheredJob(fact));
  }
  return jobs;
};

const employment = (fact: FactBase, employer: IdText): string => `${employer}${fact.system}`;

const byEmployment = (jobs: readonly GatheredJob[]): Map<string, GatheredJob[]> => {
  const found = new Map<string, GatheredJob[]>();
  for (const job of jobs) {
    for (const fact of job.facts) {
      if (fact.employer === null) continue;
      const key = employment(fact, fact.employer.key);
      const known = found.get(key);
      if (known === undefined) found.set(key, [job]);
      else if (known.at(-1) !== job) known.push(job);
    }
  }
  return found;
};

/**
 * A participant's jobs, in the order they were anchored, with the evidence that they lasted.
 *
 * A fact goes to the earliest-anchored job whose anchor's interval is within `sameJobWindowDays` of its own and which no
 * fact of the same source contradicts by naming another employer, nor, where the rules keep them apart, by telling of
 * self-employment where others tell of employment; otherwise it anchors a job. Evidence is positive only:
 * statements that a job was held, and payments above zero, made while employed, without a gap above `paymentGapDays`.
 * Job ends are not read.
 */
export const jobsOf = (facts: FactsInForce, rules: RuleSet): readonly Job[] => {
  if (facts.jobStarts.length === 0) return [];
  const jobs = anchorJobs(facts.jobStarts, rules);
  if (facts.jobsSustained.length === 0 && facts.earnings.length === 0) return jobs;

  const byFact = new Map<IdText, GatheredJob>();
  for (const job of jobs) for (const fact of job.facts) byFact.set(fact.id, job);

  for (const fact of facts.jobsSustained) {
    if (fact.job !== null) byFact.get(fact.job)?.takeSustained(fact);
  }

  const gapDays = rules.numbers.paymentGapDays.value;
  let employments: Map<string, GatheredJob[]> | undefined;
  for (const fact of facts.earnings) {
    if (fact.amountPence <= 0 || fact.afterLeaving) continue;
    if (fact.job !== null) byFact.get(fact.job)?.takePayment(fact, gapDays);
    else if (fact.employer !== null) {
      employments ??= byEmployment(jobs);
      for (const job of employments.get(employment(fact, fact.employer)) ?? []) job.takePayment(fact, gapDays);
    }
  }
  return jobs;
};
