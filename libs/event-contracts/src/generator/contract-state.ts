import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AvroRecord } from '../avro-schema.js';
import { compatibilityFaults } from '../compatibility-gate.js';
import { formFaults, recordFormFaults } from '../contract-rules.js';
import type { ContractSources } from './contract-sources.js';
import { SCHEMAS_FOLDER, digestOf, releasedName, releasedText } from './contract-sources.js';

/** Where the generated types are. */
export const GENERATED_FILE = join(import.meta.dirname, '..', 'events.generated.ts');

/** The released copies as they lie in `schemas/released/`, by name, and the digests they were frozen with. */
export interface Released {
  readonly files: Readonly<Record<string, string>>;
  readonly digests: Record<string, string>;
}

/** One thing wrong with the contract: code, place, remedy. */
export interface ContractFault {
  readonly code: string;
  readonly place: string;
  readonly remedy: string;
}

/** Reads the released copies; a digest without its file is a fault that {@link contractFaults} finds. */
export function readReleased(folder: string = join(SCHEMAS_FOLDER, 'released')): Released {
  const path = join(folder, 'digests.json');
  const digests = existsSync(path) ? z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(path, 'utf8'))) : {};
  const files: Record<string, string> = {};
  for (const name of Object.keys(digests)) {
    if (existsSync(join(folder, name))) files[name] = readFileSync(join(folder, name), 'utf8');
  }
  return { files, digests };
}

/** Every fault: released copies that changed, sources that left their release, broken form, broken compatibility. */
export function contractFaults(sources: ContractSources, released: Released): ContractFault[] {
  const faults: ContractFault[] = [];
  const all = [...sources.versions, ...sources.records];
  const known = new Set(all.map(releasedName));
  for (const [name, digest] of Object.entries(released.digests)) {
    const text = released.files[name];
    if (text === undefined || digestOf(text) !== digest) {
      faults.push({ code: 'RELEASED_COPY_CHANGED', place: `schemas/released/${name}`, remedy: 'Restore the file: a released version is frozen.' });
    }
    if (!known.has(name)) {
      faults.push({ code: 'RELEASED_VERSION_MISSING', place: `schemas/catalogue.json`, remedy: `List ${name} again: what was written with it must stay readable.` });
    }
  }
  const earlier = new Map<string, AvroRecord[]>();
  for (const version of all) {
    const isEvent = sources.versions.includes(version);
    const name = releasedName(version);
    const text = released.files[name];
    if (text !== undefined && text !== releasedText(version.schema)) {
      faults.push({ code: 'SOURCE_LEFT_RELEASE', place: `schemas/${isEvent ? 'events' : 'records'}/${name}`, remedy: 'Restore it, or a type it is made of, and put the change into a new version.' });
    }
    faults.push(...(isEvent ? formFaults : recordFormFaults)(version.schema), ...compatibilityFaults(earlier.get(version.name) ?? [], version.schema));
    earlier.set(version.name, [...(earlier.get(version.name) ?? []), version.schema]);
  }
  return faults;
}
