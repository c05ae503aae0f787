import avro from 'avsc';
import type { AvroRecord, AvroSchema } from './avro-schema.js';
import { inlineTypes, namedTypes } from './avro-schema.js';
import { EventContractError, UnknownSchema } from './errors.js';
import type { EventBody, EventOf } from './event-types.js';
import type { EventsByType, EventType } from './events.generated.js';
import { FRAME_LENGTH, schemaIdOf, writeFrame } from './framing.js';
import type { KnownVersion, KnownVersions } from './schema-registry.js';
import { EVENTS } from './schema-registry.js';
import { holdsList, requireWhole, WireWalk } from './wire-walk.js';

/** An event read from the wire, as the newest version says it; `version` is the one it was written with. */
export type DecodedEvent = { readonly [T in EventType]: { readonly type: T; readonly version: number; readonly value: EventsByType[T] } }[EventType];

/** Decodes the body of one writer's version. */
export type BodyReader = (value: Buffer) => unknown;

// Written to, then copied from: encoding into a buffer that is already there is 2.5 to 4 times faster than making one.
let scratch = Buffer.allocUnsafe(8 * 1024);

function encode(type: avro.Type, value: unknown, start: number, place: string): number {
  try {
    let end = type.encode(value, scratch, start);
    if (end < 0) {
      scratch = Buffer.allocUnsafe(2 * (scratch.length - end));
      end = type.encode(value, scratch, start);
    }
    return end;
  } catch {
    throw invalid(type, value, place);
  }
}

// avsc's own error repeats the value, which may be personal: ours names the path only.
function invalid(type: avro.Type, value: unknown, place: string): EventContractError {
  let path = place;
  type.isValid(value, {
    errorHook: (parts: string[]) => {
      path = [place, ...parts].join('.');
    },
  });
  return new EventContractError('INVALID_EVENT', path, 'Give the field a value of the type its schema states.');
}

/**
 * An event as it goes on the wire: frame and body, in the newest version.
 * @returns a buffer of its own, which the caller may keep.
 * @throws EventContractError `INVALID_EVENT` naming the field, never its value.
 */
export function encodeEvent<T extends EventType>(type: T, value: EventOf<T>): Buffer {
  return encodeFramed(EVENTS.newestOf(type), value);
}

/** A value as it goes on the wire, in that version. */
export function encodeFramed({ id, name, type }: KnownVersion<string>, value: unknown): Buffer {
  const end = encode(type, value, FRAME_LENGTH, name);
  const framed = Buffer.allocUnsafe(end);
  scratch.copy(framed, 0, 0, end);
  writeFrame(framed, id);
  return framed;
}

const bodyTypes = new Map<EventType, avro.Type>();

function bodyTypeOf(event: EventType): avro.Type {
  let type = bodyTypes.get(event);
  if (type === undefined) {
    type = avro.Type.forSchema(bodySchemaOf(EVENTS.newestOf(event).schema) as avro.Schema);
    bodyTypes.set(event, type);
  }
  return type;
}

// The body names types that `meta` defines: they move to where the body first uses them.
function bodySchemaOf(schema: AvroRecord): AvroSchema {
  const definitions = namedTypes(schema);
  return inlineTypes({ ...schema, fields: schema.fields.filter(({ name }) => name !== 'meta') }, (name) => definitions.get(name));
}

/**
 * The Avro body of an event without `meta` and without frame: the same bytes for the same content, what the content hash
 * is made over. A new version of the event with a new field changes them, so that everything is stated once more.
 * @throws EventContractError `INVALID_EVENT` naming the field, never its value.
 */
export function encodeBody<T extends EventType>(type: T, body: EventBody<T>): Buffer {
  const end = encode(bodyTypeOf(type), body, 0, type);
  const bytes = Buffer.allocUnsafe(end);
  scratch.copy(bytes, 0, 0, end);
  return bytes;
}

/** An event's body with every field at its default: the body of a withdrawal. */
export function defaultBody<T extends EventType>(type: T): EventBody<T> {
  const fields = (bodyTypeOf(type) as avro.types.RecordType).fields;
  return Object.fromEntries(fields.map((field) => [field.name, field.defaultValue()])) as unknown as EventBody<T>;
}

const NO_FIELDS = new Int32Array(0);

/**
 * A reader of what `writer` wrote, as `reader` says it, with every failure typed.
 * @param reader a version of the same event, or a part of it.
 */
export function bodyReader(writer: KnownVersion<string>, reader: avro.Type): BodyReader {
  const resolver = reader === writer.type ? undefined : reader.createResolver(writer.type);
  // avsc believes a list's count, so that ten damaged bytes would make it build a thousand million items.
  const bounds = holdsList(writer.schema) ? new WireWalk(writer.schema) : undefined;
  const { name: event } = writer;
  return (value) => {
    if (bounds !== undefined) requireWhole(bounds.walk(value, FRAME_LENGTH, NO_FIELDS, value.length), value.length, event);
    let decoded: { value: unknown; offset: number };
    try {
      decoded = reader.decode(value, FRAME_LENGTH, resolver);
    } catch {
      throw new EventContractError('MALFORMED_EVENT', event, 'The body is not what the schema id says: check the writer.');
    }
    requireWhole(decoded.offset, value.length, event);
    return decoded.value;
  };
}

/** A value read from the wire, as the newest version its reader knows says it. */
interface Decoded<Name extends string> {
  readonly type: Name;
  readonly version: number;
  readonly value: unknown;
}

/**
 * A reader of framed values of the versions that are known to it.
 * @returns what throws NotFramed, UnknownSchema, TruncatedEvent, or EventContractError `MALFORMED_EVENT` or `TRAILING_BYTES`.
 */
export function decoderOf<Name extends string>(known: KnownVersions<Name>): (value: Buffer) => Decoded<Name> {
  const readers = new Map<number, { readonly type: Name; readonly version: number; readonly read: BodyReader }>();
  return (value) => {
    const id = schemaIdOf(value);
    let reader = readers.get(id);
    if (reader === undefined) {
      const writer = known.byId.get(id);
      if (writer === undefined) throw new UnknownSchema(id);
      reader = { type: writer.name, version: writer.version, read: bodyReader(writer, known.newestOf(writer.name).type) };
      readers.set(id, reader);
    }
    return { type: reader.type, version: reader.version, value: reader.read(value) };
  };
}

const decodeKnown = decoderOf(EVENTS);

/**
 * Reads a framed event of any known version, whole. Where only some fields are needed a projection is 3 to 4 times faster.
 * @throws NotFramed, UnknownSchema, TruncatedEvent, or EventContractError `MALFORMED_EVENT` or `TRAILING_BYTES`.
 */
export const decodeEvent = (value: Buffer): DecodedEvent => decodeKnown(value) as DecodedEvent;

/** Type of a framed event, by its schema id alone; undefined for a record that is none. @throws NotFramed */
export const eventTypeOf = (value: Buffer): EventType | undefined => EVENTS.byId.get(schemaIdOf(value))?.name;
