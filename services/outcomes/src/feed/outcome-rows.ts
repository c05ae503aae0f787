import { parseCellKey } from '@throughline/outcome-metrics';
import type { Geography } from '@throughline/reference-data';
import type { CutContent } from '../cuts/cut.js';
import { shown } from './suppression.js';

/** Columns of the feed in order. A row counts one metric in one month for one place and, besides, by at most one breakdown. */
export const FEED_COLUMNS = [
  'metric',
  'month',
  'geography_level',
  'geography_code',
  'geography_name',
  'programme',
  'breakdown',
  'category',
  'value',
  'rules_version',
  'verified',
] as const;

/** One figure as it is published. */
export type OutcomeRow = {
  readonly metric: string;
  readonly month: string;
  readonly geography_level: 'authority' | 'district';
  readonly geography_code: string;
  readonly geography_name: string;
  readonly programme: string;
  readonly breakdown: 'none' | 'age_band' | 'priority_group';
  readonly category: string;
  /** Rounded to 5; `c`: withheld, fewer than 10. */
  readonly value: number | 'c';
  readonly rules_version: string;
  /** Whether every number of the rules that decides this metric could be checked at its source. */
  readonly verified: boolean;
};

interface Place {
  readonly level: 'authority' | 'district';
  readonly code: string;
  readonly name: string;
}

const UNKNOWN = 'unknown';

/**
 * The published figures of a cut: summed to the published dimensions first, then rounded and withheld. A district's people
 * count for each authority that had it in the month; whoever's district is unknown counts under `unknown` alone.
 */
export function outcomeRows(content: CutContent, geography: Geography): OutcomeRow[] {
  const placesOf = placeLookup(geography);
  const sums = new Map<string, { row: Omit<OutcomeRow, 'value' | 'rules_version' | 'verified'>; count: number }>();
  for (const [key, count] of content.cells) {
    const cell = parseCellKey(key);
    const breakdowns = [
      { breakdown: 'none', category: 'all' },
      { breakdown: 'age_band', category: cell.ageBand },
      { breakdown: 'priority_group', category: cell.priorityGroup },
    ] as const;
    for (const { level, code, name } of placesOf(cell.district, cell.month)) {
      for (const { breakdown, category } of breakdowns) {
        const row = {
          metric: cell.metric,
          month: cell.month,
          geography_level: level,
          geography_code: code,
          geography_name: name,
          programme: cell.programme,
          breakdown,
          category,
        };
        const id = JSON.stringify([row.metric, row.month, level, code, row.programme, breakdown, category]);
        const sum = sums.get(id);
        if (sum === undefined) sums.set(id, { row, count });
        else sum.count += count;
      }
    }
  }
  const unverified = new Set(content.unverified);
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { row, count }]) => ({ ...row, value: shown(count), rules_version: content.rulesVersion, verified: !unverified.has(row.metric) }));
}

function placeLookup(geography: Geography): (district: string, month: string) => readonly Place[] {
  const known = new Map<string, readonly Place[]>();
  return (district, month) => {
    const id = `${district}|${month}`;
    let places = known.get(id);
    if (places === undefined) {
      places = placesOf(geography, district, `${month}-01`);
      known.set(id, places);
    }
    return places;
  };
}

function placesOf(geography: Geography, code: string, date: string): Place[] {
  if (code === UNKNOWN) return (['authority', 'district'] as const).map((level) => ({ level, code: UNKNOWN, name: UNKNOWN }));
  const district = geography.districtAt(code, date);
  const authorities = geography.authoritiesOf(code, date).map(({ id, name }): Place => ({ level: 'authority', code: id, name }));
  const none: Place[] = [{ level: 'authority', code: 'none', name: 'none' }];
  const name = geography.districts.get(district)?.name ?? district;
  return [{ level: 'district', code: district, name }, ...(authorities.length > 0 ? authorities : none)];
}
