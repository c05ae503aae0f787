import type { AvroNamed, AvroSchema } from './avro-schema.js';
import { isNamed, namedTypes } from './avro-schema.js';
import { epochDayToIsoDate, isoDateToEpochDay } from './dates.js';
import { EventContractError } from './errors.js';
import type { EventOf } from './event-types.js';
import type { EventType } from './events.generated.js';
import { EVENTS } from './schema-registry.js';

type Direction = 'read' | 'write';

/**
 * An event as JSON that people read: ids in hex, dates as `YYYY-MM-DD`, instants as ISO 8601 in UTC. For examples,
 * documentation and diagnosis, never on the wire.
 */
export function eventToJson<T extends EventType>(type: T, value: EventOf<T>): unknown {
  return convert(type, value, 'write');
}

/**
 * The event that {@link eventToJson} wrote; a missing field takes its default.
 * @throws EventContractError `INVALID_EVENT` naming the path, for text that is no hex, date or instant, and for unknown fields.
 */
export function eventFromJson<T extends EventType>(type: T, json: unknown): EventOf<T> {
  return convert(type, json, 'read') as EventOf<T>;
}

function convert(event: EventType, value: unknown, direction: Direction): unknown {
  const { schema } = EVENTS.newestOf(event);
  return new Conversion(namedTypes(schema), direction).value(schema, value, event);
}

class Conversion {
  constructor(
    private readonly types: ReadonlyMap<string, AvroNamed>,
    private readonly direction: Direction,
  ) {}

  value(schema: AvroSchema, value: unknown, place: string): unknown {
    if (Array.isArray(schema)) {
      const branch = schema.find((candidate) => candidate !== 'null');
      return value === null || branch === undefined ? null : this.value(branch, value, place);
    }
    if (typeof schema === 'string') {
      const named = this.types.get(schema);
      return named === undefined ? value : this.value(named, value, place);
    }
    if (schema.type === 'array') {
      if (!Array.isArray(value)) throw invalid(place, 'Give a list.');
      return value.map((item, index) => this.value(schema.items, item, `${place}.${index}`));
    }
    if (isNamed(schema)) return this.named(schema, value, place);
    if (schema.logicalType === 'date') return this.direction === 'write' ? epochDayToIsoDate(value as number) : dayOf(value, place);
    if (schema.logicalType === 'timestamp-millis') {
      return this.direction === 'write' ? new Date(value as number).toISOString() : instantOf(value, place);
    }
    return value;
  }

  private named(schema: AvroNamed, value: unknown, place: string): unknown {
    if (schema.type === 'enum') return value;
    if (schema.type === 'fixed') return this.direction === 'write' ? (value as Buffer).toString('hex') : bytesOf(value, schema.size, place);
    if (typeof value !== 'object' || value === null) throw invalid(place, 'Give an object.');
    const fields = new Map(schema.fields.map((field) => [field.name, field]));
    const unknown = Object.keys(value).find((name) => !fields.has(name));
    if (unknown !== undefined) throw invalid(`${place}.${unknown}`, 'Leave out the field: the schema has none of this name.');
    const given = value as Record<string, unknown>;
    return Object.fromEntries(
      [...fields].map(([name, field]) => [name, name in given ? this.value(field.type, given[name], `${place}.${name}`) : structuredClone(field.default)]),
    );
  }
}

const invalid = (place: string, remedy: string): EventContractError => new EventContractError('INVALID_EVENT', place, remedy);

function bytesOf(value: unknown, size: number, place: string): Buffer {
  if (typeof value !== 'string' || !new RegExp(`^[0-9a-f]{${2 * size}}$`).test(value)) {
    throw invalid(place, `Give ${size} bytes as ${2 * size} lower-case hex digits.`);
  }
  return Buffer.from(value, 'hex');
}

function dayOf(value: unknown, place: string): number {
  if (typeof value !== 'string') throw invalid(place, 'Give a date as YYYY-MM-DD.');
  return isoDateToEpochDay(value);
}

function instantOf(value: unknown, place: string): number {
  const millis = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(millis)) throw invalid(place, 'Give an instant as YYYY-MM-DDThh:mm:ss.sssZ.');
  return millis;
}
