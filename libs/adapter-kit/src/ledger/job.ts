import { NO_DETAIL } from './submission-state.js';
import type { JobDetail, SubmissionState } from './submission-state.js';

/** A submission's job as the ledger keeps it. */
export interface Job {
  /** Hex. */
  readonly submission: string;
  readonly state: SubmissionState;
  readonly detail: JobDetail;
  /** Outbox entries acknowledged so far, of how many. */
  readonly published: number;
  readonly total: number;
  /** Whether the payload is still in the spool. */
  readonly payloadKept: boolean;
}

/** As it stands in its table. */
export interface JobRow {
  readonly submission: Uint8Array;
  readonly state: SubmissionState;
  readonly detail: string;
  readonly published: number;
  readonly total: number;
  readonly payload_kept: number;
}

export const toJob = (row: JobRow): Job => ({
  submission: Buffer.from(row.submission).toString('hex'),
  state: row.state,
  detail: { ...NO_DETAIL, ...(JSON.parse(row.detail) as JobDetail) },
  published: row.published,
  total: row.total,
  payloadKept: row.payload_kept === 1,
});
