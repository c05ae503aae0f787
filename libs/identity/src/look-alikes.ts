import { normalPostcode } from '@throughline/reference-data';
import { canonicalNhsNumber, canonicalNino } from './canonical.js';

/** With the country's code or the 0 before the area. */
const TELEPHONE = /^(?:0|(?:00)?44)\d{9,10}$/;
/** Four digits of a year make it a date with one digit of a day or month too; of two digits each, any three are one. */
const DATE = /^(?:(?:19|20)\d{2}-\d{1,2}-\d{1,2}|\d{1,2}-\d{1,2}-(?:19|20)\d{2}|\d{2}-\d{2}-\d{2})$/;
/** The same in one run of digits, of days and months that exist. */
const COMPACT_DATE = /^(?:(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d{2})$/;

/** Made by machines for machines; a few in a hundred hold ten digits or a National Insurance number's shape by chance. */
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Kinds of values that tell who somebody is and could be taken for a code. */
export type LookAlike = 'number of ten digits' | 'National Insurance number' | 'telephone number' | 'postcode' | 'date';

/**
 * What a code looks like that is none, or holds: somebody put a person where a code belongs. Judged by the shape alone: a
 * mistyped NHS number, ULN or National Insurance number is one all the same. Null: like nothing of a person's.
 */
export function lookAlikeOf(code: string): LookAlike | null {
  if (UUID.test(code)) return null;
  for (const text of textsWithin(code)) {
    const kind = kindOf(text);
    if (kind !== null) return kind;
  }
  return null;
}

/** Whatever stands between two separators, one piece or several in a row, the whole first; then each run of digits. */
function* textsWithin(code: string): Generator<string, void, void> {
  // Whatever a number may be broken up by.
  const pieces = code.replace(/[._/]/g, '-').split(/[\s\p{Pd}+]+/u);
  for (let length = pieces.length; length > 0; length -= 1) {
    for (let from = 0; from + length <= pieces.length; from += 1) yield pieces.slice(from, from + length).join('-');
  }
  yield* code.match(/\d+/g) ?? [];
}

function kindOf(text: string): LookAlike | null {
  if (canonicalNhsNumber(text) !== null) return 'number of ten digits';
  if (canonicalNino(text) !== null) return 'National Insurance number';
  const bare = text.replaceAll('-', '');
  if (TELEPHONE.test(bare)) return 'telephone number';
  if (normalPostcode(bare) !== null) return 'postcode';
  return DATE.test(text) || COMPACT_DATE.test(bare) ? 'date' : null;
}
