import type { WeeklyHours } from '@throughline/event-contracts';
import type { EpochDay } from './calendar.js';
import type { EarningsFact, FactBase, JobStartedFact, JobSustainedFact } from './fact.js';
import type { Job } from './jobs.js';
import { latestOnOrBefore, Precedence } from './precedence.js';
import { tableOf } from './rules/index.js';
import type { RuleSet } from './rules/index.js';

type WithHours = JobStartedFact | JobSustainedFact | EarningsFact;

/** What one source tells of a job's hours. */
interface Told {
  /** By start; of a source that tells hours with its payments only those: its other records may be of any time. */
  readonly facts: readonly [WithHours, ...WithHours[]];
  /** A payment is for the time before it; another record for the time from it on. */
  readonly paid: boolean;
}

const ANY: WeeklyHours = { atLeast: 0, below: null };

const hoursOf = (fact: WithHours | undefined): WeeklyHours => fact?.hours ?? ANY;

/** The one that tells of a day: of payments the first on or after it, of records the latest on or before; of one day one that tells hours. */
const tellingOf = ({ facts, paid }: Told, day: EpochDay): WithHours | undefined => {
  const telling = (paid ? facts.find((fact) => fact.start >= day) : undefined) ?? latestOnOrBefore(facts, day);
  return telling?.hours === null ? (facts.find(({ start, hours }) => start === telling.start && hours !== null) ?? telling) : telling;
};

/** Usual weekly hours of one job, as far as bands that do not align can say. */
export class JobHours {
  private readonly told: readonly Told[];
  private readonly nextTells: boolean;

  constructor(job: Job, rules: RuleSet) {
    const { compare, compareByStart } = Precedence.of(rules);
    this.nextTells = tableOf(rules, 'hoursUntold').value === 'as-next-told';
    const told: Told[] = [];
    const systems = new Map<string, FactBase>();
    for (const facts of [job.facts, job.sustained, job.payments]) {
      for (const fact of facts) if (fact.hours !== null && !systems.has(fact.system)) systems.set(fact.system, fact);
    }
    for (const { system } of [...systems.values()].sort(compare)) {
      const paid = job.payments.filter((fact) => fact.system === system);
      if (paid.some(({ hours }) => hours !== null)) {
        const [payment, ...payments] = this.nextTells ? paid.filter(({ hours }) => hours !== null) : paid;
        if (payment !== undefined) told.push({ facts: [payment, ...payments], paid: true });
        continue;
      }
      const [record, ...records] = [...job.facts, ...job.sustained].filter((fact) => fact.system === system && fact.hours !== null).sort(compareByStart);
      if (record !== undefined) told.push({ facts: [record, ...records], paid: false });
    }
    this.told = told;
  }

  /**
   * The band of a day: sources in their order, each narrowing what those before it leave; one that contradicts them is not heard.
   * Where nobody tells it reaches from no hours to any.
   */
  at(day: EpochDay): WeeklyHours {
    let { atLeast, below } = ANY;
    for (const told of this.told) {
      const band = hoursOf(tellingOf(told, day) ?? this.beforeAll(told));
      const least = Math.max(atLeast, band.atLeast);
      const bound = below === null ? band.below : band.below === null ? below : Math.min(below, band.below);
      if (bound !== null && bound <= least) continue;
      atLeast = least;
      below = bound;
    }
    return { atLeast, below };
  }

  /** What tells of a day before the first of which a source tells: a start is of the job's first day, whichever day it gives. */
  private beforeAll({ facts: [first] }: Told): WithHours | undefined {
    return this.nextTells || first.kind === 'JobStarted' ? first : undefined;
  }
}

/**
 * Hours of jobs held at once. What they surely come to: those of the one with the most, or of all that one source names under
 * different employers, if that is more; two sources may be telling of one job. What they may come to: those of all.
 */
export const hoursTogether = (held: readonly { readonly job: Job; readonly hours: WeeklyHours }[]): WeeklyHours => {
  const [only] = held;
  if (only !== undefined && held.length === 1) return only.hours;
  let atLeast = 0;
  let below: number | null = 0;
  const bySource = new Map<string, Map<string, number>>();
  for (const { job, hours } of held) {
    atLeast = Math.max(atLeast, hours.atLeast);
    below = below === null || hours.below === null ? null : below + hours.below;
    for (const { system, employer } of job.facts) {
      if (employer === null) continue;
      const source = `${system} ${employer.partner}`;
      const employers = bySource.get(source) ?? new Map<string, number>();
      bySource.set(source, employers);
      employers.set(employer.key, Math.max(employers.get(employer.key) ?? 0, hours.atLeast));
    }
  }
  for (const employers of bySource.values()) {
    let sum = 0;
    for (const hours of employers.values()) sum += hours;
    atLeast = Math.max(atLeast, sum);
  }
  return { atLeast, below };
};
