import type { Participant } from '../participant.js';
import type { RuleNumberName, RuleSet } from '../rules/index.js';
import type { Count } from './outcome-metric.js';

type Weeks = Extract<RuleNumberName, `${string}SustainmentWeeks`>;

/** A count for each job that some evidence proves through its start plus the weeks, dated that day. */
export const sustainedFor =
  (weeks: Weeks) =>
  ({ jobs }: Participant, rules: RuleSet): readonly Count[] => {
    const days = rules.numbers[weeks].value * 7;
    return jobs
      .filter((job) => job.provedThrough >= job.start + days)
      .map((job) => ({ day: job.start + days, facts: [...job.facts, ...job.sustained, ...job.payments] }));
  };
