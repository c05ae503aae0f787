import { NO_DETAIL } from '../ledger/submission-state.js';
import type { HeldReason, JobDetail } from '../ledger/submission-state.js';
import type { PipelineParts } from './pipeline-parts.js';
import type { SubmissionRead } from './read-submission.js';

const CONFIRM_REMEDY = 'Look at the file: confirm the submission if so much is really gone, or reject it and send the right file.';
const OLDER_REMEDY = 'The ledger was restored from the log, which tells of a newer snapshot but not of whom it spoke: confirm this one if what it says still holds, or reject it.';
const RESTORE_REMEDY = 'The ledger was lost: restore it from its export, or confirm this submission if it is right.';

/** Why a submission that was read is to wait for somebody to look at it; null: it may go on. */
export const heldReason = ({ snapshots }: SubmissionRead, { held, ledger }: Pick<PipelineParts, 'held' | 'ledger'>): HeldReason | null => {
  if (snapshots.length > 0 && !ledger.complete) {
    return { code: 'ledger-incomplete', withdrawn: 0, inForce: 0, remedy: RESTORE_REMEDY };
  }
  if (snapshots.some(({ scope, instant, sequence }) => ledger.behindLost(scope, instant, sequence))) {
    return { code: 'older-than-restored', withdrawn: 0, inForce: 0, remedy: OLDER_REMEDY };
  }
  const [worst] = snapshots
    .filter(({ withdrawn, inForce }) => withdrawn >= held.least && withdrawn > held.share * inForce)
    .sort((left, right) => right.withdrawn - left.withdrawn);
  if (worst === undefined) return null;
  return { code: 'would-withdraw-many', withdrawn: worst.withdrawn, inForce: worst.inForce, remedy: CONFIRM_REMEDY };
};

/** What a job knows while it waits. */
export const heldDetail = ({ counts, snapshots }: SubmissionRead, held: HeldReason): JobDetail => ({
  ...NO_DETAIL,
  counts,
  held,
  heldSections: snapshots.map(({ scope, instant, sequence }) => ({ scope: scope.toString('hex'), instant, sequence })),
});
