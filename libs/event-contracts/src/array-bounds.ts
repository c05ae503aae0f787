import type { AvroRecord, AvroSchema } from './avro-schema.js';
import { isNamed } from './avro-schema.js';

/** Position after a value that begins at `position`, or -1 when the value is not whole or its counts cannot be true. */
export type BoundsCheck = (bytes: Buffer, position: number) => number;

/**
 * For an event with arrays, a check to run before decoding it: avsc believes an array's count, so that ten damaged bytes
 * would make it build a thousand million items. Events without arrays need none: undefined.
 */
export function arrayBoundsOf(schema: AvroRecord): BoundsCheck | undefined {
  return holdsArray(schema) ? skipperOf(schema, new Map()) : undefined;
}

function holdsArray(schema: AvroSchema): boolean {
  if (typeof schema === 'string') return false;
  if (Array.isArray(schema)) return schema.some(holdsArray);
  if (schema.type === 'array') return true;
  return schema.type === 'record' && schema.fields.some(({ type }) => holdsArray(type));
}

function skipperOf(schema: AvroSchema, named: Map<string, BoundsCheck>): BoundsCheck {
  if (Array.isArray(schema)) return skipUnion(schema.map((branch) => skipperOf(branch, named)));
  if (typeof schema === 'object') {
    const skip = skipComplex(schema, named);
    if (isNamed(schema)) named.set(schema.name, skip);
    return skip;
  }
  switch (schema) {
    case 'null':
      return (_bytes, position) => position;
    case 'boolean':
      return skipFixed(1);
    case 'int':
    case 'long':
      return (bytes, position) => (readLong(bytes, position) === undefined ? -1 : after);
    case 'float':
      return skipFixed(4);
    case 'double':
      return skipFixed(8);
    case 'bytes':
    case 'string':
      return skipLengthAndBytes;
    default: {
      const skip = named.get(schema);
      if (skip === undefined) throw new TypeError(`The type ${schema} is used before it is defined.`);
      return skip;
    }
  }
}

function skipComplex(schema: Exclude<AvroSchema, string | AvroSchema[]>, named: Map<string, BoundsCheck>): BoundsCheck {
  if (schema.type === 'record') return skipAll(schema.fields.map(({ type }) => skipperOf(type, named)));
  if (schema.type === 'array') return skipArray(skipperOf(schema.items, named));
  if (schema.type === 'fixed') return skipFixed(schema.size);
  return skipperOf(schema.type === 'enum' ? 'int' : schema.type, named);
}

// Position after the last number read: returned beside the number without making an object for each.
let after = 0;

function readLong(bytes: Buffer, position: number): number | undefined {
  let value = 0;
  let scale = 1;
  for (let at = position; at < bytes.length && at < position + 10; at++) {
    const byte = bytes[at] as number;
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 0x80) {
      after = at + 1;
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  }
  return undefined;
}

const skipFixed =
  (size: number): BoundsCheck =>
  (bytes, position) =>
    position + size <= bytes.length ? position + size : -1;

const skipLengthAndBytes: BoundsCheck = (bytes, position) => {
  const length = readLong(bytes, position);
  if (length === undefined || length < 0 || length > bytes.length - after) return -1;
  return after + length;
};

function skipUnion(branches: readonly BoundsCheck[]): BoundsCheck {
  return (bytes, position) => {
    const index = readLong(bytes, position);
    const branch = index === undefined ? undefined : branches[index];
    return branch === undefined ? -1 : branch(bytes, after);
  };
}

function skipAll(fields: readonly BoundsCheck[]): BoundsCheck {
  return (bytes, position) => {
    let at = position;
    for (let index = 0; index < fields.length && at >= 0; index++) at = (fields[index] as BoundsCheck)(bytes, at);
    return at;
  };
}

function skipArray(item: BoundsCheck): BoundsCheck {
  return (bytes, position) => {
    let at = position;
    for (;;) {
      const count = readLong(bytes, at);
      if (count === undefined) return -1;
      at = after;
      if (count === 0) return at;
      // A negative count is followed by the block's length in bytes.
      if (count < 0) {
        if (readLong(bytes, at) === undefined) return -1;
        at = after;
      }
      const items = Math.abs(count);
      // No item of ours is shorter than a byte, so that more items than bytes cannot be true.
      if (items > bytes.length - at) return -1;
      for (let index = 0; index < items && at >= 0; index++) at = item(bytes, at);
      if (at < 0) return -1;
    }
  };
}
