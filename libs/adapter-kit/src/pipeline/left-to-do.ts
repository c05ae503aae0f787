import type { Job } from '../ledger/job.js';
import { ENDED_STATES, NO_DETAIL } from '../ledger/submission-state.js';
import type { PipelineParts } from './pipeline-parts.js';
import { isLost } from './refusal-reason.js';

/** Submissions an earlier process left: to be read, and to be published; each in order of arrival. */
export interface LeftToDo {
  readonly queue: readonly string[];
  readonly publishing: readonly string[];
}

/** What of the accepted is not done, by receipts and ledger. Called once, before work begins. */
export const leftToDo = (parts: PipelineParts): LeftToDo => {
  const { receipts, ledger, spool } = parts;
  const queue: string[] = [];
  const publishing = new Set<string>();
  for (const submission of receipts.ids()) {
    const job = endedJob(submission, parts);
    if (job === undefined || job.state === 'received') queue.push(submission);
    else if (job.state === 'publishing') publishing.add(submission);
    else if (job.state === 'held' && job.detail.held?.code === 'ledger-incomplete' && ledger.complete) queue.push(submission);
    // The file or its key may have been put back, or the payload was sent again and not read any more.
    else if (isLost(job) && spool.hasPayload(submission)) queue.push(submission);
    else if (job.state === 'refused' && job.published < job.total) publishing.add(submission);
  }
  // An outbox is enough to publish from, also where the receipt is gone.
  for (const { submission } of ledger.jobsIn('publishing')) publishing.add(submission);
  return { queue, publishing: [...publishing] };
};

/** The job as the receipts know that it ended, where a ledger that is lost or older does not. */
const endedJob = (submission: string, { receipts, ledger, spool, now }: PipelineParts): Job | undefined => {
  const job = ledger.job(submission);
  if (job !== undefined && (ENDED_STATES.includes(job.state) || job.detail.then === 'withdrawn')) return job;
  const end = receipts.endOf(submission);
  // With its payload here it is simply read again.
  if (end === undefined || spool.hasPayload(submission)) return job;
  ledger.setJob(submission, end, { ...NO_DETAIL, counts: job?.detail.counts ?? null }, now().getTime());
  ledger.payloadDeleted(submission);
  return ledger.job(submission);
};
