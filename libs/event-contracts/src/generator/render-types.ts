import type { AvroField, AvroNamed, AvroSchema } from '../avro-schema.js';
import { isNamed, namedTypes } from '../avro-schema.js';
import type { ContractSources, ContractVersion } from './contract-sources.js';
import { newestVersions } from './contract-sources.js';

const HEADER = `// Generated from schemas/ by "npm run contracts". Never edit: change the schemas and run it again.
/* eslint-disable */
import type { EpochDay, EpochMillis } from './dates.js';
`;

/**
 * The text of `events.generated.ts`: a type for every named Avro type of every event's and record's newest version, the
 * symbols of every enum, the schemas of all versions, and the topics. Schemas are embedded so that built code reads no files.
 * @throws Error when two newest versions define one type differently.
 */
export function renderContracts(sources: ContractSources): string {
  const events = newestVersions(sources.versions);
  const records = newestVersions(sources.records);
  const types = new Map<string, AvroNamed>();
  for (const { name: event, schema } of [...events, ...records]) {
    for (const [name, type] of namedTypes(schema)) {
      const known = types.get(name);
      if (known !== undefined && JSON.stringify(known) !== JSON.stringify(type) && !sameOnceInlined(known, type)) {
        throw new Error(`${event} and an earlier schema use different versions of ${name}: raise all to one version of it.`);
      }
      if (known === undefined) types.set(name, type);
    }
  }
  return [
    HEADER,
    ...[...types.values()].map(renderType),
    renderNames('EVENT_TYPES', 'EventType', 'EventsByType', 'Event', events),
    renderVersions('CONTRACT_VERSIONS', 'All versions of events', sources.versions),
    renderNames('RECORD_TYPES', 'RecordType', 'RecordsByType', 'Record', records),
    renderVersions('RECORD_VERSIONS', 'All versions of records', sources.records),
    `/** Topics; "<deployment>" in a name stands for the name of an adapter's deployment. */\nexport const TOPIC_TEMPLATES = ${JSON.stringify(sources.topics, null, 2)} as const;\n`,
  ].join('\n');
}

function renderNames(list: string, type: string, byType: string, what: 'Event' | 'Record', newest: readonly ContractVersion[]): string {
  const names = newest.map(({ name }) => name);
  return [
    `/** ${what} types, in catalogue order. */\nexport const ${list} = [${names.map(quote).join(', ')}] as const;\n`,
    `/** Name of one of them. */\nexport type ${type} = (typeof ${list})[number];\n`,
    `/** ${what} by its name. */\nexport interface ${byType} {\n${names.map((name) => `  readonly ${name}: ${name};`).join('\n')}\n}\n`,
  ].join('\n');
}

const renderVersions = (list: string, doc: string, versions: readonly ContractVersion[]): string =>
  `/** ${doc}: id on the wire, name, version, schema with every type defined within. */\nexport const ${list} = [\n${versions
    .map(({ id, name, version, schema }) => `  { id: ${id}, name: ${quote(name)}, version: ${version}, schema: ${quote(JSON.stringify(schema))} },`)
    .join('\n')}\n] as const;\n`;

// The first occurrence of a type carries the definitions of the types within it, a later one may name them only.
function sameOnceInlined(a: AvroNamed, b: AvroNamed): boolean {
  const names = (type: AvroNamed): string =>
    JSON.stringify(type, (_key, value: unknown) => (value !== type && isNamed(value as AvroSchema) ? (value as AvroNamed).name : value));
  return names(a) === names(b);
}

function renderType(type: AvroNamed): string {
  const doc = renderDoc(type.doc, '');
  if (type.type === 'fixed') return `${doc}export type ${type.name} = Buffer;\n`;
  if (type.type === 'enum') {
    const list = `${type.name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}_SYMBOLS`;
    return [
      `/** Symbols of ${type.name}, in the order of the schema. */`,
      `export const ${list} = [${type.symbols.map(quote).join(', ')}] as const;\n`,
      `${doc}export type ${type.name} = (typeof ${list})[number];\n`,
    ].join('\n');
  }
  return `${doc}export interface ${type.name} {\n${type.fields.map(renderField).join('\n')}\n}\n`;
}

function renderField(field: AvroField): string {
  return `${renderDoc(field.doc, '  ')}  readonly ${field.name}: ${typeScriptOf(field.type)};`;
}

function typeScriptOf(type: AvroSchema): string {
  if (Array.isArray(type)) return type.map(typeScriptOf).join(' | ');
  if (typeof type === 'object') {
    if (isNamed(type)) return type.name;
    if (type.type === 'array') return `readonly ${bracketed(typeScriptOf(type.items))}[]`;
    if (type.logicalType === 'date') return 'EpochDay';
    if (type.logicalType === 'timestamp-millis') return 'EpochMillis';
    if (type.logicalType !== undefined) throw new Error(`No TypeScript form for the logical type ${type.logicalType}.`);
    return typeScriptOf(type.type);
  }
  switch (type) {
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return 'number';
    case 'bytes':
      return 'Buffer';
    default:
      return type;
  }
}

const bracketed = (type: string): string => (type.includes(' ') ? `(${type})` : type);
const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const renderDoc = (doc: string | undefined, indent: string): string => (doc === undefined ? '' : `${indent}/** ${doc.replaceAll('*/', '*\\/')} */\n`);
