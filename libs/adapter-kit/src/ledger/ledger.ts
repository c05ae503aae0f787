import { randomUUID } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { coverageFromText, coversAll } from './coverage.js';
import { LedgerDraft } from './ledger-draft.js';
import type { Finding, Withdrawal } from './ledger-draft.js';
import { connectDraft, connectLedger, connectReader } from './ledger-tables.js';
import { NO_DETAIL } from './submission-state.js';
import type { JobDetail, SubmissionState } from './submission-state.js';
import { WITHDRAWN_CONTENT_HASH } from '@throughline/identity';
import type { EventType } from '@throughline/event-contracts';

/** A submission's job as the ledger keeps it. */
export interface Job {
  /** Hex. */
  readonly submission: string;
  readonly state: SubmissionState;
  readonly detail: JobDetail;
  /** Outbox entries acknowledged so far, of how many. */
  readonly published: number;
  readonly total: number;
  /** Whether the payload is still in the spool. */
  readonly payloadKept: boolean;
}

/** Called between slices of long work, so that requests get their turn. */
export type Breathe = () => Promise<void>;

const SLICE = 5_000;

const bytes = (submission: string): Buffer => Buffer.from(submission, 'hex');

/**
 * The file that remembers the latest word of every fact, each accepted snapshot and what became of each submission.
 * One process writes it, one run at a time; reading goes through a second connection and never waits for a run.
 */
export class Ledger {
  readonly id: string;
  readonly #path: string;
  readonly #writer: DatabaseSync;
  readonly #reader: DatabaseSync;
  readonly #sql: ReturnType<typeof writing>;
  readonly #read: ReturnType<typeof reading>;

  /** @param expectedId of the ledger that went with the receipts; null: there are none yet. */
  constructor(path: string, expectedId: string | null) {
    this.#path = path;
    this.#writer = connectLedger(path);
    this.#sql = writing(this.#writer);
    const known = this.#meta('id');
    this.id = known ?? randomUUID();
    if (known === undefined) {
      this.#sql.setMeta.run('id', this.id);
      this.#sql.setMeta.run('complete', expectedId === null ? 'yes' : 'no');
    } else if (expectedId !== null && expectedId !== known) {
      this.#sql.setMeta.run('complete', 'no');
    }
    this.#reader = connectReader(path);
    this.#read = reading(this.#reader);
  }

  /** False after the ledger was lost and until it is restored: snapshots then wait, since absence cannot be judged. */
  get complete(): boolean {
    return this.#meta('complete') === 'yes';
  }

  close(): void {
    this.#reader.close();
    this.#writer.close();
  }

  job(submission: string): Job | undefined {
    const row = this.#read.job.get(bytes(submission));
    return row === undefined ? undefined : toJob(row as unknown as JobRow);
  }

