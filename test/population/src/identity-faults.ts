import type { Life } from './life.js';
import type { Untidiness } from './untidiness.js';

/** One thing that makes it hard to tell who is who, and how to write the same files without it. */
export interface IdentityFault {
  readonly id: string;
  /** For a table's row. */
  readonly meaning: string;
  /** Shares that are 0 without it. */
  readonly shares: readonly (keyof Untidiness)[];
  /** The life as partners see it without it. */
  readonly life?: (life: Life) => Life;
}

const first = <T>(dated: readonly T[]): readonly T[] => dated.slice(0, 1);

/** Everything that the generator does to who people are. */
export const IDENTITY_FAULTS: readonly IdentityFault[] = [
  { id: 'temporary-uln', meaning: 'a learner under the temporary number 9999999999', shares: ['temporaryUln'] },
  { id: 'no-identifier', meaning: 'a number or a postcode left out', shares: ['missingIdentifier'] },
  { id: 'failed-check', meaning: 'a number that fails its own check', shares: ['wrongCheck'] },
  { id: 'letter-for-digit', meaning: 'the letter O for a 0 in a National Insurance number', shares: ['letterForDigit'] },
  { id: 'mistyped', meaning: 'a number mistyped into another that passes its check', shares: ['mistyped'] },
  { id: 'relatives', meaning: 'a twin’s or a relative’s number', shares: ['relatives'] },
  { id: 'misspelled', meaning: 'a short form, two letters exchanged, or a wrong day of birth', shares: ['misspelled'] },
  { id: 'respelled', meaning: 'other accents, case or apostrophe', shares: ['respelled'] },
  { id: 'swapped-names', meaning: 'first name and surname in each other’s place', shares: ['swapped'] },
  { id: 'shop-postcode', meaning: 'a family’s post sent to one phone shop: its postcode for the home’s', shares: ['shopPostcode'] },
  { id: 'name-change', meaning: 'a name changed by marriage or deed', shares: [], life: (life) => ({ ...life, firstNames: first(life.firstNames), surnames: first(life.surnames) }) },
  { id: 'moved-house', meaning: 'a move to another home', shares: [], life: (life) => ({ ...life, homes: first(life.homes) }) },
];

/** The same untidiness but for one fault. */
export const withoutFault = (untidiness: Untidiness, fault: IdentityFault | undefined): Untidiness =>
  fault === undefined ? untidiness : { ...untidiness, ...Object.fromEntries(fault.shares.map((share) => [share, 0])) };
