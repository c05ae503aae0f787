import avro from 'avsc';
import type { AvroRecord } from './avro-schema.js';
import type { EventType, RecordType } from './events.generated.js';
import { CONTRACT_VERSIONS, RECORD_VERSIONS } from './events.generated.js';

/** One known version of an event or record, parsed. */
export interface KnownVersion<Name extends string = EventType> {
  readonly id: number;
  readonly name: Name;
  readonly version: number;
  readonly schema: AvroRecord;
  readonly type: avro.Type;
}

/** The known versions of each event, ascending, and every version by its id on the wire. */
export const versionsByEvent = new Map<EventType, KnownVersion[]>();
export const versionById = new Map<number, KnownVersion>();

/** The same of the records. */
export const versionsByRecord = new Map<RecordType, KnownVersion<RecordType>[]>();
export const recordVersionById = new Map<number, KnownVersion<RecordType>>();

interface ListedVersion<Name extends string> {
  readonly id: number;
  readonly name: Name;
  readonly version: number;
  readonly schema: string;
}

// One parse a version, at import: some milliseconds for all.
function parseAll<Name extends string>(versions: readonly ListedVersion<Name>[], byName: Map<Name, KnownVersion<Name>[]>, byId: Map<number, KnownVersion<Name>>): void {
  for (const { id, name, version, schema } of versions) {
    const parsed = JSON.parse(schema) as AvroRecord;
    const known: KnownVersion<Name> = { id, name, version, schema: parsed, type: avro.Type.forSchema(parsed as avro.Schema) };
    byId.set(id, known);
    byName.set(name, [...(byName.get(name) ?? []), known]);
  }
}
parseAll<EventType>(CONTRACT_VERSIONS, versionsByEvent, versionById);
parseAll<RecordType>(RECORD_VERSIONS, versionsByRecord, recordVersionById);

/** The version that is written: the newest. */
export function newestOf(event: EventType): KnownVersion {
  return lastOf(versionsByEvent.get(event), event);
}

/** The version of a record that is written: the newest. */
export function newestOfRecord(record: RecordType): KnownVersion<RecordType> {
  return lastOf(versionsByRecord.get(record), record);
}

function lastOf<Name extends string>(versions: readonly KnownVersion<Name>[] | undefined, name: Name): KnownVersion<Name> {
  const newest = versions?.at(-1);
  if (newest === undefined) throw new TypeError(`No schema is called ${name}.`);
  return newest;
}
