/** A cell that two counts see differently. */
export interface CellDifference {
  readonly cell: string;
  readonly shown: number;
  readonly knowable: number;
}

/** Cells that differ, by name; a cell that one side has not is 0 there. */
export function compareCells(shown: ReadonlyMap<string, number>, knowable: ReadonlyMap<string, number>): CellDifference[] {
  return [...new Set([...shown.keys(), ...knowable.keys()])]
    .sort()
    .map((cell) => ({ cell, shown: shown.get(cell) ?? 0, knowable: knowable.get(cell) ?? 0 }))
    .filter((each) => each.shown !== each.knowable);
}

/** Differences for people to read: a line each, at most `limit`, with how many more there are. Empty where there is none. */
export function describeDifferences(differences: readonly CellDifference[], limit = 20): string {
  const lines = differences.slice(0, limit).map(({ cell, shown, knowable }) => `  ${cell}: shown ${shown}, knowable ${knowable}`);
  const more = differences.length - lines.length;
  if (lines.length === 0) return '';
  return [differences.length === 1 ? '1 cell differs:' : `${differences.length.toLocaleString('en-GB')} cells differ:`, ...lines, ...(more > 0 ? [`  and ${more} more`] : [])].join('\n');
}
