/** Below this a number is withheld … */
export const SUPPRESS_BELOW = 10;
/** … and any other is given to the nearest multiple of this. */
export const ROUND_TO = 5;
/** Stands for a number that is withheld: "confidential", as in official statistics. */
export const WITHHELD = 'c';

/** The 10-5 rule: what is shown for a count of people. Zero is no cell and is not shown at all. */
export function shown(count: number): number | typeof WITHHELD {
  if (count < SUPPRESS_BELOW) return WITHHELD;
  return Math.round(count / ROUND_TO) * ROUND_TO;
}
