import { setImmediate as breathe } from 'node:timers/promises';
import type { Ledger } from './ledger.js';

/** One line of a ledger's export: a row of one of its lasting tables, binary values as `{"hex": …}`. */
export interface LedgerEntry {
  readonly table: 'word' | 'section' | 'refusal' | 'reading';
  readonly row: Readonly<Record<string, string | number | null | { readonly hex: string }>>;
}

const TABLES: Readonly<Record<LedgerEntry['table'], readonly string[]>> = {
  word: ['fact', 'scope', 'subject', 'type', 'first_day', 'last_day', 'family', 'instant', 'sequence', 'hash', 'stated', 'submission'],
  section: ['id', 'scope', 'instant', 'sequence', 'coverage', 'complete', 'submission'],
  refusal: ['section', 'subject'],
  reading: ['section', 'subject'],
};

/** Thrown when an export is not one. */
export class LedgerExportInvalid extends Error {
  override readonly name = 'LedgerExportInvalid';
  readonly code = 'ledger-export-invalid';
  readonly remedy = 'Restore from a whole export of this adapter’s ledger.';
  constructor(readonly line: number) {
    super(`entry ${line} of the ledger export is not a row of the ledger`);
  }
}

/** Everything that facts are judged by; holds keyed hashes only. Written as NDJSON it is the ledger's backup. */
export function* exportLedger(ledger: Ledger): Generator<LedgerEntry, void, void> {
  for (const [table, columns] of Object.entries(TABLES) as [LedgerEntry['table'], readonly string[]][]) {
    const rows = ledger.connection.prepare(`SELECT ${columns.join(', ')} FROM main.${table}`).iterate();
    for (const row of rows as Iterable<Record<string, string | number | null | Uint8Array>>) {
      yield { table, row: Object.fromEntries(columns.map((column) => [column, portable(row[column] ?? null)])) };
    }
  }
}

const portable = (value: string | number | null | Uint8Array): string | number | null | { hex: string } =>
  value instanceof Uint8Array ? { hex: Buffer.from(value).toString('hex') } : value;

/**
 * Fills a lost ledger from an export and ends the wait of snapshots. A word already there stays where it is newer.
 * All or nothing; to be called before the pipeline starts. Throws {@link LedgerExportInvalid}.
 */
export async function restoreLedger(ledger: Ledger, entries: AsyncIterable<LedgerEntry> | Iterable<LedgerEntry>): Promise<number> {
  const database = ledger.connection;
  let line = 0;
  database.exec('BEGIN IMMEDIATE');
  try {
    // Ids of the lost ledger's sections give way to those of snapshots accepted since.
    const { base } = database.prepare('SELECT coalesce(max(id), 0) AS base FROM section').get() as { base: number };
    const inserts = Object.fromEntries(
      Object.entries(TABLES).map(([table, columns]) => {
        const marks = columns.map(() => '?').join(', ');
        const newer =
          table === 'word'
            ? ` ON CONFLICT (fact) DO UPDATE SET ${columns.slice(1).map((column) => `${column} = excluded.${column}`).join(', ')}
               WHERE (excluded.instant, excluded.sequence, excluded.hash) > (word.instant, word.sequence, word.hash)`
            : '';
        return [table, database.prepare(`INSERT INTO main.${table} (${columns.join(', ')}) VALUES (${marks})${newer}`)];
      }),
    );
    for await (const entry of entries) {
      line += 1;
      const columns = TABLES[entry.table] as readonly string[] | undefined;
      const insert = inserts[entry.table];
      if (columns === undefined || insert === undefined) throw new LedgerExportInvalid(line);
      const values = columns.map((column) => {
        const value = entry.row[column];
        if (value === undefined) throw new LedgerExportInvalid(line);
        if (typeof value === 'number' && (column === 'section' || column === 'id')) return value + base;
        return typeof value === 'object' && value !== null ? Buffer.from(value.hex, 'hex') : value;
      });
      insert.run(...values);
      if (line % 5_000 === 0) await breathe();
    }
    database.prepare("INSERT OR REPLACE INTO meta VALUES ('complete', 'yes')").run();
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
  return line;
}
