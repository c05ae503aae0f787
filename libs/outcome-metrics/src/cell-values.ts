import { NO_PROGRAMME } from './attribution.js';
import { NO_GROUP, UNKNOWN } from './circumstances.js';
import type { RuleSet } from './rules/index.js';

/** What each part of a cell may be, where that is a closed list. */
export interface CellValues {
  readonly metric: readonly string[];
  readonly programme: readonly string[];
  readonly ageBand: readonly string[];
  readonly priorityGroup: readonly string[];
}

/**
 * What cells that are counted under these rules may say.
 * @param programmes ids of those that facts may name
 */
export const cellValues = ({ metrics, ageBands, priorityGroups }: RuleSet, programmes: Iterable<string>): CellValues => ({
  metric: metrics,
  programme: [...programmes, NO_PROGRAMME],
  ageBand: [...ageBands.bands.map(({ name }) => name), UNKNOWN],
  priorityGroup: [...priorityGroups.order, NO_GROUP, UNKNOWN],
});
