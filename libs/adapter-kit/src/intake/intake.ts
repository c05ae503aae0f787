import { createHash } from 'node:crypto';
import type { ReferenceHasher } from '@throughline/identity';
import type { AdapterDeclaration } from '../adapter-declaration.js';
import type { Ledger } from '../ledger/ledger.js';
import type { SubmissionState } from '../ledger/submission-state.js';
import type { Pipeline, ValidationOutcome } from '../pipeline/pipeline.js';
import type { SealedFileWriter } from '../spool/sealed-file.js';
import type { SpoolFolder } from '../spool/spool-folder.js';
import type { AdapterWatch } from '../runtime/adapter-watch.js';
import { boundedPayload, tooLarge } from './bounded-payload.js';
import type { PayloadBounds } from './bounded-payload.js';
import type { PayloadLabel } from './payload-label.js';
import type { Receipts } from './receipts.js';
import { canonicalParameters, resolveRequest } from './submission-request.js';
import type { ResolvedRequest, SubmissionRequest } from './submission-request.js';
import type { UploadSlots } from './upload-slots.js';

/** What the sender gets back: the payload is durable and will be processed. */
export interface Receipt {
  /** Hex, 32 digits. The same payload under the same parameters has the same. */
  readonly submissionId: string;
  /** Of the payload, unpacked; for the sender to compare. */
  readonly sha256: string;
  readonly bytes: number;
  readonly state: SubmissionState;
}

export interface IntakeParts {
  readonly adapter: AdapterDeclaration;
  readonly receipts: Receipts;
  readonly ledger: Ledger;
  readonly spool: SpoolFolder;
  readonly pipeline: Pipeline;
  readonly hasher: ReferenceHasher;
  readonly slots: UploadSlots;
  readonly bounds: PayloadBounds;
  readonly defaultProgramme: string | null;
  readonly watch: AdapterWatch;
  readonly now: () => Date;
}

/** Senders that turned up with this little are not given a slot: what they sent is held in memory until more comes. */
const SLOT_BYTES = 64 * 1024;

/**
 * The door: what every way in (HTTP, the inbox folder, a partner's own protocol) goes through. `accept` answers once the
 * payload would survive a crash; `validate` answers what would become of it and keeps nothing.
 */
export class Intake {
  readonly #parts: IntakeParts;
  readonly #keeping = new Map<string, Promise<void>>();

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /**
   * Spools the payload and gives its receipt. Throws `SubmissionRefused` (parameters, size, gzip) and `SpoolNotWritable`;
   * what the payload says is looked at later.
   */
  async accept(body: AsyncIterable<Uint8Array>, request: SubmissionRequest): Promise<Receipt> {
    const { spool, adapter, watch } = this.#parts;
    const resolved = this.#resolve(request);
    const writer = spool.write(this.#labelOf(resolved));
    try {
      const { bytes, sha256 } = await this.#receive(body, resolved, writer);
      const receipt = await this.#keep(writer, resolved, bytes, sha256);
      return receipt;
    } catch (error) {
      watch.notAccepted(adapter, resolved.feed.id, error);
      throw error;
    } finally {
      await writer.discard();
    }
  }

  /** Reads the payload as it arrives, through the same code as a commit; throws as {@link accept}. */
  async validate(body: AsyncIterable<Uint8Array>, request: SubmissionRequest): Promise<ValidationOutcome> {
    const resolved = this.#resolve(request);
    this.#parts.watch.validated(resolved.feed.id);
    return this.#parts.pipeline.validate(boundedPayload(body, resolved.gzip, this.#parts.bounds), resolved);
  }

  /** Resolves once the submission is published, held or closed otherwise. */
  settled(submissionId: string): Promise<SubmissionState> {
    return this.#parts.pipeline.settled(submissionId);
  }

  #resolve(request: SubmissionRequest): ResolvedRequest {
    const { adapter, defaultProgramme, bounds, now } = this.#parts;
    const resolved = resolveRequest(adapter, request, defaultProgramme, now());
    // Packed it can only be smaller than what it holds.
    if (request.contentLength !== undefined && request.contentLength > bounds.maxBytes) throw tooLarge(bounds.maxBytes);
    return resolved;
  }

  #labelOf({ feed, format, parameters }: ResolvedRequest): PayloadLabel {
    const { ledger, now } = this.#parts;
    return { feed: feed.id, format, parameters, receivedAt: now(), ledgerMark: ledger.mark };
  }

  async #receive(body: AsyncIterable<Uint8Array>, { gzip }: ResolvedRequest, writer: SealedFileWriter): Promise<{ bytes: number; sha256: Buffer }> {
    const digest = createHash('sha256');
    let bytes = 0;
    let release: (() => void) | undefined;
    try {
      for await (const chunk of boundedPayload(body, gzip, this.#parts.bounds)) {
        digest.update(chunk);
        bytes += chunk.length;
        if (bytes > SLOT_BYTES) release ??= await this.#parts.slots.take();
        await writer.write(chunk);
      }
    } finally {
      release?.();
    }
    return { bytes, sha256: digest.digest() };
  }

  /** One upload of a submission at a time: a payload is never without its receipt longer than it takes to be given one. */
  async #keep(writer: SealedFileWriter, resolved: ResolvedRequest, bytes: number, sha256: Buffer): Promise<Receipt> {
    const submission = this.#parts.hasher.submissionId(resolved.feed.id, sha256, canonicalParameters(resolved)).toString('hex');
    const before = this.#keeping.get(submission);
    const kept = (before ?? Promise.resolve()).catch(() => undefined).then(() => this.#keepAs(submission, writer, resolved, bytes));
    this.#keeping.set(submission, kept);
    try {
      await kept;
    } finally {
      if (this.#keeping.get(submission) === kept) this.#keeping.delete(submission);
    }
    return { submissionId: submission, sha256: sha256.toString('hex'), bytes, state: this.#parts.pipeline.stateOf(submission) };
  }

  async #keepAs(submission: string, writer: SealedFileWriter, { feed, format, parameters }: ResolvedRequest, bytes: number): Promise<void> {
    const { receipts, spool, pipeline, now, watch } = this.#parts;
    if (receipts.find(submission) !== undefined) {
      if (pipeline.lostPayloadOf(submission)) {
        await writer.finish(spool.payloadPath(submission));
        pipeline.enqueue(submission);
      } else {
        watch.repeated(feed.id);
      }
      return;
    }
    await writer.finish(spool.payloadPath(submission));
    try {
      receipts.add({ submission, feed: feed.id, format, parameters, bytes, receivedAt: now() });
    } catch (error) {
      // The sender hears that nothing was accepted: then nothing may be found at the next start.
      await spool.deletePayload(submission);
      throw error;
    }
    watch.accepted(feed.id, bytes);
    pipeline.enqueue(submission);
  }
}
