import type { AdapterDeclaration } from '../adapter-declaration.js';
import type { RecordCounts } from '../ledger/submission-state.js';

/** What an adapter found at its start that its stores should not be. */
export interface StoresAmiss {
  readonly code: 'ledger-lost' | 'ledger-older' | 'ledger-export-old' | 'receipts-remade' | 'receipts-missing' | 'payloads-unknown';
  /** Submissions, payloads, changes that a ledger lacks, or whole minutes between an old export and what was published last. */
  readonly count: number;
  readonly remedy: string;
}

/**
 * What operations staff see of an adapter: counts, codes and ids. Every call names a feed of the declaration; none carries
 * a value of a record, a reference or a file name.
 */
export interface AdapterWatch {
  /** Once at start, before work begins: when the partner was last heard, or where it never was, when the adapter first started. */
  opened(lastHeard: Date): void;
  accepted(feed: string, bytes: number): void;
  repeated(feed: string): void;
  validated(feed: string): void;
  /** Not accepted at the door. `error` is a `SubmissionRefused`, a `SpoolNotWritable`, an `AdapterBusy` or the connection's own. */
  notAccepted(adapter: AdapterDeclaration, feed: string, error: unknown): void;
  /** Refused as a whole after it was read. */
  refused(feed: string, submission: string, code: string): void;
  held(feed: string, submission: string, code: string): void;
  /** Its facts are in the ledger; counts are final. `refusedBecause`: refused records by code. */
  recorded(feed: string, submission: string, counts: RecordCounts, refusedBecause: Readonly<Record<string, number>>): void;
  sent(events: { readonly facts: number; readonly identifiers: number }, milliseconds: number): void;
  deadLettered(count: number): void;
  /** Once at start, for each thing that is not as it was left. */
  amiss(found: StoresAmiss): void;
  /** Something of ours failed; it is tried again. `doing`: a fixed phrase. */
  failed(doing: string, submission: string | null, error: unknown): void;
}

/** Sees nothing: for tests and tools. */
export const UNWATCHED: AdapterWatch = {
  opened: () => undefined,
  accepted: () => undefined,
  repeated: () => undefined,
  validated: () => undefined,
  notAccepted: () => undefined,
  refused: () => undefined,
  held: () => undefined,
  recorded: () => undefined,
  sent: () => undefined,
  deadLettered: () => undefined,
  amiss: () => undefined,
  failed: () => undefined,
};
