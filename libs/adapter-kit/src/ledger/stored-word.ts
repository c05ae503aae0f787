import type { EventType } from '@throughline/event-contracts';
import type { DayInterval } from './coverage.js';

/** A fact's place in the ledger. */
export interface FactPlace {
  readonly fact: Buffer;
  readonly scope: Buffer;
  readonly subject: Buffer;
  readonly type: EventType;
  /** Days coverage is judged by; null where a fact was only ever taken back by name. */
  readonly days: DayInterval | null;
  /** As `familyText` writes it. */
  readonly family: string | null;
}

/** A word as a row of the ledger. */
export interface StoredWord {
  readonly fact: Uint8Array;
  readonly scope: Uint8Array;
  readonly subject: Uint8Array;
  readonly type: EventType;
  readonly first_day: number | null;
  readonly last_day: number | null;
  readonly family: string | null;
  readonly instant: number;
  readonly sequence: number;
  readonly hash: Uint8Array;
  readonly stated: number;
}

/** Days a word is judged by; null: none are known. */
export const daysOfWord = (word: Pick<StoredWord, 'first_day' | 'last_day'> | undefined): DayInterval | null =>
  word === undefined || word.first_day === null || word.last_day === null ? null : { first: word.first_day, last: word.last_day };

export const placeOfWord = (word: StoredWord): FactPlace => ({
  fact: Buffer.from(word.fact),
  scope: Buffer.from(word.scope),
  subject: Buffer.from(word.subject),
  type: word.type,
  days: daysOfWord(word),
  family: word.family,
});
