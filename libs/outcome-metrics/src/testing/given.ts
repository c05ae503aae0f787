import { parseCellKey } from '../cell-key.js';
import type { Cell } from '../cell-key.js';
import { contributions } from '../contributions.js';
import type { Fact } from '../fact.js';
import { LATEST_RULES } from '../rules/index.js';

/** A cell with its count. */
export interface CountedCell extends Cell {
  readonly count: number;
}

/** What a participant of these facts, all stated, adds to one metric under the latest rule set, in order of cell. */
export const counted = (metric: string, ...facts: readonly Fact[]): readonly CountedCell[] =>
  [...contributions(facts, LATEST_RULES)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, count]) => ({ ...parseCellKey(key), count }))
    .filter((cell) => cell.metric === metric);

/** How many of one metric. */
export const total = (metric: string, ...facts: readonly Fact[]): number =>
  counted(metric, ...facts).reduce((sum, { count }) => sum + count, 0);

/** What `run` throws; undefined where it returns. */
export const thrownBy = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
};
