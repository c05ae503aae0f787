import { byTrust } from './jobs.js';
import type { AnyFact, Evidence, Fact, Job } from './jobs.js';
import { RULES } from './rules.js';
import type { Hours } from './told.js';

/** A job with all that proves it. */
export interface HeldJob {
  readonly job: Job;
  readonly evidence: Evidence;
}

type Telling = Fact<'JobStarted'> | Fact<'JobSustained'> | Fact<'EarningsReported'>;

const least = (facts: readonly Telling[], start: number): Telling | undefined => facts.filter((fact) => fact.start === start).sort(byTrust)[0];
const latest = (facts: readonly Telling[]): number => Math.max(...facts.map((fact) => fact.start));
const earliest = (facts: readonly Telling[]): number => Math.min(...facts.map((fact) => fact.start));

const telling = (facts: readonly Telling[]): Telling[] => facts.filter((fact) => fact.body.hours !== null);

/** What one system says of a day. */
function wordOn(day: number, records: readonly Telling[], payments: readonly Telling[]): Telling | undefined {
  if (telling(payments).length > 0) {
    const heard = RULES.hoursUntold === 'not-known' ? payments : telling(payments);
    const coming = heard.filter((fact) => fact.start >= day);
    const payday = coming.length > 0 ? earliest(coming) : latest(heard);
    return least(telling(heard), payday);
  }
  const told = telling(records);
  if (told.length === 0) return undefined;
  const past = told.filter((fact) => fact.start <= day);
  if (past.length > 0) return least(past, latest(past));
  const first = least(told, earliest(told));
  return RULES.hoursUntold === 'not-known' && first?.body.type !== 'JobStarted' ? undefined : first;
}

/** Weekly hours of one job on a day. */
function hoursOn({ job, evidence }: HeldJob, day: number): Hours {
  const [records, payments] = [[...job.facts, ...evidence.sustained], evidence.chain] as const;
  const all: readonly AnyFact[] = telling([...records, ...payments]);
  const systems = new Set([...all].sort(byTrust).map((fact) => fact.system));
  let known: Hours = [0, null];
  for (const system of systems) {
    const from = (facts: readonly Telling[]): Telling[] => facts.filter((fact) => fact.system === system);
    const said = wordOn(day, from(records), from(payments))?.body.hours ?? null;
    if (said === null) continue;
    const ends = [known[1], said[1]].filter((end) => end !== null);
    const narrower: Hours = [Math.max(known[0], said[0]), ends.length === 0 ? null : Math.min(...ends)];
    if (narrower[1] === null || narrower[1] > narrower[0]) known = narrower;
  }
  return known;
}

/** Weekly hours of jobs held at once. */
export function hoursTogether(held: readonly HeldJob[], day: number): Hours {
  const each = held.map((one) => ({ one, hours: hoursOn(one, day) }));
  const ends = each.map(({ hours }) => hours[1]);
  const named = each.flatMap(({ one, hours }) =>
    one.job.facts.flatMap((fact) => (fact.body.employer === null ? [] : [{ source: `${fact.deployment} ${fact.system}`, employer: fact.body.employer, atLeast: hours[0] }])),
  );
  const sums = [...new Set(named.map(({ source }) => source))].map((source) => {
    const own = named.filter((name) => name.source === source);
    return [...new Set(own.map(({ employer }) => employer))].reduce((sum, employer) => sum + Math.max(...own.filter((name) => name.employer === employer).map(({ atLeast }) => atLeast)), 0);
  });
  return [Math.max(...each.map(({ hours }) => hours[0]), ...sums), ends.includes(null) ? null : ends.reduce<number>((sum, end) => sum + (end ?? 0), 0)];
}
