import type {
  CircumstancesFact,
  ClaimFact,
  EarningsFact,
  JobStartedFact,
  JobSustainedFact,
  LearningFact,
  ReferralFact,
  SupportFact,
} from './fact.js';
import { Precedence } from './precedence.js';
import type { RuleSet } from './rules/index.js';
import type { Timeline } from './timeline.js';

/** What all sources now say of one participant; every list sorted by start, order of sources, factId. */
export interface FactsInForce {
  readonly referrals: readonly ReferralFact[];
  readonly supports: readonly SupportFact[];
  readonly jobStarts: readonly JobStartedFact[];
  readonly jobsSustained: readonly JobSustainedFact[];
  readonly earnings: readonly EarningsFact[];
  readonly claims: readonly ClaimFact[];
  readonly learning: readonly LearningFact[];
  readonly circumstances: readonly CircumstancesFact[];
}

/** Facts in force of the timelines of one participant's subjects, in whatever order they come. */
export const factsInForce = (timelines: Iterable<Timeline>, rules: RuleSet): FactsInForce => {
  const referrals: ReferralFact[] = [];
  const supports: SupportFact[] = [];
  const jobStarts: JobStartedFact[] = [];
  const jobsSustained: JobSustainedFact[] = [];
  const earnings: EarningsFact[] = [];
  const claims: ClaimFact[] = [];
  const learning: LearningFact[] = [];
  const circumstances: CircumstancesFact[] = [];

  for (const timeline of timelines) {
    for (const { fact } of timeline.values()) {
      if (fact === null) continue;
      switch (fact.kind) {
        case 'ReferralMade':
          referrals.push(fact);
          break;
        case 'SupportStarted':
          supports.push(fact);
          break;
        case 'JobStarted':
          jobStarts.push(fact);
          break;
        case 'JobEnded':
          break;
        case 'JobSustained':
          jobsSustained.push(fact);
          break;
        case 'EarningsReported':
          earnings.push(fact);
          break;
        case 'BenefitClaimChanged':
          claims.push(fact);
          break;
        case 'LearningStatusChanged':
          learning.push(fact);
          break;
        case 'CircumstancesReported':
          circumstances.push(fact);
          break;
      }
    }
  }

  const inForce = { referrals, supports, jobStarts, jobsSustained, earnings, claims, learning, circumstances };
  const { compareByStart } = Precedence.of(rules);
  for (const list of Object.values(inForce)) if (list.length > 1) list.sort(compareByStart);
  return inForce;
};
