import { isoDateToEpochDay, PRIORITY_GROUP_SYMBOLS } from '@throughline/event-contracts';
import type { ContractKind, PayFrequency, PriorityGroup, WeeklyHours, WorkKind } from '@throughline/event-contracts';
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

/** Weekly hours as written: `16-24` (from 16, below 24), `31-` (no upper end). */
const band = (hours: string | undefined): WeeklyHours | null => {
  if (hours === undefined) return null;
  const [from = '', to = ''] = hours.split('-');
  return { atLeast: Number(from) * 100, below: to === '' ? null : Number(to) * 100 };
};

/** `employer`: its name within `partner` (default `partner-1`); `hours` as `16-24` or `31-`. */
export const jobStart = (
  name: string,
  date: string,
  more: FactDetails & {
    readonly employer?: string;
    readonly partner?: string;
    readonly hours?: string;
    readonly work?: WorkKind;
    readonly contract?: ContractKind;
    readonly hourlyPayPence?: number;
  } = {},
): JobStartedFact => ({
  kind: 'JobStarted',
  ...base(name, date, more),
  employer: more.employer === undefined ? null : { partner: more.partner ?? 'partner-1', key: idText(more.employer) },
  hours: band(more.hours),
  work: more.work ?? 'UNKNOWN',
  contract: more.contract ?? 'UNKNOWN',
  hourlyPayPence: more.hourlyPayPence ?? null,
});

export const jobEnd = (name: string, date: string, more: FactDetails = {}): JobEndedFact => ({
  kind: 'JobEnded',
  ...base(name, date, more),
});

/** `job`: name of the job start it belongs to. */
export const jobSustained = (
  name: string,
  date: string,
  more: FactDetails & { readonly job?: string; readonly hours?: string; readonly hourlyPayPence?: number } = {},
): JobSustainedFact => ({
  kind: 'JobSustained',
  ...base(name, date, more),
  job: more.job === undefined ? null : idText(more.job),
  hours: band(more.hours),
  hourlyPayPence: more.hourlyPayPence ?? null,
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
    readonly hours?: string;
    readonly frequency?: PayFrequency;
    readonly periods?: number;
  } = {},
): EarningsFact => ({
  kind: 'EarningsReported',
  ...base(name, date, { system: 'hmrc-rti', ...more }),
  job: more.job === undefined ? null : idText(more.job),
  employer: more.employer === undefined ? null : idText(more.employer),
  amountPence: more.amountPence ?? 10_000,
  afterLeaving: more.afterLeaving ?? false,
  hours: band(more.hours),
  frequency: more.frequency ?? 'UNKNOWN',
  periods: more.periods ?? 1,
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

/** A start of some learning of a named aim unless told otherwise. */
export const learning = (
  name: string,
  date: string,
  more: FactDetails & Partial<Pick<LearningFact, 'status' | 'aim'>> & { readonly startDate?: string } = {},
): LearningFact => ({
  kind: 'LearningStatusChanged',
  ...base(name, date, { system: 'ilr', ...more }),
  status: more.status ?? 'STARTED',
  aim: more.aim === undefined ? 'aim-0' : more.aim,
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
