import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import type { PayloadFormat, SubmissionParameters } from '../adapter-declaration.js';
import type { ClosedSubmission, LedgerWitness } from '../ledger/ledger.js';
import type { SubmissionState } from '../ledger/submission-state.js';
import { SpoolNotWritable } from '../spool/sealed-file.js';

/** What was accepted: durable before the sender hears of it. */
export interface StoredReceipt {
  /** Hex. */
  readonly submission: string;
  readonly feed: string;
  readonly format: PayloadFormat;
  readonly parameters: SubmissionParameters;
  /** Size of the payload, unpacked. */
  readonly bytes: number;
  readonly receivedAt: Date;
}

/** What an operator or partner asked to be done with a submission. */
export const COMMANDS = ['confirm', 'reject', 'withdraw'] as const;
export type Command = (typeof COMMANDS)[number];

interface ReceiptRow {
  readonly submission: Uint8Array;
  readonly feed: string;
  readonly format: PayloadFormat;
  readonly parameters: string;
  readonly bytes: number;
  readonly received_at: number;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS receipt (
    number INTEGER PRIMARY KEY, submission BLOB NOT NULL UNIQUE, feed TEXT NOT NULL, format TEXT NOT NULL,
    parameters TEXT NOT NULL, bytes INTEGER NOT NULL, received_at INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS command (submission BLOB PRIMARY KEY, kind TEXT NOT NULL, asked_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS closed (submission BLOB PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`;

const toReceipt = (row: ReceiptRow): StoredReceipt => {
  const { asOf, ...parameters } = JSON.parse(row.parameters) as Omit<SubmissionParameters, 'asOf'> & { asOf: string | null };
  return {
    submission: Buffer.from(row.submission).toString('hex'),
    feed: row.feed,
    format: row.format,
    parameters: { ...parameters, asOf: asOf === null ? null : new Date(asOf) },
    bytes: row.bytes,
    receivedAt: new Date(row.received_at),
  };
};

const bytes = (submission: string): Buffer => Buffer.from(submission, 'hex');

/**
 * Receipts given and commands asked for, in a file of their own: accepting never waits for the ledger. Every change is on
 * disk when the call returns. The payload's plain digest is not kept: the submission's id is its keyed one.
 */
export class Receipts {
  readonly #database: DatabaseSync;
  readonly #sql: Record<'add' | 'find' | 'page' | 'all' | 'newest' | 'ask' | 'asked' | 'done' | 'noteEnd' | 'endOf' | 'meta' | 'setMeta', StatementSync>;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000;');
    this.#database.exec(SCHEMA);
    const prepare = (sql: string): StatementSync => this.#database.prepare(sql);
    this.#sql = {
      add: prepare('INSERT OR IGNORE INTO receipt (submission, feed, format, parameters, bytes, received_at) VALUES (?, ?, ?, ?, ?, ?)'),
      find: prepare('SELECT * FROM receipt WHERE submission = ?'),
      page: prepare('SELECT * FROM receipt WHERE number < ? ORDER BY number DESC LIMIT ?'),
      all: prepare('SELECT submission FROM receipt ORDER BY number'),
      newest: prepare('SELECT submission, received_at FROM receipt ORDER BY received_at DESC'),
      ask: prepare('INSERT OR REPLACE INTO command VALUES (?, ?, ?)'),
      asked: prepare('SELECT submission, kind, asked_at FROM command ORDER BY asked_at'),
      done: prepare('DELETE FROM command WHERE submission = ?'),
      noteEnd: prepare('INSERT OR REPLACE INTO closed VALUES (?, ?)'),
      endOf: prepare('SELECT state FROM closed WHERE submission = ?'),
      meta: prepare('SELECT value FROM meta WHERE name = ?'),
      setMeta: prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)'),
    };
  }

  /** False where that submission already had its receipt: then nothing changes. Throws `SpoolNotWritable`. */
  add(receipt: StoredReceipt): boolean {
    const { submission, feed, format, parameters, receivedAt } = receipt;
    try {
      const { changes } = this.#sql.add.run(bytes(submission), feed, format, JSON.stringify(parameters), receipt.bytes, receivedAt.getTime());
      return changes === 1;
    } catch (error) {
      throw new SpoolNotWritable(error);
    }
  }

  find(submission: string): StoredReceipt | undefined {
    const row = this.#sql.find.get(bytes(submission));
    return row === undefined ? undefined : toReceipt(row as unknown as ReceiptRow);
  }

  /** Newest first. @param before the `next` of the page before; absent: from the newest. */
  page(size: number, before?: number): { readonly receipts: readonly StoredReceipt[]; readonly next: number | null } {
    const rows = this.#sql.page.all(before ?? Number.MAX_SAFE_INTEGER, size) as unknown as (ReceiptRow & { number: number })[];
    return { receipts: rows.map(toReceipt), next: rows.length < size ? null : (rows.at(-1)?.number ?? null) };
  }

  /** Ids in order of arrival. */
  *ids(): Generator<string, void, void> {
    for (const row of this.#sql.all.iterate() as Iterable<{ submission: Uint8Array }>) yield Buffer.from(row.submission).toString('hex');
  }

  /** By time of arrival, the newest first: receipts that were made again stand elsewhere in the order of {@link ids}. */
  *newest(): Generator<{ readonly submission: string; readonly receivedAt: Date }, void, void> {
    for (const row of this.#sql.newest.iterate() as Iterable<{ submission: Uint8Array; received_at: number }>) {
      yield { submission: Buffer.from(row.submission).toString('hex'), receivedAt: new Date(row.received_at) };
    }
  }

  /** When these receipts were first asked for it: noted then, the same ever after. */
  firstStart(now: Date): Date {
    const noted = this.#meta('first-start');
    if (noted !== undefined) return new Date(Number(noted));
    this.#sql.setMeta.run('first-start', String(now.getTime()));
    return now;
  }

  ask(submission: string, command: Command, at: Date): void {
    this.#sql.ask.run(bytes(submission), command, at.getTime());
  }

  commands(): readonly { readonly submission: string; readonly command: Command; readonly askedAt: Date }[] {
    const rows = this.#sql.asked.all() as unknown as { submission: Uint8Array; kind: Command; asked_at: number }[];
    return rows.map((row) => ({ submission: Buffer.from(row.submission).toString('hex'), command: row.kind, askedAt: new Date(row.asked_at) }));
  }

  commandDone(submission: string): void {
    this.#sql.done.run(bytes(submission));
  }

  /** Notes how submissions ended before their payloads go: whoever misses a payload later knows that it was not lost. */
  noteEnds(ended: readonly ClosedSubmission[]): void {
    this.#inOneStep(() => {
      for (const { submission, state } of ended) this.#sql.noteEnd.run(bytes(submission), state);
    });
  }

  /** How a submission ended whose payload went; undefined: the payload is to be there. */
  endOf(submission: string): SubmissionState | undefined {
    return (this.#sql.endOf.get(bytes(submission)) as { state: SubmissionState } | undefined)?.state;
  }

  /** The ledger that goes with these receipts, as far as it was ever noted; null: none was. */
  get ledger(): LedgerWitness | null {
    const id = this.#meta('ledger');
    return id === undefined ? null : { id, mark: Number(this.#meta('ledger-mark') ?? 0) };
  }

  /** Notes that something is about to be published, and of which ledger: one less far would not know it, nor would an export made before. */
  notePublishing(ledger: LedgerWitness, at: Date): void {
    this.#inOneStep(() => {
      this.noteLedger(ledger);
      if (at.getTime() > (this.publishedAt?.getTime() ?? 0)) this.#sql.setMeta.run('published-at', String(at.getTime()));
    });
  }

  /** When something was last published; null: nothing ever was. */
  get publishedAt(): Date | null {
    const at = this.#meta('published-at');
    return at === undefined ? null : new Date(Number(at));
  }

  /** Notes which ledger it is and how far it is. */
  noteLedger({ id, mark }: LedgerWitness): void {
    const noted = this.ledger;
    if (noted?.id !== id) this.#sql.setMeta.run('ledger', id);
    if (noted === null || noted.mark < mark) this.#sql.setMeta.run('ledger-mark', String(mark));
  }

  #inOneStep(change: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      change();
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #meta(name: string): string | undefined {
    return (this.#sql.meta.get(name) as { value: string } | undefined)?.value;
  }

  close(): void {
    this.#database.close();
  }
}
