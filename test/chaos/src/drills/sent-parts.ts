import type { SampleSubmission } from '@throughline/local';
import type { Sent } from '../campaign.js';
import type { Answer, PatientPartner } from '../patient-partner.js';

/** What a drill notes of a submission that it sends once. */
export const sentOnce = (submission: SampleSubmission, answer: Answer): Sent =>
  answer.kind === 'receipt' ? { submission, ids: [answer.submissionId], refusals: [] } : { submission, ids: [], refusals: [answer.status] };

/** Sends one after the other. */
export async function sentInOrder(partner: PatientPartner, submissions: readonly SampleSubmission[]): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (const submission of submissions) sent.push(sentOnce(submission, await partner.send(submission)));
  return sent;
}

/** One of so many parts of the submissions, in their order; each is in exactly one. @param at from 0 */
export const partOf = (submissions: readonly SampleSubmission[], at: number, parts: number): readonly SampleSubmission[] =>
  submissions.slice(Math.floor((at * submissions.length) / parts), Math.floor(((at + 1) * submissions.length) / parts));
