import type { Fact, IdText } from './fact.js';

/** The latest word on one fact, by its source's own clock. */
export interface TimelineEntry {
  readonly factId: IdText;
  /** UTC milliseconds. */
  readonly instant: number;
  readonly sequence: number;
  /** Content hash, 64 bits in two halves, each unsigned. */
  readonly hashHigh: number;
  readonly hashLow: number;
  /** Null: withdrawn. The entry stays, so that an older word that arrives later changes nothing. */
  readonly fact: Fact | null;
}

/** What is compared of an entry, and where in some bytes the ids of its fact and its subject lie, 16 bytes each. */
export class WordInBytes {
  bytes: Buffer = Buffer.alloc(0);
  factAt = 0;
  subjectAt = 0;
  /** As in {@link TimelineEntry}. */
  instant = 0;
  sequence = 0;
  hashHigh = 0;
  hashLow = 0;
}

/** The same, to be read. */
export type Word = Readonly<WordInBytes>;

/** A subject's facts: factId → latest word. */
export type Timeline = Map<IdText, TimelineEntry>;

/**
 * Whether `entry` is the later word: greater (instant, sequence, content hash as unsigned bytes). The agreement under
 * which it was sent is no part of the content; of two words that are equal but for it, the greater agreement stands, so
 * that any order of arrival ends alike.
 */
const isLater = (entry: TimelineEntry, known: TimelineEntry): boolean => {
  if (entry.instant !== known.instant) return entry.instant > known.instant;
  if (entry.sequence !== known.sequence) return entry.sequence > known.sequence;
  if (entry.hashHigh !== known.hashHigh) return entry.hashHigh > known.hashHigh;
  if (entry.hashLow !== known.hashLow) return entry.hashLow > known.hashLow;
  return hasGreaterAgreement(entry.fact, known.fact);
};

/** Which of two words stands that are equal in all that is compared first. */
export const hasGreaterAgreement = (fact: Fact | null, known: Fact | null): boolean => (fact?.agreement ?? '') > (known?.agreement ?? '');

/**
 * Takes a word into a timeline. Duplicates, late arrivals, corrections, withdrawals and restatements need no other rule:
 * the same entries in any order, any number of times, give the same timeline.
 *
 * @returns whether the timeline changed
 */
export const mergeEntry = (timeline: Timeline, entry: TimelineEntry): boolean => {
  const known = timeline.get(entry.factId);
  if (known !== undefined && !isLater(entry, known)) return false;
  timeline.set(entry.factId, entry);
  return true;
};

/** The facts that timelines put in force. */
export const factsOf = (timelines: Iterable<Timeline>): Fact[] => {
  const facts: Fact[] = [];
  for (const timeline of timelines) {
    for (const { fact } of timeline.values()) if (fact !== null) facts.push(fact);
  }
  return facts;
};
