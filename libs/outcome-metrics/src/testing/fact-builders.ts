import { isoDateToEpochDay, PRIORITY_GROUP_SYMBOLS } from '@throughline/event-contracts';
import type { PriorityGroup } from '@throughline/event-contracts';
import type { EpochDay, Precision } from '../calendar.js';
import type {
  CircumstancesFact,
  ClaimFact,
  EarningsFact,
  FactBase,
  IdText,
  JobEndedFact,
  JobStartedFact,
  JobSustainedFact,
  LearningFact,
  ReferralFact,
  SupportFact,
} from '../fact.js';

/** A 16-byte id that reads as its name; ids compare as their names do. */
export const idText = (name: string): IdText => {
  if (name.length > 16) throw new RangeError('A name for an id has at most 16 characters.');
  return name.padEnd(16, '\0');
};

const PRECISION_BY_LENGTH: Record<number, Precision> = { 4: 'YEAR', 7: 'MONTH', 10: 'DAY' };

const dayOf = (date: string): EpochDay => isoDateToEpochDay(`${date}-01-01`.slice(0, 10));

/** What any builder takes beside its own fields. */
export interface FactDetails {
  /** Default `rtof`. */
  readonly system?: string;
  /** Default `dsa-<system>`. */
  readonly agreement?: string;
  readonly programme?: string | null;
}

/** @param date YYYY-MM-DD, YYYY-MM or YYYY; its length gives the precision */
const base = (name: string, date: string, details: FactDetails): FactBase => {
  const { system = 'rtof', agreement = `dsa-${system}`, programme = null } = details;
  return {
    id: idText(name),
    start: dayOf(date),
    precision: PRECISION_BY_LENGTH[date.length] ?? 'DAY',
    system,
    agreement,
    programme,
  };
};

// Every builder: the fact's name (its id), its date, and what differs from a plain one.

export const referral = (name: string, date: string, more: FactDetails & Partial<Pick<ReferralFact, 'status'>> = {}): ReferralFact => ({
  kind: 'ReferralMade',
  ...base(name, date, more),
  status: more.status ?? 'ACTIVE',
});

export const support = (name: string, date: string, more: FactDetails = {}): SupportFact => ({
  kind: 'SupportStarted',
  ...base(name, date, more),
});

/** `employer`: its name within `partner` (default `partner-1`). */
export const jobStart = (
  name: string,
  date: string,
  more: FactDetails & { readonly employer?: string; readonly partner?: string } = {},
): JobStartedFact => ({
  kind: 'JobStarted',
  ...base(name, date, more),
  employer: more.employer === undefined ? null : { partner: more.partner ?? 'partner-1', key: idText(more.employer) },
});

export const jobEnd = (name: string, date: string, more: FactDetails = {}): JobEndedFact => ({
  kind: 'JobEnded',
  ...base(name, date, more),
});

/** `job`: name of the job start it belongs to. */
export const jobSustained = (name: string, date: string, more: FactDetails & { readonly job?: string } = {}): JobSustainedFact => ({
  kind: 'JobSustained',
  ...base(name, date, more),
  job: more.job === undefined ? null : idText(more.job),
});

/** A payment of £100 unless `amountPence` says otherwise; `job` and `employer` by name. */
export const earnings = (
  name: string,
  date: string,
  more: FactDetails & {
    readonly job?: string;
    readonly employer?: string;
    readonly amountPence?: number;
    readonly afterLeaving?: boolean;
  } = {},
): EarningsFact => ({
  kind: 'EarningsReported',
  ...base(name, date, { system: 'hmrc-rti', ...more }),
  job: more.job === undefined ? null : idText(more.job),
  employer: more.employer === undefined ? null : idText(more.employer),
  amountPence: more.amountPence ?? 10_000,
  afterLeaving: more.afterLeaving ?? false,
});

/** An ended Universal Credit claim unless told otherwise. */
export const claim = (
  name: string,
  date: string,
  more: FactDetails & Partial<Pick<ClaimFact, 'change' | 'benefit'>> & { readonly claimStart?: string } = {},
): ClaimFact => ({
  kind: 'BenefitClaimChanged',
  ...base(name, date, { system: 'dwp-citizen', ...more }),
  change: more.change ?? 'ENDED',
  benefit: more.benefit ?? 'UNIVERSAL_CREDIT',
  claimStart: more.claimStart === undefined ? null : dayOf(more.claimStart),
});

/** A learning start unless told otherwise. */
export const learning = (
  name: string,
  date: string,
  more: FactDetails & Partial<Pick<LearningFact, 'status' | 'aim'>> & { readonly startDate?: string } = {},
): LearningFact => ({
  kind: 'LearningStatusChanged',
  ...base(name, date, { system: 'ilr', ...more }),
  status: more.status ?? 'STARTED',
  aim: more.aim ?? null,
  startDate: more.startDate === undefined ? null : dayOf(more.startDate),
});

export const circumstances = (
  name: string,
  date: string,
  more: FactDetails &
    Partial<Pick<CircumstancesFact, 'birthYear' | 'birthMonth' | 'district' | 'status'>> & {
      readonly priorityGroups?: readonly PriorityGroup[];
    } = {},
): CircumstancesFact => ({
  kind: 'CircumstancesReported',
  ...base(name, date, more),
  birthYear: more.birthYear ?? null,
  birthMonth: more.birthMonth ?? null,
  district: more.district ?? null,
  status: more.status ?? null,
  priorityGroups:
    more.priorityGroups === undefined
      ? null
      : more.priorityGroups.reduce((bits, group) => bits | (1 << PRIORITY_GROUP_SYMBOLS.indexOf(group)), 0),
});
