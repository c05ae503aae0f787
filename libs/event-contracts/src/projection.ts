import avro from 'avsc';
import type { AvroRecord, AvroSchema } from './avro-schema.js';
import { inlineTypes, isNamed, namedTypes } from './avro-schema.js';
import { UnknownSchema } from './errors.js';
import type { BodyReader } from './event-codec.js';
import { bodyReader } from './event-codec.js';
import type { EventOf } from './event-types.js';
import type { EventType } from './events.generated.js';
import { schemaIdOf } from './framing.js';
import { EVENTS } from './schema-registry.js';

/** Path of a field in an event: names joined by dots, through nullable records and the items of arrays. */
export type FieldPath<T> = T extends Buffer
  ? never
  : T extends readonly (infer Item)[]
    ? FieldPath<Item>
    : T extends object
      ? { [K in keyof T & string]: K | `${K}.${FieldPath<NonNullable<T[K]>>}` }[keyof T & string]
      : never;

/** The paths to read, by event type. A path to a record reads all of it. */
export type ProjectionPaths = { readonly [T in EventType]?: readonly FieldPath<EventOf<T>>[] };

/** What is left of `T` when only `P` is read. */
export type Projected<T, P extends string> = T extends Buffer | string | number | boolean | null
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Projected<Item, P>[]
    : {
        readonly [K in keyof T & string as K extends FirstName<P> ? K : never]: K extends P ? T[K] : Projected<T[K], RestOf<P, K>>;
      };

type FirstName<P extends string> = P extends `${infer Name}.${string}` ? Name : P;
type RestOf<P extends string, K extends string> = P extends `${K}.${infer Rest}` ? Rest : never;
type PathsOf<P extends ProjectionPaths, T> = T extends keyof P ? (P[T] extends readonly (infer Path extends string)[] ? Path : never) : never;

/** An event of one of the projection's types, with the fields it reads; `version` is the one it was written with. */
export type ProjectedEvent<P extends ProjectionPaths> = {
  readonly [T in keyof P & EventType]: { readonly type: T; readonly version: number; readonly value: Projected<EventOf<T>, PathsOf<P, T>> };
}[keyof P & EventType];

/** Reads chosen fields of chosen events. */
export interface Projection<P extends ProjectionPaths> {
  /**
   * The chosen fields of a framed event, whichever version wrote it; undefined for an event type that was not chosen.
   * @throws NotFramed, UnknownSchema, TruncatedEvent, or EventContractError `MALFORMED_EVENT` or `TRAILING_BYTES`.
   */
  decode(value: Buffer): ProjectedEvent<P> | undefined;
}

/**
 * A reader of just the fields named: it skips the rest without building it.
 * @param known versions that it reads; default all of this build
 * @throws TypeError at once for a path that no field has.
 */
export function createProjection<const P extends ProjectionPaths>(paths: P, known = EVENTS): Projection<P> {
  const readers = new Map<number, { type: EventType; version: number; read: BodyReader }>();
  for (const [event, fields] of Object.entries(paths) as [EventType, readonly string[]][]) {
    const reader = avro.Type.forSchema(pruned(known.newestOf(event).schema, fields) as avro.Schema);
    for (const writer of known.of(event)) {
      readers.set(writer.id, { type: event, version: writer.version, read: bodyReader(writer, reader) });
    }
  }
  return {
    decode(value) {
      const id = schemaIdOf(value);
      const reader = readers.get(id);
      if (reader !== undefined) {
        return { type: reader.type, version: reader.version, value: reader.read(value) } as unknown as ProjectedEvent<P>;
      }
      if (!known.byId.has(id)) throw new UnknownSchema(id);
      return undefined;
    },
  };
}

// Fields are chosen by named type, not by place: a type used twice in an event is read with all fields chosen at either.
function pruned(schema: AvroRecord, paths: readonly string[]): AvroSchema {
  const definitions = namedTypes(schema);
  const chosen = new Map<string, Set<string> | 'all'>();
  for (const path of paths) choose(schema, path.split('.'), definitions, chosen, `${schema.name}.${path}`);
  const keep = (node: AvroSchema): AvroSchema => {
    if (Array.isArray(node)) return node.map(keep);
    if (typeof node === 'string') return node;
    if (node.type === 'array') return { ...node, items: keep(node.items) };
    if (node.type !== 'record') return node;
    const names = chosen.get(node.name) ?? 'all';
    return { ...node, fields: node.fields.filter(({ name }) => names === 'all' || names.has(name)).map((field) => ({ ...field, type: keep(field.type) })) };
  };
  const kept = new Map([...definitions].map(([name, definition]) => [name, keep(definition)]));
  return inlineTypes(keep(schema), (name) => kept.get(name));
}

function choose(
  schema: AvroSchema,
  path: readonly string[],
  definitions: ReadonlyMap<string, AvroSchema>,
  chosen: Map<string, Set<string> | 'all'>,
  whole: string,
): void {
  const record = recordWithin(schema, definitions);
  const [name, ...rest] = path;
  if (name === undefined) {
    if (record !== undefined) chooseAll(record, definitions, chosen);
    return;
  }
  const field = record?.fields.find((candidate) => candidate.name === name);
  if (record === undefined || field === undefined) throw new TypeError(`No field ${whole}: choose from schemas/events.`);
  const names = chosen.get(record.name) ?? new Set<string>();
  chosen.set(record.name, names === 'all' ? names : names.add(name));
  choose(field.type, rest, definitions, chosen, whole);
}

function chooseAll(record: AvroRecord, definitions: ReadonlyMap<string, AvroSchema>, chosen: Map<string, Set<string> | 'all'>): void {
  chosen.set(record.name, 'all');
  for (const { type } of record.fields) {
    const inner = recordWithin(type, definitions);
    if (inner !== undefined) chooseAll(inner, definitions, chosen);
  }
}

/** The record a field holds: itself, or through a union with null or an array. */
function recordWithin(schema: AvroSchema, definitions: ReadonlyMap<string, AvroSchema>): AvroRecord | undefined {
  if (typeof schema === 'string') {
    const definition = definitions.get(schema);
    return definition === undefined ? undefined : recordWithin(definition, definitions);
  }
  if (Array.isArray(schema)) {
    for (const branch of schema) {
      const record = recordWithin(branch, definitions);
      if (record !== undefined) return record;
    }
    return undefined;
  }
  if (schema.type === 'array') return recordWithin(schema.items, definitions);
  return isNamed(schema) && schema.type === 'record' ? schema : undefined;
}
