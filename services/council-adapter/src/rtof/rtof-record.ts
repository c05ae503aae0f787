import type { ContractKind, LabourMarketStatus, WeeklyHours, WorkKind } from '@throughline/event-contracts';

/** What one row says of a job at its entry or later. */
export interface EmploymentTerms {
  readonly hours: WeeklyHours | null;
  readonly contract: ContractKind;
  readonly hourlyPayPence: number | null;
}

/** One row of one of the four files, told apart by `part`. Days YYYY-MM-DD, months YYYY-MM. */
export type RtofRecord =
  | {
      readonly part: 'person';
      readonly firstName: string | null;
      readonly lastName: string | null;
      readonly birthYear: number | null;
      /** GSS code of the dispersal area's council. */
      readonly district: string | null;
      readonly startedService: string;
    }
  | {
      readonly part: 'baseline';
      readonly nino: string | null;
      readonly statusGranted: string;
      readonly labourMarketStatus: LabourMarketStatus;
      readonly homeless: boolean;
    }
  | { readonly part: 'employment_entry'; readonly date: string; readonly work: WorkKind; readonly terms: EmploymentTerms }
  | { readonly part: 'employment_sustain'; readonly date: string; readonly terms: EmploymentTerms };

export type RtofPart = RtofRecord['part'];
