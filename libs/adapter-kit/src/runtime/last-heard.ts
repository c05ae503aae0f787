import type { Receipts } from '../intake/receipts.js';
import type { Ledger } from '../ledger/ledger.js';
import type { RecordCounts, SubmissionState } from '../ledger/submission-state.js';

/** States in which what a submission says was taken in. */
const TAKEN_IN: readonly (SubmissionState | undefined)[] = ['publishing', 'published', 'withdrawn'];

/**
 * Whether a submission that was taken in told anything, be it what was known already. One whose records were all refused, or
 * all older than what is known, leaves a partner as silent as it was.
 */
export const toldAnything = ({ published, eventsWithdrawn, skippedBecause }: RecordCounts): boolean =>
  published > 0 || eventsWithdrawn > 0 || (skippedBecause['unchanged'] ?? 0) > 0;

/**
 * When the partner was last heard: the arrival of its newest submission that told anything. One that never told anything is
 * silent since the adapter was first started, so that its silence is noticed as any other's.
 */
export const lastHeard = (receipts: Receipts, ledger: Ledger, now: Date): Date => {
  for (const { submission, receivedAt } of receipts.newest()) {
    const job = ledger.job(submission);
    // Of what only the receipts still know the counts are gone.
    const counts = job?.detail.counts ?? null;
    if (TAKEN_IN.includes(job?.state ?? receipts.endOf(submission)) && (counts === null || toldAnything(counts))) return receivedAt;
  }
  return receipts.firstStart(now);
};
