import { decoderOf, encodeFramed } from './event-codec.js';
import type { RecordsByType, RecordType } from './events.generated.js';
import { RECORDS } from './schema-registry.js';

/** A record read from the wire, as the newest version says it; `version` is the one it was written with. */
export type DecodedRecord = { readonly [T in RecordType]: { readonly type: T; readonly version: number; readonly value: RecordsByType[T] } }[RecordType];

/**
 * A record that states no fact, as it goes on the wire: frame and body, in the newest version.
 * @throws EventContractError `INVALID_EVENT` naming the field, never its value.
 */
export function encodeRecord<T extends RecordType>(type: T, value: RecordsByType[T]): Buffer {
  return encodeFramed(RECORDS.newestOf(type), value);
}

const decodeKnown = decoderOf(RECORDS);

/**
 * Reads a framed record of any known version.
 * @throws NotFramed, UnknownSchema (also for an event's), TruncatedEvent, or EventContractError `MALFORMED_EVENT` or `TRAILING_BYTES`.
 */
export const decodeRecord = (value: Buffer): DecodedRecord => decodeKnown(value) as DecodedRecord;
