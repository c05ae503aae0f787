// One packed argument a call: the client's cost is the number of arguments, the server's that of commands and values.

const FIRST_BYTES = 1 << 12;

/** Bytes appended one after the other, used again after `take`. */
export class RecordPacker {
  #buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #used = 0;

  get length(): number {
    return this.#used;
  }

  byte(value: number): this {
    this.#reserve(1);
    this.#buffer[this.#used++] = value;
    return this;
  }

  /** Unsigned 32 bits, big-endian. */
  word(value: number): this {
    this.#reserve(4);
    this.#used = this.#buffer.writeUInt32BE(value, this.#used);
    return this;
  }

  /** Signed 32 bits, big-endian. */
  integer(value: number): this {
    this.#reserve(4);
    this.#used = this.#buffer.writeInt32BE(value, this.#used);
    return this;
  }

  bytes(value: Uint8Array): this {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#used);
    this.#used += value.length;
    return this;
  }

  /** A copy of what was appended; the packer starts anew. */
  take(): Buffer {
    const taken = Buffer.from(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
    return taken;
  }

  #reserve(more: number): void {
    if (this.#used + more <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#used + more));
    this.#buffer.copy(larger, 0, 0, this.#used);
    this.#buffer = larger;
  }
}

/** Values with their lengths (four bytes, big-endian) before them. */
export function unpackValues(packed: Buffer): Buffer[] {
  const values: Buffer[] = [];
  for (let at = 0; at < packed.length; ) {
    const end = at + 4 + packed.readUInt32BE(at);
    values.push(packed.subarray(at + 4, end));
    at = end;
  }
  return values;
}
