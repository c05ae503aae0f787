import { createHmac, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** What can be hashed. Null is a part of its own, unlike the empty text. A number is a whole one, in eight bytes. */
export type HashPart = string | Uint8Array | number | null;

const LENGTH_BYTES = 4;
const NO_PART = 0xffff_ffff;
const FIRST_SCRATCH_BYTES = 4096;

/**
 * HMAC-SHA-256 over length-prefixed parts: each is its length (four bytes, big-endian; all ones for null) and its bytes
 * (text in UTF-8, numbers as signed 64-bit big-endian), so no two lists of parts meet in one message.
 * The message is built in one buffer used again and again: hashing is four calls per event of an adapter.
 */
export class KeyedHash {
  readonly #key: KeyObject;
  #scratch = Buffer.allocUnsafeSlow(FIRST_SCRATCH_BYTES);
  #used = 0;

  /** @param key 32 bytes; a KeyObject inside, since a raw buffer costs five times as much per call. */
  constructor(key: Uint8Array) {
    this.#key = createSecretKey(key);
  }

  /** @returns the first `bytes` bytes (at most 32) of the code. */
  hash(bytes: number, parts: readonly HashPart[]): Buffer {
    this.#used = 0;
    for (const part of parts) this.#append(part);
    return createHmac('sha256', this.#key).update(this.#scratch.subarray(0, this.#used)).digest().subarray(0, bytes);
  }

  #append(part: HashPart): void {
    if (part === null) {
      this.#reserve(LENGTH_BYTES);
      this.#used = this.#scratch.writeUInt32BE(NO_PART, this.#used);
      return;
    }
    if (typeof part === 'number') {
      if (!Number.isSafeInteger(part)) throw new RangeError('A hashed number must be a whole one that is exactly representable.');
      this.#reserve(LENGTH_BYTES + 8);
      this.#used = this.#scratch.writeUInt32BE(8, this.#used);
      this.#used = this.#scratch.writeBigInt64BE(BigInt(part), this.#used);
      return;
    }
    // UTF-8 takes at most three bytes for each UTF-16 unit.
    this.#reserve(LENGTH_BYTES + (typeof part === 'string' ? part.length * 3 : part.byteLength));
    const start = this.#used + LENGTH_BYTES;
    let length: number;
    if (typeof part === 'string') {
      length = this.#scratch.write(part, start, 'utf8');
    } else {
      this.#scratch.set(part, start);
      length = part.byteLength;
    }
    this.#scratch.writeUInt32BE(length, this.#used);
    this.#used = start + length;
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#scratch.byteLength) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#scratch.byteLength * 2, this.#used + bytes));
    this.#scratch.copy(larger, 0, 0, this.#used);
    this.#scratch = larger;
  }
}
