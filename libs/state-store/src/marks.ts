import type { RedisReply, StoreConnection } from './redis-connection.js';
import { ID_BYTES } from './generation-keys.js';
import { UNIQUE_ID_LENGTH } from './unique-ids.js';

/** Somebody's figures may no longer be right. Kept until everyone it leads to was computed anew. */
export interface Mark {
  /** Never repeats: deleting one mark cannot forget another. */
  readonly id: Buffer;
  /** Subjects of 16 bytes, one after the other; null: everyone under this tag. */
  readonly subjects: Buffer | null;
}

/** More would be too many arguments of a call some day: marks pile up while nobody computes. */
const MARKS_AT_ONCE = 1_000;

/** What a mark for everyone holds. */
export const EVERYONE = Buffer.alloc(0);

/**
 * Id of a mark by which others are handed over: theirs, then one of its own. It tells whose work is still to be done, and is
 * never that of a mark handed over before, which may have led to others: deleting one forgets nothing of the other.
 * @param own 12 bytes that nobody was given before
 */
export const handedOverAs = (marks: readonly Buffer[], own: Buffer): Buffer => Buffer.concat([...marks, own]);

/** Ids of the marks that one stands for: those handed over by it, or itself. */
export function originsOf(id: Buffer): Buffer[] {
  const marks = Math.max(1, Math.floor(id.length / UNIQUE_ID_LENGTH) - 1);
  return Array.from({ length: marks }, (_, mark) => id.subarray(mark * UNIQUE_ID_LENGTH, (mark + 1) * UNIQUE_ID_LENGTH));
}

/** What tells a mark from any other: of one that hands others over, not theirs. */
export const ownIdOf = (id: Buffer): Buffer => id.subarray(-UNIQUE_ID_LENGTH);

export async function readMarks(connection: StoreConnection, key: string): Promise<Mark[]> {
  const reply = (await connection.command('HGETALL', key)) as RedisReply[];
  const marks: Mark[] = [];
  for (let at = 0; at + 1 < reply.length; at += 2) marks.push(markOf(reply[at] as Buffer, reply[at + 1] as Buffer));
  return marks;
}

/** Those of these ids that are there. */
export async function readMarksOf(connection: StoreConnection, key: string, ids: readonly Buffer[]): Promise<Mark[]> {
  const marks: Mark[] = [];
  for (let first = 0; first < ids.length; first += MARKS_AT_ONCE) {
    const some = ids.slice(first, first + MARKS_AT_ONCE);
    const reply = (await connection.command('HMGET', key, ...some)) as (Buffer | null)[];
    for (const [at, subjects] of reply.entries()) if (subjects !== null) marks.push(markOf(some[at]!, subjects));
  }
  return marks;
}

const markOf = (id: Buffer, subjects: Buffer): Mark => ({ id, subjects: subjects.length < ID_BYTES ? null : subjects });

/** Deletes marks by their own ids, whatever was added meanwhile. */
export async function deleteMarks(connection: StoreConnection, key: string, ids: readonly Buffer[]): Promise<void> {
  for (let first = 0; first < ids.length; first += MARKS_AT_ONCE) await connection.command('HDEL', key, ...ids.slice(first, first + MARKS_AT_ONCE));
}

export async function markEveryone(connection: StoreConnection, key: string, id: Buffer): Promise<void> {
  await connection.command('HSET', key, id, EVERYONE);
}
