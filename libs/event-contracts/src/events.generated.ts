// Generated from schemas/ by "npm run contracts". Never edit: change the schemas and run it again.
/* eslint-disable */
import type { EpochDay, EpochMillis } from './dates.js';

/** A person was referred to employment support. */
export interface ReferralMade {
  /** Which fact, said by whom, when. */
  readonly meta: EventMeta;
  /** Status the referral has now. A revoked referral stays stated and is not counted; entered-in-error withdraws it. */
  readonly status: ReferralStatus;
  /** ODS code of the organisation that refers (BaRS: MessageHeader.sender). */
  readonly fromOrganisation: null | string;
  /** Identifier of the service referred to (BaRS: MessageHeader.destination, Directory of Services id). */
  readonly toService: null | string;
  /** Use-case code of the referral. BaRS has none for employment: local codes are a declared profile gap. */
  readonly useCase: null | string;
}

/** What every event carries: which fact, said by whom, when by the source's own clock. Holds no identifier of a person and no token. */
export interface EventMeta {
  /** Keyed hash of factId, revision, contentHash and change; the second half of the record's key. The same word of the same fact has the same id for ever. */
  readonly eventId: Id16;
  /** Keyed hash of partner, system, scope, subject, event type and the source's natural key: what is being stated, whatever it says. */
  readonly factId: Id16;
  /** The person as one source system knows them: keyed hash of the source's own reference. The first half of the record's key. */
  readonly subject: Id16;
  /** The source's own clock for what it says now. */
  readonly revision: Revision;
  /** Keyed hash of body, occurredOn and programme; the tie-break between statements of one revision. */
  readonly contentHash: ContentHash;
  /** STATED: the source says it. WITHDRAWN: it says so no longer; the body is at its defaults. */
  readonly change: Change;
  /** When it happened. Null for a withdrawal, and for SubjectIdentified, which has no day of its own. Never a file's or a receipt's clock. */
  readonly occurredOn: null | OccurredOn;
  /** When the adapter recorded the event, UTC milliseconds. Not part of the content. */
  readonly recordedAt: EpochMillis;
  /** Submission and record that said so. Not part of the content. */
  readonly source: Source;
  /** The data-sharing agreement under which the fact was sent. */
  readonly agreementId: string;
  /** Programme the source or the submission declares (reference data: workwell, connect-to-work, restart, work-and-health, youth-guarantee, local). Null: not declared; never guessed. */
  readonly programme: null | string;
  /** How the source knows: payroll returns, benefit records, a service's case record, or the person's own word. */
  readonly evidence: Evidence;
}

/** A keyed hash of 128 bits; meaningless outside the partner whose key made it. */
export type Id16 = Buffer;

/** The source's own clock for what it says now. Greater wins. */
export interface Revision {
  /** Instant of the source's statement, UTC milliseconds since 1970-01-01. ILR: Source.DateTime; BaRS: Bundle.timestamp; feeds without a clock: the submission's asOf. */
  readonly instant: EpochMillis;
  /** Orders statements of one instant: twice the source's own serial number (ILR SerialNo), 0 where it has none. Odd: the withdrawal of a submission. */
  readonly sequence: number;
}

/** A keyed hash of 64 bits of what an event says; compared as unsigned bytes. All zero for a withdrawal. */
export type ContentHash = Buffer;

/** Symbols of Change, in the order of the schema. */
export const CHANGE_SYMBOLS = ['UNKNOWN', 'STATED', 'WITHDRAWN'] as const;

/** Whether the source says the fact or takes it back. UNKNOWN: never written; what a reader sees for a symbol newer than itself. */
export type Change = (typeof CHANGE_SYMBOLS)[number];

/** When the thing happened in the person's life, as exactly as the source knows. */
export interface OccurredOn {
  /** Days since 1970-01-01; the first day of the month or year where precision is coarser. */
  readonly date: EpochDay;
  /** How exact the date is. */
  readonly precision: DatePrecision;
}

/** Symbols of DatePrecision, in the order of the schema. */
export const DATE_PRECISION_SYMBOLS = ['UNKNOWN', 'DAY', 'MONTH', 'YEAR'] as const;

/** How exact a date is. UNKNOWN: never written; what a reader sees for a symbol newer than itself. */
export type DatePrecision = (typeof DATE_PRECISION_SYMBOLS)[number];

/** Where in what was sent the event comes from. */
export interface Source {
  /** Identifier of the partner organisation in the platform's configuration, for example riverside-college. */
  readonly partner: string;
  /** Source system: bars, nhs-csv, ilr, dwp-citizen, hmrc-rti or rtof. */
  readonly system: string;
  /** The submission's id: keyed hash of its payload and parameters. */
  readonly submission: Id16;
  /** Ordinal of the record in the submission, from 1; 0 for what the submission says as a whole (an absence). */
  readonly record: number;
}

/** Symbols of Evidence, in the order of the schema. */
export const EVIDENCE_SYMBOLS = ['UNKNOWN', 'PAYROLL', 'BENEFIT_RECORD', 'CASE_RECORD', 'SELF_REPORTED'] as const;

/** How the source knows. UNKNOWN: not said, or a symbol newer than the reader. */
export type Evidence = (typeof EVIDENCE_SYMBOLS)[number];

/** Symbols of ReferralStatus, in the order of the schema. */
export const REFERRAL_STATUS_SYMBOLS = ['UNKNOWN', 'ACTIVE', 'REVOKED', 'COMPLETED', 'ON_HOLD', 'DRAFT'] as const;

/** FHIR request-status of the referral. UNKNOWN: not said, or a symbol newer than the reader. */
export type ReferralStatus = (typeof REFERRAL_STATUS_SYMBOLS)[number];

/** A person started on a programme of support. */
export interface SupportStarted {
  /** Which fact, said by whom, when. */
  readonly meta: EventMeta;
  /** Organisation that supports (ODS code or the partner's own code of the provider); null: not said. */
  readonly provider: null | string;
}

/** A person started a job. */
export interface JobStarted {
  /** Which fact, said by whom, when. */
  readonly meta: EventMeta;
  /** Usual weekly hours. ILR: EII; HMRC: numberOfNormalHoursWorked; RTOF: hours_of_employment_entry. */
  readonly hours: null | WeeklyHours;
  /** Employed or self-employed. ILR: SEI; RTOF: employment_entry_outcome_type. */
  readonly work: WorkKind;
  /** Kind of contract. */
  readonly contract: ContractKind;
  /** Keyed hash of the employer's reference (PAYE reference and employment sequence number, ILR EmpId). Comparable within one source only. Null: not named. */
  readonly employer: null | Id16;
  /** Hourly pay, pence. RTOF gives whole pounds. */
  readonly hourlyPayPence: null | number;
}

/** A band of usual weekly hours. Bands of different sources do not align, so both ends are kept. */
export interface WeeklyHours {
  /** Least hours a week in the band, hundredths of an hour (16 hours = 1600). */
  readonly atLeast: number;
  /** Hours a week the band stays below, hundredths of an hour; null: no upper end. */
  readonly below: null | number;
}

/** Symbols of WorkKind, in the order of the schema. */
export const WORK_KIND_SYMBOLS = ['UNKNOWN', 'EMPLOYED', 'SELF_EMPLOYED'] as const;

/** Employed by somebody or self-employed. UNKNOWN: not said, or a symbol newer than the reader. */
export type WorkKind = (typeof WORK_KIND_SYMBOLS)[number];

/** Symbols of ContractKind, in the order of the schema. */
export const CONTRACT_KIND_SYMBOLS = ['UNKNOWN', 'PERMANENT', 'TEMPORARY', 'ZERO_HOURS', 'CASH_IN_HAND', 'SELF_EMPLOYED', 'OTHER'] as const;

/** Kind of contract (RTOF: PC, TC, ZHC, CIH, SE, Other). UNKNOWN: not said, or a symbol newer than the reader. */
export type ContractKind = (typeof CONTRACT_KIND_SYMBOLS)[number];

/** A job ended on the date the source gives. */
export interface JobEnded {
  /** Which fact, said by whom, when. */
  readonly meta: EventMeta;
  /** factId of the JobStarted of the same source that this belongs to; null: the source does not say. */
  readonly job: null | Id16;
  /** Keyed hash of the employer's reference (PAYE reference and employment sequence number, ILR EmpId). Comparable within one source only. Null: not named. */
  readonly employer: null | Id16;
}

/** A source says that a job was still held on a date: positive evidence that spans from its start. */
export interface JobSustained {
  /** Which fact, said by whom, when. */
  readonly meta: EventMeta;
  /** factId of the JobStarted of the same source that this belongs to; null: the source does not say. */
  readonly job: null | Id16;
  /** SUSTAIN_RECORD: a record of sustainment (RTOF). LATER_STATUS: a later status in paid employment (ILR). LENGTH_OF_EMPLOYMENT: ILR LOE. */
  readonly basis: SustainBasis;
  /** Usual weekly hours then. */
  readonly hours: null | WeeklyHours;
  /** Kind of contract then. */
  readonly contract: ContractKind;
  /** Hourly pay then, pence. */
  readonly hourlyPayPence: null | number;
}

/** Symbols of SustainBasis, in the order of the schema. */
export const SUSTAIN_BASIS_SYMBOLS = ['UNKNOWN', 'SUSTAIN_RECORD', 'LATER_STATUS', 'LENGTH_OF_EMPLOYMENT'] as const;

/** What kind of statement it is. UNKNOWN: not said, or a symbol newer than the reader. */
export type SustainBasis = (typeof SUSTAIN_BASIS_SYMBOLS)[number];

/** A payment from employment, as the employer reported it to HMRC. occurredOn is the payment date. */
export interface EarningsReported {
  /** Which fact, said by whom, when. */
  readonly meta: EventMeta;
  /** factId of the JobStarted of the same source that this belongs to; null: the source does not say. */
  readonly job: null | Id16;
  /** Keyed hash of the employer's reference (PAYE reference and employment sequence number, ILR EmpId). Comparable within one source only. Null: not named. */
  readonly employer: null | Id16;
  /** Taxable pay in the period, pence; negative for a correction downwards. */
  readonly amountPence: number;
  /** HMRC payFrequency of the payment; null: not said. */
  readonly payFrequency: null | PayFrequency;
  /** Number of earnings periods the payment covers. */
  readonly periodsCovered: null | number;
  /** Normal hours band of the payment. */
  readonly hours: null | WeeklyHours;
  /** Payment made after the employment ended: never evidence that it lasted. */
  readonly afterLeaving: boolean;
  /** HMRC paymentConfidenceStatus, 1 to 5. */
  readonly confidence: null | number;
}

/** Symbols of PayFrequency, in the order of the schema. */
export const PAY_FREQUENCY_SYMBOLS = ['UNKNOWN', 'W1', 'W2', 'W4', 'M1', 'M3', 'M6', 'MA', 'IO', 'IR'] as const;

