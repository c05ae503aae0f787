import { coverageToText } from './coverage.js';

/** Tables whose rows an export holds. */
export type LedgerTable = 'word' | 'section' | 'refusal' | 'reading';

/**
 * One line of a ledger's export: a row of one of its lasting tables, binary values as `{"hex": …}`. Before all others one
 * that says what it is and `at` which instant it was made: `ledger`: the rows of a ledger; `log`: words out of that
 * deployment's topics, and nothing but words.
 */
export interface LedgerEntry {
  readonly table: LedgerTable | 'ledger' | 'log';
  readonly row: Readonly<Record<string, string | number | null | { readonly hex: string }>>;
}

/** Stands for the scope of a fact that was stated before events told theirs. */
export const UNKNOWN_SCOPE = Buffer.alloc(16);
/** Stands for the submission of a snapshot of which only the clock is known. */
export const UNKNOWN_SUBMISSION = Buffer.alloc(16);
/** Of such a snapshot: it makes nothing absent and silences nothing. */
export const COVERS_NOTHING = coverageToText({ days: null, families: [], parts: [] });
