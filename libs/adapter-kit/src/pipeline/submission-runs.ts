import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { identifiersTopic, eventsTopic } from '@throughline/event-contracts';
import type { FeedDeclaration } from '../adapter-declaration.js';
import type { StoredReceipt } from '../intake/receipts.js';
import { canonicalParameters, latestClock } from '../intake/submission-request.js';
import type { ResolvedRequest } from '../intake/submission-request.js';
import type { Finding, Withdrawal } from '../ledger/ledger-draft.js';
import { NO_DETAIL } from '../ledger/submission-state.js';
import type { HeldReason, JobDetail, RecordCounts, RefusalReason } from '../ledger/submission-state.js';
import { SpoolDamaged } from '../spool/frame-cipher.js';
import type { SinkRecord } from './event-sink.js';
import { FactEvents } from './fact-events.js';
import type { OutboxEvent } from './fact-events.js';
import { heldDetail, heldReason } from './held-reason.js';
import { OutboxWriter, readOutbox } from './outbox.js';
import type { PipelineParts } from './pipeline-parts.js';
import { refusalReason } from './refusal-reason.js';
import { readSubmission } from './read-submission.js';
import type { SubmissionRead } from './read-submission.js';

/** What a validated submission would become. Holds a connection until `release`. */
export interface ValidationOutcome {
  readonly feed: string;
  /** Null where the payload was refused as a whole. */
  readonly counts: RecordCounts | null;
  readonly refusal: RefusalReason | null;
  readonly wouldBeHeld: HeldReason | null;
  readonly findings: () => Generator<Finding, void, void>;
  readonly release: () => void;
}

/** How one submission's reading ended. */
export type ReadingEnd =
  | { readonly kind: 'publishing' }
  | { readonly kind: 'held'; readonly detail: JobDetail }
  /** The log has all it said: it changes nothing. */
  | { readonly kind: 'known'; readonly detail: JobDetail }
  | { readonly kind: 'refused'; readonly reason: RefusalReason };

/** Events acknowledged at once, and acknowledged batches between two checkpoints. */
const BATCH = 1_000;
const CHECKPOINT_BATCHES = 10;
/** Work goes on this long before requests get their turn, milliseconds. */
const TURN_MS = 12;

/** The steps a submission goes through; each leaves what the next needs on disk, so that any may be done again. */
export class SubmissionRuns {
  readonly #parts: PipelineParts;
  #turnBegan = performance.now();

  constructor(parts: PipelineParts) {
    this.#parts = parts;
  }

  /**
   * Reads a spooled payload, keeps its events in the outbox and its words in the ledger; or finds why it may not go on.
   * @param before what its job knew when it was read before and its events were lost; null: it was not.
   */
  async read(receipt: StoredReceipt, confirmed: boolean, before: JobDetail | null): Promise<ReadingEnd> {
    const { ledger, spool } = this.#parts;
    const { submission } = receipt;
    await this.#step('read', submission);
    const feed = this.feed(receipt.feed);
    const file = spool.write();
    const outbox = new OutboxWriter(file);
    try {
      const { end } = await ledger.run(submission, { breathe: this.#breathe, again: before !== null }, async (draft) => {
        const read = await this.#guarded(() =>
          readSubmission({
            ...this.#reading(feed, receipt, this.#verified(receipt)),
            draft,
            events: this.#events(feed, receipt, receipt.receivedAt),
            emit: (event) => outbox.add(event),
          }),
        );
        if ('reason' in read) return { merge: null, end: { kind: 'refused', reason: read.reason } as ReadingEnd };
        const held = confirmed || before !== null ? null : heldReason(read, this.#parts);
        if (held?.code === 'older-than-restored' && this.#isPublished(submission)) {
          return { merge: 'findings' as const, end: { kind: 'known', detail: { ...NO_DETAIL, counts: read.counts, then: 'published' } } as ReadingEnd };
        }
        if (held !== null) return { merge: 'findings' as const, end: { kind: 'held', detail: heldDetail(read, held) } as ReadingEnd };
        await this.#step('outbox', submission);
        await outbox.finish(spool.outboxPath(submission));
        await this.#step('ledger', submission);
        const detail: JobDetail = { ...before, ...NO_DETAIL, counts: before?.counts ?? read.counts, then: 'published' };
        return { merge: { total: outbox.total + read.counts.refused, detail }, end: { kind: 'publishing' } as ReadingEnd };
      });
      return end;
    } finally {
      await file.discard();
    }
  }