  jobsIn(state: SubmissionState): readonly Job[] {
    return (this.#read.jobsIn.all(state) as unknown as JobRow[]).map(toJob);
  }

  /** Payloads of jobs settled before that instant in one of those states, still in the spool. */
  payloadsDue(before: number, states: readonly SubmissionState[]): readonly string[] {
    const rows = this.#read.payloadsDue.all(before, JSON.stringify(states)) as unknown as { submission: Uint8Array }[];
    return rows.map(({ submission }) => Buffer.from(submission).toString('hex'));
  }

  payloadDeleted(submission: string): void {
    this.#sql.payloadDeleted.run(bytes(submission));
  }

  *findings(submission: string): Generator<Finding, void, void> {
    let after = 0;
    for (;;) {
      const page = this.#read.findings.all(bytes(submission), after, 500) as unknown as (Finding & { id: number })[];
      for (const { id, ...finding } of page) {
        after = id;
        yield finding;
      }
      if (page.length < 500) return;
    }
  }

  /** @param at when it settled, milliseconds. @param total outbox entries or letters that go with it. */
  setJob(submission: string, state: SubmissionState, detail: JobDetail, at: number, total = 0): void {
    const published = state === 'refused' ? 0 : total;
    this.#sql.setJob.run(bytes(submission), state, JSON.stringify(detail), at, total, published);
  }

  /** Outbox entries acknowledged so far. */
  checkpoint(submission: string, published: number): void {
    this.#sql.checkpoint.run(published, bytes(submission));
  }

  /**
   * Runs `work` over a draft on the writing connection; what it returns decides whether the draft is merged, in the same
   * transaction as the job's new state, or its findings alone (a held submission has a report too), or nothing. Anything
   * thrown leaves the ledger as it was.
   */
  async run<T extends { readonly merge: { readonly total: number; readonly detail: JobDetail } | 'findings' | null }>(
    submission: string,
    breathe: Breathe,
    work: (draft: LedgerDraft) => Promise<T>,
  ): Promise<T> {
    const draft = new LedgerDraft(this.#writer, bytes(submission));
    this.#writer.exec('BEGIN');
    try {
      const result = await work(draft);
      if (result.merge === null) {
        this.#writer.exec('ROLLBACK');
        return result;
      }
      this.#sql.dropFindings.run(bytes(submission));
      this.#sql.mergeFindings.run();
      if (result.merge === 'findings') {
        this.#writer.exec('COMMIT');
        return result;
      }
      await this.#merge(breathe);
      this.#sql.startPublishing.run(bytes(submission), JSON.stringify(result.merge.detail), result.merge.total);
      this.#writer.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#writer.isTransaction) this.#writer.exec('ROLLBACK');
      throw error;
    }
  }

  /** A draft that changes nothing; `release` when done with it. */
  trial(submission: string): { readonly draft: LedgerDraft; readonly findings: () => Generator<Finding, void, void>; readonly release: () => void } {
    const connection = connectDraft(this.#path);
    const draft = new LedgerDraft(connection, bytes(submission));
    connection.exec('BEGIN');
    const select = connection.prepare('SELECT ordinal, fate, code, path, expected, remedy FROM temp.d_finding ORDER BY id');
    return {
      draft,
      *findings() {
        yield* select.iterate() as unknown as Iterable<Finding>;
      },
      release: () => connection.close(),
    };
  }

  /** Facts whose latest word came from that submission, each as withdrawn just above that word. */
  *wordsOf(submission: string): Generator<Withdrawal, void, void> {
    let after: Uint8Array = Buffer.alloc(1);
    for (;;) {
      const page = this.#sql.wordsOf.all(bytes(submission), after, SLICE) as unknown as WordRow[];
      for (const word of page) {
        after = word.fact;
        const revision = { instant: word.instant, sequence: word.sequence + 1 };
        yield { fact: Buffer.from(word.fact), subject: Buffer.from(word.subject), type: word.type, revision };
      }
      if (page.length < SLICE) return;
    }
  }

  /** Withdraws what {@link wordsOf} yields, in one step with the job's state. */
  withdrawWordsOf(submission: string, total: number, detail: JobDetail): void {
    this.#writer.exec('BEGIN IMMEDIATE');
    try {
      this.#sql.withdrawWords.run(WITHDRAWN_CONTENT_HASH, bytes(submission));
      this.#sql.startPublishing.run(bytes(submission), JSON.stringify(detail), total);
      this.#writer.exec('COMMIT');
    } catch (error) {
      if (this.#writer.isTransaction) this.#writer.exec('ROLLBACK');
      throw error;
    }
  }

  /** Whether an accepted snapshot of that whole scope has a later clock: one of a part leaves the rest to be said. */
  overtaken(scope: Buffer, instant: number, sequence: number): boolean {
    const newer = this.#sql.newerSections.all(scope, instant, instant, sequence) as unknown as { coverage: string }[];
    return newer.some(({ coverage }) => coversAll(coverageFromText(coverage)));
  }

  /** The connection that writes, for export and restore in their own file. */
  get connection(): DatabaseSync {
    return this.#writer;
  }

  async #merge(breathe: Breathe): Promise<void> {
    for (const section of this.#sql.draftSections.all() as unknown as { id: number }[]) {
      const { lastInsertRowid } = this.#sql.mergeSection.run(section.id);
      this.#sql.mergeRefusals.run(lastInsertRowid, section.id);
      this.#sql.mergeReadings.run(lastInsertRowid, section.id);
    }
    let after: Uint8Array | undefined = Buffer.alloc(1);
    while (after !== undefined) {
      const bound = this.#sql.sliceOfWords.get(after, SLICE) as { last: Uint8Array | null } | undefined;
      const last: Uint8Array | undefined = bound?.last ?? undefined;
      if (last !== undefined) this.#sql.mergeWords.run(after, last);
      after = last;
      await breathe();
    }
  }

  #meta(name: string): string | undefined {
    return (this.#sql.meta.get(name) as { value: string } | undefined)?.value;
  }
}

interface JobRow {
  readonly submission: Uint8Array;
  readonly state: SubmissionState;
  readonly detail: string;
  readonly published: number;
  readonly total: number;
  readonly payload_kept: number;
}

interface WordRow {
  readonly fact: Uint8Array;
  readonly subject: Uint8Array;
  readonly type: EventType;
  readonly instant: number;
  readonly sequence: number;
}

const toJob = (row: JobRow): Job => ({
  submission: Buffer.from(row.submission).toString('hex'),
  state: row.state,
  detail: { ...NO_DETAIL, ...(JSON.parse(row.detail) as JobDetail) },
  published: row.published,
  total: row.total,
  payloadKept: row.payload_kept === 1,
});

const writing = (database: DatabaseSync) => {
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  return {
    meta: prepare('SELECT value FROM meta WHERE name = ?'),
    setMeta: prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)'),
    setJob: prepare(
      `INSERT INTO job (submission, state, detail, settled_at, total, published) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (submission) DO UPDATE SET state = excluded.state, detail = excluded.detail, settled_at = excluded.settled_at,
         total = excluded.total, published = excluded.published, payload_kept = 1`,
    ),
    startPublishing: prepare(
      `INSERT INTO job (submission, state, detail, total) VALUES (?, 'publishing', ?, ?)
       ON CONFLICT (submission) DO UPDATE SET state = excluded.state, detail = excluded.detail, total = excluded.total,
         published = 0, settled_at = NULL, payload_kept = 1`,
    ),
    checkpoint: prepare('UPDATE job SET published = ? WHERE submission = ?'),
    payloadDeleted: prepare('UPDATE job SET payload_kept = 0 WHERE submission = ?'),
    wordsOf: prepare('SELECT fact, subject, type, instant, sequence FROM word WHERE stated = 1 AND submission = ? AND fact > ? ORDER BY fact LIMIT ?'),
    withdrawWords: prepare('UPDATE word SET stated = 0, hash = ?, sequence = sequence + 1 WHERE stated = 1 AND submission = ?'),
    newerSections: prepare('SELECT coverage FROM section WHERE scope = ? AND (instant > ? OR (instant = ? AND sequence > ?))'),
    draftSections: prepare('SELECT id FROM temp.d_section ORDER BY id DESC'),
    mergeSection: prepare(
      `INSERT INTO main.section (scope, instant, sequence, coverage, complete, submission)
       SELECT scope, instant, sequence, coverage, complete, submission FROM temp.d_section WHERE id = ?`,
    ),
    mergeRefusals: prepare('INSERT INTO main.refusal SELECT ?, subject FROM temp.d_refusal WHERE section = ?'),
    mergeReadings: prepare('INSERT INTO main.reading SELECT ?, subject FROM temp.d_reading WHERE section = ?'),
    sliceOfWords: prepare('SELECT max(fact) AS last FROM (SELECT fact FROM temp.d_word WHERE fact > ? ORDER BY fact LIMIT ?)'),
    mergeWords: prepare('INSERT OR REPLACE INTO main.word SELECT * FROM temp.d_word WHERE fact > ? AND fact <= ?'),
    dropFindings: prepare('DELETE FROM main.finding WHERE submission = ?'),
    mergeFindings: prepare(
      `INSERT INTO main.finding (submission, ordinal, fate, code, path, expected, remedy)
       SELECT submission, ordinal, fate, code, path, expected, remedy FROM temp.d_finding ORDER BY id`,
    ),
  };
};

const reading = (database: DatabaseSync) => {
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  return {
    job: prepare('SELECT * FROM job WHERE submission = ?'),
    jobsIn: prepare('SELECT * FROM job WHERE state = ?'),
    payloadsDue: prepare(
      `SELECT submission FROM job WHERE payload_kept = 1 AND settled_at < ?
       AND state IN (SELECT value FROM json_each(?))`,
    ),
    findings: prepare('SELECT id, ordinal, fate, code, path, expected, remedy FROM finding WHERE submission = ? AND id > ? ORDER BY id LIMIT ?'),
  };
};
