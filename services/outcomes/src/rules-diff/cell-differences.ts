import { parseCellKey } from '@throughline/outcome-metrics';
import type { Geography } from '@throughline/reference-data';

/** A cell that two versions of the rules count differently. */
export interface CellDifference {
  /** The cell as text. */
  readonly cell: string;
  readonly before: number;
  readonly after: number;
}

/** How far two versions differ for one metric and authority. Authorities overlap: rows of one metric do not add up. */
export interface DifferenceRow {
  readonly metric: string;
  readonly authority: string;
  readonly name: string;
  /** All that is counted, whether or not it differs. */
  readonly before: number;
  readonly after: number;
  /** Cells that differ: figures may stay as they are while people move between months. */
  readonly cells: number;
}

/** Cells of unequal counts, ascending by their text. */
export function cellDifferences(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): CellDifference[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((cell) => ({ cell, before: before.get(cell) ?? 0, after: after.get(cell) ?? 0 }))
    .filter((each) => each.before !== each.after);
}

const UNKNOWN = { id: 'unknown', name: 'unknown' };
const NONE = { id: 'none', name: 'none' };

/** Sums by metric and authority of which some cell differs, in that order; the authorities are those of the cell's month. */
export function differenceRows(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>, geography: Geography): DifferenceRow[] {
  const rows = new Map<string, { metric: string; authority: string; name: string; before: number; after: number; cells: number }>();
  for (const cell of new Set([...before.keys(), ...after.keys()])) {
    const { metric, district, month } = parseCellKey(cell);
    const [was, is] = [before.get(cell) ?? 0, after.get(cell) ?? 0];
    const found = district === UNKNOWN.id ? [UNKNOWN] : geography.authoritiesOf(district, `${month}-01`);
    for (const { id, name } of found.length > 0 ? found : [NONE]) {
      const key = `${metric} ${id}`;
      const row = rows.get(key) ?? { metric, authority: id, name, before: 0, after: 0, cells: 0 };
      rows.set(key, row);
      row.before += was;
      row.after += is;
      if (was !== is) row.cells += 1;
    }
  }
  return [...rows]
    .filter(([, { cells }]) => cells > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row);
}
