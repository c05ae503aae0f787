import type { PayFrequency, WeeklyHours } from '@throughline/event-contracts';

/** One item of the response: a payment as an employer reported it, with what it says of the employment. Dates ISO. */
export interface RtiItem {
  readonly employerPayeRef: string;
  readonly employmentSequenceNumber: string;
  readonly employmentStartDate: string | null;
  readonly employmentEndDate: string | null;
  readonly uniquePaymentId: string | null;
  readonly paymentDate: string | null;
  /** Taxable pay in the period, pence. */
  readonly amountPence: number | null;
  readonly payFrequency: PayFrequency | null;
  readonly periodsCovered: number | null;
  readonly hours: WeeklyHours | null;
  /** The employer's mark. */
  readonly afterLeaving: boolean;
  readonly noLongerValid: boolean;
  readonly confidence: number | null;
}

/** One envelope: what HMRC answered about one person for the dates asked. */
export interface RtiRecord {
  /** First eight characters, canonical. */
  readonly nino: string;
  readonly surname: string | null;
  readonly firstName: string | null;
  readonly dateOfBirth: string | null;
  readonly fromDate: string;
  /** By receipt, earliest first: of two items about one thing the later speaks. */
  readonly items: readonly RtiItem[];
}