/** How often the employer pays, by HMRC's codes: W1 weekly, W2 fortnightly, W4 four-weekly, M1 monthly, M3 quarterly, M6 twice a year, MA yearly, IO one-off, IR irregular. UNKNOWN: not said, or a symbol newer than the reader. */
export type PayFrequency = (typeof PAY_FREQUENCY_SYMBOLS)[number];

/** A benefit claim started, ended, or its award changed. */
export interface BenefitClaimChanged {
  /** Which fact, said by whom, when. */
  readonly meta: EventMeta;
  /** Which benefit. */
  readonly benefit: Benefit;
  /** STARTED and ENDED: the claim. AWARD_CHANGED: amount or status of an award. ASSESSMENT_PERIOD: a Universal Credit assessment period with its take-home pay. */
  readonly kind: ClaimChange;
  /** Keyed hash of benefit type and claim start: ties a claim's changes together within one source. */
  readonly claim: null | Id16;
  /** Date the claim started, days since 1970-01-01. */
  readonly claimStart: null | EpochDay;
  /** Award amount, pence. */
  readonly amountPence: null | number;
  /** Take-home pay of the assessment period, pence (the unit is inferred from sibling amounts; unverified). */
  readonly takeHomePayPence: null | number;
  /** Source's end reason code, from its closed list; null: none given. */
  readonly reason: null | string;
}

/** Symbols of Benefit, in the order of the schema. */
export const BENEFIT_SYMBOLS = ['UNKNOWN', 'UNIVERSAL_CREDIT', 'JOBSEEKERS_ALLOWANCE', 'EMPLOYMENT_AND_SUPPORT_ALLOWANCE', 'INCOME_SUPPORT', 'PENSION_CREDIT', 'CARERS_ALLOWANCE', 'STATE_PENSION', 'OTHER_STATE_BENEFIT'] as const;

/** Benefit claimed. DWP Citizen API benefitType; ILR BSI. UNKNOWN: not said, or a symbol newer than the reader. */
export type Benefit = (typeof BENEFIT_SYMBOLS)[number];

/** Symbols of ClaimChange, in the order of the schema. */
export const CLAIM_CHANGE_SYMBOLS = ['UNKNOWN', 'STARTED', 'ENDED', 'AWARD_CHANGED', 'ASSESSMENT_PERIOD'] as const;

/** What changed. UNKNOWN: not said, or a symbol newer than the reader. */
export type ClaimChange = (typeof CLAIM_CHANGE_SYMBOLS)[number];

/** Learning started, was completed, withdrawn from or interrupted. */
export interface LearningStatusChanged {
  /** Which fact, said by whom, when. */
  readonly meta: EventMeta;
  /** What happened to the learning. */
  readonly status: LearningStatus;
  /** Learning aim reference (ILR LearnAimRef). */
  readonly aim: null | string;
  /** LearnStartDate, days since 1970-01-01; with the aim it identifies the learning over years. */
  readonly startDate: null | EpochDay;
  /** ILR FundModel. */
  readonly fundModel: null | number;
  /** ILR Outcome: 1 achieved, 2 partial, 3 no achievement, 8 not yet known. */
  readonly outcome: null | number;
}

/** Symbols of LearningStatus, in the order of the schema. */
export const LEARNING_STATUS_SYMBOLS = ['UNKNOWN', 'STARTED', 'COMPLETED', 'WITHDRAWN', 'BREAK'] as const;

/** ILR CompStatus: 1 continuing, 2 completed, 3 withdrawn, 6 agreed break; STARTED at LearnStartDate. UNKNOWN: not said, or a symbol newer than the reader. */
export type LearningStatus = (typeof LEARNING_STATUS_SYMBOLS)[number];

/** What a source says of a person's circumstances from a date on. A null field says nothing. */
export interface CircumstancesReported {
  /** Which fact, said by whom, when. */
  readonly meta: EventMeta;
  /** Year of birth. */
  readonly birthYear: null | number;
  /** Month of birth, 1 to 12; null where the source gives the year only. */
  readonly birthMonth: null | number;
  /** GSS code of the local authority district of residence; postcodes never leave the adapter. */
  readonly district: null | string;
  /** GSS code of the ward of residence. */
  readonly ward: null | string;
  /** Labour-market status from that date on. */
  readonly labourMarketStatus: LabourMarketStatus;
  /** Benefit the person says they receive (ILR BSI). */
  readonly benefit: null | Benefit;
  /** Priority groups the source knows the person to be in; empty: known to be in none; null: not said. */
  readonly priorityGroups: null | readonly PriorityGroup[];
}

/** Symbols of LabourMarketStatus, in the order of the schema. */
export const LABOUR_MARKET_STATUS_SYMBOLS = ['UNKNOWN', 'EMPLOYED', 'UNEMPLOYED', 'INACTIVE'] as const;

/** UNEMPLOYED: not in work, looking and available. INACTIVE: not in work, not looking or not available. UNKNOWN: not said, or a symbol newer than the reader. */
export type LabourMarketStatus = (typeof LABOUR_MARKET_STATUS_SYMBOLS)[number];

/** Symbols of PriorityGroup, in the order of the schema. */
export const PRIORITY_GROUP_SYMBOLS = ['UNKNOWN', 'DISABILITY_OR_HEALTH', 'CARE_LEAVER', 'OFFENDER', 'REFUGEE', 'CARER', 'HOMELESS', 'LONE_PARENT', 'SUBSTANCE_MISUSE'] as const;

/** Groups that programmes give priority. UNKNOWN: not said, or a symbol newer than the reader. */
export type PriorityGroup = (typeof PRIORITY_GROUP_SYMBOLS)[number];

/** Tokens of the identifiers a source holds for a subject. Travels on its own topics; tokens are personal data. */
export interface SubjectIdentified {
  /** Which fact, said by whom, when. */
  readonly meta: EventMeta;
  /** Identifiers in force for this subject by this kind of record; an empty list says the source has none. */
  readonly identifiers: readonly SubjectIdentifier[];
}

/** One identifier the source holds. */
export interface SubjectIdentifier {
  /** What kind of identifier. */
  readonly kind: IdentifierKind;
  /** Outcome of its own check. */
  readonly check: IdentifierCheck;
  /** Null: the identifier failed its check and is quarantined; it cannot link. */
  readonly token: null | Token;
}

/** Symbols of IdentifierKind, in the order of the schema. */
export const IDENTIFIER_KIND_SYMBOLS = ['UNKNOWN', 'NHS_NUMBER', 'NINO', 'ULN', 'NAME_DOB_POSTCODE', 'DATE_OF_BIRTH'] as const;

/** NHS_NUMBER, NINO, ULN are certain; NAME_DOB_POSTCODE joins only where nothing conflicts; DATE_OF_BIRTH only contradicts. UNKNOWN: not said, or a symbol newer than the reader. */
export type IdentifierKind = (typeof IDENTIFIER_KIND_SYMBOLS)[number];

/** Symbols of IdentifierCheck, in the order of the schema. */
export const IDENTIFIER_CHECK_SYMBOLS = ['UNKNOWN', 'PASSED', 'FAILED', 'NOT_CHECKABLE'] as const;

/** Outcome of the identifier's own check (check digit, format). UNKNOWN: not said, or a symbol newer than the reader. */
export type IdentifierCheck = (typeof IDENTIFIER_CHECK_SYMBOLS)[number];

/** A keyed hash of kind and canonical identifier under a linkage domain's key. */
export interface Token {
  /** Which domain key made it. */
  readonly keyId: string;
  /** The token. */
  readonly value: Id16;
}

/** Makes a cut: figures frozen at one position of the log. Follows the OutcomeCutCells of the same attempt; without all of them before it, it says nothing. It stands if its number is greater than that of every cut before it in the log. */
export interface OutcomeCut {
  /** Number of the cut, from 1. Never used by another. */
  readonly number: number;
  /** Which attempt at that number this is. */
  readonly attempt: CutAttempt;
  /** How many OutcomeCutCells it consists of; 0 where no cell was counted. */
  readonly parts: number;
  /** When it was taken, UTC milliseconds since 1970-01-01. Not part of the digest. */
  readonly takenAt: EpochMillis;
  /** Generation of the view that its cells were copied from. Not part of the digest. */
  readonly generation: number;
  /** Version of the counting rules. */
  readonly rulesVersion: string;
  /** Ids of the outcome metrics decided by a number of those rules that nobody could check at its source, ascending. Follows from the rules; not part of the digest. */
  readonly unverified: readonly string[];
  /** Position in the topics of facts, topics ascending. */
  readonly facts: readonly TopicPosition[];
  /** Position in the topics of identifiers, topics ascending. */
  readonly identifiers: readonly TopicPosition[];
  /** Of rules version, position and cells, written as decision 0007 says: whoever counts the same log to the same position by the same rules comes to the same digest. */
  readonly digest: Sha256;
}

/** Random bytes that tell apart two processes writing a cut at once. */
export type CutAttempt = Buffer;

/** How far one topic was read. */
export interface TopicPosition {
  /** Name of the topic. */
  readonly topic: string;
  /** By partition, the offset of the first record that is not in the cut. */
  readonly offsets: readonly number[];
}

/** A SHA-256. */
export type Sha256 = Buffer;

/** Some of the cells of a cut that is being written: exact and internal, never to be passed on. */
export interface OutcomeCutCells {
  /** Number of the cut it is written for. */
  readonly number: number;
  /** Which attempt at that number this is. */
  readonly attempt: CutAttempt;
  /** Ordinal among its parts, from 1. */
  readonly part: number;
  /** Cells ascending, after those of the part before. */
  readonly cells: readonly CutCell[];
}

/** One cell. */
export interface CutCell {
  /** The cell as text: metric, month, district, programme, age band, priority group and agreements joined by |, as decision 0004 says. */
  readonly cell: string;
  /** How many, exact; never zero. */
  readonly count: number;
}

/** Event types, in catalogue order. */
export const EVENT_TYPES = ['ReferralMade', 'SupportStarted', 'JobStarted', 'JobEnded', 'JobSustained', 'EarningsReported', 'BenefitClaimChanged', 'LearningStatusChanged', 'CircumstancesReported', 'SubjectIdentified'] as const;

/** Name of one of them. */
export type EventType = (typeof EVENT_TYPES)[number];

/** Event by its name. */
export interface EventsByType {
  readonly ReferralMade: ReferralMade;
  readonly SupportStarted: SupportStarted;
  readonly JobStarted: JobStarted;
  readonly JobEnded: JobEnded;
  readonly JobSustained: JobSustained;
  readonly EarningsReported: EarningsReported;
  readonly BenefitClaimChanged: BenefitClaimChanged;
  readonly LearningStatusChanged: LearningStatusChanged;
  readonly CircumstancesReported: CircumstancesReported;
  readonly SubjectIdentified: SubjectIdentified;
}

