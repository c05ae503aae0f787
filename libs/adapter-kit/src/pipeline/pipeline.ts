import { setTimeout as delay } from 'node:timers/promises';
import type { Command, StoredReceipt } from '../intake/receipts.js';
import type { ResolvedRequest } from '../intake/submission-request.js';
import type { Job } from '../ledger/job.js';
import { ENDED_STATES, NO_DETAIL, SETTLED_STATES } from '../ledger/submission-state.js';
import type { RefusalReason, SubmissionState } from '../ledger/submission-state.js';
import { SpoolDamaged } from '../spool/frame-cipher.js';
import type { PipelineParts } from './pipeline-parts.js';
import { isLost, LOST_PAYLOAD } from './refusal-reason.js';
import { isWithdrawable, refuseUnfit } from './command-refused.js';
import { leftToDo } from './left-to-do.js';
import { SubmissionRuns } from './submission-runs.js';
import type { ValidationOutcome } from './submission-runs.js';

export type { ValidationOutcome } from './submission-runs.js';

/** A disk that damages an outbox so often damages every one. */
const MADE_AGAIN_AT_MOST = 3;

/**
 * Takes accepted submissions through reading, ledger and log, one at a time in order of arrival, and resumes after a crash
 * wherever it was. What fails for a reason of ours is tried again and does not hold up the others.
 */
