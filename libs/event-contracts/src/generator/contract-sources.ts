import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AvroRecord, AvroSchema } from '../avro-schema.js';
import { inlineTypes } from '../avro-schema.js';

/** One version of one event or record, every type defined within. */
export interface ContractVersion {
  readonly id: number;
  /** Of the event or record. */
  readonly name: string;
  readonly version: number;
  readonly schema: AvroRecord;
}

/** A topic as `schemas/topics.json` states it; `<deployment>` in the name stands for any deployment. */
export type TopicTemplate = z.infer<typeof topicTemplate>;

/** Everything in `schemas/` that code is made from. */
export interface ContractSources {
  /** In catalogue order; an event's versions ascend. */
  readonly versions: readonly ContractVersion[];
  /** Versions of what else is kept in topics and states no fact, likewise. */
  readonly records: readonly ContractVersion[];
  readonly topics: readonly TopicTemplate[];
}

/** The folder `schemas/` of this checkout. */
export const SCHEMAS_FOLDER = join(import.meta.dirname, '..', '..', '..', '..', 'schemas');

const entry = {
  id: z.int().positive(),
  version: z.int().positive(),
  /** Versions of the shared types it is made of, where not 1. */
  types: z.record(z.string(), z.int().positive()).optional(),
};
const catalogueFile = z.strictObject({
  doc: z.string(),
  schemas: z.array(z.strictObject({ ...entry, event: z.string() })),
  records: z.array(z.strictObject({ ...entry, record: z.string() })),
});

const topicTemplate = z.strictObject({
  name: z.string(),
  partitions: z.int().positive(),
  events: z.array(z.string()).optional(),
  records: z.array(z.string()).optional(),
  config: z.record(z.string(), z.string()),
});

const topicsFile = z.strictObject({ doc: z.string(), topics: z.array(topicTemplate) });

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/**
 * Reads `schemas/`.
 * @throws Error naming the file and the fault when the catalogue repeats an id, skips a version or names a missing type.
 */
export function readContractSources(folder: string = SCHEMAS_FOLDER): ContractSources {
  const catalogue = catalogueFile.parse(readJson(join(folder, 'catalogue.json')));
  const ids = new Set<number>();
  const last = new Map<string, number>();
  const read = (kind: 'events' | 'records', { id, name, version, types = {} }: Omit<ContractVersion, 'schema'> & { readonly types?: Readonly<Record<string, number>> | undefined }): ContractVersion => {
    if (ids.has(id)) throw new Error(`schemas/catalogue.json gives the id ${id} twice: an id, once given, is never given again.`);
    ids.add(id);
    if (version !== (last.get(name) ?? 0) + 1) {
      throw new Error(`schemas/catalogue.json lists ${name} version ${version} out of turn: versions ascend by one.`);
    }
    last.set(name, version);
    const source = readJson(join(folder, kind, name, `v${version}.avsc`)) as AvroSchema;
    const schema = inlineTypes(source, (type) => {
      const path = join(folder, 'types', type, `v${types[type] ?? 1}.avsc`);
      return existsSync(path) ? (readJson(path) as AvroSchema) : undefined;
    }) as AvroRecord;
    if (schema.name !== name) throw new Error(`schemas/${kind}/${name}/v${version}.avsc is named ${schema.name}.`);
    return { id, name, version, schema };
  };
  const versions = catalogue.schemas.map(({ event, ...given }) => read('events', { ...given, name: event }));
  const records = catalogue.records.map(({ record, ...given }) => read('records', { ...given, name: record }));
  const { topics } = topicsFile.parse(readJson(join(folder, 'topics.json')));
  return { versions, records, topics };
}

/** The newest version of each, in catalogue order. */
export function newestVersions(versions: readonly ContractVersion[]): ContractVersion[] {
  return [...new Map(versions.map((version) => [version.name, version])).values()];
}

/** The bytes of a version's released copy: resolved, two spaces, a newline at the end. */
export function releasedText(schema: AvroRecord): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** Path of a version's released copy below `schemas/released/`; also its name in `digests.json`. */
export const releasedName = ({ name, version }: Pick<ContractVersion, 'name' | 'version'>): string => `${name}/v${version}.avsc`;

/** SHA-256, hex. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
