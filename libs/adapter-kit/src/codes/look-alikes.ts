import { canonicalNhsNumber, canonicalNino } from '@throughline/identity';
import { normalPostcode } from '@throughline/reference-data';

/** With the country's code or the 0 before the area. */
const TELEPHONE = /^(?:0|(?:00)?44)\d{9,10}$/;
const DATE = /^(?:(?:19|20)\d{2}-\d{2}-\d{2}|\d{2}-\d{2}-(?:19|20)\d{2})$/;

/** Kinds of values that tell who somebody is and could be taken for a code. */
export type LookAlike = 'number of ten digits' | 'National Insurance number' | 'telephone number' | 'postcode' | 'date';

/**
 * What a code looks like that is none: somebody put a person where a code belongs. Judged by the shape alone: a mistyped
 * NHS number, ULN or National Insurance number is one all the same. Null: like nothing of a person's.
 */
export function lookAlikeOf(code: string): LookAlike | null {
  // Whatever a number may be broken up by.
  const text = code.replace(/[._/]/g, '-');
  if (canonicalNhsNumber(text) !== null) return 'number of ten digits';
  if (canonicalNino(text) !== null) return 'National Insurance number';
  if (TELEPHONE.test(text.replace(/[\s\p{Pd}+]/gu, ''))) return 'telephone number';
  if (normalPostcode(text.replace(/\p{Pd}/gu, '')) !== null) return 'postcode';
  return DATE.test(text) ? 'date' : null;
}
