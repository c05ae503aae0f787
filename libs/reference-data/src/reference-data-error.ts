export type ReferenceDataCode =
  | 'UNREADABLE'
  | 'MISSING_COLUMN'
  | 'BAD_DATE'
  | 'BAD_VALUE'
  | 'DUPLICATE'
  | 'UNKNOWN_CODE'
  | 'TOO_MANY_WARDS'
  | 'NO_POSTCODES';

/** Thrown when a reference file cannot be used; reference files hold nothing personal, so places are named in full. */
export class ReferenceDataError extends Error {
  override readonly name = 'ReferenceDataError';
  constructor(
    readonly code: ReferenceDataCode,
    /** File, line and column where known. */
    readonly place: string,
    readonly remedy: string,
  ) {
    super(`Reference data: ${code} at ${place}. ${remedy}`);
  }
}
