import { compareCells, describeDifferences } from './compare-cells.js';

/** What a cell is, for a reader who meets the word here. */
const CELL = 'a cell is one metric, month, district, programme, age band, priority group and set of agreements';

/** What is said below the table, and whether it is in order. */
export interface Verdict {
  readonly text: string;
  readonly inOrder: boolean;
}

/**
 * Whether what is shown is what can be known.
 *
 * @param moreMayBeSent the platform may hold more than the files counted here: a difference is then no fault
 */
export function verdictOn(shown: ReadonlyMap<string, number>, knowable: ReadonlyMap<string, number>, moreMayBeSent: boolean): Verdict {
  const differences = compareCells(shown, knowable);
  const cells = new Set([...shown.keys(), ...knowable.keys()]).size.toLocaleString('en-GB');
  if (differences.length === 0) return { text: `Shown equals knowable in all ${cells} cells (${CELL}).`, inOrder: true };
  const differs = `Shown differs from knowable in ${differences.length.toLocaleString('en-GB')} of ${cells} cells`;
  if (moreMayBeSent) return { text: `${differs}, as it should once anything else was sent to this platform: the recount knows only the sample.`, inOrder: true };
  return { text: `${describeDifferences(differences)}\nThe recount knows only the sample: whatever else was sent to this platform, also while the sample was loaded, differs like this and is no fault. If nothing else was sent, this is one: please report it.`, inOrder: false };
}
