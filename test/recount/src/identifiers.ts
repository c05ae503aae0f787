import type { Body } from './told.js';

// Canonical forms and checks of decision 0005, written here a second time on purpose.

const squeezed = (text: string): string => text.normalize('NFKC').replace(/[\s\p{Pd}]/gu, '').toUpperCase();

const modulus = (digits: string): number => {
  let sum = 0;
  for (let place = 0; place < 9; place += 1) sum += Number(digits[place]) * (10 - place);
  return sum % 11;
};

/** Null: no token. */
export function nhsNumberToken(text: string): string | null {
  const digits = squeezed(text);
  if (!/^\d{10}$/.test(digits) || new Set(digits).size === 1) return null;
  return (11 - modulus(digits)) % 11 === Number(digits[9]) ? digits : null;
}

export function ulnToken(text: string): string | null {
  const digits = squeezed(text);
  if (!/^\d{10}$/.test(digits) || digits === '9999999999') return null;
  const remainder = modulus(digits);
  return remainder !== 0 && 10 - remainder === Number(digits[9]) ? digits : null;
}

/** The first eight characters of what is written like a NINO, whether or not it can be one. */
export function ninoStem(text: string): string | null {
  const nino = squeezed(text);
  return /^[A-Z]{2}\d{6}[A-Z]?$/.test(nino) ? nino.slice(0, 8) : null;
}

export function ninoToken(text: string): string | null {
  const nino = squeezed(text);
  if (!/^[A-Z]{2}\d{6}[A-D]?$/.test(nino)) return null;
  const [first, second] = [nino.charAt(0), nino.charAt(1)];
  if ('DFIQUV'.includes(first) || 'DFIOQUV'.includes(second)) return null;
  if (['BG', 'GB', 'KN', 'NK', 'NT', 'TN', 'ZZ'].includes(first + second)) return null;
  return nino.slice(0, 8);
}

const letters = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase().replace(/[^\p{Lu}\p{Lo}]/gu, '');

const firstWord = (text: string): string => text.split(/\s+/u).map(letters).find((word) => word !== '') ?? '';

/** Upper case, no spaces; null for another shape. */
export function postcodeForm(text: string): string | null {
  const code = text.normalize('NFKC').replace(/\s/gu, '').toUpperCase();
  return /^[A-Z]{1,2}(\d{1,2}|\d[A-Z])\d[ABD-HJLNP-UW-Z]{2}$/.test(code) ? code : null;
}

export interface HeldIdentifiers {
  readonly nhsNumber?: string | null;
  readonly nino?: string | null;
  readonly uln?: string | null;
  readonly surname?: string | null;
  readonly firstName?: string | null;
  readonly dateOfBirth?: string | null;
  readonly postcodes?: readonly (string | null)[];
}

const token = (kind: string, text: string | null | undefined, form: (text: string) => string | null): string[] => {
  const value = text === null || text === undefined ? null : form(text);
  return value === null ? [] : [`${kind}:${value}`];
};

/** What a record's identifiers come to: those that fail their check link nobody. */
export function identified(held: HeldIdentifiers): Extract<Body, { type: 'SubjectIdentified' }> {
  const dateOfBirth = held.dateOfBirth?.length === 10 ? held.dateOfBirth : null;
  const [surname, firstName] = [letters(held.surname ?? ''), firstWord(held.firstName ?? '')];
  const places = (held.postcodes ?? []).map((text) => (text === null ? null : postcodeForm(text)));
  const named = dateOfBirth !== null && surname !== '' && firstName !== '';
  return {
    type: 'SubjectIdentified',
    certain: [
      ...token('NHS_NUMBER', held.nhsNumber, nhsNumberToken),
      ...token('NINO', held.nino, ninoToken),
      ...token('ULN', held.uln, ulnToken),
    ],
    dateOfBirth,
    demographic: named
      ? [...new Set(places.filter((place) => place !== null && !place.startsWith('ZZ99')).map((place) => [surname, firstName, dateOfBirth, place].join('|')))]
      : [],
  };
}
