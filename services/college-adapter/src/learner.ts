import type { BenefitCode, CompletionStatusCode, DestinationCode, EmploymentStatusCode, HealthProblemCode, IntensityCode } from './ilr-codes.js';

/** One learner of an ILR file, checked. Dates are ISO days; texts are trimmed and absent ones null. */
export interface Learner {
  readonly uln: string;
  readonly niNumber: string | null;
  readonly familyName: string | null;
  readonly givenNames: string | null;
  readonly dateOfBirth: string | null;
  readonly postcode: string | null;
  readonly postcodePrior: string | null;
  readonly healthProblem: HealthProblemCode | null;
  /** In order of date; no two of one date. */
  readonly statuses: readonly EmploymentStatus[];
  /** As in the file; at least one. */
  readonly deliveries: readonly LearningDelivery[];
}

/** LearnerEmploymentStatus: what holds from `appliesFrom` until the next one. */
export interface EmploymentStatus {
  readonly code: EmploymentStatusCode;
  readonly appliesFrom: string;
  readonly employerId: string | null;
  /** EII; there whenever the code is 10. */
  readonly intensity: IntensityCode | null;
  readonly selfEmployed: boolean;
  readonly benefit: BenefitCode | null;
}

export interface LearningDelivery {
  readonly aim: string;
  readonly startDate: string;
  /** Start of the learning where this delivery carries on an earlier one. */
  readonly originalStartDate: string | null;
  readonly completion: CompletionStatusCode;
  /** There whenever the learning no longer goes on. */
  readonly actualEndDate: string | null;
  readonly fundModel: number | null;
  readonly outcome: number | null;
}

/** One `LearnerDestinationandProgression` of an older year's file, checked: what became of a learner who left. */
export interface Destinations {
  readonly uln: string;
  /** As in the file; only those of a type that is read. */
  readonly outcomes: readonly DestinationOutcome[];
}

/** DPOutcome: what the learner was doing from `startDate` on, as last heard on `collectedOn`. */
export interface DestinationOutcome {
  readonly code: DestinationCode;
  readonly startDate: string;
  /** Null: it went on when it was collected, or was still ahead. */
  readonly endDate: string | null;
  readonly collectedOn: string;
}

/** What a file holds: learners, then, up to 2023-24, destinations. One person may have both, or only one. */
export type IlrRecord = Learner | Destinations;