export class Pipeline {
  readonly #parts: PipelineParts;
  readonly #runs: SubmissionRuns;
  readonly #queue = new Set<string>();
  readonly #publishing = new Set<string>();
  readonly #attempts = new Map<string, { count: number; notBefore: number }>();
  readonly #waiting = new Map<string, ((state: SubmissionState) => void)[]>();
  readonly #stopping = new AbortController();
  #current: string | undefined;
  #wake: (() => void) | undefined;
  #loop: Promise<void> | undefined;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
    this.#runs = new SubmissionRuns(parts);
  }

  /** Picks up what an earlier process left, then works until {@link stop}. */
  start(): void {
    const { queue, publishing } = leftToDo(this.#parts);
    for (const submission of queue) this.#queue.add(submission);
    for (const submission of publishing) this.#publishing.add(submission);
    this.#closeOvertaken();
    this.#loop = this.#work();
  }

  /** Lets the submission in work finish its step, then ends. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake?.();
    await this.#loop;
  }

  /** A submission that has its receipt. */
  enqueue(submission: string): void {
    this.#queue.add(submission);
    this.#wake?.();
  }

  stateOf(submission: string): SubmissionState {
    return this.#current === submission && this.#queue.has(submission) ? 'processing' : (this.#parts.ledger.job(submission)?.state ?? 'received');
  }

  job(submission: string): Job | undefined {
    return this.#parts.ledger.job(submission);
  }

  /** Whether a known submission is to be spooled anew: its payload was damaged in our keeping. */
  lostPayloadOf(submission: string): boolean {
    return isLost(this.#parts.ledger.job(submission));
  }

  /** Receipt of the submission that has waited longest, in work or not; undefined: none waits. */
  oldestWaiting(): StoredReceipt | undefined {
    const [first] = [...this.#publishing, ...this.#queue];
    return first === undefined ? undefined : this.#parts.receipts.find(first);
  }

  /** Resolves once nothing but a command would change the submission's state. */
  settled(submission: string): Promise<SubmissionState> {
    const state = this.#settledState(submission);
    if (state !== undefined) return Promise.resolve(state);
    return new Promise((resolve) => this.#waiting.set(submission, [...(this.#waiting.get(submission) ?? []), resolve]));
  }

  validate(payload: AsyncIterable<Uint8Array>, resolved: ResolvedRequest): Promise<ValidationOutcome> {
    return this.#runs.validate(payload, resolved);
  }

  /** Notes a command for a known submission, durably; it is carried out in turn. Throws {@link CommandRefused}. */
  ask(submission: string, command: Command): void {
    refuseUnfit(command, this.stateOf(submission), this.#parts.ledger.tellsOf(submission));
    this.#parts.receipts.ask(submission, command, this.#parts.now());
    this.#wake?.();
  }

  /** Deletes payloads of closed submissions that are past their retention. */
  async deletePayloads(retentionMs: number): Promise<number> {
    const { receipts, ledger, spool, now } = this.#parts;
    const due = ledger.payloadsDue(now().getTime() - retentionMs, ENDED_STATES);
    receipts.noteEnds(due);
    for (const { submission } of due) {
      await spool.deletePayload(submission);
      ledger.payloadDeleted(submission);
    }
    return due.length;
  }

  async #work(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const task = this.#next();
      if (task === undefined) {
        await this.#rest();
        continue;
      }
      this.#current = task.submission;
      try {
        await task.run();
        this.#attempts.delete(task.submission);
      } catch (error) {
        this.#tryAgainLater(task.submission, task.doing, error);
      }
      this.#current = undefined;
      this.#tell(task.submission);
    }
  }

  #next(): { readonly submission: string; readonly doing: string; readonly run: () => Promise<void> } | undefined {
    const now = performance.now();
    const ready = (submission: string): boolean => (this.#attempts.get(submission)?.notBefore ?? 0) <= now;
    for (const submission of this.#publishing) {
      if (ready(submission)) return { submission, doing: 'publishing', run: () => this.#publish(submission) };
    }
    for (const { submission, command, askedAt } of this.#parts.receipts.commands()) {
      const busy = this.#queue.has(submission) || this.#publishing.has(submission);
      if (!busy && ready(submission)) return { submission, doing: command, run: () => this.#obey(submission, command, askedAt) };
    }
    for (const submission of this.#queue) {
      if (ready(submission)) return { submission, doing: 'reading', run: () => this.#process(submission, false) };
    }
    return undefined;
  }

  async #rest(): Promise<void> {
    const soonest = Math.min(...[...this.#attempts.values()].map(({ notBefore }) => notBefore));
    const woken = new Promise<void>((resolve) => (this.#wake = resolve));
    const signal = this.#stopping.signal;
    if (signal.aborted) return;
    if (!Number.isFinite(soonest)) return woken;
    const timer = new AbortController();
    const due = delay(Math.max(1, soonest - performance.now()), undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([woken, due]);
    timer.abort();
  }

  async #process(submission: string, confirmed: boolean): Promise<void> {
    const { receipts, ledger, now, watch } = this.#parts;
    const receipt = receipts.find(submission);
    if (receipt === undefined) throw new Error('a submission is in the queue that has no receipt');
    const job = ledger.job(submission);
    const before = job?.detail.again === undefined ? null : job.detail;
    const end = await this.#runs.read(receipt, confirmed, before);
    this.#queue.delete(submission);
    if (end.kind === 'held') {
      ledger.setJob(submission, 'held', end.detail, now().getTime());
      watch.held(receipt.feed, submission, end.detail.held?.code ?? 'would-withdraw-many');
      return this.#closeOvertaken();
    }
    if (end.kind === 'known') return ledger.setJob(submission, 'published', end.detail, now().getTime());
    if (end.kind === 'refused') return this.#refuse(submission, end.reason);
    if (before?.counts === undefined || before.counts === null) this.#countRecords(receipt.feed, submission);
    this.#closeOvertaken();
    this.#publishing.add(submission);
  }

  #refuse(submission: string, refusal: RefusalReason): void {
    const { receipts, ledger, now, watch } = this.#parts;
    const job = ledger.job(submission);
    const told = refusal.code === LOST_PAYLOAD.code && isLost(job) && job?.published === job?.total;
    const { again, counts } = job?.detail ?? NO_DETAIL;
    const detail = again === undefined ? { ...NO_DETAIL, refusal } : { ...NO_DETAIL, refusal, again, counts };
    ledger.setJob(submission, 'refused', detail, now().getTime(), told ? 0 : 1);
    if (told) return;
    watch.refused(receipts.find(submission)?.feed ?? 'other', submission, refusal.code);
    this.#publishing.add(submission);
  }

  #countRecords(feed: string, submission: string): void {
    const { ledger, watch } = this.#parts;
    const counts = ledger.job(submission)?.detail.counts;
    if (counts === undefined || counts === null) return;
    const refused: Record<string, number> = {};
    for (const { fate, code } of ledger.findings(submission)) if (fate === 'refused') refused[code] = (refused[code] ?? 0) + 1;
    watch.recorded(feed, submission, counts, refused);
  }

  async #publish(submission: string): Promise<void> {
    const { receipts, ledger, spool, now } = this.#parts;
    const job = ledger.job(submission);
    // Once the log has it, a ledger or an export that does not know it must be told for an older one.
    receipts.notePublishing(ledger, now());
    if (job?.state === 'refused') {
      if (job.detail.refusal !== null) await this.#runs.letterOfRefusal(submission, job.detail.refusal);
      ledger.checkpoint(submission, job.total);
    } else {
      try {
        await this.#runs.publish(submission);
      } catch (error) {
        if (job !== undefined && error instanceof SpoolDamaged && error.lost) return this.#makeAgain(job, error);
        throw error;
      }
      ledger.setJob(submission, job?.detail.then ?? 'published', job?.detail ?? NO_DETAIL, now().getTime(), job?.total);
      await spool.deleteOutbox(submission);
    }
    this.#publishing.delete(submission);
  }

  /**
   * An outbox that is lost is made again: a withdrawal's from the ledger, any other from the payload, for which the ledger
   * first forgets what it took in. Where that ends in a lost one too often, the submission is refused and can be sent again.
   */
  async #makeAgain({ submission, detail }: Job, error: SpoolDamaged): Promise<void> {
    const { receipts, ledger, watch, now } = this.#parts;
    watch.failed('publishing from an outbox that is damaged: it is made again', submission, error);
    const receipt = receipts.find(submission);
    const next = { ...detail, again: (detail.again ?? 0) + 1 };
    if (detail.then === 'withdrawn') {
      if (receipt !== undefined) await this.#runs.withdrawAgain(receipt, next);
      // The disk may be mended meanwhile: nothing but this adapter is needed for it.
      if (receipt === undefined || next.again > MADE_AGAIN_AT_MOST) throw error;
      return;
    }
    ledger.unsay(submission, 'received', next, now().getTime());
    this.#publishing.delete(submission);
    if (receipt === undefined || next.again > MADE_AGAIN_AT_MOST) this.#refuse(submission, LOST_PAYLOAD);
    else this.#queue.add(submission);
  }

  async #obey(submission: string, command: Command, askedAt: Date): Promise<void> {
    const { receipts, ledger, now } = this.#parts;
    const job = ledger.job(submission);
    if (command === 'confirm' && job?.state === 'held') {
      await this.#process(submission, true);
    } else if (command !== 'confirm' && job?.state === 'held') {
      ledger.setJob(submission, 'rejected', job.detail, now().getTime());
    } else if (command === 'withdraw' && job !== undefined && isWithdrawable(job.state, ledger.tellsOf(submission))) {
      const receipt = receipts.find(submission);
      if (receipt !== undefined) await this.#runs.withdraw(receipt, askedAt, job.detail.counts);
      this.#publishing.add(submission);
    }
    receipts.commandDone(submission);
  }

  /** Held submissions all of whose snapshots have a newer accepted one of their whole scope say nothing any more. */
  #closeOvertaken(): void {
    const { ledger, now } = this.#parts;
    for (const { submission, detail } of ledger.jobsIn('held')) {
      const sections = detail.heldSections ?? [];
      const overtaken = sections.length > 0 && sections.every(({ scope, instant, sequence }) => ledger.overtaken(Buffer.from(scope, 'hex'), instant, sequence));
      if (!overtaken) continue;
      ledger.setJob(submission, 'superseded', detail, now().getTime());
      this.#tell(submission);
    }
  }

  #tryAgainLater(submission: string, doing: string, error: unknown): void {
    const count = (this.#attempts.get(submission)?.count ?? 0) + 1;
    this.#attempts.set(submission, { count, notBefore: performance.now() + this.#parts.retryDelayMs(count) });
    this.#parts.watch.failed(doing, submission, error);
  }

  #tell(submission: string): void {
    const state = this.#settledState(submission);
    if (state === undefined) return;
    for (const resolve of this.#waiting.get(submission) ?? []) resolve(state);
    this.#waiting.delete(submission);
  }

  #settledState(submission: string): SubmissionState | undefined {
    const state = this.stateOf(submission);
    // Its dead letter may still be on its way; the refusal stands.
    if (state === 'refused' && !this.#queue.has(submission)) return state;
    const asked = this.#parts.receipts.commands().some((command) => command.submission === submission);
    const busy = asked || this.#queue.has(submission) || this.#publishing.has(submission);
    return busy || !SETTLED_STATES.includes(state) ? undefined : state;
  }
}
