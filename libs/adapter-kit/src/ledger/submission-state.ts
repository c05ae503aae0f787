/**
 * - `received`: the receipt is given. `processing`: being read. `publishing`: its facts are in the ledger and go out.
 * - `published`: all of it is acknowledged.
 * - `held`: would withdraw more than the configured share of its scope; waits for confirm or reject.
 * - `refused`: as a whole not what it says. `rejected`: a held one that was turned down. `superseded`: a held one that a
 *   newer snapshot overtook. `withdrawn`: published, then taken back.
 */
export const SUBMISSION_STATES = [
  'received',
  'processing',
  'held',
  'publishing',
  'published',
  'refused',
  'rejected',
  'superseded',
  'withdrawn',
] as const;
export type SubmissionState = (typeof SUBMISSION_STATES)[number];

/** States that nothing but a command leaves. */
export const SETTLED_STATES: readonly SubmissionState[] = ['held', 'published', 'refused', 'rejected', 'superseded', 'withdrawn'];

/** States whose payload is needed no more. */
export const ENDED_STATES: readonly SubmissionState[] = ['published', 'refused', 'rejected', 'superseded', 'withdrawn'];

/** Fates of a submission's records: `received = published + skipped + refused`. */
export interface RecordCounts {
  readonly received: number;
  readonly published: number;
  readonly skipped: number;
  readonly refused: number;
  /** Skipped records by reason. */
  readonly skippedBecause: Readonly<Record<string, number>>;
  /** Events that state a fact, and events that take one back (absence, by name, or the submission's own withdrawal). */
  readonly eventsStated: number;
  readonly eventsWithdrawn: number;
}

/** Why a submission was refused as a whole. */
export interface RefusalReason {
  readonly code: string;
  readonly place: string;
  readonly expected: string;
  readonly remedy: string;
}

/** Why a submission waits. */
export interface HeldReason {
  readonly code: 'would-withdraw-many' | 'ledger-incomplete' | 'older-than-restored';
  /** Facts that it would withdraw, of how many in force in the scope that is hit hardest; 0 of 0 where that is unknown. */
  readonly withdrawn: number;
  readonly inForce: number;
  readonly remedy: string;
}

/** What became of a submission so far. */
export interface JobDetail {
  readonly counts: RecordCounts | null;
  readonly refusal: RefusalReason | null;
  readonly held: HeldReason | null;
  /** Scope and clock of each of its snapshots while it is held: what overtakes it. */
  readonly heldSections?: readonly { readonly scope: string; readonly instant: number; readonly sequence: number }[];
  /**
   * How often its events were lost in our keeping after the ledger had taken them in; absent: never. It is then read again
   * without being held, and its counts stay those of the first reading.
   */
  readonly again?: number;
  /** State when all is acknowledged: `published`, or `withdrawn` while its withdrawal goes out. */
  readonly then?: 'published' | 'withdrawn';
}

export const NO_DETAIL: JobDetail = { counts: null, refusal: null, held: null };