  /** The same reading, kept nowhere. */
  async validate(payload: AsyncIterable<Uint8Array>, { feed, format, parameters }: ResolvedRequest): Promise<ValidationOutcome> {
    const { ledger, now } = this.#parts;
    // Never stored nor sent: it only fills the fields of events that are thrown away.
    const receipt: StoredReceipt = { submission: '0'.repeat(32), feed: feed.id, format, parameters, bytes: 0, receivedAt: now() };
    const { draft, findings, release } = ledger.trial(receipt.submission);
    try {
      const read = await this.#guarded(() =>
        readSubmission({
          ...this.#reading(feed, receipt, payload),
          draft,
          events: this.#events(feed, receipt, receipt.receivedAt),
          emit: () => undefined,
        }),
      );
      if ('reason' in read) return { feed: feed.id, counts: null, refusal: read.reason, wouldBeHeld: null, *findings() {}, release };
      return { feed: feed.id, counts: read.counts, refusal: null, wouldBeHeld: heldReason(read, this.#parts), findings, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Prepares the withdrawal of every fact whose latest word came from the submission. */
  async withdraw(receipt: StoredReceipt, askedAt: Date, counts: RecordCounts | null): Promise<void> {
    const { ledger } = this.#parts;
    const { submission } = receipt;
    const total = await this.#writeWithdrawals(receipt, askedAt, ledger.wordsOf(submission));
    await this.#step('ledger', submission);
    const then = counts === null ? null : { ...counts, eventsWithdrawn: counts.eventsWithdrawn + total };
    ledger.withdrawWordsOf(submission, total, { ...NO_DETAIL, counts: then, then: 'withdrawn' });
  }

  /** The same once more, from what the ledger then knew: its outbox was lost. */
  async withdrawAgain(receipt: StoredReceipt, detail: JobDetail): Promise<void> {
    const { ledger, now } = this.#parts;
    const total = await this.#writeWithdrawals(receipt, now(), ledger.withdrawnWordsOf(receipt.submission));
    ledger.publishAnew(receipt.submission, total, detail);
  }

  async #writeWithdrawals(receipt: StoredReceipt, askedAt: Date, words: Iterable<Withdrawal>): Promise<number> {
    const { spool } = this.#parts;
    const events = this.#events(this.feed(receipt.feed), receipt, askedAt);
    const file = spool.write();
    try {
      const outbox = new OutboxWriter(file);
      for (const word of words) {
        await outbox.add(events.withdrawal(word, 0));
        await this.#breathe();
      }
      await this.#step('outbox', receipt.submission);
      await outbox.finish(spool.outboxPath(receipt.submission));
      return outbox.total;
    } finally {
      await file.discard();
    }
  }

  /** Sends what is not acknowledged yet: events, then the dead letters of refused records. Throws `SpoolDamaged`. */
  async publish(submission: string): Promise<void> {
    const { ledger, spool, sink, watch, deployment } = this.#parts;
    const job = ledger.job(submission);
    if (job === undefined) throw new Error('a submission is published that has no job');
    await this.#step('publish', submission);
    const topics = { facts: eventsTopic(deployment), identifiers: identifiersTopic(deployment) };
    let position = 0;
    let batches = 0;
    let batch: SinkRecord[] = [];
    const send = async (): Promise<void> => {
      if (batch.length === 0) return;
      const began = performance.now();
      await sink.publish(batch);
      const identifiers = batch.filter(({ topic }) => topic === topics.identifiers).length;
      watch.sent({ facts: batch.length - identifiers, identifiers }, performance.now() - began);
      batch = [];
      batches += 1;
      await this.#step('acknowledged', submission);
      if (batches % CHECKPOINT_BATCHES === 0) ledger.checkpoint(submission, position);
    };
    for await (const event of readOutbox(spool.readOutbox(submission))) {
      position += 1;
      if (position <= job.published) continue;
      batch.push(toRecord(event, topics));
      if (batch.length >= BATCH) await send();
    }
    await send();
    if (job.detail.then === 'published') await this.#sendLetters(submission, position, job.published);
    await this.#step('settle', submission);
  }

  /** Tells operations of a submission refused as a whole. */
  async letterOfRefusal(submission: string, { code, remedy }: RefusalReason): Promise<void> {
    await this.#parts.sink.deadLetters([{ deployment: this.#parts.deployment, submission, code, remedy }]);
    this.#parts.watch.deadLettered(1);
  }

  feed(id: string): FeedDeclaration {
    const feed = this.#parts.adapter.feeds.find((candidate) => candidate.id === id);
    if (feed === undefined) throw new Error(`a receipt names the feed ${id}, which this adapter no longer declares`);
    return feed;
  }

  async #sendLetters(submission: string, before: number, published: number): Promise<void> {
    const { ledger, sink, deployment, watch } = this.#parts;
    let position = before;
    let letters: { deployment: string; submission: string; record: number; code: string; remedy: string }[] = [];
    const send = async (): Promise<void> => {
      if (letters.length === 0) return;
      await sink.deadLetters(letters);
      watch.deadLettered(letters.length);
      letters = [];
      ledger.checkpoint(submission, position);
    };
    for (const { fate, ordinal, code, remedy } of ledger.findings(submission)) {
      if (fate !== 'refused') continue;
      position += 1;
      if (position <= published) continue;
      letters.push({ deployment, submission, record: ordinal, code, remedy });
      if (letters.length >= BATCH) await send();
    }
    await send();
  }

  #reading(feed: FeedDeclaration, receipt: StoredReceipt, payload: AsyncIterable<Uint8Array>) {
    const { limits, locate } = this.#parts;
    const { format, parameters, receivedAt } = receipt;
    return { feed, format, parameters, limits, latestClock: latestClock(receivedAt), locate, payload, breathe: this.#breathe };
  }

  #events(feed: FeedDeclaration, { submission, parameters }: StoredReceipt, recordedAt: Date): FactEvents {
    const { hasher, tokeniser, agreementIds } = this.#parts;
    const agreementId = agreementIds[feed.id];
    if (agreementId === undefined) throw new Error(`feed ${feed.id} has no agreement`);
    return new FactEvents({
      feed,
      hasher,
      tokeniser,
      agreementId,
      programme: parameters.programme,
      submission: Buffer.from(submission, 'hex'),
      recordedAt: recordedAt.getTime(),
    });
  }

