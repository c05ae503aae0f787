import type { AvroRecord, AvroSchema } from './avro-schema.js';
import { isNamed } from './avro-schema.js';
import { EventContractError, TruncatedEvent } from './errors.js';

/** The bytes end within the value; avsc's decoder says it alike. */
const TRUNCATED = -1;
/** The bytes are no value of the schema: a branch or symbol that there is not, a number or a count that cannot be true. */
const MALFORMED = -2;

// A schema becomes a program of numbers, run over the bytes by one loop: a fraction of what building the value costs.
const END = 0;
const MARK = 1; // slot
const SKIP = 2; // bytes
const INT = 3;
const LONG = 9;
const LENGTH_AND_BYTES = 4;
const SYMBOL = 5; // how many there are
const BRANCH = 6; // how many there are, then where each begins
const JUMP = 7; // to
const LIST = 8; // where it goes on; the item's program follows and ends with END

const MOST_INT_BYTES = 5;
const MOST_LONG_BYTES = 10;
/** What the last of so many bytes may hold of 32 bits. */
const MOST_LAST_OF_INT = 0x0f;
/** Beyond it a long is not read exactly. */
const MOST_LONG = Number.MAX_SAFE_INTEGER - 1;

/** Passes over the values of one schema without building them, and notes where chosen fields begin. */
export class WireWalk {
  readonly #program: Int32Array;
  /** Paths that no field of the schema has. */
  readonly missing: readonly string[];

  /** @param slots slot by path of a field: names joined by dots, through nullable records, not into lists */
  constructor(schema: AvroRecord, slots: ReadonlyMap<string, number> = new Map()) {
    const compiled = new Compiler(slots).compile(schema);
    this.#program = Int32Array.from(compiled.program);
    this.missing = [...slots.keys()].filter((path) => !compiled.marked.has(path));
  }

  /**
   * @param at position of each slot's field, of a nullable one that of its value; slots of what is null stay as they are
   * @param end of the bytes that may belong to the value
   * @returns the position after the value that begins at `position`, or below 0 for {@link requireWhole} to tell why there is none
   */
  walk(bytes: Buffer, position: number, at: Int32Array, end: number): number {
    return run(this.#program, 0, bytes, position, at, end);
  }
}

/**
 * @param ended where a walk over the value ended, or its decoding
 * @param end where the value ends
 * @throws TruncatedEvent, or EventContractError `MALFORMED_EVENT` or `TRAILING_BYTES`.
 */
export function requireWhole(ended: number, end: number, event: string): void {
  if (ended === TRUNCATED) throw new TruncatedEvent(event);
  if (ended === MALFORMED) throw new EventContractError('MALFORMED_EVENT', event, 'The body is not what the schema id says: check the writer.');
  if (ended !== end) throw new EventContractError('TRAILING_BYTES', event, 'Send one event a value and nothing after it.');
}

/** Whether a schema holds a list. */
export function holdsList(schema: AvroSchema): boolean {
  if (typeof schema === 'string') return false;
  if (Array.isArray(schema)) return schema.some(holdsList);
  if (schema.type === 'array') return true;
  return schema.type === 'record' && schema.fields.some(({ type }) => holdsList(type));
}

/** Reads numbers where a walk has found them. */
export class WireNumbers {
  /** Position after the number read last. */
  after = 0;

