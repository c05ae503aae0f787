import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { setImmediate as breathe } from 'node:timers/promises';
import { COVERS_NOTHING, UNKNOWN_SCOPE, UNKNOWN_SUBMISSION } from './ledger-entry.js';
import type { LedgerEntry, LedgerTable } from './ledger-entry.js';
import type { Ledger } from './ledger.js';

const TABLES: Readonly<Record<LedgerTable, readonly string[]>> = {
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

/** Thrown when an export was made from another deployment's topics. */
export class LedgerExportForeign extends Error {
  override readonly name = 'LedgerExportForeign';
  readonly code = 'ledger-export-foreign';
  readonly remedy = 'Make the export from the topics of this adapter’s own DEPLOYMENT.';
  constructor() {
    super('the ledger export was made from the topics of another deployment');
  }
}

/** Thrown when the adapter published something after an export was made: it would bring back what does not stand any more. */
export class LedgerExportOld extends Error {
  override readonly name = 'LedgerExportOld';
  readonly code = 'ledger-export-old';
  readonly remedy = 'Stop the adapter, make the export anew (npm run ledger-export) and start with that one; until then snapshots are held.';
  constructor(
    readonly madeAt: Date,
    readonly publishedAt: Date,
  ) {
    super(`the ledger export was made at ${madeAt.toISOString()}, and something was published at ${publishedAt.toISOString()}`);
  }
}

/** What an export is measured by. */
export interface RestoreBy {
  /** The adapter's own. */
  readonly deployment: string;
  /** When the adapter last published anything, as far as its receipts know; null: they know of nothing. */
  readonly publishedAt: Date | null;
}

/** What an export brought back. */
export interface Restored {
  readonly entries: number;
  /** Facts in force whose scope the log does not tell: while there are any, snapshots go on waiting. */
  readonly unplaced: number;
}

/** Everything that facts are judged by; holds keyed hashes only. Written as NDJSON it is the ledger's backup. @param at now. */
export function* exportLedger(ledger: Ledger, at: Date): Generator<LedgerEntry, void, void> {
  yield { table: 'ledger', row: { at: at.getTime() } };
  for (const [table, columns] of Object.entries(TABLES) as [LedgerTable, readonly string[]][]) {
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
 * All or nothing; to be called before the pipeline starts. Throws {@link LedgerExportInvalid}, {@link LedgerExportForeign},
 * {@link LedgerExportOld}.
 */
export async function restoreLedger(ledger: Ledger, by: RestoreBy, entries: AsyncIterable<LedgerEntry> | Iterable<LedgerEntry>): Promise<Restored> {
  const database = ledger.connection;
  let line = 0;
  let fromLog = false;
  database.exec('BEGIN IMMEDIATE');
  try {
    const rows = rowInserts(database);
    const setMeta = database.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)');
    for await (const entry of entries) {
      line += 1;
      if (line === 1) {
        const head = headOf(entry, by, ledger.restoredAt);
        ({ fromLog } = head);
        setMeta.run('restored-at', String(head.at));
      } else if (!rows.insert(entry) || (fromLog && entry.table !== 'word')) throw new LedgerExportInvalid(line);
      if (line % 5_000 === 0) await breathe();
    }
    if (line === 0) throw new LedgerExportInvalid(1);
    if (fromLog) markSnapshotsOfLog(database);
    const { unplaced } = database.prepare('SELECT count(*) AS unplaced FROM main.word WHERE stated = 1 AND scope = ?').get(UNKNOWN_SCOPE) as { unplaced: number };
    setMeta.run('complete', unplaced === 0 ? 'yes' : 'no');
    database.exec('COMMIT');
    return { entries: line, unplaced };
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** What an export that begins so is; throws where it is none of this adapter's, or an old one. */
function headOf({ table, row: { at, deployment } }: LedgerEntry, by: RestoreBy, restoredAt: number | null): { readonly fromLog: boolean; readonly at: number } {
  if ((table !== 'log' && table !== 'ledger') || typeof at !== 'number') throw new LedgerExportInvalid(1);
  if (table === 'log' && deployment !== by.deployment) throw new LedgerExportForeign();
  // A ledger already restored from that one knows what it said since.
  if (by.publishedAt !== null && at < by.publishedAt.getTime() && at !== restoredAt) throw new LedgerExportOld(new Date(at), by.publishedAt);
  return { fromLog: table === 'log', at };
}

function rowInserts(database: DatabaseSync) {
  // Ids of the lost ledger's sections give way to those of snapshots accepted since.
  const { base } = database.prepare('SELECT coalesce(max(id), 0) AS base FROM section').get() as { base: number };
  const inserts = new Map<string, StatementSync>(
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
  const told = database.prepare('INSERT OR IGNORE INTO main.told VALUES (?)');
  return {
    /** @returns false for what is no row. */
    insert({ table, row }: LedgerEntry): boolean {
      const columns = Object.hasOwn(TABLES, table) ? TABLES[table as LedgerTable] : undefined;
      const values = columns?.map((column) => {
        const value = row[column];
        if (typeof value === 'number' && (column === 'section' || column === 'id')) return value + base;
        return typeof value === 'object' && value !== null ? Buffer.from(value.hex, 'hex') : value;
      });
      if (values === undefined || values.includes(undefined)) return false;
      inserts.get(table)!.run(...(values as SQLInputValue[]));
      if (table === 'word') told.run(values.at(-1) as SQLInputValue);
      return true;
    },
  };
}

/** The log does not tell which snapshots there were, only that there was one as new as the newest word of each scope. */
function markSnapshotsOfLog(database: DatabaseSync): void {
  database
    .prepare(
      `INSERT INTO main.section (scope, instant, sequence, coverage, complete, submission)
       SELECT scope, instant, max(sequence), ?, 0, ? FROM main.word AS newest
       WHERE scope <> ? AND NOT EXISTS (SELECT 1 FROM main.section WHERE scope = newest.scope AND submission = ?)
         AND instant = (SELECT max(instant) FROM main.word WHERE scope = newest.scope) GROUP BY scope`,
    )
    .run(COVERS_NOTHING, UNKNOWN_SUBMISSION, UNKNOWN_SCOPE, UNKNOWN_SUBMISSION);
}
