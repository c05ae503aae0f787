import { randomBytes } from 'node:crypto';

/** Bytes of an id. */
export const UNIQUE_ID_LENGTH = 12;

const NONCE_BYTES = 8;
const MOST_PER_NONCE = 0xffff_ffff;

/**
 * Ids of versions, marks and stamps: eight random bytes of this process, then a count. They are made here and not by a
 * counter in the store, because a store restored from an older copy would count the same numbers again, and a worker that
 * slept meanwhile would find "its" version unchanged.
 */
export class UniqueIds {
  #nonce = randomBytes(NONCE_BYTES);
  #count = 0;

  /** @returns 12 bytes that nobody was given before. */
  next(): Buffer {
    if (this.#count === MOST_PER_NONCE) {
      this.#nonce = randomBytes(NONCE_BYTES);
      this.#count = 0;
    }
    const id = Buffer.allocUnsafe(UNIQUE_ID_LENGTH);
    this.#nonce.copy(id);
    id.writeUInt32BE(this.#count++, NONCE_BYTES);
    return id;
  }
}
