import { Attribution } from './attribution.js';
import { Circumstances } from './circumstances.js';
import type { Fact } from './fact.js';
import { factsInForce } from './facts-in-force.js';
import type { FactsInForce } from './facts-in-force.js';
import { jobsOf } from './jobs.js';
import type { Job } from './jobs.js';
import type { RuleSet } from './rules/index.js';

/** One participant as the rules see them; what every outcome metric is given. */
export interface Participant {
  readonly facts: FactsInForce;
  /** In the order they were anchored. */
  readonly jobs: readonly Job[];
  readonly circumstances: Circumstances;
  readonly attribution: Attribution;
}

/** Reads the facts in force of all of one participant's subjects. */
export const participantFrom = (told: Iterable<Fact>, rules: RuleSet): Participant => {
  const facts = factsInForce(told, rules);
  return {
    facts,
    jobs: jobsOf(facts, rules),
    circumstances: new Circumstances(facts.circumstances, rules),
    attribution: new Attribution(facts, rules),
  };
};
