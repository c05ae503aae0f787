import type {
  Benefit,
  ClaimChange,
  ContractKind,
  FactEventType,
  LabourMarketStatus,
  LearningStatus,
  PayFrequency,
  ReferralStatus,
  WeeklyHours,
  WorkKind,
} from '@throughline/event-contracts';
import type { EpochDay, Precision } from './calendar.js';

/** A 16-byte id as a string of 16 characters, one per byte (latin1): cheap as a map key, and `<` compares unsigned bytes. */
export type IdText = string;

/** What is read of every fact. */
export interface FactBase {
  readonly id: IdText;
  /** First day of the interval in which it happened. */
  readonly start: EpochDay;
  readonly precision: Precision;
  /** `source.system`. */
  readonly system: string;
  readonly agreement: string;
  /** Programme the source declares; null: none. */
  readonly programme: string | null;
}

export interface ReferralFact extends FactBase {
  readonly kind: 'ReferralMade';
  readonly status: ReferralStatus;
}

export interface SupportFact extends FactBase {
  readonly kind: 'SupportStarted';
}

export interface JobStartedFact extends FactBase {
  readonly kind: 'JobStarted';
  /** Who the employer is, in the terms of one source (partner and system) only; null: not named. */
  readonly employer: { readonly partner: string; readonly key: IdText } | null;
  /** Usual hours; null: not told, or a band that holds no hour. */
  readonly hours: WeeklyHours | null;
  readonly work: WorkKind;
  readonly contract: ContractKind;
  readonly hourlyPayPence: number | null;
}

/** Kept so that a later rule can read it; no figure does today. */
export interface JobEndedFact extends FactBase {
  readonly kind: 'JobEnded';
}

export interface JobSustainedFact extends FactBase {
  readonly kind: 'JobSustained';
  /** Fact of the job start it belongs to. */
  readonly job: IdText | null;
  /** As in {@link JobStartedFact}, on its day. */
  readonly hours: WeeklyHours | null;
  readonly hourlyPayPence: number | null;
}

export interface EarningsFact extends FactBase {
  readonly kind: 'EarningsReported';
  readonly job: IdText | null;
  /** Read only where `job` is null; null otherwise. */
  readonly employer: IdText | null;
  /** Negative: a correction downwards. */
  readonly amountPence: number;
  readonly afterLeaving: boolean;
  /** Normal hours in the time that is paid for. */
  readonly hours: WeeklyHours | null;
  /** UNKNOWN where it is not told. */
  readonly frequency: PayFrequency;
  /** Pay periods it covers; one where that is not told. */
  readonly periods: number;
}

export interface ClaimFact extends FactBase {
  readonly kind: 'BenefitClaimChanged';
  readonly change: ClaimChange;
  readonly benefit: Benefit;
  readonly claimStart: EpochDay | null;
}

export interface LearningFact extends FactBase {
  readonly kind: 'LearningStatusChanged';
  readonly status: LearningStatus;
  readonly aim: string | null;
  readonly startDate: EpochDay | null;
}

/** A null field says nothing. */
export interface CircumstancesFact extends FactBase {
  readonly kind: 'CircumstancesReported';
  readonly birthYear: number | null;
  /** 1 to 12. */
  readonly birthMonth: number | null;
  /** GSS code. */
  readonly district: string | null;
  readonly status: Exclude<LabourMarketStatus, 'UNKNOWN'> | null;
  /** Bit i stands for symbol i of the contract's PriorityGroup, so bit 0 for groups this version does not know; 0: in none. */
  readonly priorityGroups: number | null;
}

/** What figures read of one event. */
export type Fact =
  | ReferralFact
  | SupportFact
  | JobStartedFact
  | JobEndedFact
  | JobSustainedFact
  | EarningsFact
  | ClaimFact
  | LearningFact
  | CircumstancesFact;

/** Kind of fact: the type of the event that states it. */
export type FactKind = Fact['kind'];

/** Kinds in the order of the packed form: only append. */
export const FACT_KINDS = [
  'ReferralMade',
  'SupportStarted',
  'JobStarted',
  'JobEnded',
  'JobSustained',
  'EarningsReported',
  'BenefitClaimChanged',
  'LearningStatusChanged',
  'CircumstancesReported',
] as const satisfies readonly FactEventType[];
