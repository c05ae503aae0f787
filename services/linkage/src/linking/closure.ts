import { LINK_RULES } from '@throughline/identity';
import type { SubjectIdentifier } from '@throughline/event-contracts';
import { IDENTIFIER_KIND_SYMBOLS } from '@throughline/event-contracts';
import { EMPTY_RECORD, identifiersInForce, unpackSubjectRecord } from '../identifiers/subject-record.js';
import type { SubjectRecord } from '../identifiers/subject-record.js';
import { IndexMoved } from './index-moved.js';

/** What linking reads of the index. */
export interface IndexReader {
  read(hash: 'identity' | 'token' | 'subject', fields: readonly Buffer[]): Promise<{ readonly stamp: Buffer | null; readonly values: (Buffer | null)[] }>;
}

/** A subject before and after the batch. */
export interface AffectedSubject {
  readonly subject: Buffer;
  readonly before: SubjectRecord;
  readonly after: SubjectRecord;
  /** Null: not in the index before. */
  readonly participantBefore: Buffer | null;
}

/** Everybody whose links the batch may change, and who holds each of their tokens, as the index stood under one stamp. */
export interface Closure {
  readonly stamp: Buffer | null;
  /** By subject, as hex. */
  readonly subjects: ReadonlyMap<string, AffectedSubject>;
  /** Holders before the batch, by token field as hex. */
  readonly holders: ReadonlyMap<string, readonly Buffer[]>;
  /** Token fields that more subjects hold after the batch than one person can be: they link nobody. */
  readonly placeholders: ReadonlySet<string>;
  /** How many of them were none before. */
  readonly newPlaceholders: number;
}

/** Field under which the index knows who holds a joining token: kind, value, key id. Null for what joins nobody. */
export function tokenFieldOf({ kind, token }: SubjectIdentifier): Buffer | null {
  if (token === null || LINK_RULES[kind] === undefined) return null;
  return Buffer.concat([Buffer.from([IDENTIFIER_KIND_SYMBOLS.indexOf(kind)]), token.value, Buffer.from(token.keyId, 'utf8')]);
}

/** Fields of a subject's joining tokens, each once. */
export function tokenFieldsOf(identifiers: readonly SubjectIdentifier[]): Map<string, Buffer> {
  const fields = new Map<string, Buffer>();
  for (const identifier of identifiers) {
    const field = tokenFieldOf(identifier);
    if (field !== null) fields.set(field.toString('hex'), field);
  }
  return fields;
}

const SUBJECT_BYTES = 16;

export function splitSubjects(packed: Buffer): Buffer[] {
  return Array.from({ length: packed.length / SUBJECT_BYTES }, (_, i) => packed.subarray(i * SUBJECT_BYTES, (i + 1) * SUBJECT_BYTES));
}

/**
 * Reads the index outwards from the subjects of a batch, over the tokens they had and those they have now, until nobody new
 * is found: the result is closed under the links before the batch and under those after it. A token that links nobody,
 * before or after, leads nowhere: what thousands share by mistake does not make the closure that large.
 *
 * @param after gives a subject's record once the batch is taken in; another than before only for subjects of the batch.
 * @param mostSubjects holders of a token above which it links nobody.
 * @throws IndexMoved where the index changed between two reads.
 */
export async function readClosure(
  index: IndexReader,
  batch: readonly Buffer[],
  after: (subject: string, before: SubjectRecord) => SubjectRecord,
  mostSubjects: number,
): Promise<Closure> {
  const subjects = new Map<string, AffectedSubject>();
  const holders = new Map<string, readonly Buffer[]>();
  /** By how many subjects more a token is held after the batch. The batch itself is read first, and nobody else changes. */
  const gained = new Map<string, number>();
  const placeholders = new Set<string>();
  let newPlaceholders = 0;
  let stamp: Buffer | null | undefined;
  const read = async (hash: 'identity' | 'token' | 'subject', fields: readonly Buffer[]) => {
    const answer = await index.read(hash, fields);
    if (stamp === undefined) stamp = answer.stamp;
    if (!(stamp === null ? answer.stamp === null : answer.stamp !== null && stamp.equals(answer.stamp))) throw new IndexMoved();
    return answer.values;
  };

  for (let frontier = [...batch]; frontier.length > 0; ) {
    const records = await read('identity', frontier);
    const participants = await read('subject', frontier);
    const tokens = new Map<string, Buffer>();
    for (const [i, subject] of frontier.entries()) {
      const key = subject.toString('hex');
      const packed = records[i] ?? null;
      const before = packed === null ? EMPTY_RECORD : unpackSubjectRecord(packed);
      const now = after(key, before);
      subjects.set(key, { subject, before, after: now, participantBefore: participants[i] ?? null });
      for (const [record, count] of now === before ? [[now, 0] as const] : [[before, -1] as const, [now, 1] as const]) {
        for (const [field, bytes] of tokenFieldsOf(identifiersInForce(record))) {
          if (count !== 0) gained.set(field, (gained.get(field) ?? 0) + count);
          if (!holders.has(field)) tokens.set(field, bytes);
        }
      }
    }
    const found = new Map<string, Buffer>();
    const fields = [...tokens];
    const lists = fields.length === 0 ? [] : await read('token', fields.map(([, bytes]) => bytes));
    for (const [i, [field]] of fields.entries()) {
      const held = splitSubjects(lists[i] ?? Buffer.alloc(0));
      holders.set(field, held);
      const wasPlaceholder = held.length > mostSubjects;
      if (held.length + (gained.get(field) ?? 0) > mostSubjects) {
        placeholders.add(field);
        if (wasPlaceholder) continue;
        newPlaceholders += 1;
      }
      for (const subject of held) if (!subjects.has(subject.toString('hex'))) found.set(subject.toString('hex'), subject);
    }
    frontier = [...found.values()];
  }
  return { stamp: stamp ?? null, subjects, holders, placeholders, newPlaceholders };
}
