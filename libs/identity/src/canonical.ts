import { isPseudoPostcode, normalPostcode } from '@throughline/reference-data';

// Canonical forms: what is hashed is the same however a source writes it. Every function gives null for text that cannot be
// such an identifier, and never throws.

/** What an ILR carries for a learner who has no ULN yet; shared by thousands, so it makes no token. */
export const TEMPORARY_ULN = '9999999999';

const SEPARATORS = /[\s\p{Pd}]+/gu;
const TEN_DIGITS = /^\d{10}$/;
const NINO_SHAPE = /^[A-Z]{2}\d{6}[A-Z]?$/;

const compact = (text: string): string => text.normalize('NFKC').replace(SEPARATORS, '').toUpperCase();

function tenDigits(text: string): string | null {
  const digits = compact(text);
  return TEN_DIGITS.test(digits) ? digits : null;
}

/** Ten digits; spaces and hyphens (`943 476 5919`) are dropped. The check digit is {@link checkNhsNumber}'s. */
export const canonicalNhsNumber = tenDigits;

/** Ten digits; spaces and hyphens are dropped. The temporary ULN is canonical too; `identify` makes no token of it. */
export const canonicalUln = tenDigits;

/** Upper case, no spaces or hyphens, the first eight characters: the suffix is often missing and never tells people apart. */
export function canonicalNino(text: string): string | null {
  const nino = compact(text);
  return NINO_SHAPE.test(nino) ? nino.slice(0, 8) : null;
}

/** Decomposed, accents stripped, upper case, letters only: `O’Brien-Núñez` is `OBRIENNUNEZ`. Null where no letter is left. */
export function canonicalName(text: string): string | null {
  // Modifier letters (Lm) are left out: some sources write the apostrophe of O'Brien as one (U+02BC).
  const letters = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toUpperCase()
    .replace(/[^\p{Lu}\p{Lo}]+/gu, '');
  return letters === '' ? null : letters;
}

/** The first word that has letters: `Mary Ann` is `MARY`, `Mary-Ann` is `MARYANN`. */
export function canonicalFirstName(text: string): string | null {
  for (const word of text.split(/\s+/u)) {
    const name = canonicalName(word);
    if (name !== null) return name;
  }
  return null;
}

/** Upper case, no spaces. Null for what has not a postcode's shape and for `ZZ99` codes, which stand for no place. */
export function canonicalPostcode(text: string): string | null {
  const normal = normalPostcode(text);
  return normal === null || isPseudoPostcode(normal) ? null : normal;
}

/** An ISO calendar date, `YYYY-MM-DD`, as it stands; null for a year or month alone and for days that do not exist. */
export function canonicalDate(text: string): string | null {
  const trimmed = text.trim();
  if (!/^\d{4}-\d{2}-\d{2}$/.test(trimmed)) return null;
  const instant = new Date(`${trimmed}T00:00:00Z`);
  return Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== trimmed ? null : trimmed;
}
