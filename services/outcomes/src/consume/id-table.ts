/** Bytes of a subject's or a fact's id. */
export const ID_LENGTH = 16;
const FIRST_SLOTS = 256;

/**
 * Numbers 0, 1, 2 … by 16-byte id: an open-addressed table over typed arrays, a third of the memory of a Map of strings and
 * nothing for the garbage collector to walk. Ids are keyed hashes, so that their own bytes spread them.
 */
export class IdTable {
  #slots = new Int32Array(FIRST_SLOTS).fill(-1);
  #ids = Buffer.alloc((FIRST_SLOTS / 2) * ID_LENGTH);
  #count = 0;

  get size(): number {
    return this.#count;
  }

  /** @param id 16 characters, one a byte @returns its number, or -1 */
  find(id: string): number {
    return this.#slots[this.#slotOf(id)]!;
  }

  /** The id's number, given now if it had none. */
  numberOf(id: string): number {
    const slot = this.#slotOf(id);
    const known = this.#slots[slot]!;
    if (known >= 0) return known;
    const number = this.#count++;
    if (this.#count * ID_LENGTH > this.#ids.length) {
      const larger = Buffer.alloc(this.#ids.length * 2);
      this.#ids.copy(larger);
      this.#ids = larger;
    }
    this.#ids.write(id, number * ID_LENGTH, ID_LENGTH, 'latin1');
    this.#slots[slot] = number;
    if (this.#count * 2 > this.#slots.length) this.#grow();
    return number;
  }

  /** A view, not a copy. */
  idOf(number: number): Buffer {
    return this.#ids.subarray(number * ID_LENGTH, (number + 1) * ID_LENGTH);
  }

  #slotOf(id: string): number {
    const mask = this.#slots.length - 1;
    // Bytes 5 to 8: the first four chose the partition, and the fifth the bucket, so they spread worst here.
    let slot = (id.charCodeAt(5) | (id.charCodeAt(6) << 8) | (id.charCodeAt(7) << 16) | (id.charCodeAt(8) << 24)) & mask;
    for (;;) {
      const number = this.#slots[slot]!;
      if (number < 0 || this.#isId(number, id)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isId(number: number, id: string): boolean {
    const from = number * ID_LENGTH;
    for (let i = 0; i < ID_LENGTH; i += 1) if (this.#ids[from + i] !== id.charCodeAt(i)) return false;
    return true;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = this.#slots.length - 1;
    for (let number = 0; number < this.#count; number += 1) {
      let slot = this.#ids.readInt32LE(number * ID_LENGTH + 5) & mask;
      while (this.#slots[slot]! >= 0) slot = (slot + 1) & mask;
      this.#slots[slot] = number;
    }
  }
}
