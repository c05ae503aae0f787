import { SubmissionRefused } from '../adapter-declaration.js';
import type { Job } from '../ledger/job.js';
import type { RefusalReason } from '../ledger/submission-state.js';
import { SpoolDamaged } from '../spool/frame-cipher.js';

/** Why a submission is refused whose payload was lost in our keeping. */
export const LOST_PAYLOAD: RefusalReason = {
  code: 'spool-damaged',
  place: 'spool',
  expected: 'the payload as it was accepted',
  remedy: 'Send the same payload again: it will be read anew.',
};

/** Why reading ended as it did; null for what is no refusal and may be tried again. */
export const refusalReason = (error: unknown): RefusalReason | null => {
  if (error instanceof SubmissionRefused) {
    const { code, place, expected, remedy } = error;
    return { code, place, expected, remedy };
  }
  return error instanceof SpoolDamaged && error.lost ? LOST_PAYLOAD : null;
};

/** Whether a submission was refused since its payload was lost in our keeping: the same payload may be sent again. */
export const isLost = (job: Job | undefined): boolean => job?.state === 'refused' && job.detail.refusal?.code === LOST_PAYLOAD.code;