/** All versions of events: id on the wire, name, version, schema with every type defined within. */
export const CONTRACT_VERSIONS = [
  { id: 1001, name: 'ReferralMade', version: 1, schema: '{"type":"record","name":"ReferralMade","namespace":"uk.throughline","doc":"A person was referred to employment support.","fields":[{"name":"meta","type":{"type":"record","name":"EventMeta","namespace":"uk.throughline","doc":"What every event carries: which fact, said by whom, when by the source\'s own clock. Holds no identifier of a person and no token.","fields":[{"name":"eventId","type":{"type":"fixed","name":"Id16","namespace":"uk.throughline","size":16,"doc":"A keyed hash of 128 bits; meaningless outside the partner whose key made it."},"doc":"Keyed hash of factId, revision, contentHash and change; the second half of the record\'s key. The same word of the same fact has the same id for ever."},{"name":"factId","type":"Id16","doc":"Keyed hash of partner, system, scope, subject, event type and the source\'s natural key: what is being stated, whatever it says."},{"name":"subject","type":"Id16","doc":"The person as one source system knows them: keyed hash of the source\'s own reference. The first half of the record\'s key."},{"name":"revision","type":{"type":"record","name":"Revision","namespace":"uk.throughline","doc":"The source\'s own clock for what it says now. Greater wins.","fields":[{"name":"instant","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"Instant of the source\'s statement, UTC milliseconds since 1970-01-01. ILR: Source.DateTime; BaRS: Bundle.timestamp; feeds without a clock: the submission\'s asOf."},{"name":"sequence","type":"int","doc":"Orders statements of one instant: twice the source\'s own serial number (ILR SerialNo), 0 where it has none. Odd: the withdrawal of a submission.","default":0}]},"doc":"The source\'s own clock for what it says now."},{"name":"contentHash","type":{"type":"fixed","name":"ContentHash","namespace":"uk.throughline","size":8,"doc":"A keyed hash of 64 bits of what an event says; compared as unsigned bytes. All zero for a withdrawal."},"doc":"Keyed hash of body, occurredOn and programme; the tie-break between statements of one revision."},{"name":"change","type":{"type":"enum","name":"Change","namespace":"uk.throughline","doc":"Whether the source says the fact or takes it back. UNKNOWN: never written; what a reader sees for a symbol newer than itself.","symbols":["UNKNOWN","STATED","WITHDRAWN"],"default":"UNKNOWN"},"doc":"STATED: the source says it. WITHDRAWN: it says so no longer; the body is at its defaults.","default":"UNKNOWN"},{"name":"occurredOn","type":["null",{"type":"record","name":"OccurredOn","namespace":"uk.throughline","doc":"When the thing happened in the person\'s life, as exactly as the source knows.","fields":[{"name":"date","type":{"type":"int","logicalType":"date"},"doc":"Days since 1970-01-01; the first day of the month or year where precision is coarser."},{"name":"precision","type":{"type":"enum","name":"DatePrecision","namespace":"uk.throughline","doc":"How exact a date is. UNKNOWN: never written; what a reader sees for a symbol newer than itself.","symbols":["UNKNOWN","DAY","MONTH","YEAR"],"default":"UNKNOWN"},"doc":"How exact the date is.","default":"UNKNOWN"}]}],"doc":"When it happened. Null for a withdrawal, and for SubjectIdentified, which has no day of its own. Never a file\'s or a receipt\'s clock.","default":null},{"name":"recordedAt","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When the adapter recorded the event, UTC milliseconds. Not part of the content."},{"name":"source","type":{"type":"record","name":"Source","namespace":"uk.throughline","doc":"Where in what was sent the event comes from.","fields":[{"name":"partner","type":"string","doc":"Identifier of the partner organisation in the platform\'s configuration, for example riverside-college."},{"name":"system","type":"string","doc":"Source system: bars, nhs-csv, ilr, dwp-citizen, hmrc-rti or rtof."},{"name":"submission","type":"Id16","doc":"The submission\'s id: keyed hash of its payload and parameters."},{"name":"record","type":"int","doc":"Ordinal of the record in the submission, from 1; 0 for what the submission says as a whole (an absence).","default":0}]},"doc":"Submission and record that said so. Not part of the content."},{"name":"agreementId","type":"string","doc":"The data-sharing agreement under which the fact was sent."},{"name":"programme","type":["null","string"],"doc":"Programme the source or the submission declares (reference data: workwell, connect-to-work, restart, work-and-health, youth-guarantee, local). Null: not declared; never guessed.","default":null},{"name":"evidence","type":{"type":"enum","name":"Evidence","namespace":"uk.throughline","doc":"How the source knows. UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","PAYROLL","BENEFIT_RECORD","CASE_RECORD","SELF_REPORTED"],"default":"UNKNOWN"},"doc":"How the source knows: payroll returns, benefit records, a service\'s case record, or the person\'s own word.","default":"UNKNOWN"}]},"doc":"Which fact, said by whom, when."},{"name":"status","type":{"type":"enum","name":"ReferralStatus","namespace":"uk.throughline","doc":"FHIR request-status of the referral. UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","ACTIVE","REVOKED","COMPLETED","ON_HOLD","DRAFT"],"default":"UNKNOWN"},"doc":"Status the referral has now. A revoked referral stays stated and is not counted; entered-in-error withdraws it.","default":"UNKNOWN"},{"name":"fromOrganisation","type":["null","string"],"doc":"ODS code of the organisation that refers (BaRS: MessageHeader.sender).","default":null},{"name":"toService","type":["null","string"],"doc":"Identifier of the service referred to (BaRS: MessageHeader.destination, Directory of Services id).","default":null},{"name":"useCase","type":["null","string"],"doc":"Use-case code of the referral. BaRS has none for employment: local codes are a declared profile gap.","default":null}]}' },
  { id: 1101, name: 'SupportStarted', version: 1, schema: '{"type":"record","name":"SupportStarted","namespace":"uk.throughline","doc":"A person started on a programme of support.","fields":[{"name":"meta","type":{"type":"record","name":"EventMeta","namespace":"uk.throughline","doc":"What every event carries: which fact, said by whom, when by the source\'s own clock. Holds no identifier of a person and no token.","fields":[{"name":"eventId","type":{"type":"fixed","name":"Id16","namespace":"uk.throughline","size":16,"doc":"A keyed hash of 128 bits; meaningless outside the partner whose key made it."},"doc":"Keyed hash of factId, revision, contentHash and change; the second half of the record\'s key. The same word of the same fact has the same id for ever."},{"name":"factId","type":"Id16","doc":"Keyed hash of partner, system, scope, subject, event type and the source\'s natural key: what is being stated, whatever it says."},{"name":"subject","type":"Id16","doc":"The person as one source system knows them: keyed hash of the source\'s own reference. The first half of the record\'s key."},{"name":"revision","type":{"type":"record","name":"Revision","namespace":"uk.throughline","doc":"The source\'s own clock for what it says now. Greater wins.","fields":[{"name":"instant","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"Instant of the source\'s statement, UTC milliseconds since 1970-01-01. ILR: Source.DateTime; BaRS: Bundle.timestamp; feeds without a clock: the submission\'s asOf."},{"name":"sequence","type":"int","doc":"Orders statements of one instant: twice the source\'s own serial number (ILR SerialNo), 0 where it has none. Odd: the withdrawal of a submission.","default":0}]},"doc":"The source\'s own clock for what it says now."},{"name":"contentHash","type":{"type":"fixed","name":"ContentHash","namespace":"uk.throughline","size":8,"doc":"A keyed hash of 64 bits of what an event says; compared as unsigned bytes. All zero for a withdrawal."},"doc":"Keyed hash of body, occurredOn and programme; the tie-break between statements of one revision."},{"name":"change","type":{"type":"enum","name":"Change","namespace":"uk.throughline","doc":"Whether the source says the fact or takes it back. UNKNOWN: never written; what a reader sees for a symbol newer than itself.","symbols":["UNKNOWN","STATED","WITHDRAWN"],"default":"UNKNOWN"},"doc":"STATED: the source says it. WITHDRAWN: it says so no longer; the body is at its defaults.","default":"UNKNOWN"},{"name":"occurredOn","type":["null",{"type":"record","name":"OccurredOn","namespace":"uk.throughline","doc":"When the thing happened in the person\'s life, as exactly as the source knows.","fields":[{"name":"date","type":{"type":"int","logicalType":"date"},"doc":"Days since 1970-01-01; the first day of the month or year where precision is coarser."},{"name":"precision","type":{"type":"enum","name":"DatePrecision","namespace":"uk.throughline","doc":"How exact a date is. UNKNOWN: never written; what a reader sees for a symbol newer than itself.","symbols":["UNKNOWN","DAY","MONTH","YEAR"],"default":"UNKNOWN"},"doc":"How exact the date is.","default":"UNKNOWN"}]}],"doc":"When it happened. Null for a withdrawal, and for SubjectIdentified, which has no day of its own. Never a file\'s or a receipt\'s clock.","default":null},{"name":"recordedAt","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When the adapter recorded the event, UTC milliseconds. Not part of the content."},{"name":"source","type":{"type":"record","name":"Source","namespace":"uk.throughline","doc":"Where in what was sent the event comes from.","fields":[{"name":"partner","type":"string","doc":"Identifier of the partner organisation in the platform\'s configuration, for example riverside-college."},{"name":"system","type":"string","doc":"Source system: bars, nhs-csv, ilr, dwp-citizen, hmrc-rti or rtof."},{"name":"submission","type":"Id16","doc":"The submission\'s id: keyed hash of its payload and parameters."},{"name":"record","type":"int","doc":"Ordinal of the record in the submission, from 1; 0 for what the submission says as a whole (an absence).","default":0}]},"doc":"Submission and record that said so. Not part of the content."},{"name":"agreementId","type":"string","doc":"The data-sharing agreement under which the fact was sent."},{"name":"programme","type":["null","string"],"doc":"Programme the source or the submission declares (reference data: workwell, connect-to-work, restart, work-and-health, youth-guarantee, local). Null: not declared; never guessed.","default":null},{"name":"evidence","type":{"type":"enum","name":"Evidence","namespace":"uk.throughline","doc":"How the source knows. UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","PAYROLL","BENEFIT_RECORD","CASE_RECORD","SELF_REPORTED"],"default":"UNKNOWN"},"doc":"How the source knows: payroll returns, benefit records, a service\'s case record, or the person\'s own word.","default":"UNKNOWN"}]},"doc":"Which fact, said by whom, when."},{"name":"provider","type":["null","string"],"doc":"Organisation that supports (ODS code or the partner\'s own code of the provider); null: not said.","default":null}]}' },
  { id: 1201, name: 'JobStarted', version: 1, schema: '{"type":"record","name":"JobStarted","namespace":"uk.throughline","doc":"A person started a job.","fields":[{"name":"meta","type":{"type":"record","name":"EventMeta","namespace":"uk.throughline","doc":"What every event carries: which fact, said by whom, when by the source\'s own clock. Holds no identifier of a person and no token.","fields":[{"name":"eventId","type":{"type":"fixed","name":"Id16","namespace":"uk.throughline","size":16,"doc":"A keyed hash of 128 bits; meaningless outside the partner whose key made it."},"doc":"Keyed hash of factId, revision, contentHash and change; the second half of the record\'s key. The same word of the same fact has the same id for ever."},{"name":"factId","type":"Id16","doc":"Keyed hash of partner, system, scope, subject, event type and the source\'s natural key: what is being stated, whatever it says."},{"name":"subject","type":"Id16","doc":"The person as one source system knows them: keyed hash of the source\'s own reference. The first half of the record\'s key."},{"name":"revision","type":{"type":"record","name":"Revision","namespace":"uk.throughline","doc":"The source\'s own clock for what it says now. Greater wins.","fields":[{"name":"instant","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"Instant of the source\'s statement, UTC milliseconds since 1970-01-01. ILR: Source.DateTime; BaRS: Bundle.timestamp; feeds without a clock: the submission\'s asOf."},{"name":"sequence","type":"int","doc":"Orders statements of one instant: twice the source\'s own serial number (ILR SerialNo), 0 where it has none. Odd: the withdrawal of a submission.","default":0}]},"doc":"The source\'s own clock for what it says now."},{"name":"contentHash","type":{"type":"fixed","name":"ContentHash","namespace":"uk.throughline","size":8,"doc":"A keyed hash of 64 bits of what an event says; compared as unsigned bytes. All zero for a withdrawal."},"doc":"Keyed hash of body, occurredOn and programme; the tie-break between statements of one revision."},{"name":"change","type":{"type":"enum","name":"Change","namespace":"uk.throughline","doc":"Whether the source says the fact or takes it back. UNKNOWN: never written; what a reader sees for a symbol newer than itself.","symbols":["UNKNOWN","STATED","WITHDRAWN"],"default":"UNKNOWN"},"doc":"STATED: the source says it. WITHDRAWN: it says so no longer; the body is at its defaults.","default":"UNKNOWN"},{"name":"occurredOn","type":["null",{"type":"record","name":"OccurredOn","namespace":"uk.throughline","doc":"When the thing happened in the person\'s life, as exactly as the source knows.","fields":[{"name":"date","type":{"type":"int","logicalType":"date"},"doc":"Days since 1970-01-01; the first day of the month or year where precision is coarser."},{"name":"precision","type":{"type":"enum","name":"DatePrecision","namespace":"uk.throughline","doc":"How exact a date is. UNKNOWN: never written; what a reader sees for a symbol newer than itself.","symbols":["UNKNOWN","DAY","MONTH","YEAR"],"default":"UNKNOWN"},"doc":"How exact the date is.","default":"UNKNOWN"}]}],"doc":"When it happened. Null for a withdrawal, and for SubjectIdentified, which has no day of its own. Never a file\'s or a receipt\'s clock.","default":null},{"name":"recordedAt","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When the adapter recorded the event, UTC milliseconds. Not part of the content."},{"name":"source","type":{"type":"record","name":"Source","namespace":"uk.throughline","doc":"Where in what was sent the event comes from.","fields":[{"name":"partner","type":"string","doc":"Identifier of the partner organisation in the platform\'s configuration, for example riverside-college."},{"name":"system","type":"string","doc":"Source system: bars, nhs-csv, ilr, dwp-citizen, hmrc-rti or rtof."},{"name":"submission","type":"Id16","doc":"The submission\'s id: keyed hash of its payload and parameters."},{"name":"record","type":"int","doc":"Ordinal of the record in the submission, from 1; 0 for what the submission says as a whole (an absence).","default":0}]},"doc":"Submission and record that said so. Not part of the content."},{"name":"agreementId","type":"string","doc":"The data-sharing agreement under which the fact was sent."},{"name":"programme","type":["null","string"],"doc":"Programme the source or the submission declares (reference data: workwell, connect-to-work, restart, work-and-health, youth-guarantee, local). Null: not declared; never guessed.","default":null},{"name":"evidence","type":{"type":"enum","name":"Evidence","namespace":"uk.throughline","doc":"How the source knows. UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","PAYROLL","BENEFIT_RECORD","CASE_RECORD","SELF_REPORTED"],"default":"UNKNOWN"},"doc":"How the source knows: payroll returns, benefit records, a service\'s case record, or the person\'s own word.","default":"UNKNOWN"}]},"doc":"Which fact, said by whom, when."},{"name":"hours","type":["null",{"type":"record","name":"WeeklyHours","namespace":"uk.throughline","doc":"A band of usual weekly hours. Bands of different sources do not align, so both ends are kept.","fields":[{"name":"atLeast","type":"int","doc":"Least hours a week in the band, hundredths of an hour (16 hours = 1600)."},{"name":"below","type":["null","int"],"doc":"Hours a week the band stays below, hundredths of an hour; null: no upper end.","default":null}]}],"doc":"Usual weekly hours. ILR: EII; HMRC: numberOfNormalHoursWorked; RTOF: hours_of_employment_entry.","default":null},{"name":"work","type":{"type":"enum","name":"WorkKind","namespace":"uk.throughline","doc":"Employed by somebody or self-employed. UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","EMPLOYED","SELF_EMPLOYED"],"default":"UNKNOWN"},"doc":"Employed or self-employed. ILR: SEI; RTOF: employment_entry_outcome_type.","default":"UNKNOWN"},{"name":"contract","type":{"type":"enum","name":"ContractKind","namespace":"uk.throughline","doc":"Kind of contract (RTOF: PC, TC, ZHC, CIH, SE, Other). UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","PERMANENT","TEMPORARY","ZERO_HOURS","CASH_IN_HAND","SELF_EMPLOYED","OTHER"],"default":"UNKNOWN"},"doc":"Kind of contract.","default":"UNKNOWN"},{"name":"employer","type":["null","Id16"],"doc":"Keyed hash of the employer\'s reference (PAYE reference and employment sequence number, ILR EmpId). Comparable within one source only. Null: not named.","default":null},{"name":"hourlyPayPence","type":["null","int"],"doc":"Hourly pay, pence. RTOF gives whole pounds.","default":null}]}' },
  { id: 1301, name: 'JobEnded', version: 1, schema: '{"type":"record","name":"JobEnded","namespace":"uk.throughline","doc":"A job ended on the date the source gives.","fields":[{"name":"meta","type":{"type":"record","name":"EventMeta","namespace":"uk.throughline","doc":"What every event carries: which fact, said by whom, when by the source\'s own clock. Holds no identifier of a person and no token.","fields":[{"name":"eventId","type":{"type":"fixed","name":"Id16","namespace":"uk.throughline","size":16,"doc":"A keyed hash of 128 bits; meaningless outside the partner whose key made it."},"doc":"Keyed hash of factId, revision, contentHash and change; the second half of the record\'s key. The same word of the same fact has the same id for ever."},{"name":"factId","type":"Id16","doc":"Keyed hash of partner, system, scope, subject, event type and the source\'s natural key: what is being stated, whatever it says."},{"name":"subject","type":"Id16","doc":"The person as one source system knows them: keyed hash of the source\'s own reference. The first half of the record\'s key."},{"name":"revision","type":{"type":"record","name":"Revision","namespace":"uk.throughline","doc":"The source\'s own clock for what it says now. Greater wins.","fields":[{"name":"instant","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"Instant of the source\'s statement, UTC milliseconds since 1970-01-01. ILR: Source.DateTime; BaRS: Bundle.timestamp; feeds without a clock: the submission\'s asOf."},{"name":"sequence","type":"int","doc":"Orders statements of one instant: twice the source\'s own serial number (ILR SerialNo), 0 where it has none. Odd: the withdrawal of a submission.","default":0}]},"doc":"The source\'s own clock for what it says now."},{"name":"contentHash","type":{"type":"fixed","name":"ContentHash","namespace":"uk.throughline","size":8,"doc":"A keyed hash of 64 bits of what an event says; compared as unsigned bytes. All zero for a withdrawal."},"doc":"Keyed hash of body, occurredOn and programme; the tie-break between statements of one revision."},{"name":"change","type":{"type":"enum","name":"Change","namespace":"uk.throughline","doc":"Whether the source says the fact or takes it back. UNKNOWN: never written; what a reader sees for a symbol newer than itself.","symbols":["UNKNOWN","STATED","WITHDRAWN"],"default":"UNKNOWN"},"doc":"STATED: the source says it. WITHDRAWN: it says so no longer; the body is at its defaults.","default":"UNKNOWN"},{"name":"occurredOn","type":["null",{"type":"record","name":"OccurredOn","namespace":"uk.throughline","doc":"When the thing happened in the person\'s life, as exactly as the source knows.","fields":[{"name":"date","type":{"type":"int","logicalType":"date"},"doc":"Days since 1970-01-01; the first day of the month or year where precision is coarser."},{"name":"precision","type":{"type":"enum","name":"DatePrecision","namespace":"uk.throughline","doc":"How exact a date is. UNKNOWN: never written; what a reader sees for a symbol newer than itself.","symbols":["UNKNOWN","DAY","MONTH","YEAR"],"default":"UNKNOWN"},"doc":"How exact the date is.","default":"UNKNOWN"}]}],"doc":"When it happened. Null for a withdrawal, and for SubjectIdentified, which has no day of its own. Never a file\'s or a receipt\'s clock.","default":null},{"name":"recordedAt","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When the adapter recorded the event, UTC milliseconds. Not part of the content."},{"name":"source","type":{"type":"record","name":"Source","namespace":"uk.throughline","doc":"Where in what was sent the event comes from.","fields":[{"name":"partner","type":"string","doc":"Identifier of the partner organisation in the platform\'s configuration, for example riverside-college."},{"name":"system","type":"string","doc":"Source system: bars, nhs-csv, ilr, dwp-citizen, hmrc-rti or rtof."},{"name":"submission","type":"Id16","doc":"The submission\'s id: keyed hash of its payload and parameters."},{"name":"record","type":"int","doc":"Ordinal of the record in the submission, from 1; 0 for what the submission says as a whole (an absence).","default":0}]},"doc":"Submission and record that said so. Not part of the content."},{"name":"agreementId","type":"string","doc":"The data-sharing agreement under which the fact was sent."},{"name":"programme","type":["null","string"],"doc":"Programme the source or the submission declares (reference data: workwell, connect-to-work, restart, work-and-health, youth-guarantee, local). Null: not declared; never guessed.","default":null},{"name":"evidence","type":{"type":"enum","name":"Evidence","namespace":"uk.throughline","doc":"How the source knows. UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","PAYROLL","BENEFIT_RECORD","CASE_RECORD","SELF_REPORTED"],"default":"UNKNOWN"},"doc":"How the source knows: payroll returns, benefit records, a service\'s case record, or the person\'s own word.","default":"UNKNOWN"}]},"doc":"Which fact, said by whom, when."},{"name":"job","type":["null","Id16"],"doc":"factId of the JobStarted of the same source that this belongs to; null: the source does not say.","default":null},{"name":"employer","type":["null","Id16"],"doc":"Keyed hash of the employer\'s reference (PAYE reference and employment sequence number, ILR EmpId). Comparable within one source only. Null: not named.","default":null}]}' },
  { id: 1401, name: 'JobSustained', version: 1, schema: '{"type":"record","name":"JobSustained","namespace":"uk.throughline","doc":"A source says that a job was still held on a date: positive evidence that spans from its start.","fields":[{"name":"meta","type":{"type":"record","name":"EventMeta","namespace":"uk.throughline","doc":"What every event carries: which fact, said by whom, when by the source\'s own clock. Holds no identifier of a person and no token.","fields":[{"name":"eventId","type":{"type":"fixed","name":"Id16","namespace":"uk.throughline","size":16,"doc":"A keyed hash of 128 bits; meaningless outside the partner whose key made it."},"doc":"Keyed hash of factId, revision, contentHash and change; the second half of the record\'s key. The same word of the same fact has the same id for ever."},{"name":"factId","type":"Id16","doc":"Keyed hash of partner, system, scope, subject, event type and the source\'s natural key: what is being stated, whatever it says."},{"name":"subject","type":"Id16","doc":"The person as one source system knows them: keyed hash of the source\'s own reference. The first half of the record\'s key."},{"name":"revision","type":{"type":"record","name":"Revision","namespace":"uk.throughline","doc":"The source\'s own clock for what it says now. Greater wins.","fields":[{"name":"instant","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"Instant of the source\'s statement, UTC milliseconds since 1970-01-01. ILR: Source.DateTime; BaRS: Bundle.timestamp; feeds without a clock: the submission\'s asOf."},{"name":"sequence","type":"int","doc":"Orders statements of one instant: twice the source\'s own serial number (ILR SerialNo), 0 where it has none. Odd: the withdrawal of a submission.","default":0}]},"doc":"The source\'s own clock for what it says now."},{"name":"contentHash","type":{"type":"fixed","name":"ContentHash","namespace":"uk.throughline","size":8,"doc":"A keyed hash of 64 bits of what an event says; compared as unsigned bytes. All zero for a withdrawal."},"doc":"Keyed hash of body, occurredOn and programme; the tie-break between statements of one revision."},{"name":"change","type":{"type":"enum","name":"Change","namespace":"uk.throughline","doc":"Whether the source says the fact or takes it back. UNKNOWN: never written; what a reader sees for a symbol newer than itself.","symbols":["UNKNOWN","STATED","WITHDRAWN"],"default":"UNKNOWN"},"doc":"STATED: the source says it. WITHDRAWN: it says so no longer; the body is at its defaults.","default":"UNKNOWN"},{"name":"occurredOn","type":["null",{"type":"record","name":"OccurredOn","namespace":"uk.throughline","doc":"When the thing happened in the person\'s life, as exactly as the source knows.","fields":[{"name":"date","type":{"type":"int","logicalType":"date"},"doc":"Days since 1970-01-01; the first day of the month or year where precision is coarser."},{"name":"precision","type":{"type":"enum","name":"DatePrecision","namespace":"uk.throughline","doc":"How exact a date is. UNKNOWN: never written; what a reader sees for a symbol newer than itself.","symbols":["UNKNOWN","DAY","MONTH","YEAR"],"default":"UNKNOWN"},"doc":"How exact the date is.","default":"UNKNOWN"}]}],"doc":"When it happened. Null for a withdrawal, and for SubjectIdentified, which has no day of its own. Never a file\'s or a receipt\'s clock.","default":null},{"name":"recordedAt","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When the adapter recorded the event, UTC milliseconds. Not part of the content."},{"name":"source","type":{"type":"record","name":"Source","namespace":"uk.throughline","doc":"Where in what was sent the event comes from.","fields":[{"name":"partner","type":"string","doc":"Identifier of the partner organisation in the platform\'s configuration, for example riverside-college."},{"name":"system","type":"string","doc":"Source system: bars, nhs-csv, ilr, dwp-citizen, hmrc-rti or rtof."},{"name":"submission","type":"Id16","doc":"The submission\'s id: keyed hash of its payload and parameters."},{"name":"record","type":"int","doc":"Ordinal of the record in the submission, from 1; 0 for what the submission says as a whole (an absence).","default":0}]},"doc":"Submission and record that said so. Not part of the content."},{"name":"agreementId","type":"string","doc":"The data-sharing agreement under which the fact was sent."},{"name":"programme","type":["null","string"],"doc":"Programme the source or the submission declares (reference data: workwell, connect-to-work, restart, work-and-health, youth-guarantee, local). Null: not declared; never guessed.","default":null},{"name":"evidence","type":{"type":"enum","name":"Evidence","namespace":"uk.throughline","doc":"How the source knows. UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","PAYROLL","BENEFIT_RECORD","CASE_RECORD","SELF_REPORTED"],"default":"UNKNOWN"},"doc":"How the source knows: payroll returns, benefit records, a service\'s case record, or the person\'s own word.","default":"UNKNOWN"}]},"doc":"Which fact, said by whom, when."},{"name":"job","type":["null","Id16"],"doc":"factId of the JobStarted of the same source that this belongs to; null: the source does not say.","default":null},{"name":"basis","type":{"type":"enum","name":"SustainBasis","namespace":"uk.throughline","doc":"What kind of statement it is. UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","SUSTAIN_RECORD","LATER_STATUS","LENGTH_OF_EMPLOYMENT"],"default":"UNKNOWN"},"doc":"SUSTAIN_RECORD: a record of sustainment (RTOF). LATER_STATUS: a later status in paid employment (ILR). LENGTH_OF_EMPLOYMENT: ILR LOE.","default":"UNKNOWN"},{"name":"hours","type":["null",{"type":"record","name":"WeeklyHours","namespace":"uk.throughline","doc":"A band of usual weekly hours. Bands of different sources do not align, so both ends are kept.","fields":[{"name":"atLeast","type":"int","doc":"Least hours a week in the band, hundredths of an hour (16 hours = 1600)."},{"name":"below","type":["null","int"],"doc":"Hours a week the band stays below, hundredths of an hour; null: no upper end.","default":null}]}],"doc":"Usual weekly hours then.","default":null},{"name":"contract","type":{"type":"enum","name":"ContractKind","namespace":"uk.throughline","doc":"Kind of contract (RTOF: PC, TC, ZHC, CIH, SE, Other). UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","PERMANENT","TEMPORARY","ZERO_HOURS","CASH_IN_HAND","SELF_EMPLOYED","OTHER"],"default":"UNKNOWN"},"doc":"Kind of contract then.","default":"UNKNOWN"},{"name":"hourlyPayPence","type":["null","int"],"doc":"Hourly pay then, pence.","default":null}]}' },
  { id: 1501, name: 'EarningsReported', version: 1, schema: '{"type":"record","name":"EarningsReported","namespace":"uk.throughline","doc":"A payment from employment, as the employer reported it to HMRC. occurredOn is the payment date.","fields":[{"name":"meta","type":{"type":"record","name":"EventMeta","namespace":"uk.throughline","doc":"What every event carries: which fact, said by whom, when by the source\'s own clock. Holds no identifier of a person and no token.","fields":[{"name":"eventId","type":{"type":"fixed","name":"Id16","namespace":"uk.throughline","size":16,"doc":"A keyed hash of 128 bits; meaningless outside the partner whose key made it."},"doc":"Keyed hash of factId, revision, contentHash and change; the second half of the record\'s key. The same word of the same fact has the same id for ever."},{"name":"factId","type":"Id16","doc":"Keyed hash of partner, system, scope, subject, event type and the source\'s natural key: what is being stated, whatever it says."},{"name":"subject","type":"Id16","doc":"The person as one source system knows them: keyed hash of the source\'s own reference. The first half of the record\'s key."},{"name":"revision","type":{"type":"record","name":"Revision","namespace":"uk.throughline","doc":"The source\'s own clock for what it says now. Greater wins.","fields":[{"name":"instant","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"Instant of the source\'s statement, UTC milliseconds since 1970-01-01. ILR: Source.DateTime; BaRS: Bundle.timestamp; feeds without a clock: the submission\'s asOf."},{"name":"sequence","type":"int","doc":"Orders statements of one instant: twice the source\'s own serial number (ILR SerialNo), 0 where it has none. Odd: the withdrawal of a submission.","default":0}]},"doc":"The source\'s own clock for what it says now."},{"name":"contentHash","type":{"type":"fixed","name":"ContentHash","namespace":"uk.throughline","size":8,"doc":"A keyed hash of 64 bits of what an event says; compared as unsigned bytes. All zero for a withdrawal."},"doc":"Keyed hash of body, occurredOn and programme; the tie-break between statements of one revision."},{"name":"change","type":{"type":"enum","name":"Change","namespace":"uk.throughline","doc":"Whether the source says the fact or takes it back. UNKNOWN: never written; what a reader sees for a symbol newer than itself.","symbols":["UNKNOWN","STATED","WITHDRAWN"],"default":"UNKNOWN"},"doc":"STATED: the source says it. WITHDRAWN: it says so no longer; the body is at its defaults.","default":"UNKNOWN"},{"name":"occurredOn","type":["null",{"type":"record","name":"OccurredOn","namespace":"uk.throughline","doc":"When the thing happened in the person\'s life, as exactly as the source knows.","fields":[{"name":"date","type":{"type":"int","logicalType":"date"},"doc":"Days since 1970-01-01; the first day of the month or year where precision is coarser."},{"name":"precision","type":{"type":"enum","name":"DatePrecision","namespace":"uk.throughline","doc":"How exact a date is. UNKNOWN: never written; what a reader sees for a symbol newer than itself.","symbols":["UNKNOWN","DAY","MONTH","YEAR"],"default":"UNKNOWN"},"doc":"How exact the date is.","default":"UNKNOWN"}]}],"doc":"When it happened. Null for a withdrawal, and for SubjectIdentified, which has no day of its own. Never a file\'s or a receipt\'s clock.","default":null},{"name":"recordedAt","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When the adapter recorded the event, UTC milliseconds. Not part of the content."},{"name":"source","type":{"type":"record","name":"Source","namespace":"uk.throughline","doc":"Where in what was sent the event comes from.","fields":[{"name":"partner","type":"string","doc":"Identifier of the partner organisation in the platform\'s configuration, for example riverside-college."},{"name":"system","type":"string","doc":"Source system: bars, nhs-csv, ilr, dwp-citizen, hmrc-rti or rtof."},{"name":"submission","type":"Id16","doc":"The submission\'s id: keyed hash of its payload and parameters."},{"name":"record","type":"int","doc":"Ordinal of the record in the submission, from 1; 0 for what the submission says as a whole (an absence).","default":0}]},"doc":"Submission and record that said so. Not part of the content."},{"name":"agreementId","type":"string","doc":"The data-sharing agreement under which the fact was sent."},{"name":"programme","type":["null","string"],"doc":"Programme the source or the submission declares (reference data: workwell, connect-to-work, restart, work-and-health, youth-guarantee, local). Null: not declared; never guessed.","default":null},{"name":"evidence","type":{"type":"enum","name":"Evidence","namespace":"uk.throughline","doc":"How the source knows. UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","PAYROLL","BENEFIT_RECORD","CASE_RECORD","SELF_REPORTED"],"default":"UNKNOWN"},"doc":"How the source knows: payroll returns, benefit records, a service\'s case record, or the person\'s own word.","default":"UNKNOWN"}]},"doc":"Which fact, said by whom, when."},{"name":"job","type":["null","Id16"],"doc":"factId of the JobStarted of the same source that this belongs to; null: the source does not say.","default":null},{"name":"employer","type":["null","Id16"],"doc":"Keyed hash of the employer\'s reference (PAYE reference and employment sequence number, ILR EmpId). Comparable within one source only. Null: not named.","default":null},{"name":"amountPence","type":"long","doc":"Taxable pay in the period, pence; negative for a correction downwards.","default":0},{"name":"payFrequency","type":["null",{"type":"enum","name":"PayFrequency","namespace":"uk.throughline","doc":"How often the employer pays, by HMRC\'s codes: W1 weekly, W2 fortnightly, W4 four-weekly, M1 monthly, M3 quarterly, M6 twice a year, MA yearly, IO one-off, IR irregular. UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","W1","W2","W4","M1","M3","M6","MA","IO","IR"],"default":"UNKNOWN"}],"doc":"HMRC payFrequency of the payment; null: not said.","default":null},{"name":"periodsCovered","type":["null","int"],"doc":"Number of earnings periods the payment covers.","default":null},{"name":"hours","type":["null",{"type":"record","name":"WeeklyHours","namespace":"uk.throughline","doc":"A band of usual weekly hours. Bands of different sources do not align, so both ends are kept.","fields":[{"name":"atLeast","type":"int","doc":"Least hours a week in the band, hundredths of an hour (16 hours = 1600)."},{"name":"below","type":["null","int"],"doc":"Hours a week the band stays below, hundredths of an hour; null: no upper end.","default":null}]}],"doc":"Normal hours band of the payment.","default":null},{"name":"afterLeaving","type":"boolean","doc":"Payment made after the employment ended: never evidence that it lasted.","default":false},{"name":"confidence","type":["null","int"],"doc":"HMRC paymentConfidenceStatus, 1 to 5.","default":null}]}' },
  { id: 1601, name: 'BenefitClaimChanged', version: 1, schema: '{"type":"record","name":"BenefitClaimChanged","namespace":"uk.throughline","doc":"A benefit claim started, ended, or its award changed.","fields":[{"name":"meta","type":{"type":"record","name":"EventMeta","namespace":"uk.throughline","doc":"What every event carries: which fact, said by whom, when by the source\'s own clock. Holds no identifier of a person and no token.","fields":[{"name":"eventId","type":{"type":"fixed","name":"Id16","namespace":"uk.throughline","size":16,"doc":"A keyed hash of 128 bits; meaningless outside the partner whose key made it."},"doc":"Keyed hash of factId, revision, contentHash and change; the second half of the record\'s key. The same word of the same fact has the same id for ever."},{"name":"factId","type":"Id16","doc":"Keyed hash of partner, system, scope, subject, event type and the source\'s natural key: what is being stated, whatever it says."},{"name":"subject","type":"Id16","doc":"The person as one source system knows them: keyed hash of the source\'s own reference. The first half of the record\'s key."},{"name":"revision","type":{"type":"record","name":"Revision","namespace":"uk.throughline","doc":"The source\'s own clock for what it says now. Greater wins.","fields":[{"name":"instant","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"Instant of the source\'s statement, UTC milliseconds since 1970-01-01. ILR: Source.DateTime; BaRS: Bundle.timestamp; feeds without a clock: the submission\'s asOf."},{"name":"sequence","type":"int","doc":"Orders statements of one instant: twice the source\'s own serial number (ILR SerialNo), 0 where it has none. Odd: the withdrawal of a submission.","default":0}]},"doc":"The source\'s own clock for what it says now."},{"name":"contentHash","type":{"type":"fixed","name":"ContentHash","namespace":"uk.throughline","size":8,"doc":"A keyed hash of 64 bits of what an event says; compared as unsigned bytes. All zero for a withdrawal."},"doc":"Keyed hash of body, occurredOn and programme; the tie-break between statements of one revision."},{"name":"change","type":{"type":"enum","name":"Change","namespace":"uk.throughline","doc":"Whether the source says the fact or takes it back. UNKNOWN: never written; what a reader sees for a symbol newer than itself.","symbols":["UNKNOWN","STATED","WITHDRAWN"],"default":"UNKNOWN"},"doc":"STATED: the source says it. WITHDRAWN: it says so no longer; the body is at its defaults.","default":"UNKNOWN"},{"name":"occurredOn","type":["null",{"type":"record","name":"OccurredOn","namespace":"uk.throughline","doc":"When the thing happened in the person\'s life, as exactly as the source knows.","fields":[{"name":"date","type":{"type":"int","logicalType":"date"},"doc":"Days since 1970-01-01; the first day of the month or year where precision is coarser."},{"name":"precision","type":{"type":"enum","name":"DatePrecision","namespace":"uk.throughline","doc":"How exact a date is. UNKNOWN: never written; what a reader sees for a symbol newer than itself.","symbols":["UNKNOWN","DAY","MONTH","YEAR"],"default":"UNKNOWN"},"doc":"How exact the date is.","default":"UNKNOWN"}]}],"doc":"When it happened. Null for a withdrawal, and for SubjectIdentified, which has no day of its own. Never a file\'s or a receipt\'s clock.","default":null},{"name":"recordedAt","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When the adapter recorded the event, UTC milliseconds. Not part of the content."},{"name":"source","type":{"type":"record","name":"Source","namespace":"uk.throughline","doc":"Where in what was sent the event comes from.","fields":[{"name":"partner","type":"string","doc":"Identifier of the partner organisation in the platform\'s configuration, for example riverside-college."},{"name":"system","type":"string","doc":"Source system: bars, nhs-csv, ilr, dwp-citizen, hmrc-rti or rtof."},{"name":"submission","type":"Id16","doc":"The submission\'s id: keyed hash of its payload and parameters."},{"name":"record","type":"int","doc":"Ordinal of the record in the submission, from 1; 0 for what the submission says as a whole (an absence).","default":0}]},"doc":"Submission and record that said so. Not part of the content."},{"name":"agreementId","type":"string","doc":"The data-sharing agreement under which the fact was sent."},{"name":"programme","type":["null","string"],"doc":"Programme the source or the submission declares (reference data: workwell, connect-to-work, restart, work-and-health, youth-guarantee, local). Null: not declared; never guessed.","default":null},{"name":"evidence","type":{"type":"enum","name":"Evidence","namespace":"uk.throughline","doc":"How the source knows. UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","PAYROLL","BENEFIT_RECORD","CASE_RECORD","SELF_REPORTED"],"default":"UNKNOWN"},"doc":"How the source knows: payroll returns, benefit records, a service\'s case record, or the person\'s own word.","default":"UNKNOWN"}]},"doc":"Which fact, said by whom, when."},{"name":"benefit","type":{"type":"enum","name":"Benefit","namespace":"uk.throughline","doc":"Benefit claimed. DWP Citizen API benefitType; ILR BSI. UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","UNIVERSAL_CREDIT","JOBSEEKERS_ALLOWANCE","EMPLOYMENT_AND_SUPPORT_ALLOWANCE","INCOME_SUPPORT","PENSION_CREDIT","CARERS_ALLOWANCE","STATE_PENSION","OTHER_STATE_BENEFIT"],"default":"UNKNOWN"},"doc":"Which benefit.","default":"UNKNOWN"},{"name":"kind","type":{"type":"enum","name":"ClaimChange","namespace":"uk.throughline","doc":"What changed. UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","STARTED","ENDED","AWARD_CHANGED","ASSESSMENT_PERIOD"],"default":"UNKNOWN"},"doc":"STARTED and ENDED: the claim. AWARD_CHANGED: amount or status of an award. ASSESSMENT_PERIOD: a Universal Credit assessment period with its take-home pay.","default":"UNKNOWN"},{"name":"claim","type":["null","Id16"],"doc":"Keyed hash of benefit type and claim start: ties a claim\'s changes together within one source.","default":null},{"name":"claimStart","type":["null",{"type":"int","logicalType":"date"}],"doc":"Date the claim started, days since 1970-01-01.","default":null},{"name":"amountPence","type":["null","long"],"doc":"Award amount, pence.","default":null},{"name":"takeHomePayPence","type":["null","long"],"doc":"Take-home pay of the assessment period, pence (the unit is inferred from sibling amounts; unverified).","default":null},{"name":"reason","type":["null","string"],"doc":"Source\'s end reason code, from its closed list; null: none given.","default":null}]}' },
  { id: 1701, name: 'LearningStatusChanged', version: 1, schema: '{"type":"record","name":"LearningStatusChanged","namespace":"uk.throughline","doc":"Learning started, was completed, withdrawn from or interrupted.","fields":[{"name":"meta","type":{"type":"record","name":"EventMeta","namespace":"uk.throughline","doc":"What every event carries: which fact, said by whom, when by the source\'s own clock. Holds no identifier of a person and no token.","fields":[{"name":"eventId","type":{"type":"fixed","name":"Id16","namespace":"uk.throughline","size":16,"doc":"A keyed hash of 128 bits; meaningless outside the partner whose key made it."},"doc":"Keyed hash of factId, revision, contentHash and change; the second half of the record\'s key. The same word of the same fact has the same id for ever."},{"name":"factId","type":"Id16","doc":"Keyed hash of partner, system, scope, subject, event type and the source\'s natural key: what is being stated, whatever it says."},{"name":"subject","type":"Id16","doc":"The person as one source system knows them: keyed hash of the source\'s own reference. The first half of the record\'s key."},{"name":"revision","type":{"type":"record","name":"Revision","namespace":"uk.throughline","doc":"The source\'s own clock for what it says now. Greater wins.","fields":[{"name":"instant","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"Instant of the source\'s statement, UTC milliseconds since 1970-01-01. ILR: Source.DateTime; BaRS: Bundle.timestamp; feeds without a clock: the submission\'s asOf."},{"name":"sequence","type":"int","doc":"Orders statements of one instant: twice the source\'s own serial number (ILR SerialNo), 0 where it has none. Odd: the withdrawal of a submission.","default":0}]},"doc":"The source\'s own clock for what it says now."},{"name":"contentHash","type":{"type":"fixed","name":"ContentHash","namespace":"uk.throughline","size":8,"doc":"A keyed hash of 64 bits of what an event says; compared as unsigned bytes. All zero for a withdrawal."},"doc":"Keyed hash of body, occurredOn and programme; the tie-break between statements of one revision."},{"name":"change","type":{"type":"enum","name":"Change","namespace":"uk.throughline","doc":"Whether the source says the fact or takes it back. UNKNOWN: never written; what a reader sees for a symbol newer than itself.","symbols":["UNKNOWN","STATED","WITHDRAWN"],"default":"UNKNOWN"},"doc":"STATED: the source says it. WITHDRAWN: it says so no longer; the body is at its defaults.","default":"UNKNOWN"},{"name":"occurredOn","type":["null",{"type":"record","name":"OccurredOn","namespace":"uk.throughline","doc":"When the thing happened in the person\'s life, as exactly as the source knows.","fields":[{"name":"date","type":{"type":"int","logicalType":"date"},"doc":"Days since 1970-01-01; the first day of the month or year where precision is coarser."},{"name":"precision","type":{"type":"enum","name":"DatePrecision","namespace":"uk.throughline","doc":"How exact a date is. UNKNOWN: never written; what a reader sees for a symbol newer than itself.","symbols":["UNKNOWN","DAY","MONTH","YEAR"],"default":"UNKNOWN"},"doc":"How exact the date is.","default":"UNKNOWN"}]}],"doc":"When it happened. Null for a withdrawal, and for SubjectIdentified, which has no day of its own. Never a file\'s or a receipt\'s clock.","default":null},{"name":"recordedAt","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When the adapter recorded the event, UTC milliseconds. Not part of the content."},{"name":"source","type":{"type":"record","name":"Source","namespace":"uk.throughline","doc":"Where in what was sent the event comes from.","fields":[{"name":"partner","type":"string","doc":"Identifier of the partner organisation in the platform\'s configuration, for example riverside-college."},{"name":"system","type":"string","doc":"Source system: bars, nhs-csv, ilr, dwp-citizen, hmrc-rti or rtof."},{"name":"submission","type":"Id16","doc":"The submission\'s id: keyed hash of its payload and parameters."},{"name":"record","type":"int","doc":"Ordinal of the record in the submission, from 1; 0 for what the submission says as a whole (an absence).","default":0}]},"doc":"Submission and record that said so. Not part of the content."},{"name":"agreementId","type":"string","doc":"The data-sharing agreement under which the fact was sent."},{"name":"programme","type":["null","string"],"doc":"Programme the source or the submission declares (reference data: workwell, connect-to-work, restart, work-and-health, youth-guarantee, local). Null: not declared; never guessed.","default":null},{"name":"evidence","type":{"type":"enum","name":"Evidence","namespace":"uk.throughline","doc":"How the source knows. UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","PAYROLL","BENEFIT_RECORD","CASE_RECORD","SELF_REPORTED"],"default":"UNKNOWN"},"doc":"How the source knows: payroll returns, benefit records, a service\'s case record, or the person\'s own word.","default":"UNKNOWN"}]},"doc":"Which fact, said by whom, when."},{"name":"status","type":{"type":"enum","name":"LearningStatus","namespace":"uk.throughline","doc":"ILR CompStatus: 1 continuing, 2 completed, 3 withdrawn, 6 agreed break; STARTED at LearnStartDate. UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","STARTED","COMPLETED","WITHDRAWN","BREAK"],"default":"UNKNOWN"},"doc":"What happened to the learning.","default":"UNKNOWN"},{"name":"aim","type":["null","string"],"doc":"Learning aim reference (ILR LearnAimRef).","default":null},{"name":"startDate","type":["null",{"type":"int","logicalType":"date"}],"doc":"LearnStartDate, days since 1970-01-01; with the aim it identifies the learning over years.","default":null},{"name":"fundModel","type":["null","int"],"doc":"ILR FundModel.","default":null},{"name":"outcome","type":["null","int"],"doc":"ILR Outcome: 1 achieved, 2 partial, 3 no achievement, 8 not yet known.","default":null}]}' },
  { id: 1801, name: 'CircumstancesReported', version: 1, schema: '{"type":"record","name":"CircumstancesReported","namespace":"uk.throughline","doc":"What a source says of a person\'s circumstances from a date on. A null field says nothing.","fields":[{"name":"meta","type":{"type":"record","name":"EventMeta","namespace":"uk.throughline","doc":"What every event carries: which fact, said by whom, when by the source\'s own clock. Holds no identifier of a person and no token.","fields":[{"name":"eventId","type":{"type":"fixed","name":"Id16","namespace":"uk.throughline","size":16,"doc":"A keyed hash of 128 bits; meaningless outside the partner whose key made it."},"doc":"Keyed hash of factId, revision, contentHash and change; the second half of the record\'s key. The same word of the same fact has the same id for ever."},{"name":"factId","type":"Id16","doc":"Keyed hash of partner, system, scope, subject, event type and the source\'s natural key: what is being stated, whatever it says."},{"name":"subject","type":"Id16","doc":"The person as one source system knows them: keyed hash of the source\'s own reference. The first half of the record\'s key."},{"name":"revision","type":{"type":"record","name":"Revision","namespace":"uk.throughline","doc":"The source\'s own clock for what it says now. Greater wins.","fields":[{"name":"instant","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"Instant of the source\'s statement, UTC milliseconds since 1970-01-01. ILR: Source.DateTime; BaRS: Bundle.timestamp; feeds without a clock: the submission\'s asOf."},{"name":"sequence","type":"int","doc":"Orders statements of one instant: twice the source\'s own serial number (ILR SerialNo), 0 where it has none. Odd: the withdrawal of a submission.","default":0}]},"doc":"The source\'s own clock for what it says now."},{"name":"contentHash","type":{"type":"fixed","name":"ContentHash","namespace":"uk.throughline","size":8,"doc":"A keyed hash of 64 bits of what an event says; compared as unsigned bytes. All zero for a withdrawal."},"doc":"Keyed hash of body, occurredOn and programme; the tie-break between statements of one revision."},{"name":"change","type":{"type":"enum","name":"Change","namespace":"uk.throughline","doc":"Whether the source says the fact or takes it back. UNKNOWN: never written; what a reader sees for a symbol newer than itself.","symbols":["UNKNOWN","STATED","WITHDRAWN"],"default":"UNKNOWN"},"doc":"STATED: the source says it. WITHDRAWN: it says so no longer; the body is at its defaults.","default":"UNKNOWN"},{"name":"occurredOn","type":["null",{"type":"record","name":"OccurredOn","namespace":"uk.throughline","doc":"When the thing happened in the person\'s life, as exactly as the source knows.","fields":[{"name":"date","type":{"type":"int","logicalType":"date"},"doc":"Days since 1970-01-01; the first day of the month or year where precision is coarser."},{"name":"precision","type":{"type":"enum","name":"DatePrecision","namespace":"uk.throughline","doc":"How exact a date is. UNKNOWN: never written; what a reader sees for a symbol newer than itself.","symbols":["UNKNOWN","DAY","MONTH","YEAR"],"default":"UNKNOWN"},"doc":"How exact the date is.","default":"UNKNOWN"}]}],"doc":"When it happened. Null for a withdrawal, and for SubjectIdentified, which has no day of its own. Never a file\'s or a receipt\'s clock.","default":null},{"name":"recordedAt","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When the adapter recorded the event, UTC milliseconds. Not part of the content."},{"name":"source","type":{"type":"record","name":"Source","namespace":"uk.throughline","doc":"Where in what was sent the event comes from.","fields":[{"name":"partner","type":"string","doc":"Identifier of the partner organisation in the platform\'s configuration, for example riverside-college."},{"name":"system","type":"string","doc":"Source system: bars, nhs-csv, ilr, dwp-citizen, hmrc-rti or rtof."},{"name":"submission","type":"Id16","doc":"The submission\'s id: keyed hash of its payload and parameters."},{"name":"record","type":"int","doc":"Ordinal of the record in the submission, from 1; 0 for what the submission says as a whole (an absence).","default":0}]},"doc":"Submission and record that said so. Not part of the content."},{"name":"agreementId","type":"string","doc":"The data-sharing agreement under which the fact was sent."},{"name":"programme","type":["null","string"],"doc":"Programme the source or the submission declares (reference data: workwell, connect-to-work, restart, work-and-health, youth-guarantee, local). Null: not declared; never guessed.","default":null},{"name":"evidence","type":{"type":"enum","name":"Evidence","namespace":"uk.throughline","doc":"How the source knows. UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","PAYROLL","BENEFIT_RECORD","CASE_RECORD","SELF_REPORTED"],"default":"UNKNOWN"},"doc":"How the source knows: payroll returns, benefit records, a service\'s case record, or the person\'s own word.","default":"UNKNOWN"}]},"doc":"Which fact, said by whom, when."},{"name":"birthYear","type":["null","int"],"doc":"Year of birth.","default":null},{"name":"birthMonth","type":["null","int"],"doc":"Month of birth, 1 to 12; null where the source gives the year only.","default":null},{"name":"district","type":["null","string"],"doc":"GSS code of the local authority district of residence; postcodes never leave the adapter.","default":null},{"name":"ward","type":["null","string"],"doc":"GSS code of the ward of residence.","default":null},{"name":"labourMarketStatus","type":{"type":"enum","name":"LabourMarketStatus","namespace":"uk.throughline","doc":"UNEMPLOYED: not in work, looking and available. INACTIVE: not in work, not looking or not available. UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","EMPLOYED","UNEMPLOYED","INACTIVE"],"default":"UNKNOWN"},"doc":"Labour-market status from that date on.","default":"UNKNOWN"},{"name":"benefit","type":["null",{"type":"enum","name":"Benefit","namespace":"uk.throughline","doc":"Benefit claimed. DWP Citizen API benefitType; ILR BSI. UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","UNIVERSAL_CREDIT","JOBSEEKERS_ALLOWANCE","EMPLOYMENT_AND_SUPPORT_ALLOWANCE","INCOME_SUPPORT","PENSION_CREDIT","CARERS_ALLOWANCE","STATE_PENSION","OTHER_STATE_BENEFIT"],"default":"UNKNOWN"}],"doc":"Benefit the person says they receive (ILR BSI).","default":null},{"name":"priorityGroups","type":["null",{"type":"array","items":{"type":"enum","name":"PriorityGroup","namespace":"uk.throughline","doc":"Groups that programmes give priority. UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","DISABILITY_OR_HEALTH","CARE_LEAVER","OFFENDER","REFUGEE","CARER","HOMELESS","LONE_PARENT","SUBSTANCE_MISUSE"],"default":"UNKNOWN"}}],"doc":"Priority groups the source knows the person to be in; empty: known to be in none; null: not said.","default":null}]}' },
  { id: 1901, name: 'SubjectIdentified', version: 1, schema: '{"type":"record","name":"SubjectIdentified","namespace":"uk.throughline","doc":"Tokens of the identifiers a source holds for a subject. Travels on its own topics; tokens are personal data.","fields":[{"name":"meta","type":{"type":"record","name":"EventMeta","namespace":"uk.throughline","doc":"What every event carries: which fact, said by whom, when by the source\'s own clock. Holds no identifier of a person and no token.","fields":[{"name":"eventId","type":{"type":"fixed","name":"Id16","namespace":"uk.throughline","size":16,"doc":"A keyed hash of 128 bits; meaningless outside the partner whose key made it."},"doc":"Keyed hash of factId, revision, contentHash and change; the second half of the record\'s key. The same word of the same fact has the same id for ever."},{"name":"factId","type":"Id16","doc":"Keyed hash of partner, system, scope, subject, event type and the source\'s natural key: what is being stated, whatever it says."},{"name":"subject","type":"Id16","doc":"The person as one source system knows them: keyed hash of the source\'s own reference. The first half of the record\'s key."},{"name":"revision","type":{"type":"record","name":"Revision","namespace":"uk.throughline","doc":"The source\'s own clock for what it says now. Greater wins.","fields":[{"name":"instant","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"Instant of the source\'s statement, UTC milliseconds since 1970-01-01. ILR: Source.DateTime; BaRS: Bundle.timestamp; feeds without a clock: the submission\'s asOf."},{"name":"sequence","type":"int","doc":"Orders statements of one instant: twice the source\'s own serial number (ILR SerialNo), 0 where it has none. Odd: the withdrawal of a submission.","default":0}]},"doc":"The source\'s own clock for what it says now."},{"name":"contentHash","type":{"type":"fixed","name":"ContentHash","namespace":"uk.throughline","size":8,"doc":"A keyed hash of 64 bits of what an event says; compared as unsigned bytes. All zero for a withdrawal."},"doc":"Keyed hash of body, occurredOn and programme; the tie-break between statements of one revision."},{"name":"change","type":{"type":"enum","name":"Change","namespace":"uk.throughline","doc":"Whether the source says the fact or takes it back. UNKNOWN: never written; what a reader sees for a symbol newer than itself.","symbols":["UNKNOWN","STATED","WITHDRAWN"],"default":"UNKNOWN"},"doc":"STATED: the source says it. WITHDRAWN: it says so no longer; the body is at its defaults.","default":"UNKNOWN"},{"name":"occurredOn","type":["null",{"type":"record","name":"OccurredOn","namespace":"uk.throughline","doc":"When the thing happened in the person\'s life, as exactly as the source knows.","fields":[{"name":"date","type":{"type":"int","logicalType":"date"},"doc":"Days since 1970-01-01; the first day of the month or year where precision is coarser."},{"name":"precision","type":{"type":"enum","name":"DatePrecision","namespace":"uk.throughline","doc":"How exact a date is. UNKNOWN: never written; what a reader sees for a symbol newer than itself.","symbols":["UNKNOWN","DAY","MONTH","YEAR"],"default":"UNKNOWN"},"doc":"How exact the date is.","default":"UNKNOWN"}]}],"doc":"When it happened. Null for a withdrawal, and for SubjectIdentified, which has no day of its own. Never a file\'s or a receipt\'s clock.","default":null},{"name":"recordedAt","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When the adapter recorded the event, UTC milliseconds. Not part of the content."},{"name":"source","type":{"type":"record","name":"Source","namespace":"uk.throughline","doc":"Where in what was sent the event comes from.","fields":[{"name":"partner","type":"string","doc":"Identifier of the partner organisation in the platform\'s configuration, for example riverside-college."},{"name":"system","type":"string","doc":"Source system: bars, nhs-csv, ilr, dwp-citizen, hmrc-rti or rtof."},{"name":"submission","type":"Id16","doc":"The submission\'s id: keyed hash of its payload and parameters."},{"name":"record","type":"int","doc":"Ordinal of the record in the submission, from 1; 0 for what the submission says as a whole (an absence).","default":0}]},"doc":"Submission and record that said so. Not part of the content."},{"name":"agreementId","type":"string","doc":"The data-sharing agreement under which the fact was sent."},{"name":"programme","type":["null","string"],"doc":"Programme the source or the submission declares (reference data: workwell, connect-to-work, restart, work-and-health, youth-guarantee, local). Null: not declared; never guessed.","default":null},{"name":"evidence","type":{"type":"enum","name":"Evidence","namespace":"uk.throughline","doc":"How the source knows. UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","PAYROLL","BENEFIT_RECORD","CASE_RECORD","SELF_REPORTED"],"default":"UNKNOWN"},"doc":"How the source knows: payroll returns, benefit records, a service\'s case record, or the person\'s own word.","default":"UNKNOWN"}]},"doc":"Which fact, said by whom, when."},{"name":"identifiers","type":{"type":"array","items":{"type":"record","name":"SubjectIdentifier","namespace":"uk.throughline","doc":"One identifier the source holds.","fields":[{"name":"kind","type":{"type":"enum","name":"IdentifierKind","namespace":"uk.throughline","doc":"NHS_NUMBER, NINO, ULN are certain; NAME_DOB_POSTCODE joins only where nothing conflicts; DATE_OF_BIRTH only contradicts. UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","NHS_NUMBER","NINO","ULN","NAME_DOB_POSTCODE","DATE_OF_BIRTH"],"default":"UNKNOWN"},"doc":"What kind of identifier.","default":"UNKNOWN"},{"name":"check","type":{"type":"enum","name":"IdentifierCheck","namespace":"uk.throughline","doc":"Outcome of the identifier\'s own check (check digit, format). UNKNOWN: not said, or a symbol newer than the reader.","symbols":["UNKNOWN","PASSED","FAILED","NOT_CHECKABLE"],"default":"UNKNOWN"},"doc":"Outcome of its own check.","default":"UNKNOWN"},{"name":"token","type":["null",{"type":"record","name":"Token","namespace":"uk.throughline","doc":"A keyed hash of kind and canonical identifier under a linkage domain\'s key.","fields":[{"name":"keyId","type":"string","doc":"Which domain key made it."},{"name":"value","type":"Id16","doc":"The token."}]}],"doc":"Null: the identifier failed its check and is quarantined; it cannot link.","default":null}]}},"doc":"Identifiers in force for this subject by this kind of record; an empty list says the source has none.","default":[]}]}' },
] as const;

