import type { EpochDay } from './calendar.js';
import type { FactBase, ReferralFact, SupportFact } from './fact.js';
import type { FactsInForce } from './facts-in-force.js';
import { latestOnOrBefore } from './precedence.js';
import type { RuleSet } from './rules/index.js';

/** The programme of what no programme is known for. */
export const NO_PROGRAMME = 'no programme';

/** Whether a referral counts: neither taken back nor still being written. */
export const isCounted = ({ status }: ReferralFact): boolean => status !== 'REVOKED' && status !== 'DRAFT';

/** Which programme an outcome is counted under. */
export class Attribution {
  private readonly supports: readonly SupportFact[];
  private readonly referrals: readonly ReferralFact[];
  private readonly openDays: number;

  constructor(facts: FactsInForce, rules: RuleSet) {
    this.supports = facts.supports.filter((fact) => fact.programme !== null);
    this.referrals = facts.referrals.filter((fact) => fact.programme !== null && isCounted(fact));
    this.openDays = rules.numbers.openSupportDays.value;
  }

  /** The latest-starting support still open on that day, else the latest such referral, else none. */
  programmeAt(day: EpochDay): { readonly programme: string; readonly fact: FactBase | undefined } {
    const fact = this.openAt(this.supports, day) ?? this.openAt(this.referrals, day);
    return { programme: fact?.programme ?? NO_PROGRAMME, fact };
  }

  // The latest start on or before the day is the one most likely to be open: if it is not, none is.
  private openAt<F extends FactBase>(sorted: readonly F[], day: EpochDay): F | undefined {
    const latest = latestOnOrBefore(sorted, day);
    return latest !== undefined && day <= latest.start + this.openDays ? latest : undefined;
  }
}
