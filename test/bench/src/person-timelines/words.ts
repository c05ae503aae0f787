import type { FactEventType } from '@throughline/event-contracts';
import { chance } from './fictional-ids.js';
import { participantPlaceOf, partnerPlaceOf } from './workload.js';
import type { Workload } from './workload.js';

/** What a partner says of one fact of one subject at one time. */
export interface Word {
  /** Place of the fact among those of its subject. */
  readonly fact: number;
  readonly type: FactEventType;
  /** Of the source's own clock, milliseconds. */
  readonly instant: number;
  /** Tells apart what the clock does not. */
  readonly sequence: number;
  /** False: the source takes the fact back. */
  readonly stated: boolean;
  /** When it happened, days since 1970. */
  readonly day: number;
  /** Place in the list of programmes. */
  readonly programme: number;
  /** Place in the list of learning aims. */
  readonly aim: number;
  /** Of a referral: it was revoked, and does not count. */
  readonly revoked: boolean;
}

const TOLD: readonly (readonly FactEventType[])[] = [
  ['ReferralMade', 'ReferralMade', 'SupportStarted'],
  ['LearningStatusChanged', 'LearningStatusChanged', 'SupportStarted'],
  ['SupportStarted', 'ReferralMade', 'LearningStatusChanged'],
  ['SupportStarted', 'ReferralMade', 'SupportStarted'],
];

const DAY_MS = 86_400_000;
const FIRST_INSTANT = 1_760_000_000_000;
const FIRST_DAY = 20_000;
/** Events of one partner of which one changes something, where most are repeats. */
const CHANGING_EVERY = 5;
const FACTS_PER_CHANGE = 0.7;

/** How many words about each subject change its timeline. */
export const changesOf = ({ variant, events }: Workload): number => (variant === 'every' ? events : Math.ceil(events / CHANGING_EVERY));

/** How many facts each subject has: the rest of what changes anything corrects one of them. */
export const factsOf = (workload: Workload): number => Math.max(1, Math.floor(changesOf(workload) * FACTS_PER_CHANGE));

/**
 * The word about a subject in a round. Every one about a new fact or newer than all before of its fact, where every event changes
 * something; else the first of five, the others being it again as it was, or an older one that comes late.
 */
export function wordAt(workload: Workload, subject: number, round: number): Word {
  if (workload.variant === 'every') return changeAt(workload, subject, round);
  const change = changeAt(workload, subject, Math.floor(round / CHANGING_EVERY));
  const since = round % CHANGING_EVERY;
  if (since === 0 || since % 2 === 1) return change;
  return { ...change, instant: FIRST_INSTANT - since * DAY_MS, stated: true, revoked: false, day: change.day + 40 + since };
}

function changeAt(workload: Workload, subject: number, change: number): Word {
  const facts = factsOf(workload);
  const fact = change % facts;
  const corrections = Math.floor(change / facts);
  const participant = participantPlaceOf(subject);
  const type = TOLD[partnerPlaceOf(subject)]![fact % 3]!;
  // What one person does, several partners tell of: the month, the programme and the aim follow from the participant.
  const day = FIRST_DAY + chance(300, participant, 0) + fact * 30 + corrections * 31;
  const fate = chance(8, subject, change);
  return {
    fact,
    type,
    instant: FIRST_INSTANT + Math.floor(change / 2) * DAY_MS,
    sequence: change % 2,
    stated: corrections === 0 || fate > 0,
    day: type === 'LearningStatusChanged' ? day : day + chance(9, subject, fact),
    programme: (participant + fact) % 4,
    aim: (participant + fact) % 5,
    revoked: type === 'ReferralMade' && corrections > 0 && fate === 1,
  };
}