/** Record types, in catalogue order. */
export const RECORD_TYPES = ['OutcomeCut', 'OutcomeCutCells'] as const;

/** Name of one of them. */
export type RecordType = (typeof RECORD_TYPES)[number];

/** Record by its name. */
export interface RecordsByType {
  readonly OutcomeCut: OutcomeCut;
  readonly OutcomeCutCells: OutcomeCutCells;
}

/** All versions of records: id on the wire, name, version, schema with every type defined within. */
export const RECORD_VERSIONS = [
  { id: 3001, name: 'OutcomeCut', version: 1, schema: '{"type":"record","name":"OutcomeCut","namespace":"uk.throughline","doc":"Makes a cut: figures frozen at one position of the log. Follows the OutcomeCutCells of the same attempt; without all of them before it, it says nothing. It stands if its number is greater than that of every cut before it in the log.","fields":[{"name":"number","type":"int","doc":"Number of the cut, from 1. Never used by another."},{"name":"attempt","type":{"type":"fixed","name":"CutAttempt","namespace":"uk.throughline","size":16,"doc":"Random bytes that tell apart two processes writing a cut at once."},"doc":"Which attempt at that number this is."},{"name":"parts","type":"int","doc":"How many OutcomeCutCells it consists of; 0 where no cell was counted."},{"name":"takenAt","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When it was taken, UTC milliseconds since 1970-01-01. Not part of the digest."},{"name":"generation","type":"int","doc":"Generation of the view that its cells were copied from. Not part of the digest."},{"name":"rulesVersion","type":"string","doc":"Version of the counting rules."},{"name":"unverified","type":{"type":"array","items":"string"},"doc":"Ids of the outcome metrics decided by a number of those rules that nobody could check at its source, ascending. Follows from the rules; not part of the digest."},{"name":"facts","type":{"type":"array","items":{"type":"record","name":"TopicPosition","namespace":"uk.throughline","doc":"How far one topic was read.","fields":[{"name":"topic","type":"string","doc":"Name of the topic."},{"name":"offsets","type":{"type":"array","items":"long"},"doc":"By partition, the offset of the first record that is not in the cut."}]}},"doc":"Position in the topics of facts, topics ascending."},{"name":"identifiers","type":{"type":"array","items":"TopicPosition"},"doc":"Position in the topics of identifiers, topics ascending."},{"name":"digest","type":{"type":"fixed","name":"Sha256","namespace":"uk.throughline","size":32,"doc":"A SHA-256."},"doc":"Of rules version, position and cells, written as decision 0007 says: whoever counts the same log to the same position by the same rules comes to the same digest."}]}' },
  { id: 3101, name: 'OutcomeCutCells', version: 1, schema: '{"type":"record","name":"OutcomeCutCells","namespace":"uk.throughline","doc":"Some of the cells of a cut that is being written: exact and internal, never to be passed on.","fields":[{"name":"number","type":"int","doc":"Number of the cut it is written for."},{"name":"attempt","type":{"type":"fixed","name":"CutAttempt","namespace":"uk.throughline","size":16,"doc":"Random bytes that tell apart two processes writing a cut at once."},"doc":"Which attempt at that number this is."},{"name":"part","type":"int","doc":"Ordinal among its parts, from 1."},{"name":"cells","type":{"type":"array","items":{"type":"record","name":"CutCell","namespace":"uk.throughline","doc":"One cell.","fields":[{"name":"cell","type":"string","doc":"The cell as text: metric, month, district, programme, age band, priority group and agreements joined by |, as decision 0004 says."},{"name":"count","type":"long","doc":"How many, exact; never zero."}]}},"doc":"Cells ascending, after those of the part before."}]}' },
] as const;

