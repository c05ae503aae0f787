import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { ReferenceDataError } from './reference-data-error.js';

/** The package's own data: beside `src` and `dist` alike, so sources and build read the same files. */
export const DATA_FOLDER: string = join(import.meta.dirname, '..', 'data');

/** A row of a data file: every expected column is present, as text. */
export type Row<C extends string> = Readonly<Record<C, string>> & { readonly line: number };

/**
 * Reads a CSV data file of ours whole.
 * @throws ReferenceDataError `UNREADABLE` or `MISSING_COLUMN`
 */
export function readRows<C extends string>(folder: string, file: string, columns: readonly C[]): Row<C>[] {
  let records: { record: Record<string, string>; info: { lines: number } }[];
  try {
    records = parse(readFileSync(join(folder, file)), { columns: true, bom: true, info: true, skip_empty_lines: true });
  } catch (error) {
    throw new ReferenceDataError('UNREADABLE', file, `Put a readable CSV file there (${(error as { code?: string }).code ?? 'malformed'}).`);
  }
  const [first] = records;
  const missing = first === undefined ? columns : columns.filter((column) => !(column in first.record));
  if (missing.length > 0) {
    throw new ReferenceDataError('MISSING_COLUMN', `${file} line 1`, `Give at least one row under the columns ${missing.join(', ')}.`);
  }
  return records.map(({ record, info }) => ({ ...record, line: info.lines }) as Row<C>);
}

/** An ISO date or, where the cell is empty, null. @throws ReferenceDataError `BAD_DATE` */
export function optionalDate(text: string, place: string): string | null {
  if (text === '') return null;
  if (!/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/.test(text)) {
    throw new ReferenceDataError('BAD_DATE', place, 'Write dates as YYYY-MM-DD, or leave the cell empty.');
  }
  return text;
}
