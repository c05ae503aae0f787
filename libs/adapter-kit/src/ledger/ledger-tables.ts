import { DatabaseSync } from 'node:sqlite';

/**
 * The ledger's tables. `scope`, `subject` and `fact` are keyed hashes: nothing here names a person or a source's reference.
 * - `word`: a fact's latest word; days and family are those coverage is judged by.
 * - `section`: snapshots accepted, `complete` where every reference in it could be read.
 * - `refusal`: subjects a snapshot refused a record of. `reading`: subjects it read, kept only where it is not complete.
 * - `told`: submissions that an export named, from which the ledger was restored: something of each was published.
 * - `job`: what became of a submission. `finding`: its refused records, and those skipped for a reason worth telling.
 */
const WORD = `(
  fact BLOB PRIMARY KEY, scope BLOB NOT NULL, subject BLOB NOT NULL, type TEXT NOT NULL,
  first_day INTEGER, last_day INTEGER, family TEXT,
  instant INTEGER NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL, stated INTEGER NOT NULL, submission BLOB NOT NULL
) WITHOUT ROWID`;
const SECTION = `(
  id INTEGER PRIMARY KEY, scope BLOB NOT NULL, instant INTEGER NOT NULL, sequence INTEGER NOT NULL,
  coverage TEXT NOT NULL, complete INTEGER NOT NULL, submission BLOB NOT NULL
)`;
const BY_SECTION = '(section INTEGER NOT NULL, subject BLOB NOT NULL, PRIMARY KEY (section, subject)) WITHOUT ROWID';
const FINDING = `(
  id INTEGER PRIMARY KEY, submission BLOB NOT NULL, ordinal INTEGER NOT NULL, fate TEXT NOT NULL,
  code TEXT NOT NULL, path TEXT NOT NULL, expected TEXT NOT NULL, remedy TEXT NOT NULL
)`;

const PERMANENT = `
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS job (
    submission BLOB PRIMARY KEY, state TEXT NOT NULL, detail TEXT NOT NULL, published INTEGER NOT NULL DEFAULT 0,
    total INTEGER NOT NULL DEFAULT 0, settled_at INTEGER, payload_kept INTEGER NOT NULL DEFAULT 1
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS job_state ON job (state);
  CREATE TABLE IF NOT EXISTS word ${WORD};
  CREATE INDEX IF NOT EXISTS word_scope ON word (scope, stated, fact);
  CREATE INDEX IF NOT EXISTS word_submission ON word (submission, fact) WHERE stated = 1;
  CREATE TABLE IF NOT EXISTS section ${SECTION};
  CREATE INDEX IF NOT EXISTS section_scope ON section (scope, instant, sequence);
  CREATE TABLE IF NOT EXISTS refusal ${BY_SECTION};
  CREATE TABLE IF NOT EXISTS reading ${BY_SECTION};
  CREATE TABLE IF NOT EXISTS told (submission BLOB PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS finding ${FINDING};
  CREATE INDEX IF NOT EXISTS finding_submission ON finding (submission, id);
`;

/** The same, for what one run would change: a connection's own, gone with it. */
const DRAFT = `
  CREATE TEMP TABLE IF NOT EXISTS d_word ${WORD};
  CREATE INDEX IF NOT EXISTS temp.d_word_scope ON d_word (scope, stated, fact);
  CREATE TEMP TABLE IF NOT EXISTS d_section ${SECTION};
  CREATE INDEX IF NOT EXISTS temp.d_section_scope ON d_section (scope, instant, sequence);
  CREATE TEMP TABLE IF NOT EXISTS d_refusal ${BY_SECTION};
  CREATE TEMP TABLE IF NOT EXISTS d_reading ${BY_SECTION};
  CREATE TEMP TABLE IF NOT EXISTS d_finding ${FINDING};
`;

export const DRAFT_TABLES = ['d_word', 'd_section', 'd_refusal', 'd_reading', 'd_finding'] as const;

/** Ids are random, so that a small page cache would read and write one page a word: 16 MiB each for ledger and draft. */
const CACHES = 'PRAGMA main.cache_size = -16384; PRAGMA temp.cache_size = -16384;';

/** WAL so that a long run never blocks a reader; `synchronous=full` so that a commit survives the machine. */
const PRAGMAS = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = OFF;';

/** The one connection that writes: makes the file and its tables where they are missing. */
export const connectLedger = (path: string): DatabaseSync => {
  const database = new DatabaseSync(path);
  database.exec(PRAGMAS);
  database.exec(PERMANENT);
  database.exec(DRAFT);
  database.exec(CACHES);
  return database;
};

/** A connection for a draft that is never merged: it sees the ledger as it stood at its first look. */
export const connectDraft = (path: string): DatabaseSync => {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA busy_timeout = 10000;');
  database.exec(DRAFT);
  database.exec(CACHES);
  return database;
};

/** A connection that can change nothing: states and reports are read through it while a run is under way. */
export const connectReader = (path: string): DatabaseSync => {
  const database = new DatabaseSync(path, { readOnly: true });
  database.exec('PRAGMA busy_timeout = 10000;');
  return database;
};
