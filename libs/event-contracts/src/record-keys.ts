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
 * Partition of a subject or of a record's key: its first four bytes, unsigned big-endian, modulo the number of partitions.
 * @throws EventContractError `INVALID_KEY` when there are fewer than four bytes.
 */
export function partitionOf(keyOrSubject: Uint8Array, partitions: number): number {
  const [a, b, c, d] = keyOrSubject;
  if (a === undefined || b === undefined || c === undefined || d === undefined) {
    throw new EventContractError('INVALID_KEY', 'record key', 'Give a subject of 16 bytes or a key of 32.');
  }
  return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) % partitions;
}

/** {@link partitionOf} for a subject of 16 characters, one a byte: how timelines are kept. */
export const partitionOfText = (subject: string, partitions: number): number =>
  (((subject.charCodeAt(0) << 24) | (subject.charCodeAt(1) << 16) | (subject.charCodeAt(2) << 8) | subject.charCodeAt(3)) >>> 0) % partitions;
