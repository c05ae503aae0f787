import { hoursTogether, JobHours } from '../hours.js';
import type { Job } from '../jobs.js';
import type { Participant } from '../participant.js';
import { numberOf } from '../rules/index.js';
import type { RuleNumberName, RuleSet } from '../rules/index.js';
import type { Count, OutcomeMetric } from './outcome-metric.js';

/** What a week of a window is: worked the hours asked for, surely or perhaps. */
type Week = 'enough' | 'perhaps';

interface Reached {
  readonly day: number;
  readonly jobs: readonly Job[];
}

interface Window {
  /** By number of the week, from 0; undefined: not worked, or surely less. */
  readonly weeks: readonly (Week | undefined)[];
  /** Jobs of which some evidence covers a week of it, by the first such week. */
  readonly covering: readonly { readonly job: Job; readonly from: number }[];
}

interface Asked {
  readonly hundredths: number;
  readonly weeks: number;
  readonly ofWeeks: number;
}

const NONE: readonly Count[] = [];

/** A job is proved over the days from its start to the last before the day to which it is proved. */
const covers = (job: Job, from: number): boolean => job.start <= from && job.provedThrough >= from + 7;

/** At most so many weeks of a window can be covered: what most people's evidence falls short of, found without looking at weeks. */
const mostWeeks = (start: number, jobs: readonly Job[], ofWeeks: number): number => {
  const end = start + 7 * ofWeeks;
  let days = 0;
  for (const job of jobs) days += Math.max(0, Math.min(job.provedThrough, end) - Math.max(job.start, start));
  return Math.floor(days / 7);
};

/** The weeks that follow a job's start; undefined where evidence covers too few of them, whatever the hours. */
const windowFrom = (start: number, jobs: readonly Job[], asked: Asked, hoursOf: (job: Job) => JobHours): Window | undefined => {
  if (mostWeeks(start, jobs, asked.ofWeeks) < asked.weeks) return undefined;
  const held: Job[][] = [];
  let covered = 0;
  for (let week = 0; week < asked.ofWeeks; week += 1) {
    const now = jobs.filter((job) => covers(job, start + 7 * week));
    if (now.length > 0) covered += 1;
    held.push(now);
  }
  if (covered < asked.weeks) return undefined;
  const covering: { job: Job; from: number }[] = [];
  const weeks = held.map((now, week): Week | undefined => {
    if (now.length === 0) return undefined;
    for (const job of now) if (!covering.some((each) => each.job === job)) covering.push({ job, from: week });
    const lastDay = start + 7 * week + 6;
    const { atLeast, below } = hoursTogether(now.map((job) => ({ job, hours: hoursOf(job).at(lastDay) })));
    if (atLeast >= asked.hundredths) return 'enough';
    return below === null || below > asked.hundredths ? 'perhaps' : undefined;
  });
  return { weeks, covering };
};

/** When as many weeks as are asked for were worked; undefined: never. */
const reached = (start: number, { weeks, covering }: Window, asked: Asked, suffices: (week: Week) => boolean): Reached | undefined => {
  let count = 0;
  for (const [number, week] of weeks.entries()) {
    if (week === undefined || !suffices(week)) continue;
    count += 1;
    if (count === asked.weeks) return { day: start + 7 * (number + 1), jobs: covering.filter(({ from }) => from <= number).map(({ job }) => job) };
  }
  return undefined;
};

const countOf = ({ day, jobs }: Reached): readonly Count[] => [{ day, facts: jobs.flatMap((job) => [...job.facts, ...job.sustained, ...job.payments]) }];

type Name<Ending extends string> = Extract<RuleNumberName, `${string}Hours${Ending}`>;

interface Names {
  readonly hours: Name<'PerWeek'>;
  readonly weeks: Name<'Weeks'>;
  readonly ofWeeks: Name<'OfWeeks'>;
}

/** Surely, or only perhaps: never both. */
interface Outcome {
  readonly surely?: Reached;
  readonly perhaps?: Reached;
}
const NEITHER: Outcome = {};

