import { EventContractError } from './errors.js';

/** Length of a subject, an event id, a fact id. */
export const ID_LENGTH = 16;

/** Length of a record's key on the live topics: subject, then event id. */
export const KEY_LENGTH = 32;

/**
 * A record's key: each event has its own, so that compaction removes repeats only.
 * @throws EventContractError `INVALID_KEY` when a part is not 16 bytes.
 */
export function eventKey(subject: Uint8Array, eventId: Uint8Array): Buffer {
  if (subject.length !== ID_LENGTH || eventId.length !== ID_LENGTH) {
    throw new EventContractError('INVALID_KEY', 'record key', 'Give a subject and an event id of 16 bytes each.');
  }
  const key = Buffer.allocUnsafe(KEY_LENGTH);
  key.set(subject, 0);
  key.set(eventId, ID_LENGTH);
  return key;
}

/**
 * Partition of a subject or of a record's key that begins at `at`: its first four bytes, unsigned big-endian, modulo the number of partitions.
 * @throws EventContractError `INVALID_KEY` when there are fewer than four bytes.
 */
export function partitionOf(keyOrSubject: Uint8Array, partitions: number, at = 0): number {
  const a = keyOrSubject[at];
  const b = keyOrSubject[at + 1];
  const c = keyOrSubject[at + 2];
  const d = keyOrSubject[at + 3];
  if (a === undefined || b === undefined || c === undefined || d === undefined) {
    throw new EventContractError('INVALID_KEY', 'record key', 'Give a subject of 16 bytes or a key of 32.');
  }
  return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) % partitions;
}
