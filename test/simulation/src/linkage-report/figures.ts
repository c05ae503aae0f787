import { contributions, LATEST_RULES, parseCellKey } from '@throughline/outcome-metrics';
import type { Fact } from '@throughline/outcome-metrics';
import type { LinkedSubject } from './linked-population.js';

/** Cell to count. */
export type Cells = ReadonlyMap<string, number>;

/** Figures of subjects, put together by whom `personOf` says they are. */
export function cellsOf(subjects: readonly LinkedSubject[], personOf: (subject: LinkedSubject) => string): Cells {
  const people = new Map<string, Fact[]>();
  for (const subject of subjects) people.set(personOf(subject), [...(people.get(personOf(subject)) ?? []), ...subject.facts]);
  const cells = new Map<string, number>();
  for (const facts of people.values()) for (const [cell, count] of contributions(facts, LATEST_RULES)) cells.set(cell, (cells.get(cell) ?? 0) + count);
  return cells;
}

/** Totals by metric, over all other dimensions. */
export function totals(cells: Cells): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [cell, count] of cells) {
    const { metric } = parseCellKey(cell);
    sums.set(metric, (sums.get(metric) ?? 0) + count);
  }
  return sums;
}

/** What one metric's cells count too often and too seldom, beside those that are right. */
export interface Drift {
  readonly tooOften: number;
  readonly tooSeldom: number;
}

/** By metric. A count that stands in another cell is one too often and one too seldom. Agreements are left aside: who told of it is no part of what came of it. */
export function driftOf(shown: Cells, right: Cells): Map<string, Drift> {
  const [left, other] = [withoutAgreements(shown), withoutAgreements(right)];
  const drifts = new Map<string, Drift>();
  for (const cell of new Set([...left.keys(), ...other.keys()])) {
    const metric = cell.slice(0, cell.indexOf('|'));
    const difference = (left.get(cell) ?? 0) - (other.get(cell) ?? 0);
    const { tooOften, tooSeldom } = drifts.get(metric) ?? { tooOften: 0, tooSeldom: 0 };
    drifts.set(metric, { tooOften: tooOften + Math.max(0, difference), tooSeldom: tooSeldom + Math.max(0, -difference) });
  }
  return drifts;
}

function withoutAgreements(cells: Cells): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [cell, count] of cells) {
    const { metric, month, district, programme, ageBand, priorityGroup } = parseCellKey(cell);
    const key = [metric, month, district, programme, ageBand, priorityGroup].join('|');
    sums.set(key, (sums.get(key) ?? 0) + count);
  }
  return sums;
}
