import type { Fact } from '../fact.js';
import { mergeEntry } from '../timeline.js';
import type { Timeline, TimelineEntry } from '../timeline.js';
import { idText } from './fact-builders.js';

/** The source's clock and content of a word. */
export interface Word {
  /** Default 1. */
  readonly instant?: number;
  /** Default 0. */
  readonly sequence?: number;
  /** Content hash as two unsigned halves; default [1, 1], [0, 0] for a withdrawal. */
  readonly hash?: readonly [number, number];
}

const entryOf = (factId: string, fact: Fact | null, word: Word): TimelineEntry => {
  const [hashHigh, hashLow] = word.hash ?? (fact === null ? [0, 0] : [1, 1]);
  return { factId, instant: word.instant ?? 1, sequence: word.sequence ?? 0, hashHigh, hashLow, fact };
};

/** A source states a fact. */
export const stated = (fact: Fact, word: Word = {}): TimelineEntry => entryOf(fact.id, fact, word);

/** A source takes the fact of that name back. */
export const withdrawn = (name: string, word: Word = {}): TimelineEntry => entryOf(idText(name), null, word);

/** The timeline that entries make, in the order given; a fact stands for its plain statement. */
export const timelineOf = (...entries: readonly (Fact | TimelineEntry)[]): Timeline => {
  const timeline: Timeline = new Map();
  for (const entry of entries) mergeEntry(timeline, 'kind' in entry ? stated(entry) : entry);
  return timeline;
};
