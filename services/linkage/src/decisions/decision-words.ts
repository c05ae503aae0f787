import { decodeRecord, encodeRecord, EventContractError } from '@throughline/event-contracts';
import type { LinkDecision as DecisionRecord } from '@throughline/event-contracts';
import type { LinkDecision } from '@throughline/identity';
import { RecordPacker } from '@throughline/state-store';

/** One word of an operator, as the log has it. */
export interface DecisionWord {
  /** Of the decision; 16 bytes as hex. */
  readonly id: string;
  readonly record: DecisionRecord & { readonly change: 'MADE' | 'WITHDRAWN'; readonly kind: 'SPLIT' | 'JOIN' };
}

/** Most subjects one decision may name: each keeps it, and a person is not more. */
export const MOST_SUBJECTS_OF_A_DECISION = 100;
/** Instants are milliseconds: one in microseconds is none. */
const INSTANT_BOUND = 2 ** 47;
const REMEDY = `Only LinkDecision records go on link-decisions: made or withdrawn, SPLIT of some subjects from others, or JOIN of at least two, at most ${MOST_SUBJECTS_OF_A_DECISION} in all, each once, instants in milliseconds.`;

/** Thrown when a record on `link-decisions` is no decision. */
export class NotALinkDecision extends Error {
  override readonly name = 'NotALinkDecision';
  readonly code = 'NOT_A_LINK_DECISION';
  readonly remedy = REMEDY;
  constructor() {
    super(REMEDY);
  }
}

/** @throws EventContractError, NotALinkDecision */
export function readDecisionWord(value: Buffer): DecisionWord {
  const decoded = decodeRecord(value);
  if (decoded.type !== 'LinkDecision') throw new NotALinkDecision();
  return decisionWord(decoded.value);
}

/** @throws NotALinkDecision */
export function decisionWord(record: DecisionRecord): DecisionWord {
  const { change, kind, subjects, apartFrom, decidedAt } = record;
  const named = [...subjects, ...apartFrom].map((subject) => subject.toString('hex'));
  const isWhole = kind === 'JOIN' ? subjects.length > 1 && apartFrom.length === 0 : subjects.length > 0 && apartFrom.length > 0;
  if (change === 'UNKNOWN' || kind === 'UNKNOWN' || !isWhole || new Set(named).size !== named.length) throw new NotALinkDecision();
  if (named.length > MOST_SUBJECTS_OF_A_DECISION || Math.abs(decidedAt) >= INSTANT_BOUND) throw new NotALinkDecision();
  return { id: record.decision.toString('hex'), record: { ...record, change, kind } };
}

/** Whom a word is about: each keeps it. */
export const subjectsNamed = ({ record }: DecisionWord): readonly Buffer[] => [...record.subjects, ...record.apartFrom];

/** Greatest (decided at, withdrawn after made, bytes) is in force, whatever arrives first. */
function isLater(word: DecisionWord, known: DecisionWord): boolean {
  if (word.record.decidedAt !== known.record.decidedAt) return word.record.decidedAt > known.record.decidedAt;
  if (word.record.change !== known.record.change) return word.record.change === 'WITHDRAWN';
  return bytesOf(word).compare(bytesOf(known)) > 0;
}

/** With one more word taken in, ascending by decision; the same list where that changes nothing. */
export function withWord(words: readonly DecisionWord[], word: DecisionWord): readonly DecisionWord[] {
  const known = words.find(({ id }) => id === word.id);
  if (known !== undefined && !isLater(word, known)) return words;
  return [...words.filter((other) => other !== known), word].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Of each decision the word in force, of all that several subjects keep; ascending by decision. */
export function latestWords(words: Iterable<DecisionWord>): readonly DecisionWord[] {
  const latest = new Map<string, DecisionWord>();
  for (const word of words) {
    const known = latest.get(word.id);
    if (known === undefined || isLater(word, known)) latest.set(word.id, word);
  }
  return [...latest.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** What holds of all that several subjects keep. */
export function decisionsInForce(words: Iterable<DecisionWord>): LinkDecision[] {
  return latestWords(words).flatMap(({ id, record: { change, kind, decidedAt, subjects, apartFrom } }) => (change === 'MADE' ? [{ id, kind, decidedAt, subjects, apartFrom }] : []));
}

const bytesOf = ({ record }: DecisionWord): Buffer => encodeRecord('LinkDecision', record);

/** A subject's words, each framed as in the log, after its length: equal lists have equal bytes. */
export function packDecisionWords(words: readonly DecisionWord[]): Buffer {
  const packer = new RecordPacker();
  for (const word of words) {
    const bytes = bytesOf(word);
    packer.word(bytes.length).bytes(bytes);
  }
  return packer.take();
}

/** @throws CorruptDecisionWords */
export function unpackDecisionWords(packed: Buffer): readonly DecisionWord[] {
  const words: DecisionWord[] = [];
  try {
    for (let at = 0; at < packed.length; ) {
      const end = at + 4 + packed.readUInt32BE(at);
      words.push(readDecisionWord(packed.subarray(at + 4, end)));
      at = end;
    }
  } catch (error) {
    if (error instanceof EventContractError || error instanceof NotALinkDecision || error instanceof RangeError) throw new CorruptDecisionWords();
    throw error;
  }
  return words;
}

/** Thrown when stored decisions cannot be read: damaged, or written by a newer version. */
export class CorruptDecisionWords extends Error {
  override readonly name = 'CorruptDecisionWords';
  readonly code = 'CORRUPT_LINK_DECISIONS';
  readonly remedy = 'Rebuild the view from the log: the link index cannot be trusted.';
  constructor() {
    super('Stored decisions cannot be read. Rebuild the view from the log: the link index cannot be trusted.');
  }
}
