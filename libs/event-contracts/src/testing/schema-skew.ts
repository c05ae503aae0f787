import { isDeepStrictEqual } from 'node:util';
import avro from 'avsc';
import fc from 'fast-check';
import type { AvroNamed, AvroRecord, AvroSchema } from '../avro-schema.js';
import { inlineTypes, isNamed, namedTypes } from '../avro-schema.js';
import { EventContractError } from '../errors.js';
import { bodyReader, decoderOf } from '../event-codec.js';
import type { EventType } from '../events.generated.js';
import { FieldLocator } from '../field-locator.js';
import { FRAME_LENGTH, writeFrame } from '../framing.js';
import { readReleased } from '../generator/contract-state.js';
import { createProjection } from '../projection.js';
import type { KnownVersion } from '../schema-registry.js';
import { EVENTS, KnownVersions, RECORDS } from '../schema-registry.js';
import { valueOf } from './any-event.js';

/** A released version that is written, and a build that reads. */
export interface SchemaPair {
  readonly kind: 'event' | 'record';
  readonly name: string;
  readonly written: number;
  /** The newest version that the reader holds; 0: it is from before there was any. */
  readonly read: number;
}

/** What a pair came to: how many values were read, how many refused since the reader is from before them. */
export interface PairReport {
  readonly read: number;
  readonly refused: number;
  /** Without values. */
  readonly faults: readonly string[];
}

const VALUES = 30;
const KINDS = { event: EVENTS as KnownVersions<string>, record: RECORDS as KnownVersions<string> };

/** Every released version by every build that ever was, as far as they differ in this schema. */
export const schemaPairs = (): SchemaPair[] =>
  (['event', 'record'] as const).flatMap((kind) =>
    [...KINDS[kind].byId.values()].flatMap(({ name, version }) =>
      [0, ...KINDS[kind].of(name).map((known) => known.version)].map((read) => ({ kind, name, written: version, read })),
    ),
  );

/**
 * Writes any values as the released file says, and reads them in every way there is with a build that holds what its release
 * held. Each is read as it must be, by Avro's rules told once more here, or refused for its id.
 */
export function tryPair({ kind, name, written, read }: SchemaPair, seed: number): PairReport {
  const all = KINDS[kind];
  const held = new KnownVersions([...all.byId.values()].filter((each) => each.name !== name || each.version <= read));
  const frozen = JSON.parse(readReleased().files[`${name}/v${written}.avsc`]!) as AvroRecord;
  const writer = { ...all.of(name).find(({ version }) => version === written)!, schema: frozen, type: avro.Type.forSchema(frozen as avro.Schema) };
  const values = fc.sample(valueOf(frozen, new Map()), { numRuns: VALUES, seed });
  const faults = new Set<string>();
  const note = (what: string): void => void faults.add(`${name}: version ${written} read by one that holds ${read === 0 ? 'none' : `up to ${read}`}: ${what}`);
  const expected = read === 0 ? null : new Reading(frozen, held.newestOf(name).schema);
  for (const value of values) {
    const framed = framedAs(writer, value);
    const wanted = expected?.of(value) as Record<string, unknown> | undefined;
    for (const [way, act] of waysOf(kind, name, held)) {
      const known = read >= written && wanted !== undefined;
      const { code, outcome } = outcomeOf(() => act(framed));
      if (!known && code !== 'UNKNOWN_SCHEMA') note(`${way} ${code ?? 'read'}, not refused for its id`);
      if (known && code !== null) note(`${way} refused, ${code}`);
      if (known && code === null && !outcome!(wanted)) note(`${way} a wrong value`);
    }
    if (wanted !== undefined) {
      // A reader that looks ids up reads also what is newer than it.
      const { code, outcome } = outcomeOf(() => plain(bodyReader(writer, held.newestOf(name).type)(framed)));
      if (code !== null) note(`resolved: refused, ${code}`);
      else if (!isDeepStrictEqual(outcome, wanted)) note('resolved: a wrong value');
    }
  }
  return { read: read >= written ? values.length : 0, refused: read >= written ? 0 : values.length, faults: [...faults] };
}

type Judge = (wanted: Record<string, unknown>) => boolean;

/** How values are read: whole, and of events chosen fields and places. Each tells whether it read what was wanted. */
function waysOf(kind: SchemaPair['kind'], name: string, held: KnownVersions<string>): [string, (framed: Buffer) => Judge][] {
  const decode = decoderOf(held);
  const whole: [string, (framed: Buffer) => Judge] = [
    'whole:',
    (framed) => {
      const { value } = decode(framed);
      return (wanted) => isDeepStrictEqual(plain(value), wanted);
    },
  ];
  if (kind === 'record') return [whole];
  const events = held as KnownVersions;
  const newest = held.of(name).at(-1);
  const fields = newest?.schema.fields.filter((_, place) => place % 2 === 0).map((field) => field.name) ?? [];
  const projection = createProjection(newest === undefined ? {} : { [name]: fields }, events);
  const leaves = newest === undefined ? [] : leavesOf(newest.schema);
  const locator = new FieldLocator(newest === undefined ? {} : { [name]: leaves }, events);
  return [
    whole,
    [
      'chosen fields:',
      (framed) => {
        const chosen = projection.decode(framed)?.value;
        return (wanted) => isDeepStrictEqual(plain(chosen), Object.fromEntries(fields.map((field) => [field, wanted[field]])));
      },
    ],
    [
      'places:',
      (framed) => {
        const found = locator.locate(framed);
        const writer = held.byId.get(framed.readUInt32BE(1))!;
        return (wanted) => found === (name as EventType) && leaves.every((path, slot) => isAt(framed, locator.at[slot]!, path, writer, wanted));
      },
    ],
  ];
}

