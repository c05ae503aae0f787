import { randomUUID } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { coverageFromText, coversAll } from './coverage.js';
import { toJob } from './job.js';
import type { Job, JobRow } from './job.js';
import { LedgerDraft } from './ledger-draft.js';
import type { Finding, Withdrawal } from './ledger-draft.js';
import { UNKNOWN_SUBMISSION } from './ledger-entry.js';
import { mergeDraft } from './merge-draft.js';
import type { Breathe } from './merge-draft.js';
import { reading, writing } from './ledger-statements.js';
import { connectDraft, connectLedger, connectReader } from './ledger-tables.js';
import { placeOfWord } from './stored-word.js';
import type { StoredWord } from './stored-word.js';
import type { JobDetail, SubmissionState } from './submission-state.js';
import { WITHDRAWN_CONTENT_HASH } from '@throughline/identity';

/** A closed submission whose payload may go. */
export interface ClosedSubmission {
  readonly submission: string;
  readonly state: SubmissionState;
}

/** What else is known of the ledger, from stores beside it: see decision 0008. */
export interface LedgerWitness {
  readonly id: string;
  readonly mark: number;
}

const SLICE = 5_000;
/** No fact's content has this hash. */
const NO_CONTENT_HASH = Buffer.alloc(8);

const bytes = (submission: string): Buffer => Buffer.from(submission, 'hex');

/**
 * The file that remembers the latest word of every fact, each accepted snapshot and what became of each submission.
 * One process writes it, one run at a time; reading goes through a second connection and never waits for a run.
 */
export class Ledger {
  readonly id: string;
  /** Whether there was another ledger before this one. */
  readonly replaced: boolean;
  #mark: number;
  readonly #path: string;
  readonly #writer: DatabaseSync;
  readonly #reader: DatabaseSync;
  readonly #sql: ReturnType<typeof writing>;
  readonly #read: ReturnType<typeof reading>;

  /** @param witness what the receipts know of their ledger; null: nothing. */
  constructor(path: string, witness: LedgerWitness | null) {
    this.#path = path;
    this.#writer = connectLedger(path);
    this.#sql = writing(this.#writer);
    const known = this.#meta('id');
    this.id = known ?? randomUUID();
    this.#mark = Number(this.#meta('mark') ?? 0);
    if (known === undefined) {
      this.#sql.setMeta.run('id', this.id);
      this.#sql.setMeta.run('complete', witness === null ? 'yes' : 'no');
    }
    this.replaced = witness !== null && witness.id !== known;
    if (this.replaced) this.#incomplete();
    this.#reader = connectReader(path);
    this.#read = reading(this.#reader);
  }

  /** False after the ledger was lost and until it is restored: snapshots then wait, since absence cannot be judged. */
  get complete(): boolean {
    return this.#meta('complete') === 'yes';
  }

  /** When the export was made that it was last restored from, milliseconds; null: it was not since it was last lost. */
  get restoredAt(): number | null {
    const at = this.#meta('restored-at') ?? '';
    return at === '' ? null : Number(at);
  }

  /** Whether the log told, when the ledger was restored, that something of that submission was published. */
  tellsOf(submission: string): boolean {
    return this.#read.told.get(bytes(submission)) !== undefined;
  }

  /** Counts the changes of what facts are judged by; never goes back, so a ledger with less than a witness saw is an older one. */
  get mark(): number {
    return this.#mark;
  }

  /**
   * Holds the ledger to what others saw of it. Where it is behind, it is not complete from now on.
   * @returns changes that it lacks.
   */
  holdTo(seen: number): number {
    const missing = Math.max(0, seen - this.#mark);
    if (missing === 0) return 0;
    this.#inOneStep(() => {
      this.#incomplete();
      this.#sql.setMeta.run('mark', String(seen));
    });
    this.#mark = seen;
    return missing;
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
  payloadsDue(before: number, states: readonly SubmissionState[]): readonly ClosedSubmission[] {
    const rows = this.#read.payloadsDue.all(before, JSON.stringify(states)) as unknown as { submission: Uint8Array; state: SubmissionState }[];
    return rows.map(({ submission, state }) => ({ submission: Buffer.from(submission).toString('hex'), state }));
  }

