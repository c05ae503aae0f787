import avro from 'avsc';
import type { AvroField, AvroRecord, AvroSchema } from './avro-schema.js';
import { isNamed } from './avro-schema.js';

/** What the gate refuses. */
export type GateCode =
  | 'FIELD_REMOVED'
  | 'FIELD_MOVED'
  | 'FIELD_CHANGED'
  | 'NEW_FIELD_WITHOUT_DEFAULT'
  | 'NEW_FIELD_NOT_LAST'
  | 'DEFAULT_CHANGED'
  | 'TYPE_CHANGED'
  | 'NAME_CHANGED'
  | 'LOGICAL_TYPE_CHANGED'
  | 'SYMBOL_REMOVED_OR_MOVED'
  | 'SYMBOL_ADDED_WITHOUT_DEFAULT'
  | 'UNREADABLE';

/** One fault of a new version against an older one: what, where in the schema, what to do. */
export interface GateFault {
  readonly code: GateCode;
  /** Path from the record's name through field names, `[]` for an array's items and `|n` for a union's branch. */
  readonly place: string;
  readonly remedy: string;
}

/**
 * Faults of `next` against **every** earlier version, none of which is left out (a chain of compatible steps need not be
 * compatible end to end). Avro's own resolution runs both ways, and beside it rules of ours over the schemas as written,
 * since resolution accepts a removed field with a default, a renamed symbol and milliseconds read as microseconds.
 */
export function compatibilityFaults(earlier: readonly AvroRecord[], next: AvroRecord): GateFault[] {
  const faults = earlier.flatMap((older) => {
    const found: GateFault[] = [];
    const add: AddFault = (code, place, remedy) => found.push({ code, place, remedy });
    compare(older, next, next.name, { older: new Map(), newer: new Map() }, add);
    if (!resolves(older, next)) add('UNREADABLE', next.name, 'A reader of the new version cannot read what an earlier one wrote.');
    if (!resolves(next, older)) add('UNREADABLE', next.name, 'A reader of an earlier version cannot read what the new one writes.');
    return found;
  });
  return [...new Map(faults.map((fault) => [`${fault.code} ${fault.place} ${fault.remedy}`, fault])).values()];
}

type AddFault = (code: GateCode, place: string, remedy: string) => void;

/** Definitions seen so far on each side, since a later use of a named type gives its name only. */
interface Definitions {
  readonly older: Map<string, AvroSchema>;
  readonly newer: Map<string, AvroSchema>;
}

function resolves(writer: AvroRecord, reader: AvroRecord): boolean {
  try {
    avro.Type.forSchema(reader as avro.Schema).createResolver(avro.Type.forSchema(writer as avro.Schema));
    return true;
  } catch {
    return false;
  }
}

function definition(schema: AvroSchema, seen: Map<string, AvroSchema>): AvroSchema {
  if (typeof schema === 'string') return seen.get(schema) ?? schema;
  if (isNamed(schema)) seen.set(schema.name, schema);
  return schema;
}

const kindOf = (schema: AvroSchema): string => (Array.isArray(schema) ? 'union' : typeof schema === 'string' ? schema : schema.type);
const attribute = (schema: AvroSchema, name: string): unknown =>
  typeof schema === 'object' && !Array.isArray(schema) ? (schema as unknown as Record<string, unknown>)[name] : undefined;
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function compare(olderUse: AvroSchema, newerUse: AvroSchema, place: string, seen: Definitions, add: AddFault): void {
  const recursive = typeof olderUse === 'string' && seen.older.has(olderUse) && olderUse === newerUse;
  const older = definition(olderUse, seen.older);
  const newer = definition(newerUse, seen.newer);
  if (recursive) return;
  if (kindOf(older) !== kindOf(newer)) {
    add('TYPE_CHANGED', place, `Keep the type ${kindOf(older)}; say the new thing in a new field with a default.`);
    return;
  }
  for (const name of ['name', 'namespace', 'aliases'] as const) {
    if (!same(attribute(older, name), attribute(newer, name))) add('NAME_CHANGED', place, `Keep ${name} as it was.`);
  }
  if (!same(attribute(older, 'size'), attribute(newer, 'size'))) add('TYPE_CHANGED', place, 'Keep the number of bytes.');
  for (const name of ['logicalType', 'precision', 'scale'] as const) {
    if (!same(attribute(older, name), attribute(newer, name))) {
      add('LOGICAL_TYPE_CHANGED', place, `Keep ${name} ${JSON.stringify(attribute(older, name)) ?? 'absent'}: old values would be read in another unit.`);
    }
  }
  if (Array.isArray(older) && Array.isArray(newer)) compareUnions(older, newer, place, seen, add);
  else if (typeof older === 'object' && typeof newer === 'object' && !Array.isArray(older) && !Array.isArray(newer)) {
    if (older.type === 'array' && newer.type === 'array') compare(older.items, newer.items, `${place}[]`, seen, add);
    if (older.type === 'enum' && newer.type === 'enum') compareSymbols(older, newer, place, add);
    if (older.type === 'record' && newer.type === 'record') compareFields(older.fields, newer.fields, place, seen, add);
  }
}

