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

/** The versions that a build holds, of events or of records. */
export class KnownVersions<Name extends string = EventType> {
  /** By id on the wire. */
  readonly byId: ReadonlyMap<number, KnownVersion<Name>>;
  readonly #byName = new Map<Name, KnownVersion<Name>[]>();

  /** @param versions those of one name ascending */
  constructor(versions: readonly KnownVersion<Name>[]) {
    this.byId = new Map(versions.map((version) => [version.id, version]));
    for (const version of versions) this.#byName.set(version.name, [...this.of(version.name), version]);
  }

  /** Ascending; none of a name that it does not know. */
  of(name: Name): readonly KnownVersion<Name>[] {
    return this.#byName.get(name) ?? [];
  }

  /** The version that is written: the newest. */
  newestOf(name: Name): KnownVersion<Name> {
    const newest = this.of(name).at(-1);
    if (newest === undefined) throw new TypeError(`No schema is called ${name}.`);
    return newest;
  }
}

interface ListedVersion<Name extends string> {
  readonly id: number;
  readonly name: Name;
  readonly version: number;
  readonly schema: string;
}

const parsed = <Name extends string>({ id, name, version, schema: text }: ListedVersion<Name>): KnownVersion<Name> => {
  const schema = JSON.parse(text) as AvroRecord;
  return { id, name, version, schema, type: avro.Type.forSchema(schema as avro.Schema) };
};

// One parse a version, at import: some milliseconds for all.
/** All that were released, and what is not released yet. */
export const EVENTS = new KnownVersions<EventType>(CONTRACT_VERSIONS.map((listed) => parsed<EventType>(listed)));
/** The same of what states no fact. */
export const RECORDS = new KnownVersions<RecordType>(RECORD_VERSIONS.map((listed) => parsed<RecordType>(listed)));
