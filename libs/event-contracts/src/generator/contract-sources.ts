import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AvroRecord, AvroSchema } from '../avro-schema.js';
import { inlineTypes } from '../avro-schema.js';

/** One version of one event, every type defined within. */
export interface ContractVersion {
  readonly id: number;
  readonly event: string;
  readonly version: number;
  readonly schema: AvroRecord;
}

/** A topic as `schemas/topics.json` states it; `<deployment>` in the name stands for any deployment. */
export type TopicTemplate = z.infer<typeof topicTemplate>;

/** Everything in `schemas/` that code is made from. */
export interface ContractSources {
  /** In catalogue order; an event's versions ascend. */
  readonly versions: readonly ContractVersion[];
  readonly topics: readonly TopicTemplate[];
}

/** The folder `schemas/` of this checkout. */
export const SCHEMAS_FOLDER = join(import.meta.dirname, '..', '..', '..', '..', 'schemas');

const catalogueFile = z.strictObject({
  doc: z.string(),
  schemas: z.array(
    z.strictObject({
      id: z.int().positive(),
      event: z.string(),
      version: z.int().positive(),
      /** Versions of the shared types it is made of, where not 1. */
      types: z.record(z.string(), z.int().positive()).optional(),
    }),
  ),
});

const topicTemplate = z.strictObject({
  name: z.string(),
  partitions: z.int().positive(),
  events: z.array(z.string()).optional(),
  config: z.record(z.string(), z.string()),
});

const topicsFile = z.strictObject({ doc: z.string(), topics: z.array(topicTemplate) });

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/**
 * Reads `schemas/`.
 * @throws Error naming the file and the fault when the catalogue repeats an id, skips a version or names a missing type.
 */
export function readContractSources(folder: string = SCHEMAS_FOLDER): ContractSources {
  const catalogue = catalogueFile.parse(readJson(join(folder, 'catalogue.json'))).schemas;
  const ids = new Set<number>();
  const last = new Map<string, number>();
  const versions = catalogue.map(({ id, event, version, types = {} }): ContractVersion => {
    if (ids.has(id)) throw new Error(`schemas/catalogue.json gives the id ${id} twice: an id, once given, is never given again.`);
    ids.add(id);
    if (version !== (last.get(event) ?? 0) + 1) {
      throw new Error(`schemas/catalogue.json lists ${event} version ${version} out of turn: versions ascend by one.`);
    }
    last.set(event, version);
    const source = readJson(join(folder, 'events', event, `v${version}.avsc`)) as AvroSchema;
    const schema = inlineTypes(source, (name) => {
      const path = join(folder, 'types', name, `v${types[name] ?? 1}.avsc`);
      return existsSync(path) ? (readJson(path) as AvroSchema) : undefined;
    }) as AvroRecord;
    if (schema.name !== event) throw new Error(`schemas/events/${event}/v${version}.avsc is named ${schema.name}.`);
    return { id, event, version, schema };
  });
  const { topics } = topicsFile.parse(readJson(join(folder, 'topics.json')));
  return { versions, topics };
}

/** The newest version of each event, in catalogue order. */
export function newestVersions(versions: readonly ContractVersion[]): ContractVersion[] {
  return [...new Map(versions.map((version) => [version.event, version])).values()];
}

/** The bytes of a version's released copy: resolved, two spaces, a newline at the end. */
export function releasedText(schema: AvroRecord): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** Path of a version's released copy below `schemas/released/`; also its name in `digests.json`. */
export const releasedName = ({ event, version }: Pick<ContractVersion, 'event' | 'version'>): string => `${event}/v${version}.avsc`;

/** SHA-256, hex. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
