// Byte-level reading and writing of the packed forms. Strings that recur (agreements, programmes, districts) are interned
// when read, so that a million entries share one copy of each.

/** Thrown when bytes end early or hold what cannot be; callers turn it into their own error with a place. */
export class CorruptBytes extends Error {
  override readonly name = 'CorruptBytes';
  constructor(readonly found: string) {
    super(`found ${found}`);
  }
}

const ID_BYTES = 16;
const MOST_VARINT_BYTES = 8;

/** A buffer that grows. */
export class ByteWriter {
  private buffer = Buffer.allocUnsafe(256);
  private used = 0;

  get length(): number {
    return this.used;
  }

  clear(): void {
    this.used = 0;
  }

  take(): Buffer {
    const taken = Buffer.from(this.buffer.subarray(0, this.used));
    this.used = 0;
    return taken;
  }

  private room(bytes: number): void {
    if (this.used + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.used + bytes));
    this.buffer.copy(larger, 0, 0, this.used);
    this.buffer = larger;
  }

  byte(value: number): void {
    this.room(1);
    this.buffer[this.used++] = value;
  }

  /** Unsigned 32 bits, big-endian. */
  word(value: number): void {
    this.room(4);
    this.used = this.buffer.writeUInt32BE(value, this.used);
  }

  /** Milliseconds, 48 bits signed, big-endian: to the year 6429. */
  instant(value: number): void {
    this.room(6);
    this.used = this.buffer.writeIntBE(value, this.used, 6);
  }

  /** A whole number from 0 to 2^53 − 1, seven bits a byte, least first. */
  unsigned(value: number): void {
    this.room(MOST_VARINT_BYTES);
    let rest = value;
    while (rest >= 0x80) {
      this.buffer[this.used++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.buffer[this.used++] = rest;
  }

  /** A whole number of either sign up to 2^52, near zero in few bytes. */
  signed(value: number): void {
    this.unsigned(value < 0 ? -value * 2 - 1 : value * 2);
  }

  /** 16 bytes given as latin1. */
  id(value: string): void {
    if (value.length !== ID_BYTES) throw new RangeError(`An id has ${ID_BYTES} bytes, not ${value.length}.`);
    this.room(ID_BYTES);
    this.used += this.buffer.write(value, this.used, ID_BYTES, 'latin1');
  }

  text(value: string): void {
    const length = Buffer.byteLength(value, 'utf8');
    this.unsigned(length);
    this.room(length);
    this.used += this.buffer.write(value, this.used, length, 'utf8');
  }

  bytes(other: ByteWriter): void {
    this.room(other.used);
    other.buffer.copy(this.buffer, this.used, 0, other.used);
    this.used += other.used;
  }
}

/** Strings read so far that are worth sharing; bounded, since what partners write is not. */
const interned = new Map<string, string>();
const MOST_INTERNED = 4096;

const intern = (value: string): string => {
  const known = interned.get(value);
  if (known !== undefined) return known;
  if (interned.size < MOST_INTERNED) interned.set(value, value);
  return value;
};

/** Reads what {@link ByteWriter} wrote. Every method throws {@link CorruptBytes} rather than read past the end. */
export class ByteReader {
  offset = 0;

  constructor(private readonly buffer: Buffer) {}

  get done(): boolean {
    return this.offset >= this.buffer.length;
  }

  private advance(bytes: number): number {
    const start = this.offset;
    if (start + bytes > this.buffer.length) throw new CorruptBytes('the end of the bytes');
    this.offset = start + bytes;
    return start;
  }

  byte(): number {
    const value = this.buffer[this.offset];
    if (value === undefined) throw new CorruptBytes('the end of the bytes');
    this.offset += 1;
    return value;
  }

  word(): number {
    return this.buffer.readUInt32BE(this.advance(4));
  }

  instant(): number {
    return this.buffer.readIntBE(this.advance(6), 6);
  }

  unsigned(): number {
    let value = 0;
    let scale = 1;
    for (let read = 0; read < MOST_VARINT_BYTES; read += 1) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
    throw new CorruptBytes('a number without end');
  }

  signed(): number {
    const value = this.unsigned();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  id(): string {
    const start = this.advance(ID_BYTES);
    return this.buffer.toString('latin1', start, start + ID_BYTES);
  }

  text(): string {
    const length = this.unsigned();
    const start = this.advance(length);
    return intern(this.buffer.toString('utf8', start, start + length));
  }
}
