import type { Change, OccurredOn, Revision } from '@throughline/event-contracts';
import { KeyedHash } from './keyed-hash.js';

const ID_BYTES = 16;
const CONTENT_HASH_BYTES = 8;

/** Content hash of every withdrawal: so that at one revision a statement is always greater. */
export const WITHDRAWN_CONTENT_HASH: Buffer = Buffer.alloc(CONTENT_HASH_BYTES);

/**
 * Every id an adapter gives, under the partner's reference key: the same word of the same fact has the same ids for ever,
 * and nobody without the key can tell a reference from its hash. The key is never rotated.
 * One instance per adapter process; not to be shared between threads.
 */
export class ReferenceHasher {
  readonly #hash: KeyedHash;

  /**
   * @param partner identifier of the partner organisation: part of every subject and fact.
   * @param referenceKey the partner's reference key, 32 bytes.
   */
  constructor(
    readonly partner: string,
    referenceKey: Uint8Array,
  ) {
    this.#hash = new KeyedHash(referenceKey);
  }

  /** The person as one source system knows them, 16 bytes. */
  subject(system: string, reference: string): Buffer {
    return this.#hash.hash(ID_BYTES, ['subject', this.partner, system, reference]);
  }

  /** What is being stated, whatever it says, 16 bytes. */
  factId(system: string, scope: string, subject: Uint8Array, eventType: string, ...naturalKey: readonly string[]): Buffer {
    return this.#hash.hash(ID_BYTES, ['fact', this.partner, system, scope, subject, eventType, ...naturalKey]);
  }

  /** @param encodedBody the Avro body without `meta`. @returns 8 bytes. For a withdrawal use {@link WITHDRAWN_CONTENT_HASH}. */
  contentHash(eventType: string, encodedBody: Uint8Array, occurredOn: OccurredOn | null, programme: string | null): Buffer {
    return this.#hash.hash(CONTENT_HASH_BYTES, [
      'content',
      eventType,
      encodedBody,
      occurredOn === null ? null : occurredOn.date,
      occurredOn === null ? null : occurredOn.precision,
      programme,
    ]);
  }

  /** One word of one fact, 16 bytes. */
  eventId(factId: Uint8Array, revision: Revision, contentHash: Uint8Array, change: Exclude<Change, 'UNKNOWN'>): Buffer {
    return this.#hash.hash(ID_BYTES, ['event', factId, revision.instant, revision.sequence, contentHash, change]);
  }

  /**
   * The same payload sent again under the same parameters has the same id, whatever it is called.
   * @param parameters as the sender gave them, canonical texts; their order does not count.
   */
  submissionId(feed: string, payloadSha256: Uint8Array, parameters: Readonly<Record<string, string>>): Buffer {
    const names = Object.keys(parameters).sort();
    return this.#hash.hash(ID_BYTES, ['submission', feed, payloadSha256, ...names.flatMap((name) => [name, parameters[name] ?? null])]);
  }

  /** A reference of something else than a person (`employer`, `claim`), comparable within this partner only, 16 bytes. */
  keyed(kind: string, ...parts: readonly string[]): Buffer {
    return this.#hash.hash(ID_BYTES, ['keyed', kind, this.partner, ...parts]);
  }
}
