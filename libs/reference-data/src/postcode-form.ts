/** Outward code: one or two letters, then one or two digits or a digit and a letter. Inward: a digit and two letters. */
const POSTCODE = /^[A-Z]{1,2}(?:\d{1,2}|\d[A-Z])\d[ABD-HJLNP-UW-Z]{2}$/;

/**
 * The one written form of a postcode that look-ups and tokens use: upper case, no spaces. Null where the text has not
 * the shape of a postcode (ILR rule Postcode_15; the inward letters exclude C, I, K, M, O and V).
 */
export function normalPostcode(text: string): string | null {
  const compact = text.normalize('NFKC').replace(/\s+/gu, '').toUpperCase();
  return POSTCODE.test(compact) ? compact : null;
}

/**
 * Whether a postcode in normal form stands for no place: `ZZ99 9ZZ` (not known) and the other `ZZ99` codes that health
 * systems use for no fixed abode and for countries abroad. People who share one share nothing.
 */
export const isPseudoPostcode = (normal: string): boolean => normal.startsWith('ZZ99');