/** Whether what lies at the place of a field is what the reader has to make of it. */
function isAt(framed: Buffer, at: number, path: string, writer: KnownVersion<string>, wanted: unknown): boolean {
  const value = path.split('.').reduce<unknown>((holder, step) => (holder === null ? null : (holder as Record<string, unknown>)[step]), wanted);
  if (at < 0) return value === null;
  const written = leafType(writer.schema, path);
  return written !== undefined && isDeepStrictEqual(avro.Type.forSchema(written as avro.Schema).decode(framed, at).value, value);
}

/** Paths to what is no record and no list. */
function leavesOf(schema: AvroRecord, types = namedTypes(schema), before = ''): string[] {
  return schema.fields.flatMap(({ name, type }) => {
    const inner = branchOf(type, types);
    if (typeof inner === 'object' && 'type' in inner && inner.type === 'record') return leavesOf(inner, types, `${before}${name}.`);
    // A symbol that the reader lacks stands there as its number.
    return typeof inner === 'object' && 'type' in inner && (inner.type === 'array' || inner.type === 'enum') ? [] : [`${before}${name}`];
  });
}

function leafType(schema: AvroRecord, path: string): AvroSchema | undefined {
  const types = namedTypes(schema);
  let inner: AvroSchema | undefined = schema;
  for (const step of path.split('.')) {
    const field: AvroSchema | undefined = (inner as AvroRecord).fields.find(({ name }) => name === step)?.type;
    if (field === undefined) return undefined;
    inner = branchOf(field, types);
  }
  return inlineTypes(inner, (name) => types.get(name));
}

/** The type itself, or what a union holds beside null; its definition where it is only named. */
function branchOf(type: AvroSchema, types: ReadonlyMap<string, AvroNamed>): AvroSchema {
  const branch = Array.isArray(type) ? type.find((each) => each !== 'null')! : type;
  return typeof branch === 'string' ? (types.get(branch) ?? branch) : branch;
}

/** What a reader's schema makes of a writer's value. */
class Reading {
  readonly #written: ReadonlyMap<string, AvroNamed>;
  readonly #read: ReadonlyMap<string, AvroNamed>;

  constructor(
    private readonly writer: AvroRecord,
    private readonly reader: AvroRecord,
  ) {
    this.#written = namedTypes(writer);
    this.#read = namedTypes(reader);
  }

  of(value: unknown): unknown {
    return this.#value(value, this.writer, this.reader);
  }

  #value(value: unknown, written: AvroSchema, read: AvroSchema): unknown {
    if (value === null) return null;
    const from = branchOf(written, this.#written);
    const to = branchOf(read, this.#read);
    if (typeof from !== 'object' || typeof to !== 'object' || Array.isArray(from) || Array.isArray(to)) return value;
    if (from.type === 'array' && to.type === 'array') return (value as unknown[]).map((item) => this.#value(item, from.items, to.items));
    if (from.type === 'enum' && to.type === 'enum') return to.symbols.includes(value as string) ? value : to.default;
    if (from.type !== 'record' || to.type !== 'record') return value;
    const given = value as Record<string, unknown>;
    return Object.fromEntries(
      to.fields.map(({ name, type, default: otherwise }) => {
        const field = from.fields.find((candidate) => candidate.name === name);
        return [name, field === undefined ? this.#default(otherwise, type) : this.#value(given[name], field.type, type)];
      }),
    );
  }

  #default(value: unknown, type: AvroSchema): unknown {
    const to = branchOf(type, this.#read);
    const isBytes = typeof to === 'object' && isNamed(to) && to.type === 'fixed';
    return isBytes && typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
  }
}

function framedAs({ id, type }: KnownVersion<string>, value: unknown): Buffer {
  const framed = Buffer.concat([Buffer.alloc(FRAME_LENGTH), type.toBuffer(value)]);
  writeFrame(framed, id);
  return framed;
}

function outcomeOf<T>(act: () => T): { readonly code: string | null; readonly outcome?: T } {
  try {
    return { code: null, outcome: act() };
  } catch (error) {
    return { code: error instanceof EventContractError ? error.code : 'an error without a code' };
  }
}

/** Without the classes that the decoder makes records of. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}