  /** Every submission with a job. */
  *submissions(): Generator<string, void, void> {
    for (const row of this.#read.submissions.iterate() as Iterable<{ submission: Uint8Array }>) yield Buffer.from(row.submission).toString('hex');
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
    { breathe, again }: { readonly breathe: Breathe; readonly again: boolean },
    work: (draft: LedgerDraft) => Promise<T>,
  ): Promise<T> {
    const draft = new LedgerDraft(this.#writer, bytes(submission), again);
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
      await mergeDraft(this.#sql, breathe);
      this.#sql.startPublishing.run(bytes(submission), JSON.stringify(result.merge.detail), result.merge.total);
      this.#sql.setMeta.run('mark', String(this.#mark + 1));
      this.#writer.exec('COMMIT');
      this.#mark += 1;
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
    for (const { revision, ...word } of this.#words(this.#sql.wordsOf, submission)) yield { ...word, revision: { ...revision, sequence: revision.sequence + 1 } };
  }

  /** What {@link withdrawWordsOf} withdrew. */
  withdrawnWordsOf(submission: string): Generator<Withdrawal, void, void> {
    return this.#words(this.#sql.withdrawnWordsOf, submission);
  }

  *#words(page: StatementSync, submission: string): Generator<Withdrawal, void, void> {
    let after: Uint8Array = Buffer.alloc(1);
    for (;;) {
      const words = page.all(bytes(submission), after, SLICE) as unknown as StoredWord[];
      for (const word of words) {
        after = word.fact;
        yield { ...placeOfWord(word), revision: { instant: word.instant, sequence: word.sequence } };
      }
      if (words.length < SLICE) return;
    }
  }

  /** Withdraws what {@link wordsOf} yields, in one step with the job's state. */
  withdrawWordsOf(submission: string, total: number, detail: JobDetail): void {
    this.#inOneStep(() => {
      this.#sql.withdrawWords.run(WITHDRAWN_CONTENT_HASH, bytes(submission));
      this.#sql.startPublishing.run(bytes(submission), JSON.stringify(detail), total);
      this.#sql.setMeta.run('mark', String(this.#mark + 1));
    });
    this.#mark += 1;
  }

  /** Whether nothing was ever read into it. */
  get untouched(): boolean {
    return this.#sql.anything.get() === undefined;
  }

  /** Whether the log tells of a snapshot of that scope with a later clock, of which the ledger has lost what it covered. */
  behindLost(scope: Buffer, instant: number, sequence: number): boolean {
    return this.#sql.behindLost.get(UNKNOWN_SUBMISSION, scope, instant, instant, sequence) !== undefined;
  }

  /** Publishes anew what the ledger already knows: its outbox was made again. */
  publishAnew(submission: string, total: number, detail: JobDetail): void {
    this.#sql.startPublishing.run(bytes(submission), JSON.stringify(detail), total);
  }

  /**
   * Takes back that a submission was heard, whose events can no longer be sent: its snapshots say nothing, and of each fact
   * whose latest word was its own the content is unknown, just below its revision. Whoever says the fact next, that
   * submission again or a later one, is published.
   */
  unsay(submission: string, state: SubmissionState, detail: JobDetail, at: number, total = 0): void {
    this.#inOneStep(() => {
      this.#sql.unsayWords.run(NO_CONTENT_HASH, bytes(submission));
      for (const drop of [this.#sql.dropRefusals, this.#sql.dropReadings, this.#sql.dropSections]) drop.run(bytes(submission));
      this.setJob(submission, state, detail, at, total);
      this.#sql.setMeta.run('mark', String(this.#mark + 1));
    });
    this.#mark += 1;
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

  #incomplete(): void {
    this.#sql.setMeta.run('complete', 'no');
    this.#sql.setMeta.run('restored-at', '');
  }

  #inOneStep(change: () => void): void {
    this.#writer.exec('BEGIN IMMEDIATE');
    try {
      change();
      this.#writer.exec('COMMIT');
    } catch (error) {
      if (this.#writer.isTransaction) this.#writer.exec('ROLLBACK');
      throw error;
    }
  }

  #meta(name: string): string | undefined {
    return (this.#sql.meta.get(name) as { value: string } | undefined)?.value;
  }
}