function compareUnions(older: AvroSchema[], newer: AvroSchema[], place: string, seen: Definitions, add: AddFault): void {
  if (older.length !== newer.length) {
    add('TYPE_CHANGED', place, 'Keep the branches of a union: readers of an earlier version know no other.');
    return;
  }
  older.forEach((branch, index) => compare(branch, newer[index] as AvroSchema, older.length === 2 && older[0] === 'null' ? place : `${place}|${index}`, seen, add));
}

function compareSymbols(
  older: { symbols: readonly string[]; default?: string },
  newer: { symbols: readonly string[]; default?: string },
  place: string,
  add: AddFault,
): void {
  older.symbols.forEach((symbol, index) => {
    if (newer.symbols[index] !== symbol) {
      add('SYMBOL_REMOVED_OR_MOVED', `${place}.${symbol}`, 'Keep every symbol with its name and position; append new ones.');
    }
  });
  if (older.default !== newer.default) add('DEFAULT_CHANGED', place, `Keep the enum's default ${older.default ?? 'absent'}.`);
  if (newer.symbols.length > older.symbols.length && older.default === undefined) {
    add('SYMBOL_ADDED_WITHOUT_DEFAULT', place, 'Readers of an earlier version have no default for a new symbol: use a new field.');
  }
}

function compareFields(older: readonly AvroField[], newer: readonly AvroField[], place: string, seen: Definitions, add: AddFault): void {
  const newerByName = new Map(newer.map((field) => [field.name, field]));
  const kept = older.filter(({ name }) => newerByName.has(name));
  const oldNames = new Set(older.map(({ name }) => name));
  const order = newer.filter(({ name }) => oldNames.has(name)).map(({ name }) => name);
  for (const field of older) {
    const at = `${place}.${field.name}`;
    const match = newerByName.get(field.name);
    if (match === undefined) {
      add('FIELD_REMOVED', at, 'Keep the field, also where it has a default; say in its doc that it is no longer written.');
      continue;
    }
    if (order[kept.indexOf(field)] !== field.name) add('FIELD_MOVED', at, 'Keep the fields in their order.');
    if ('default' in field !== 'default' in match || !same(field.default, match.default)) {
      add('DEFAULT_CHANGED', at, 'Keep the default: what an earlier version left out would change its meaning.');
    }
    if (!same(field.order, match.order) || !same(field.aliases, match.aliases)) add('FIELD_CHANGED', at, 'Keep order and aliases of the field.');
    compare(field.type, match.type, at, seen, add);
  }
  newer.forEach((field, index) => {
    if (oldNames.has(field.name)) return;
    const at = `${place}.${field.name}`;
    if (!('default' in field)) add('NEW_FIELD_WITHOUT_DEFAULT', at, 'Give the new field a default for what earlier versions wrote.');
    if (newer.slice(index).some(({ name }) => oldNames.has(name))) add('NEW_FIELD_NOT_LAST', at, 'Put new fields after all earlier ones.');
    registerDefinitions(field.type, seen.newer);
  });
}

function registerDefinitions(schema: AvroSchema, seen: Map<string, AvroSchema>): void {
  if (Array.isArray(schema)) schema.forEach((branch) => registerDefinitions(branch, seen));
  else if (typeof schema === 'object') {
    if (isNamed(schema)) seen.set(schema.name, schema);
    if (schema.type === 'array') registerDefinitions(schema.items, seen);
    if (schema.type === 'record') schema.fields.forEach((field) => registerDefinitions(field.type, seen));
  }
}
