/** Family of what tells who the person is; no claims document covers it. */
export const PERSON = 'person';

/** Award of a claim; for Universal Credit one assessment period. Amounts in pence. */
export interface Award {
  readonly startDate: string;
  readonly endDate: string | null;
  readonly endReason: string | null;
  readonly amountPence: number | null;
  readonly takeHomePayPence: number | null;
}

export interface Claim {
  /** As DWP writes it, for example `universal_credit`. */
  readonly benefitType: string;
  readonly startDate: string;
  readonly awards: readonly Award[];
}

/** One envelope: what DWP said of one citizen when asked. Dates ISO. */
export interface CitizenRecord {
  /** First eight characters, canonical. */
  readonly nino: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly dateOfBirth: string | null;
  /** Of the match request; the citizen document has none. */
  readonly postcode: string | null;
  /** Day of the envelope's `asOf`. */
  readonly askedOn: string;
  readonly claims: readonly Claim[];
}
