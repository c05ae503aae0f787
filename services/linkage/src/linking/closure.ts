import { LINK_RULES } from '@throughline/identity';
import type { SubjectIdentifier } from '@throughline/event-contracts';
import { IDENTIFIER_KIND_SYMBOLS } from '@throughline/event-contracts';
import type { LinkHash } from '@throughline/state-store';
import { subjectsNamed, unpackDecisionWords } from '../decisions/decision-words.js';
import type { DecisionWord } from '../decisions/decision-words.js';
import { EMPTY_RECORD, identifiersInForce, unpackSubjectRecord } from '../identifiers/subject-record.js';
import type { SubjectRecord } from '../identifiers/subject-record.js';
import { IndexMoved } from './index-moved.js';

/** What linking reads of the index. */
export interface IndexReader {
  read(hash: LinkHash, fields: readonly Buffer[]): Promise<{ readonly stamp: Buffer | null; readonly values: (Buffer | null)[] }>;
}

/** A subject before and after the batch. */
export interface AffectedSubject {
  readonly subject: Buffer;
  readonly before: SubjectRecord;
  readonly after: SubjectRecord;
  /** What operators have said of it. */
  readonly wordsBefore: readonly DecisionWord[];
  readonly wordsAfter: readonly DecisionWord[];
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
  /** What the index says of participants to be looked at, by participant as hex; of those before the batch. */
  readonly conflicts: ReadonlyMap<string, Buffer>;
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

/** What a batch says, taken in one subject after the other; the same object where it says nothing of one. */
export interface News {
  /** Subjects it says something of. */
  readonly subjects: readonly Buffer[];
  readonly record: (subject: string, before: SubjectRecord) => SubjectRecord;
  readonly words: (subject: string, before: readonly DecisionWord[]) => readonly DecisionWord[];
}

const SUBJECT_BYTES = 16;
const NO_WORDS: readonly DecisionWord[] = [];

/**
 * Subjects that may be reached from one batch of 250 words. One token reaches at most 100, and a chain of mistakes so long
 * is none of people's: it is refused before it takes all memory, and before it is written as somebody.
 */
const MOST_SUBJECTS_REACHED = 200_000;

/** Thrown when the links of a batch reach more subjects than can be linked at once. The partition stands still. */
export class ClosureTooLarge extends Error {
  override readonly name = 'ClosureTooLarge';
  readonly code = 'CLOSURE_TOO_LARGE';
  readonly place = 'link index';
  readonly remedy = 'Identifiers that fill a field chain people together: have the partner that sends them withdraw them, then rebuild (npm run rebuild).';
  constructor(most: number) {
    super(`One batch of identifiers is linked to more than ${most} subjects.`);
  }
}

export function splitSubjects(packed: Buffer): Buffer[] {
  return Array.from({ length: packed.length / SUBJECT_BYTES }, (_, i) => packed.subarray(i * SUBJECT_BYTES, (i + 1) * SUBJECT_BYTES));
}

/**
 * Reads the index outwards from the subjects of a batch, over the tokens they had and those they have now and over what
 * operators said of them, until nobody new is found: the result is closed under the links before the batch and under those
 * after it. A token that links nobody, before or after, leads nowhere: what thousands share by mistake does not make the
 * closure that large.
 *
 * @param mostSubjects holders of a token above which it links nobody.
 * @throws IndexMoved where the index changed between two reads. @throws ClosureTooLarge
 */
export async function readClosure(index: IndexReader, news: News, mostSubjects: number, mostReached = MOST_SUBJECTS_REACHED): Promise<Closure> {
  const subjects = new Map<string, AffectedSubject>();
  const holders = new Map<string, readonly Buffer[]>();
  /** By how many subjects more a token is held after the batch. The batch itself is read first, and nobody else changes. */
  const gained = new Map<string, number>();
  const placeholders = new Set<string>();
  let newPlaceholders = 0;
  let stamp: Buffer | null | undefined;
  const read = async (hash: LinkHash, fields: readonly Buffer[]) => {
    const answer = await index.read(hash, fields);
    if (stamp === undefined) stamp = answer.stamp;
    if (!(stamp === null ? answer.stamp === null : answer.stamp !== null && stamp.equals(answer.stamp))) throw new IndexMoved();
    return answer.values;
  };

  for (let frontier = [...news.subjects]; frontier.length > 0; ) {
    if (subjects.size + frontier.length > mostReached) throw new ClosureTooLarge(mostReached);
    const records = await read('identity', frontier);
    const participants = await read('subject', frontier);
    const decided = await read('decision', frontier);
    const tokens = new Map<string, Buffer>();
    const found = new Map<string, Buffer>();
    for (const [i, subject] of frontier.entries()) {
      const key = subject.toString('hex');
      const packed = records[i] ?? null;
      const before = packed === null ? EMPTY_RECORD : unpackSubjectRecord(packed);
      const now = news.record(key, before);
      const said = decided[i] ?? null;
      const wordsBefore = said === null ? NO_WORDS : unpackDecisionWords(said);
      const wordsAfter = news.words(key, wordsBefore);
      subjects.set(key, { subject, before, after: now, wordsBefore, wordsAfter, participantBefore: participants[i] ?? null });
      for (const word of wordsAfter === wordsBefore ? wordsBefore : [...wordsBefore, ...wordsAfter]) {
        for (const named of subjectsNamed(word)) found.set(named.toString('hex'), named);
      }
      for (const [record, count] of now === before ? [[now, 0] as const] : [[before, -1] as const, [now, 1] as const]) {
        for (const [field, bytes] of tokenFieldsOf(identifiersInForce(record))) {
          if (count !== 0) gained.set(field, (gained.get(field) ?? 0) + count);
          if (!holders.has(field)) tokens.set(field, bytes);
        }
      }
    }
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
      for (const subject of held) found.set(subject.toString('hex'), subject);
    }
    frontier = [...found].flatMap(([key, subject]) => (subjects.has(key) ? [] : [subject]));
  }
  const participants = new Map([...subjects.values()].flatMap(({ participantBefore }) => (participantBefore === null ? [] : [[participantBefore.toString('hex'), participantBefore] as const])));
  const looked = participants.size === 0 ? [] : await read('conflict', [...participants.values()]);
  const conflicts = new Map([...participants.keys()].flatMap((key, i) => (looked[i] ? [[key, looked[i]] as const] : [])));
  return { stamp: stamp ?? null, subjects, holders, conflicts, placeholders, newPlaceholders };
}
