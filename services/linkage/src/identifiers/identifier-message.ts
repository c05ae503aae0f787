import { decodeEvent, partitionOf } from '@throughline/event-contracts';
import type { AppliedRotations } from '@throughline/identity';
import type { IdentifierFact } from './subject-record.js';

/** One word on who a subject is. */
export interface IdentifierMessage {
  readonly subject: Buffer;
  readonly fact: IdentifierFact;
}

/** Most identifiers one record may name; the packed form counts them in a byte, and no source has more than a few. */
const MOST_IDENTIFIERS = 200;
/** Most bytes of a key's id: with kind and token it is a field of the index, whose length is counted in a byte. */
const LONGEST_KEY_ID = 200;
/** Instants the packed form holds, six bytes of milliseconds: one in microseconds is none. */
const INSTANT_BOUND = 2 ** 47;
const REMEDY = 'Only SubjectIdentified events, stated or withdrawn, with at most 200 identifiers, key ids of at most 200 bytes and instants in milliseconds, go on subject-identifiers.';

/** Thrown when a record on `subject-identifiers` is no word on who somebody is. */
export class NotAnIdentifierRecord extends Error {
  override readonly name = 'NotAnIdentifierRecord';
  readonly code = 'NOT_AN_IDENTIFIER_RECORD';
  readonly remedy = REMEDY;
  constructor() {
    super(REMEDY);
  }
}

/** Thrown when a record on `subject-identifiers` lies in another partition than its subject's. */
export class MisplacedIdentifierRecord extends Error {
  override readonly name = 'MisplacedIdentifierRecord';
  readonly code = 'MISPLACED_RECORD';
  readonly remedy =
    'Place a record by the first four bytes of its subject, unsigned big-endian, modulo the number of partitions, and send it again: see docs/decisions/0001-keys-and-topics.md.';
  constructor() {
    super('A record lies in another partition than its subject.');
  }
}

/**
 * @param place the partition it lies in, and how many its topic has.
 * @param newest gives a token under the newest key of its domain.
 * @throws EventContractError, NotAnIdentifierRecord, MisplacedIdentifierRecord, TokenAheadOfIndex
 */
export function readIdentifierMessage(
  value: Buffer,
  place: { readonly partition: number; readonly partitionCount: number },
  newest: AppliedRotations['newest'] = (token) => token,
): IdentifierMessage {
  const event = decodeEvent(value);
  if (event.type !== 'SubjectIdentified') throw new NotAnIdentifierRecord();
  const { meta, identifiers } = event.value;
  const stated = meta.change === 'STATED';
  if ((!stated && meta.change !== 'WITHDRAWN') || identifiers.length > MOST_IDENTIFIERS) throw new NotAnIdentifierRecord();
  if (Math.abs(meta.revision.instant) >= INSTANT_BOUND) throw new NotAnIdentifierRecord();
  if (identifiers.some(({ token }) => token !== null && Buffer.byteLength(token.keyId) > LONGEST_KEY_ID)) throw new NotAnIdentifierRecord();
  if (partitionOf(meta.subject, place.partitionCount) !== place.partition) throw new MisplacedIdentifierRecord();
  return {
    subject: meta.subject,
    fact: {
      factId: meta.factId.toString('hex'),
      instant: meta.revision.instant,
      sequence: meta.revision.sequence,
      contentHash: meta.contentHash.toString('hex'),
      identifiers: stated ? identifiers.map((identifier) => (identifier.token === null ? identifier : { ...identifier, token: newest(identifier.token) })) : null,
    },
  };
}
