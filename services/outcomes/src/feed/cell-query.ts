import { cellValues } from '@throughline/outcome-metrics';
import type { RuleSet } from '@throughline/outcome-metrics';
import { loadProgrammes } from '@throughline/reference-data';
import { problem } from '../view.js';

/** What cells may be asked for by. */
const FILTERS = ['metric', 'month', 'district', 'programme', 'age_band', 'priority_group', 'agreement'] as const;
export type CellFilters = Readonly<Partial<Record<(typeof FILTERS)[number], string>>>;

const PROGRAMMES = [...loadProgrammes().keys()];
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
/** A GSS code, whether the directory knows it or not. */
const DISTRICT = /^([A-Z]\d{8}|unknown)$/;

/**
 * The filters of a query by their names: one that was overlooked would answer with figures that were not asked for.
 *
 * @throws HttpException 400 `UNKNOWN_FILTER`
 */
export function cellFilters(query: Readonly<Record<string, unknown>>): CellFilters {
  const asked = Object.entries(query);
  if (asked.some(([name, value]) => !(FILTERS as readonly string[]).includes(name) || typeof value !== 'string')) {
    throw problem(400, 'UNKNOWN_FILTER', 'Filter by the names that are known, each at most once.', { place: 'query', known: FILTERS });
  }
  return query;
}

/**
 * Refuses what no cell can say, which would else be answered as if nobody were counted there.
 *
 * @param rules what is counted under
 * @throws HttpException 400 `UNKNOWN_VALUE`
 */
export function refuseUnknownValues({ metric, month, district, programme, age_band, priority_group }: CellFilters, rules: RuleSet): void {
  const values = cellValues(rules, PROGRAMMES);
  for (const [place, value, known] of [
    ['metric', metric, values.metric],
    ['programme', programme, values.programme],
    ['age_band', age_band, values.ageBand],
    ['priority_group', priority_group, values.priorityGroup],
  ] as const) {
    if (value !== undefined && !known.includes(value)) throw problem(400, 'UNKNOWN_VALUE', `Ask for a ${place} that is known.`, { place, known });
  }
  if (month !== undefined && !MONTH.test(month)) throw problem(400, 'UNKNOWN_VALUE', 'Write the month as YYYY-MM.', { place: 'month', expected: 'a month such as 2026-03' });
  if (district !== undefined && !DISTRICT.test(district)) throw problem(400, 'UNKNOWN_VALUE', 'Name the district by its GSS code, such as E08000003.', { place: 'district', expected: 'a GSS code, or unknown' });
}
