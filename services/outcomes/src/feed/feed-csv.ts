import { stringify } from 'csv-stringify/sync';
import { FEED_COLUMNS } from './outcome-rows.js';
import type { OutcomeRow } from './outcome-rows.js';

/** Tidy CSV: one figure a row; cells that a spreadsheet would take for a formula are made text. */
export const feedCsv = (rows: readonly (OutcomeRow & { readonly cut: number; readonly status: string })[]): string =>
  stringify(rows.map((row) => ({ ...row, verified: String(row.verified) })), { header: true, columns: [...FEED_COLUMNS, 'cut', 'status'], escape_formulas: true, record_delimiter: 'windows' });
