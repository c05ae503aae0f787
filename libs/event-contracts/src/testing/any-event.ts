import fc from 'fast-check';
import type { AvroSchema } from '../avro-schema.js';
import { isNamed } from '../avro-schema.js';
import type { EventOf } from '../event-types.js';
import type { EventType } from '../events.generated.js';
import { EVENTS } from '../schema-registry.js';

const text = fc.oneof(fc.constantFrom('ilr', 'dsa-1', 'workwell', ''), fc.string({ unit: 'binary', maxLength: 90 }).map((any) => any.toWellFormed()));
const int = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 12 }) }, { weight: 8, arbitrary: fc.integer({ min: -30_000, max: 40_000 }) }, fc.integer());
const long = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 2_000_000_000_000 }) }, fc.constantFrom(-1, 2 ** 47 - 1, 2 ** 47), fc.constantFrom(2 ** 52 - 1, 2 ** 52, -(2 ** 52)), fc.integer({ min: -(2 ** 52), max: 2 ** 52 }));

/** Any value of a schema, sensible or not. @param named what its named types are, as far as they are defined already */
export function valueOf(schema: AvroSchema, named: Map<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  if (Array.isArray(schema)) return fc.oneof(...schema.map((branch) => valueOf(branch, named)));
  if (typeof schema === 'object') {
    const value = complex(schema, named);
    if (isNamed(schema)) named.set(schema.name, value);
    return value;
  }
  switch (schema) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'int':
      return int;
    case 'long':
      return long;
    case 'string':
      return text;
    default: {
      const known = named.get(schema);
      if (known === undefined) throw new TypeError(`No values are made for the type ${schema}.`);
      return known;
    }
  }
}

function complex(schema: Exclude<AvroSchema, string | AvroSchema[]>, named: Map<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  if (schema.type === 'record') return fc.record(Object.fromEntries(schema.fields.map(({ name, type }) => [name, valueOf(type, named)])));
  if (schema.type === 'enum') return fc.constantFrom(...schema.symbols);
  if (schema.type === 'array') return fc.array(valueOf(schema.items, named), { maxLength: 5 });
  if (schema.type === 'fixed') return fc.uint8Array({ minLength: schema.size, maxLength: schema.size }).map((bytes) => Buffer.from(bytes));
  return valueOf(schema.type, named);
}

/** Any event its schema allows, sensible or not: most numbers are such as sources mean, some are not. */
export const anyEvent = <T extends EventType>(type: T): fc.Arbitrary<EventOf<T>> => valueOf(EVENTS.newestOf(type).schema, new Map()) as fc.Arbitrary<EventOf<T>>;
