import type { AvroRecord, AvroSchema } from './avro-schema.js';
import { isNamed } from './avro-schema.js';

/** What the form of an event schema must not do. */
export type RuleCode =
  | 'NO_DOC'
  | 'META_NOT_FIRST'
  | 'BODY_FIELD_WITHOUT_DEFAULT'
  | 'ENUM_WITHOUT_UNKNOWN'
  | 'NULL_NOT_FIRST'
  | 'INEXACT_NUMBER'
  | 'NAME_FORM';

/** One fault in the form of one version of an event. */
export interface RuleFault {
  readonly code: RuleCode;
  readonly place: string;
  readonly remedy: string;
}

/**
 * Faults in the form of an event's schema, whatever came before it: everything is documented, `meta` comes first, every
 * other field has a default (a withdrawal has no body), every enum can be read by those who do not know a symbol.
 */
export function formFaults(event: AvroRecord): RuleFault[] {
  const faults: RuleFault[] = [];
  const add = (code: RuleCode, place: string, remedy: string): void => void faults.push({ code, place, remedy });
  const meta = event.fields[0];
  const metaType = meta?.type;
  if (meta?.name !== 'meta' || metaType === undefined || !(typeof metaType === 'object' && isNamed(metaType) && metaType.name === 'EventMeta')) {
    add('META_NOT_FIRST', event.name, 'Begin with the field meta of type EventMeta: it defines the types that others name.');
  }
  for (const field of event.fields.slice(1)) {
    if (!('default' in field)) add('BODY_FIELD_WITHOUT_DEFAULT', `${event.name}.${field.name}`, 'Give it a default: a withdrawal leaves the body at its defaults.');
  }
  walk(event, event.name, add);
  return faults;
}

/** Faults in the form of a record that states no fact: as of an event, but for `meta` and what a withdrawal asks. */
export function recordFormFaults(record: AvroRecord): RuleFault[] {
  const faults: RuleFault[] = [];
  walk(record, record.name, (code, place, remedy) => void faults.push({ code, place, remedy }));
  return faults;
}

function walk(schema: AvroSchema, place: string, add: (code: RuleCode, place: string, remedy: string) => void): void {
  if (typeof schema === 'string') {
    if (schema === 'float' || schema === 'double') add('INEXACT_NUMBER', place, 'Use int or long in the smallest unit, for example pence.');
    return;
  }
  if (Array.isArray(schema)) {
    if (schema[0] !== 'null') add('NULL_NOT_FIRST', place, 'Begin a union with null, the default of what is not said.');
    schema.forEach((branch) => walk(branch, place, add));
    return;
  }
  if (schema.type === 'array') return walk(schema.items, `${place}[]`, add);
  if (!isNamed(schema)) return walk(schema.type, place, add);
  if (!schema.doc) add('NO_DOC', place, `Say what ${schema.name} means.`);
  if (!/^[A-Z][A-Za-z0-9]*$/.test(schema.name)) add('NAME_FORM', place, 'Name types LikeThis.');
  if (schema.type === 'enum') {
    if (schema.symbols[0] !== 'UNKNOWN' || schema.default !== 'UNKNOWN') {
      add('ENUM_WITHOUT_UNKNOWN', place, 'Make UNKNOWN the first symbol and the default, so that symbols can be appended later.');
    }
    return;
  }
  if (schema.type === 'fixed') return;
  for (const field of schema.fields) {
    const at = `${place}.${field.name}`;
    if (!field.doc) add('NO_DOC', at, 'Say what it means, in which unit, and from which source.');
    if (!/^[a-z][A-Za-z0-9]*$/.test(field.name)) add('NAME_FORM', at, 'Name fields likeThis.');
    walk(field.type, at, add);
  }
}
