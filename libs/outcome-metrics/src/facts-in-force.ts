import type {
  CircumstancesFact,
  ClaimFact,
  EarningsFact,
  Fact,
  FactBase,
  JobStartedFact,
  JobSustainedFact,
  LearningFact,
  ReferralFact,
  SupportFact,
} from './fact.js';
import { Precedence } from './precedence.js';
import type { RuleSet } from './rules/index.js';

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

/** Facts in force of all of one participant's subjects, in whatever order they come. */
export const factsInForce = (facts: Iterable<Fact>, rules: RuleSet): FactsInForce => {
  const referrals: ReferralFact[] = [];
  const supports: SupportFact[] = [];
  const jobStarts: JobStartedFact[] = [];
  const jobsSustained: JobSustainedFact[] = [];
  const earnings: EarningsFact[] = [];
  const claims: ClaimFact[] = [];
  const learning: LearningFact[] = [];
  const circumstances: CircumstancesFact[] = [];

  for (const fact of facts) {
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

  const { compareByStart } = Precedence.of(rules);
  const sort = (list: FactBase[]): void => {
    if (list.length > 1) list.sort(compareByStart);
  };
  sort(referrals);
  sort(supports);
  sort(jobStarts);
  sort(jobsSustained);
  sort(earnings);
  sort(claims);
  sort(learning);
  sort(circumstances);
  return { referrals, supports, jobStarts, jobsSustained, earnings, claims, learning, circumstances };
};