  /** The spooled payload; at its end it must be the one the receipt was given for. */
  async *#verified(receipt: StoredReceipt): AsyncGenerator<Uint8Array, void, void> {
    const digest = createHash('sha256');
    for await (const chunk of this.#parts.spool.readPayload(receipt.submission)) {
      digest.update(chunk);
      yield chunk;
    }
    const id = this.#parts.hasher.submissionId(receipt.feed, digest.digest(), canonicalParameters(receipt)).toString('hex');
    if (id !== receipt.submission) throw new SpoolDamaged('altered', 'Ask the partner to send the submission again.');
  }

  async #guarded(read: () => Promise<SubmissionRead>): Promise<SubmissionRead | { readonly reason: RefusalReason }> {
    try {
      return await read();
    } catch (error) {
      const reason = refusalReason(error);
      if (reason === null) throw error;
      return { reason };
    }
  }

  /**
   * Whether the log tells of the submission and nothing of it is still to be sent. What it said besides, or took back by its
   * silence, was judged with what the lost ledger knew of newer snapshots, and cannot be judged again.
   */
  #isPublished(submission: string): boolean {
    const { ledger, spool } = this.#parts;
    return ledger.tellsOf(submission) && !spool.hasOutbox(submission);
  }

  readonly #breathe = async (): Promise<void> => {
    if (performance.now() - this.#turnBegan < TURN_MS) return;
    await setImmediate();
    this.#turnBegan = performance.now();
  };

  async #step(step: Parameters<NonNullable<PipelineParts['onStep']>>[0], submission: string): Promise<void> {
    await this.#parts.onStep?.(step, submission);
  }
}

const toRecord = ({ type, key, value }: OutboxEvent, topics: { readonly facts: string; readonly identifiers: string }): SinkRecord => ({
  topic: type === 'SubjectIdentified' ? topics.identifiers : topics.facts,
  key,
  value,
});
