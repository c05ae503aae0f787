/** Bytes of a subject's or a fact's id. */
export const ID_LENGTH = 16;
/** The same as words. */
export const ID_WORDS = 4;
const FIRST_IDS = 128;

/**
 * Numbers 0, 1, 2 … by 16-byte id: an open-addressed table over typed arrays, a third of the memory of a Map of strings and
 * nothing for the garbage collector to walk. Ids are keyed hashes, so that their own bytes spread them.
 */
export class IdTable {
  /** Twice as many as there is room for: half of them stay free. */
  #slots: Int32Array<ArrayBuffer>;
  #rows: Int32Array<ArrayBuffer>;
  #count = 0;
  // The id looked for.
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  /**
   * @param stride numbers in a row, at least the four of an id
   * @param first ids there is room for at first, a power of two
   */
  constructor(
    private readonly stride = ID_WORDS,
    first = FIRST_IDS,
  ) {
    this.#slots = new Int32Array(first * 2).fill(-1);
    this.#rows = new Int32Array(first * stride);
  }

  /**
   * A row of each number: its id as four words, compared in four steps instead of sixteen, then whatever the caller keeps of
   * it, zero at first: beside the id, since each look elsewhere waits for memory. Another array after an id was added.
   */
  get rows(): Int32Array<ArrayBuffer> {
    return this.#rows;
  }

  get size(): number {
    return this.#count;
  }

  /** Memory it takes. */
  get memoryBytes(): number {
    return this.#slots.byteLength + this.#rows.byteLength;
  }

  /** @returns the number of the id that begins there, or -1 */
  find(bytes: Uint8Array, at: number): number {
    this.#take(bytes, at);
    return this.#slots[this.#slot()]!;
  }

  /** The id's number, given now if it had none. */
  numberOf(bytes: Uint8Array, at: number): number {
    this.#take(bytes, at);
    const slot = this.#slot();
    const known = this.#slots[slot]!;
    if (known >= 0) return known;
    const number = this.#count++;
    if (this.#count * this.stride > this.#rows.length) this.#widen(this.#rows.length * 2);
    const row = number * this.stride;
    this.#rows[row] = this.#a;
    this.#rows[row + 1] = this.#b;
    this.#rows[row + 2] = this.#c;
    this.#rows[row + 3] = this.#d;
    this.#slots[slot] = number;
    if (this.#count * 2 > this.#slots.length) this.#rehash(this.#slots.length * 2);
    return number;
  }

  /** Makes room for so many ids in all, where there is less. */
  reserve(ids: number): void {
    const room = 2 ** Math.ceil(Math.log2(ids));
    if (room * this.stride > this.#rows.length) this.#widen(room * this.stride);
    if (room * 2 > this.#slots.length) this.#rehash(room * 2);
  }

  /** Writes the id of a number. */
  copy(number: number, to: Uint8Array, at: number): void {
    for (let byte = 0; byte < ID_LENGTH; byte += 1) to[at + byte] = this.#rows[number * this.stride + (byte >>> 2)]! >>> (8 * (byte & 3));
  }

  #take(bytes: Uint8Array, at: number): void {
    this.#a = word(bytes, at);
    this.#b = word(bytes, at + 4);
    this.#c = word(bytes, at + 8);
    this.#d = word(bytes, at + 12);
  }

  /** Where the id looked for stands, or would. */
  #slot(): number {
    const mask = this.#slots.length - 1;
    const rows = this.#rows;
    // The first word chose the partition, and the next byte the bucket, so they spread worst here.
    let slot = this.#c & mask;
    for (;;) {
      const number = this.#slots[slot]!;
      const row = number * this.stride;
      if (number < 0 || (rows[row + 2] === this.#c && rows[row] === this.#a && rows[row + 1] === this.#b && rows[row + 3] === this.#d)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #widen(length: number): void {
    const larger = new Int32Array(length);
    larger.set(this.#rows);
    this.#rows = larger;
  }

  #rehash(length: number): void {
    this.#slots = new Int32Array(length).fill(-1);
    const mask = this.#slots.length - 1;
    for (let number = 0; number < this.#count; number += 1) {
      let slot = this.#rows[number * this.stride + 2]! & mask;
      while (this.#slots[slot]! >= 0) slot = (slot + 1) & mask;
      this.#slots[slot] = number;
    }
  }
}

const word = (bytes: Uint8Array, at: number): number => bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