/** Topics; "<deployment>" in a name stands for the name of an adapter's deployment. */
export const TOPIC_TEMPLATES = [
  {
    "name": "partner-events.<deployment>",
    "partitions": 12,
    "events": [
      "ReferralMade",
      "SupportStarted",
      "JobStarted",
      "JobEnded",
      "JobSustained",
      "EarningsReported",
      "BenefitClaimChanged",
      "LearningStatusChanged",
      "CircumstancesReported"
    ],
    "config": {
      "cleanup.policy": "compact",
      "retention.ms": "-1",
      "message.timestamp.type": "LogAppendTime",
      "min.cleanable.dirty.ratio": "0.8",
      "max.compaction.lag.ms": "604800000",
      "compression.type": "uncompressed"
    }
  },
  {
    "name": "subject-identifiers.<deployment>",
    "partitions": 4,
    "events": [
      "SubjectIdentified"
    ],
    "config": {
      "cleanup.policy": "compact",
      "retention.ms": "-1",
      "message.timestamp.type": "LogAppendTime",
      "min.cleanable.dirty.ratio": "0.8",
      "max.compaction.lag.ms": "604800000",
      "compression.type": "uncompressed"
    }
  },
  {
    "name": "dead-letters",
    "partitions": 1,
    "config": {
      "cleanup.policy": "delete",
      "retention.ms": "-1",
      "compression.type": "uncompressed"
    }
  },
  {
    "name": "outcome-releases",
    "partitions": 1,
    "config": {
      "cleanup.policy": "compact",
      "retention.ms": "-1",
      "compression.type": "uncompressed"
    }
  },
  {
    "name": "outcome-cuts",
    "partitions": 1,
    "records": [
      "OutcomeCut",
      "OutcomeCutCells"
    ],
    "config": {
      "cleanup.policy": "delete",
      "retention.ms": "-1",
      "retention.bytes": "-1",
      "message.timestamp.type": "LogAppendTime",
      "compression.type": "uncompressed"
    }
  }
] as const;
