import type { ActivityGroup } from './activity-codes.js';

/** What a council's further columns say of who somebody is; all null where it has none. */
export interface ClientIdentity {
  readonly nhsNumber: string | null;
  readonly nino: string | null;
  readonly uln: string | null;
  readonly surname: string | null;
  readonly firstName: string | null;
  readonly dateOfBirth: string | null;
  readonly postcode: string | null;
}

/** One row: what a young person does in the extract's month, and since when. Days YYYY-MM-DD. */
export interface NccisRecord {
  readonly activity: ActivityGroup;
  readonly startedOn: string;
  /** When the council last made sure of it; null: never, or before it began. */
  readonly verifiedOn: string | null;
  readonly client: ClientIdentity;
}
