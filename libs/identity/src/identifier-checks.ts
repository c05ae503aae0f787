import { canonicalNhsNumber, canonicalUln, TEMPORARY_ULN } from './canonical.js';

/** Outcome of an identifier's own check. */
export type CheckOutcome = 'PASSED' | 'FAILED';

const outcome = (passed: boolean): CheckOutcome => (passed ? 'PASSED' : 'FAILED');

/** Digits weighted 10 down to 2, and the last digit. Both check digits are made of these two. */
function weighted(digits: string): { readonly sum: number; readonly last: number } {
  let sum = 0;
  for (let index = 0; index < 9; index += 1) sum += (digits.charCodeAt(index) - 48) * (10 - index);
  return { sum, last: digits.charCodeAt(9) - 48 };
}

/**
 * Ten equal digits satisfy modulus 11 whatever the digit, so the check cannot see that they are filler.
 * @param canonical as {@link canonicalNhsNumber} gives it.
 */
export const isPlaceholderNhsNumber = (canonical: string): boolean => /^(\d)\1{9}$/.test(canonical);

/** Modulus 11 as the NHS Data Dictionary has it, over ten digits; filler of ten equal digits fails. */
export function checkNhsNumber(text: string): CheckOutcome {
  const digits = canonicalNhsNumber(text);
  if (digits === null || isPlaceholderNhsNumber(digits)) return 'FAILED';
  const { sum, last } = weighted(digits);
  const check = 11 - (sum % 11);
  return outcome((check === 11 ? 0 : check) === last);
}

/**
 * ILR rule ULN_04: 10 minus the remainder (not 11, as for NHS numbers), so that nothing passes with a remainder of 0.
 * The temporary ULN passes.
 */
export function checkUln(text: string): CheckOutcome {
  const digits = canonicalUln(text);
  if (digits === null) return 'FAILED';
  if (digits === TEMPORARY_ULN) return 'PASSED';
  const { sum, last } = weighted(digits);
  return outcome(10 - (sum % 11) === last);
}

// HMRC: neither letter may be D, F, I, Q, U or V, the second not O either; seven pairs are never issued.
const NINO = /^(?!BG|GB|KN|NK|NT|TN|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z]\d{6}[A-D]?$/;

/** HMRC's format. A NINO has no check digit, so a mistyped one usually passes. */
export const checkNino = (text: string): CheckOutcome =>
  outcome(NINO.test(text.normalize('NFKC').replace(/[\s\p{Pd}]+/gu, '').toUpperCase()));
