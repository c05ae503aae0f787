/** Thrown when what an operator asks cannot be done; nothing was written. */
export class LinkDeskError extends Error {
  override readonly name = 'LinkDeskError';
  constructor(
    readonly code: 'SUBJECT_UNKNOWN' | 'DECISION_UNKNOWN' | 'DECISION_EMPTY' | 'TOO_MANY_SUBJECTS' | 'INDEX_BUSY' | 'NO_GENERATION' | 'ALREADY_WITHDRAWN',
    /** Which of what was asked: a subject, a decision or a part of the request. */
    readonly place: string,
    readonly remedy: string,
  ) {
    super(`${code} at ${place}. ${remedy}`);
  }
}
