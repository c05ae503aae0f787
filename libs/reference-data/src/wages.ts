import { DATA_FOLDER, optionalDate, readRows } from './data-file.js';
import { ReferenceDataError } from './reference-data-error.js';

/** `21-and-over` is the National Living Wage; the others are rates of the National Minimum Wage. */
export type WageBand = '21-and-over' | '18-to-20' | 'under-18-or-apprentice';

export interface Wage {
  readonly band: WageBand;
  /** First ISO day; it holds until the next rate of its band. */
  readonly from: string;
  readonly pencePerHour: number;
  readonly source: string;
  readonly verified: boolean;
}

/** Statutory hourly rates over time. */
export class WageTable {
  /** @param wages ascending by day. */
  private constructor(readonly wages: readonly Wage[]) {}

  /** @param folder holds wages.csv; without it the package's own. @throws ReferenceDataError */
  static load(folder: string = DATA_FOLDER): WageTable {
    const file = 'wages.csv';
    const wages = readRows(folder, file, ['from', 'band', 'pence_per_hour', 'source', 'verified']).map((row): Wage => {
      const place = `${file} line ${row.line}`;
      const from = optionalDate(row.from, place);
      const pencePerHour = Number(row.pence_per_hour);
      const known = row.band === '21-and-over' || row.band === '18-to-20' || row.band === 'under-18-or-apprentice';
      if (from === null || !known || !/^\d+$/.test(row.pence_per_hour) || !/^(true|false)$/.test(row.verified)) {
        throw new ReferenceDataError('BAD_VALUE', place, 'Give a day, a known band, whole pence and true or false.');
      }
      return { band: row.band, from, pencePerHour, source: row.source, verified: row.verified === 'true' };
    });
    if (new Set(wages.map(({ band, from }) => `${band} ${from}`)).size !== wages.length) {
      throw new ReferenceDataError('DUPLICATE', file, 'Give each band one rate a day.');
    }
    return new WageTable(wages.sort((left, right) => (left.from < right.from ? -1 : left.from > right.from ? 1 : 0)));
  }

  /** The rate of a band on an ISO day; null: before the first that is known. */
  at(band: WageBand, date: string): Wage | null {
    return this.wages.findLast((wage) => wage.band === band && wage.from <= date) ?? null;
  }
}
