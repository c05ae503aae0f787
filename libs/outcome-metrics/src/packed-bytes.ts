// Byte-level reading and writing of the packed forms. Strings that recur (agreements, programmes, districts) are shared
// when read, so that a million entries do not hold a million copies.

/** Thrown when bytes end early or hold what cannot be; callers turn it into their own error with a place. */
export class CorruptBytes extends Error {
  override readonly name = 'CorruptBytes';
  constructor(readonly found: string) {
    super(`found ${found}`);
  }
}

/** Bytes of a subject's or a fact's id, and of an instant. */
export const ID_BYTES = 16;
export const INSTANT_BYTES = 6;
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

  takeInto(target: Buffer, at: number): void {
    this.buffer.copy(target, at, 0, this.used);
    this.used = 0;
  }

  /** Whether it holds what stands there. */
  equals(bytes: Buffer, from: number, length: number): boolean {
    return length === this.used && this.buffer.compare(bytes, from, from + length, 0, length) === 0;
  }

  /** Whether it holds what another holds between two positions. */
  equalsPart(other: ByteWriter, from: number, to: number): boolean {
    return this.equals(other.buffer, from, to - from);
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
    this.room(INSTANT_BYTES);
    this.used = this.buffer.writeIntBE(value, this.used, INSTANT_BYTES);
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
    for (let i = 0; i < ID_BYTES; i += 1) this.buffer[this.used + i] = value.charCodeAt(i);
    this.used += ID_BYTES;
  }

  /** Characters of one byte each; how many is left to the reader. */
  latin1(value: string): void {
    this.room(value.length);
    for (let i = 0; i < value.length; i += 1) this.buffer[this.used + i] = value.charCodeAt(i);
    this.used += value.length;
  }

  text(value: string): void {
    if (this.shortAscii(value)) return;
    const length = Buffer.byteLength(value, 'utf8');
    this.unsigned(length);
    this.room(length);
    this.used += this.buffer.write(value, this.used, length, 'utf8');
  }

  /** Writes length and characters in one loop; where one is not ASCII nothing is written. */
  private shortAscii(value: string): boolean {
    const { length } = value;
    if (length > LONGEST_SHARED) return false;
    this.room(1 + length);
    const start = this.used + 1;
    for (let i = 0; i < length; i += 1) {
      const code = value.charCodeAt(i);
      if (code >= 0x80) return false;
      this.buffer[start + i] = code;
    }
    this.buffer[this.used] = length;
    this.used = start + length;
    return true;
  }

  /** Bytes of a buffer. */
  slice(source: Buffer, from: number, length: number): void {
    this.room(length);
    // A call into the runtime costs more than a short loop.
    if (length > LONGEST_SHARED) source.copy(this.buffer, this.used, from, from + length);
    else for (let i = 0; i < length; i += 1) this.buffer[this.used + i] = source[from + i]!;
    this.used += length;
  }

  /** Leaves room for the length of what follows; give what is returned to `endLength`. */
  beginLength(): number {
    this.room(1);
    this.used += 1;
    return this.used;
  }

  /** Puts the length of all since `begun` before it. */
  endLength(begun: number): void {
    const length = this.used - begun;
    if (length < 0x80) {
      this.buffer[begun - 1] = length;
      return;
    }
    this.room(MOST_VARINT_BYTES);
    const { used } = this;
    let more = 0;
    for (let rest = length; rest >= 0x80; rest = Math.floor(rest / 0x80)) more += 1;
    this.buffer.copyWithin(begun + more, begun, used);
    this.used = begun - 1;
    this.unsigned(length);
    this.used = used + more;
  }

  bytes(other: ByteWriter): void {
    this.room(other.used);
    other.buffer.copy(this.buffer, this.used, 0, other.used);
    this.used += other.used;
  }
}

/** ASCII strings read lately, each at the place its bytes hash to: found again without making the string first. */
const lately = new Array<string | undefined>(4_096);
const LONGEST_SHARED = 64;

const readText = (buffer: Buffer, start: number, end: number): string => {
  const length = end - start;
  if (length > LONGEST_SHARED) return buffer.toString('utf8', start, end);
  let hash = length;
  for (let at = start; at < end; at += 1) hash = (Math.imul(hash, 31) + buffer[at]!) | 0;
  const slot = (hash ^ (hash >>> 12)) & (lately.length - 1);
  const known = lately[slot];
  if (known !== undefined && known.length === length) {
    let at = 0;
    while (at < length && known.charCodeAt(at) === buffer[start + at]) at += 1;
    if (at === length) return known;
  }
  const text = buffer.toString('utf8', start, end);
  // As many characters as bytes: all of them ASCII, so that comparing codes with bytes compares texts.
  if (text.length === length) lately[slot] = text;
  return text;
};

/** Unsigned 32 bits, big-endian; the buffer's own reading takes longer, and this is read of every entry. */
const wordAt = (bytes: Uint8Array, at: number): number => ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;

/** Reads what {@link ByteWriter} wrote. Every method throws {@link CorruptBytes} rather than read past the end. */
export class ByteReader {
  constructor(
    private readonly buffer: Buffer,
    public offset = 0,
  ) {}

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
    return wordAt(this.buffer, this.advance(4));
  }

  instant(): number {
    const at = this.advance(INSTANT_BYTES);
    return (((this.buffer[at]! << 24) >> 16) | this.buffer[at + 1]!) * 0x1_0000_0000 + wordAt(this.buffer, at + 2);
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
    const at = this.advance(ID_BYTES);
    const { buffer } = this;
    // Half the time of `toString('latin1')`, and read for every fact.
    return String.fromCharCode(
      buffer[at]!, buffer[at + 1]!, buffer[at + 2]!, buffer[at + 3]!,
      buffer[at + 4]!, buffer[at + 5]!, buffer[at + 6]!, buffer[at + 7]!,
      buffer[at + 8]!, buffer[at + 9]!, buffer[at + 10]!, buffer[at + 11]!,
      buffer[at + 12]!, buffer[at + 13]!, buffer[at + 14]!, buffer[at + 15]!,
    );
  }

  latin1(length: number): string {
    const at = this.advance(length);
    return this.buffer.toString('latin1', at, at + length);
  }

  /** Passes over so many bytes. */
  skip(length: number): void {
    this.advance(length);
  }

  text(): string {
    const length = this.unsigned();
    const start = this.advance(length);
    return readText(this.buffer, start, start + length);
  }
}
