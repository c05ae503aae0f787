/** A parsed Avro schema, as JSON. Named types are defined where they first occur and named after that. */
export type AvroSchema = string | AvroSchema[] | AvroRecord | AvroEnum | AvroFixed | AvroArray | AvroPrimitive;

/** A record: events, and what they are made of. */
export interface AvroRecord {
  readonly type: 'record';
  readonly name: string;
  readonly namespace?: string;
  readonly doc?: string;
  readonly fields: readonly AvroField[];
}

/** A field of a record. `default` is absent, not undefined, where there is none. */
export interface AvroField {
  readonly name: string;
  readonly type: AvroSchema;
  readonly doc?: string;
  readonly default?: unknown;
  readonly order?: string;
  readonly aliases?: readonly string[];
}

/** A closed list of symbols. */
export interface AvroEnum {
  readonly type: 'enum';
  readonly name: string;
  readonly namespace?: string;
  readonly doc?: string;
  readonly symbols: readonly string[];
  readonly default?: string;
}

/** Bytes of a stated number. */
export interface AvroFixed {
  readonly type: 'fixed';
  readonly name: string;
  readonly namespace?: string;
  readonly doc?: string;
  readonly size: number;
}

/** A list. */
export interface AvroArray {
  readonly type: 'array';
  readonly items: AvroSchema;
}

/** A primitive with attributes, for example a logical type. */
export interface AvroPrimitive {
  readonly type: AvroPrimitiveName;
  readonly logicalType?: string;
}

export type AvroPrimitiveName = (typeof PRIMITIVES)[number];

/** Avro's primitive types. */
export const PRIMITIVES = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;

/** Whether a name is that of a primitive type. */
export function isPrimitive(name: string): name is AvroPrimitiveName {
  return (PRIMITIVES as readonly string[]).includes(name);
}

/** A type that has a name: record, enum or fixed. */
export type AvroNamed = AvroRecord | AvroEnum | AvroFixed;

/** Whether a schema defines a named type. */
export function isNamed(schema: AvroSchema): schema is AvroNamed {
  return typeof schema === 'object' && !Array.isArray(schema) && 'name' in schema;
}

/**
 * Puts the definition of every named type where it first occurs, so that the schema can be read alone.
 * @param lookUp source of a type that the schema names and does not define.
 * @throws Error naming the type when `lookUp` does not know it.
 */
export function inlineTypes(schema: AvroSchema, lookUp: (name: string) => AvroSchema | undefined): AvroSchema {
  const defined = new Set<string>();
  const walk = (node: AvroSchema): AvroSchema => {
    if (typeof node === 'string') {
      if (isPrimitive(node) || defined.has(node)) return node;
      const found = lookUp(node);
      if (found === undefined) throw new Error(`No schema defines the type ${node}: add schemas/types/${node}/v1.avsc.`);
      return walk(found);
    }
    if (Array.isArray(node)) return node.map(walk);
    if (node.type === 'array') return { ...node, items: walk(node.items) };
    if (!isNamed(node)) return node;
    if (defined.has(node.name)) return node.name;
    defined.add(node.name);
    if (node.type !== 'record') return node;
    return { ...node, fields: node.fields.map((field) => ({ ...field, type: walk(field.type) })) };
  };
  return walk(schema);
}

/** Every named type a resolved schema defines, by name, in the order of first occurrence. */
export function namedTypes(schema: AvroSchema, into: Map<string, AvroNamed> = new Map()): Map<string, AvroNamed> {
  if (Array.isArray(schema)) for (const branch of schema) namedTypes(branch, into);
  else if (typeof schema === 'object') {
    if (isNamed(schema)) into.set(schema.name, schema);
    if (schema.type === 'record') for (const field of schema.fields) namedTypes(field.type, into);
    if (schema.type === 'array') namedTypes(schema.items, into);
  }
  return into;
}
