import { decodeEvent } from '@throughline/event-contracts';
import type { IdentifierFact } from './subject-record.js';

/** One word on who a subject is. */
export interface IdentifierMessage {
  readonly subject: Buffer;
  readonly fact: IdentifierFact;
}

/** Most identifiers one record may name; the packed form counts them in a byte, and no source has more than a few. */
const MOST_IDENTIFIERS = 200;

/** Thrown when a record on `subject-identifiers` is no word on who somebody is. */
export class NotAnIdentifierRecord extends Error {
  override readonly name = 'NotAnIdentifierRecord';
  readonly code = 'NOT_AN_IDENTIFIER_RECORD';
  readonly remedy = 'Only SubjectIdentified events, stated or withdrawn, with at most 200 identifiers, go on subject-identifiers.';
  constructor() {
    super('Only SubjectIdentified events, stated or withdrawn, with at most 200 identifiers, go on subject-identifiers.');
  }
}

/** @throws EventContractError, NotAnIdentifierRecord */
export function readIdentifierMessage(value: Buffer): IdentifierMessage {
  const event = decodeEvent(value);
  if (event.type !== 'SubjectIdentified') throw new NotAnIdentifierRecord();
  const { meta, identifiers } = event.value;
  const stated = meta.change === 'STATED';
  if ((!stated && meta.change !== 'WITHDRAWN') || identifiers.length > MOST_IDENTIFIERS) throw new NotAnIdentifierRecord();
  return {
    subject: meta.subject,
    fact: {
      factId: meta.factId.toString('hex'),
      instant: meta.revision.instant,
      sequence: meta.revision.sequence,
      contentHash: meta.contentHash.toString('hex'),
      identifiers: stated ? identifiers : null,
    },
  };
}
