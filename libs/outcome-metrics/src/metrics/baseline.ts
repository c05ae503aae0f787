import { isCounted } from '../attribution.js';
import type { ReferralFact, SupportFact } from '../fact.js';
import type { FactsInForce } from '../facts-in-force.js';

/** The fact with which help began: the earliest start of support, else the earliest counted referral. */
export const baselineOf = ({ supports, referrals }: FactsInForce): SupportFact | ReferralFact | undefined => supports[0] ?? referrals.find(isCounted);
