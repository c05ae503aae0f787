import { readFileSync } from 'node:fs';

import { parse } from 'csv-parse/sync';

/** Rows of a CSV file by column; null where it is no UTF-8, no CSV, lacks a required column or has one that is not allowed. */
export function csvRows(path: string, required: readonly string[], allowed: readonly string[] = required): Record<string, string>[] | null {
  let rows: string[][];
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
    rows = parse(text, { bom: true, relax_column_count: true, skip_empty_lines: true, skip_records_with_empty_values: true });
  } catch {
    return null;
  }
  const [header, ...records] = rows;
  if (header === undefined || new Set(header).size !== header.length) return null;
  if (!required.every((name) => header.includes(name)) || !header.every((name) => allowed.includes(name))) return null;
  // A row of another length says nothing that can be trusted, not even whose it is.
  return records.map((record) => (record.length !== header.length ? {} : Object.fromEntries(header.map((name, index) => [name, record[index] ?? '']))));
}
