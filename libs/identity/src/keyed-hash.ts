import { hash } from 'node:crypto';

/** What can be hashed. Null is a part of its own, unlike the empty text. A number is a whole one, in eight bytes. */
export type HashPart = string | Uint8Array | number | null;

const LENGTH_BYTES = 4;
const NO_PART = 0xffff_ffff;
const FIRST_SCRATCH_BYTES = 4096;
const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;

/**
 * HMAC-SHA-256 over length-prefixed parts: each is its length (four bytes, big-endian; all ones for null) and its bytes
 * (text in UTF-8, numbers as signed 64-bit big-endian), so no two lists of parts meet in one message.
 * The message is built in one buffer used again and again, and the code is made of two plain hashes as RFC 2104 says: an object
 * of the crypto module for each code took four times as long, and an adapter makes several for each event.
 */
export class KeyedHash {
  /** The key as the inner hash wants it, then the message. */
  #scratch = Buffer.allocUnsafeSlow(FIRST_SCRATCH_BYTES);
  #used = BLOCK_BYTES;
  /** The key as the outer hash wants it, then the inner one's digest. */
  readonly #outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);

  /** @param key 32 bytes, or up to 64 */
  constructor(key: Uint8Array) {
    if (key.byteLength > BLOCK_BYTES) throw new RangeError('A key of at most 64 bytes is needed.');
    for (let byte = 0; byte < BLOCK_BYTES; byte += 1) {
      this.#scratch[byte] = (key[byte] ?? 0) ^ 0x36;
      this.#outer[byte] = (key[byte] ?? 0) ^ 0x5c;
    }
  }

  /** @returns the first `bytes` bytes (at most 32) of the code. */
  hash(bytes: number, parts: readonly HashPart[]): Buffer {
    this.#used = BLOCK_BYTES;
    for (const part of parts) this.#append(part);
    // As text of one character a byte: a buffer of its own for each digest took longer than hashing.
    this.#outer.write(hash('sha256', this.#scratch.subarray(0, this.#used), 'binary'), BLOCK_BYTES, 'latin1');
    return Buffer.from(hash('sha256', this.#outer, 'binary').slice(0, bytes), 'latin1');
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