  /** A number of the schema's `int` or `long`; also the length before text, or which branch or symbol it is. */
  at(bytes: Buffer, position: number): number {
    const value = readLong(bytes, position, bytes.length);
    this.after = after;
    return value;
  }
}

// Position after the number read last, beside the number: an object for both would cost more than reading them.
let after = 0;

/** NaN where the bytes end within it, or it is longer than a long may be. */
function readLong(bytes: Buffer, position: number, limit: number): number {
  const first = bytes[position]!;
  if (first < 0x80 && position < limit) {
    after = position + 1;
    return (first >>> 1) ^ -(first & 1);
  }
  let value = 0;
  let scale = 1;
  const end = Math.min(limit, position + MOST_LONG_BYTES);
  for (let at = position; at < end; at += 1) {
    const byte = bytes[at]!;
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 0x80) {
      after = at + 1;
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  }
  after = end;
  return NaN;
}

const failure = (end: number): number => (after >= end ? TRUNCATED : MALFORMED);

function run(program: Int32Array, from: number, bytes: Buffer, position: number, at: Int32Array, end: number): number {
  let place = position;
  for (let next = from; ; ) {
    switch (program[next]!) {
      case END:
        return place;
      case MARK:
        at[program[next + 1]!] = place;
        next += 2;
        break;
      case SKIP:
        place += program[next + 1]!;
        if (place > end) return TRUNCATED;
        next += 2;
        break;
      case INT:
        place = passInt(bytes, place, end);
        if (place < 0) return place;
        next += 1;
        break;
      case LONG: {
        const long = readLong(bytes, place, end);
        if (!(Math.abs(long) <= MOST_LONG)) return Number.isNaN(long) ? failure(end) : MALFORMED;
        place = after;
        next += 1;
        break;
      }
      case LENGTH_AND_BYTES: {
        const length = readLong(bytes, place, end);
        if (!(length >= 0)) return length < 0 ? MALFORMED : failure(end);
        place = after + length;
        if (place > end) return TRUNCATED;
        next += 1;
        break;
      }
      case SYMBOL: {
        const symbol = readLong(bytes, place, end);
        if (!(symbol >= 0 && symbol < program[next + 1]!)) return Number.isNaN(symbol) ? failure(end) : MALFORMED;
        place = after;
        next += 2;
        break;
      }
      case BRANCH: {
        const branch = readLong(bytes, place, end);
        if (!(branch >= 0 && branch < program[next + 1]!)) return Number.isNaN(branch) ? failure(end) : MALFORMED;
        place = after;
        next = program[next + 2 + branch]!;
        break;
      }
      case JUMP:
        next = program[next + 1]!;
        break;
      default:
        place = passList(program, next + 2, bytes, place, at, end);
        if (place < 0) return place;
        next = program[next + 1]!;
    }
  }
}

function passInt(bytes: Buffer, position: number, end: number): number {
  for (let at = position; at < end; at += 1) {
    const byte = bytes[at]!;
    if (at === position + MOST_INT_BYTES - 1 && byte > MOST_LAST_OF_INT) return MALFORMED;
    if (byte < 0x80) return at + 1;
  }
  return TRUNCATED;
}

function passList(program: Int32Array, item: number, bytes: Buffer, position: number, at: Int32Array, end: number): number {
  let place = position;
  for (;;) {
    const count = readLong(bytes, place, end);
    if (Number.isNaN(count)) return failure(end);
    place = after;
    if (count === 0) return place;
    // A negative count is followed by the block's length in bytes.
    if (count < 0) {
      if (Number.isNaN(readLong(bytes, place, end))) return failure(end);
      place = after;
    }
    const items = Math.abs(count);
    // No item is shorter than a byte, so that more items than bytes cannot be true.
    if (items > end - place) return TRUNCATED;
    for (let index = 0; index < items; index += 1) {
      place = run(program, item, bytes, place, at, end);
      if (place < 0) return place;
    }
  }
}

class Compiler {
  readonly program: number[] = [];
  readonly marked = new Set<string>();
  readonly #named = new Map<string, AvroSchema>();

  constructor(private readonly slots: ReadonlyMap<string, number>) {}

  compile(schema: AvroRecord): this {
    for (const { name, type } of schema.fields) this.#value(type, name);
    this.program.push(END);
    return this;
  }

  /** @param path of the field; empty within a list */
  #value(schema: AvroSchema, path: string): void {
    if (Array.isArray(schema)) return this.#branches(schema, path);
    this.#mark(path);
    if (typeof schema === 'string') return this.#primitive(schema, path);
    if (isNamed(schema)) this.#named.set(schema.name, schema);
    if (schema.type === 'record') {
      for (const { name, type } of schema.fields) this.#value(type, path === '' ? '' : `${path}.${name}`);
    } else if (schema.type === 'fixed') this.#skip(schema.size);
    else if (schema.type === 'enum') this.program.push(SYMBOL, schema.symbols.length);
    else if (schema.type === 'array') this.#list(schema.items);
    else this.#primitive(schema.type, path);
  }

  #list(items: AvroSchema): void {
    const { program } = this;
    const list = program.push(LIST, 0) - 1;
    this.#value(items, '');
    program.push(END);
    program[list] = program.length;
  }

  #primitive(name: string, path: string): void {
    const { program } = this;
    switch (name) {
      case 'null':
        return;
      case 'boolean':
        return this.#skip(1);
      case 'float':
        return this.#skip(4);
      case 'double':
        return this.#skip(8);
      case 'int':
        program.push(INT);
        return;
      case 'long':
        program.push(LONG);
        return;
      case 'bytes':
      case 'string':
        program.push(LENGTH_AND_BYTES);
        return;
      default: {
        const defined = this.#named.get(name);
        if (defined === undefined) throw new TypeError(`The type ${name} is used before it is defined.`);
        return this.#value(defined, path);
      }
    }
  }

  #branches(branches: readonly AvroSchema[], path: string): void {
    const { program } = this;
    program.push(BRANCH, branches.length);
    const begins = program.length;
    for (let branch = 0; branch < branches.length; branch += 1) program.push(0);
    const ends: number[] = [];
    for (const [branch, schema] of branches.entries()) {
      program[begins + branch] = program.length;
      if (schema !== 'null') this.#value(schema, path);
      ends.push(program.push(JUMP, 0) - 1);
    }
    for (const end of ends) program[end] = program.length;
  }

  #mark(path: string): void {
    const slot = path === '' ? undefined : this.slots.get(path);
    if (slot === undefined) return;
    this.marked.add(path);
    this.program.push(MARK, slot);
  }

  #skip(bytes: number): void {
    this.program.push(SKIP, bytes);
  }
}
