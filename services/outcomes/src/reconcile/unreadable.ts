/** A participant cannot be computed from what is stored. */
export class Unreadable extends Error {
  override readonly name = 'ParticipantUnreadable';
  readonly code = 'PARTICIPANT_UNREADABLE';
  readonly remedy = 'Rebuild the view from the log: what is stored of this participant cannot be trusted. Everybody else is computed.';
  /** @param place part of the store */
  constructor(
    readonly place: string,
    cause?: unknown,
  ) {
    super('What is stored of a participant cannot be read.', { cause });
  }
}