/** Both of an outcome's metrics ask for the same: looked for once for a participant's jobs, which are made anew each time. */
const outcomeOf = (names: Names): ((jobs: readonly Job[], rules: RuleSet) => Outcome) => {
  const found = new WeakMap<readonly Job[], Outcome>();
  return (jobs, rules) => {
    let outcome = found.get(jobs);
    if (outcome === undefined) {
      outcome = lookFor(names, jobs, rules);
      found.set(jobs, outcome);
    }
    return outcome;
  };
};

/** From the first job, in the order of anchors, from whose start enough weeks were surely worked; from none, perhaps worked. */
const lookFor = (names: Names, jobs: readonly Job[], rules: RuleSet): Outcome => {
  const asked: Asked = { hundredths: numberOf(rules, names.hours) * 100, weeks: numberOf(rules, names.weeks), ofWeeks: numberOf(rules, names.ofWeeks) };
  const known = new Map<Job, JobHours>();
  const hoursOf = (job: Job): JobHours => {
    let hours = known.get(job);
    if (hours === undefined) {
      hours = new JobHours(job, rules);
      known.set(job, hours);
    }
    return hours;
  };
  let perhaps: Reached | undefined;
  for (const { start } of jobs) {
    const window = windowFrom(start, jobs, asked, hoursOf);
    if (window === undefined) continue;
    const surely = reached(start, window, asked, (week) => week === 'enough');
    if (surely !== undefined) return { surely };
    perhaps ??= reached(start, window, asked, () => true);
  }
  return perhaps === undefined ? NEITHER : { perhaps };
};

/** Once for a participant. */
const hoursOutcome =
  (outcome: ReturnType<typeof outcomeOf>, which: keyof Outcome) =>
  ({ jobs }: Participant, rules: RuleSet): readonly Count[] => {
    // Without evidence that any job lasted there is nothing to look for.
    if (!jobs.some((job) => job.provedThrough > job.start)) return NONE;
    const reachedOn = outcome(jobs, rules)[which];
    return reachedOn === undefined ? NONE : countOf(reachedOn);
  };

const LOWER = { hours: 'lowerHoursPerWeek', weeks: 'lowerHoursWeeks', ofWeeks: 'lowerHoursOfWeeks' } as const;
const HIGHER = { hours: 'higherHoursPerWeek', weeks: 'higherHoursWeeks', ofWeeks: 'higherHoursOfWeeks' } as const;

const lower = outcomeOf(LOWER);
const higher = outcomeOf(HIGHER);

const shared = (names: typeof LOWER | typeof HIGHER) =>
  ({
    dated: 'the day after the last of those weeks',
    numbers: ['sameJobWindowDays', 'paymentGapDays', names.hours, names.weeks, names.ofWeeks],
    tables: ['selfEmploymentApart', 'hoursUntold'],
    attributed: true,
  }) as const;

export const lowerHoursOutcome: OutcomeMetric = {
  id: 'lower_hours_outcome',
  title: 'Lower hours outcome: 7 hours in 13 of 16 weeks',
  counts: 'each participant proved to have worked at least 7 hours in 13 of the 16 weeks after a job start, with one employer or several; once',
  ...shared(LOWER),
  count: hoursOutcome(lower, 'surely'),
};

export const lowerHoursOutcomeEvidenceInsufficient: OutcomeMetric = {
  id: 'lower_hours_outcome_evidence_insufficient',
  title: 'Lower hours outcome: evidence insufficient',
  counts: 'each participant proved to have worked in 13 of the 16 weeks after a job start, whose hours are not told, or in bands that may lie below 7 hours or above; once',
  ...shared(LOWER),
  count: hoursOutcome(lower, 'perhaps'),
};

export const higherHoursOutcome: OutcomeMetric = {
  id: 'higher_hours_outcome',
  title: 'Higher hours outcome: 16 hours in 26 weeks',
  counts: 'each participant proved to have worked at least 16 hours in each of the 26 weeks after a job start, with one employer or several; once',
  ...shared(HIGHER),
  count: hoursOutcome(higher, 'surely'),
};

export const higherHoursOutcomeEvidenceInsufficient: OutcomeMetric = {
  id: 'higher_hours_outcome_evidence_insufficient',
  title: 'Higher hours outcome: evidence insufficient',
  counts: 'each participant proved to have worked in each of the 26 weeks after a job start, whose hours are not told, or in bands that may lie below 16 hours or above; once',
  ...shared(HIGHER),
  count: hoursOutcome(higher, 'perhaps'),
};
