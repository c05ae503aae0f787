import { createHash } from 'node:crypto';
import type { ReferenceHasher } from '@throughline/identity';
import type { AdapterDeclaration } from '../adapter-declaration.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Finding } from '../ledger/ledger-draft.js';
import type { RefusalReason, SubmissionState } from '../ledger/submission-state.js';
import type { Pipeline, ValidationOutcome } from '../pipeline/pipeline.js';
import { SpoolNotWritable } from '../spool/sealed-file.js';
import type { SealedFileWriter } from '../spool/sealed-file.js';
import type { SpoolFolder } from '../spool/spool-folder.js';
import type { AdapterWatch } from '../runtime/adapter-watch.js';
import { beginPayload } from './begun-payload.js';
import { boundedPayload, tooLarge } from './bounded-payload.js';
import type { PayloadBounds } from './bounded-payload.js';
import type { PayloadLabel } from './payload-label.js';
import type { Receipts } from './receipts.js';
import { canonicalParameters, resolveRequest } from './submission-request.js';
import type { ResolvedRequest, SubmissionRequest } from './submission-request.js';
import type { IntakeSlots } from './intake-slots.js';

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
  readonly slots: IntakeSlots;
  readonly bounds: PayloadBounds;
  readonly defaultProgramme: string | null;
  readonly watch: AdapterWatch;
  readonly now: () => Date;
}

/** Senders that turned up with this little take no slot yet: what they sent is held in memory until more comes. */
const SLOT_BYTES = 64 * 1024;
/** Slots that reading a payload takes while it arrives: its parser, and its draft's pages of the ledger. */
const READING_WIDTH = 4;

/** What became of a message that was looked at first. */
export type LookedAt =
  | { readonly receipt: Receipt }
  /** Nothing was accepted. `refused`: why its records were; none where `refusal` says why it was as a whole. */
  | { readonly receipt: null; readonly refusal: RefusalReason | null; readonly refused: readonly Finding[] };

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
   * Spools the payload and gives its receipt. Throws `SubmissionRefused` (parameters, size, gzip), `SpoolNotWritable` and
   * `AdapterBusy`; what the payload says is looked at later.
   */
  async accept(body: AsyncIterable<Uint8Array>, request: SubmissionRequest): Promise<Receipt> {
    const resolved = this.#resolve(request);
    let release: (() => void) | undefined;
    const beyond = async (): Promise<void> => void (release ??= await this.#parts.slots.take());
    return this.#told(resolved, () => this.#spool(body, resolved, beyond).finally(() => release?.()));
  }

  /**
   * Reads the payload as it arrives, through the same code as a commit, and keeps nothing; throws as {@link accept}. Takes
   * room until its `release` is called.
   */
  async validate(body: AsyncIterable<Uint8Array>, request: SubmissionRequest): Promise<ValidationOutcome> {
    const resolved = this.#resolve(request);
    const { slots, bounds, pipeline, watch } = this.#parts;
    return this.#told(resolved, async () => {
      const begun = await beginPayload(boundedPayload(body, resolved.gzip, bounds), SLOT_BYTES);
      let release: (() => void) | undefined;
      try {
        release = await slots.take(begun.whole ? 1 : READING_WIDTH);
        const free = release;
        watch.validated(resolved.feed.id);
        const outcome = await pipeline.validate(begun.payload, resolved);
        return {
          ...outcome,
          release: () => {
            outcome.release();
            free();
          },
        };
      } catch (error) {
        release?.();
        throw error;
      } finally {
        await begun.end();
      }
    });
  }

  /**
   * For a protocol that answers at once what is wrong with a message: looks at it first, and accepts it where nothing of it
   * is refused. Throws as {@link accept}.
   * @param maxBytes greatest message, bytes; it is held in memory.
   */
  async acceptIfRight(body: AsyncIterable<Uint8Array>, request: SubmissionRequest, maxBytes: number): Promise<LookedAt> {
    const resolved = this.#resolve(request);
    const { slots, bounds, pipeline, watch } = this.#parts;
    return this.#told(resolved, async () => {
      const within = { ...bounds, maxBytes: Math.min(maxBytes, bounds.maxBytes) };
      const begun = await beginPayload(boundedPayload(body, resolved.gzip, within), SLOT_BYTES);
      let release: (() => void) | undefined;
      try {
        release = await slots.take(begun.whole ? 1 : READING_WIDTH);
        const message = await wholeOf(begun.payload);
        watch.validated(resolved.feed.id);
        const { refusal, refused } = refusedOf(await pipeline.validate(once(message), resolved));
        if (refusal !== null || refused.length > 0) return { receipt: null, refusal, refused };
        return { receipt: await this.#spool(once(message), { ...resolved, gzip: false }, async () => undefined) };
      } finally {
        release?.();
        await begun.end();
      }
    });
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

  /** Tells of what is not accepted at the door. */
  async #told<T>({ feed }: ResolvedRequest, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#parts.watch.notAccepted(this.#parts.adapter, feed.id, error);
      throw error;
    }
  }

  /** @param beyond awaited before more than {@link SLOT_BYTES} are written. */
  async #spool(body: AsyncIterable<Uint8Array>, resolved: ResolvedRequest, beyond: () => Promise<void>): Promise<Receipt> {
    const { spool, bounds } = this.#parts;
    const writer = spool.write(this.#labelOf(resolved));
    const digest = createHash('sha256');
    let bytes = 0;
    try {
      for await (const chunk of boundedPayload(body, resolved.gzip, bounds)) {
        digest.update(chunk);
        bytes += chunk.length;
        if (bytes > SLOT_BYTES) await beyond();
        await writer.write(chunk);
      }
      return await this.#keep(writer, resolved, bytes, digest.digest());
    } finally {
      await writer.discard();
    }
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
    try {
      await writer.finish(spool.payloadPath(submission));
      receipts.add({ submission, feed: feed.id, format, parameters, bytes, receivedAt: now() });
    } catch (error) {
      // The sender hears that nothing was accepted: then nothing may be found at the next start.
      await spool.takeBackPayload(submission).catch((left: unknown) => {
        throw new SpoolNotWritable(error instanceof SpoolNotWritable ? error.cause : error, left);
      });
      throw error;
    }
    watch.accepted(feed.id, bytes);
    pipeline.enqueue(submission);
  }
}

const refusedOf = ({ refusal, findings, release }: ValidationOutcome): { readonly refusal: RefusalReason | null; readonly refused: readonly Finding[] } => {
  try {
    return { refusal, refused: [...findings()].filter(({ fate }) => fate === 'refused') };
  } finally {
    release();
  }
};

async function* once(message: Buffer): AsyncGenerator<Uint8Array, void, void> {
  yield message;
}

const wholeOf = async (payload: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of payload) chunks.push(chunk);
  return Buffer.concat(chunks);
};
