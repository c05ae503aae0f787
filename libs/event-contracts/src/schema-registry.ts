import avro from 'avsc';
import type { AvroRecord } from './avro-schema.js';
import type { EventType } from './events.generated.js';
import { CONTRACT_VERSIONS } from './events.generated.js';

/** One known version of an event, parsed. */
export interface KnownVersion {
  readonly id: number;
  readonly event: EventType;
  readonly version: number;
  readonly schema: AvroRecord;
  readonly type: avro.Type;
}

/** The known versions of each event, ascending, and every version by its id on the wire. */
export const versionsByEvent = new Map<EventType, KnownVersion[]>();
export const versionById = new Map<number, KnownVersion>();

// One parse a version, at import: some milliseconds for all events.
for (const { id, event, version, schema } of CONTRACT_VERSIONS) {
  const parsed = JSON.parse(schema) as AvroRecord;
  const known: KnownVersion = { id, event, version, schema: parsed, type: avro.Type.forSchema(parsed as avro.Schema) };
  versionById.set(id, known);
  versionsByEvent.set(event, [...(versionsByEvent.get(event) ?? []), known]);
}

/** The version that is written: the newest. */
export function newestOf(event: EventType): KnownVersion {
  const newest = versionsByEvent.get(event)?.at(-1);
  if (newest === undefined) throw new TypeError(`No event is called ${String(event)}.`);
  return newest;
}
