import type { BodyReader } from './event-codec.js';
import { bodyReader, encodeFramed } from './event-codec.js';
import { UnknownSchema } from './errors.js';
import type { RecordsByType, RecordType } from './events.generated.js';
import { schemaIdOf } from './framing.js';
import { newestOfRecord, recordVersionById } from './schema-registry.js';

/** A record read from the wire, as the newest version says it. */
export type DecodedRecord = { readonly [T in RecordType]: { readonly type: T; readonly value: RecordsByType[T] } }[RecordType];

/**
 * A record that states no fact, as it goes on the wire: frame and body, in the newest version.
 * @throws EventContractError `INVALID_EVENT` naming the field, never its value.
 */
export function encodeRecord<T extends RecordType>(type: T, value: RecordsByType[T]): Buffer {
  return encodeFramed(newestOfRecord(type), value);
}

const readers = new Map<number, { readonly type: RecordType; readonly read: BodyReader }>();

/**
 * Reads a framed record of any known version.
 * @throws NotFramed, UnknownSchema (also for an event's), TruncatedEvent, or EventContractError `MALFORMED_EVENT` or `TRAILING_BYTES`.
 */
export function decodeRecord(value: Buffer): DecodedRecord {
  const id = schemaIdOf(value);
  let reader = readers.get(id);
  if (reader === undefined) {
    const writer = recordVersionById.get(id);
    if (writer === undefined) throw new UnknownSchema(id);
    reader = { type: writer.name, read: bodyReader(writer, newestOfRecord(writer.name).type) };
    readers.set(id, reader);
  }
  return { type: reader.type, value: reader.read(value) } as DecodedRecord;
}
