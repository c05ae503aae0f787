import { parseCellText } from './cell-text.js';
import type { Places } from './places.js';

/** Figures of one authority: metric → column → count. */
export type AuthorityTable = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;

/**
 * Adds cells up to authorities, column by column. A district counts for every authority it belongs to (a combined authority and
 * its county), an unknown one for `unknown`.
 */
export function byAuthority(columns: readonly ReadonlyMap<string, number>[], places: Places): AuthorityTable {
  const table = new Map<string, Map<string, number[]>>();
  columns.forEach((cells, column) => {
    for (const [text, count] of cells) {
      const { metric, district } = parseCellText(text);
      const authorities = places.authoritiesOf(district);
      for (const authority of authorities.length === 0 ? ['unknown'] : authorities) {
        const metrics = table.get(authority) ?? new Map<string, number[]>();
        table.set(authority, metrics);
        const counts = metrics.get(metric) ?? columns.map(() => 0);
        metrics.set(metric, counts);
        counts[column] = (counts[column] ?? 0) + count;
      }
    }
  });
  return table;
}
