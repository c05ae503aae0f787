import type { InForce } from './in-force.js';
import type { Body } from './told.js';
import { RULES } from './rules.js';

export type Fact<T extends Body['type']> = InForce & { readonly id: string; readonly body: Extract<Body, { type: T }> };
export type AnyFact = InForce & { readonly id: string };

export const ofType = <T extends Body['type']>(facts: readonly AnyFact[], type: T): Fact<T>[] =>
  facts.filter((fact): fact is Fact<T> => fact.body.type === type);

const rank = (fact: AnyFact): number => {
  const index = RULES.sources.indexOf(fact.system);
  return index === -1 ? RULES.sources.length : index;
};

/** Order of sources, then of fact ids as bytes (hexadecimal text sorts alike). */
export const byTrust = (left: AnyFact, right: AnyFact): number =>
  rank(left) - rank(right) || (left.system < right.system ? -1 : left.system > right.system ? 1 : 0) || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0);

export const byStart = (left: AnyFact, right: AnyFact): number => left.start - right.start || byTrust(left, right);

export interface Job {
  readonly start: number;
  readonly facts: readonly Fact<'JobStarted'>[];
}

const gap = (left: AnyFact, right: AnyFact): number => Math.max(0, left.start - right.end, right.start - left.end);
const sameSource = (left: AnyFact, right: AnyFact): boolean => left.deployment === right.deployment && left.system === right.system;

const contradicts = (one: Fact<'JobStarted'>, other: Fact<'JobStarted'>): boolean =>
  sameSource(one, other) && one.body.employer !== null && other.body.employer !== null && one.body.employer !== other.body.employer;

const otherWork = (one: Fact<'JobStarted'>, other: Fact<'JobStarted'>): boolean => RULES.selfEmploymentApart && one.body.work !== other.body.work;

/** One job told by several sources is one job: decision 0004, in the order in which jobs were anchored. */
export function jobsOf(facts: readonly AnyFact[]): Job[] {
  const jobs: { start: number; facts: Fact<'JobStarted'>[] }[] = [];
  for (const fact of ofType(facts, 'JobStarted').sort(byStart)) {
    const home = jobs.find((job) => {
      const [anchor] = job.facts;
      return anchor !== undefined && gap(anchor, fact) <= RULES.sameJobWindowDays && !job.facts.some((each) => contradicts(each, fact) || otherWork(each, fact));
    });
    if (home === undefined) jobs.push({ start: fact.start, facts: [fact] });
    else home.facts.push(fact);
  }
  return jobs;
}

/** How far a job is proved to have lasted, and the facts that were read for it. */
export interface Evidence {
  readonly through: number;
  readonly sustained: readonly Fact<'JobSustained'>[];
  readonly chain: readonly Fact<'EarningsReported'>[];
  readonly read: readonly AnyFact[];
}

export function evidenceOf(job: Job, facts: readonly AnyFact[]): Evidence {
  const sustained = ofType(facts, 'JobSustained').filter((fact) => job.facts.some((each) => sameSource(each, fact) && each.reference === fact.reference && each.name === fact.body.job));
  const payments = ofType(facts, 'EarningsReported')
    .filter(
      ({ body, start, ...fact }) =>
        body.pence > 0 &&
        !body.afterLeaving &&
        start >= job.start &&
        job.facts.some((each) =>
          each.deployment !== fact.deployment || each.system !== fact.system
            ? false
            : body.job !== null
              ? each.reference === fact.reference && each.name === body.job
              : body.employer !== null && each.body.employer === body.employer,
        ),
    )
    .sort(byStart);
  const chain: Fact<'EarningsReported'>[] = [];
  let reached = job.start;
  for (const payment of payments) {
    if (payment.start - reached > RULES.paymentGapDays) break;
    reached = payment.start;
    chain.push(payment);
  }
  const through = Math.max(chain.length === 0 ? Number.NEGATIVE_INFINITY : reached, ...sustained.map((fact) => fact.start));
  return { through, sustained: sustained.sort(byStart), chain, read: [...sustained, ...chain] };
}
