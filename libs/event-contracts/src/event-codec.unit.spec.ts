import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import avro from 'avsc';
import fc from 'fast-check';
import type { AvroRecord } from './avro-schema.js';
import { compatibilityFaults } from './compatibility-gate.js';
import type { EventContractError } from './errors.js';
import { bodyReader, decodeEvent, defaultBody, encodeBody, encodeEvent } from './event-codec.js';
import type { EventBody, EventOf } from './event-types.js';
import type { EventType } from './events.generated.js';
import { EVENT_TYPES } from './events.generated.js';
import { createProjection } from './projection.js';
import { eventFromJson, eventToJson } from './readable-json.js';
import type { KnownVersion } from './schema-registry.js';
import { EVENTS } from './schema-registry.js';
import { codeOf } from './testing/code-of.js';

const examplePath = (type: EventType): string => join(import.meta.dirname, '..', '..', '..', 'schemas', 'events', type, 'example.json');
const exampleJson = (type: EventType): unknown => JSON.parse(readFileSync(examplePath(type), 'utf8'));
const example = <T extends EventType>(type: T): EventOf<T> => eventFromJson(type, exampleJson(type));
const bodyOf = <T extends EventType>(type: T): EventBody<T> => {
  const { meta: _meta, ...body } = example(type) as EventOf<T> & { meta: unknown };
  return body;
};
const jobStarted = (): Buffer => encodeEvent('JobStarted', example('JobStarted'));

describe.each(EVENT_TYPES)('%s', (type) => {
  it('reads its example back from the wire, twice the same bytes', () => {
    const framed = encodeEvent(type, example(type));
    expect(encodeEvent(type, example(type))).toEqual(framed);
    const decoded = decodeEvent(framed);
    expect(decoded).toEqual({ type, version: EVENTS.newestOf(type).version, value: example(type) });
    expect(eventToJson(type, decoded.value)).toEqual(exampleJson(type));
  });

  it('is framed by its id in the catalogue', () => {
    expect(encodeEvent(type, example(type)).subarray(0, 5)).toEqual(Buffer.from([0, 0, 0, ...[EVENTS.newestOf(type).id >> 8, EVENTS.newestOf(type).id & 0xff]]));
  });

  it('has a body of defaults for withdrawals', () => {
    const framed = encodeEvent(type, { meta: example(type).meta, ...defaultBody(type) } as EventOf<typeof type>);
    expect(decodeEvent(framed).value).toEqual({ meta: example(type).meta, ...defaultBody(type) });
    expect(encodeBody(type, defaultBody(type))).not.toEqual(encodeBody(type, bodyOf(type)));
  });

  it('refuses every shorter value, and a longer one', () => {
    const framed = encodeEvent(type, example(type));
    for (let length = 0; length < framed.length; length++) {
      expect(codeOf(() => decodeEvent(framed.subarray(0, length)))).toMatch(length < 5 ? /^NOT_FRAMED$/ : /^(TRUNCATED|MALFORMED)_EVENT$/);
    }
    expect(codeOf(() => decodeEvent(Buffer.concat([framed, Buffer.from([0])])))).toBe('TRAILING_BYTES');
  });

  it('reads or refuses any bytes, with a code and soon', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(300), (noise, keep) => {
        const framed = encodeEvent(type, example(type));
        const damaged = Buffer.concat([framed.subarray(0, Math.max(5, Math.min(keep, framed.length))), noise]);
        try {
          decodeEvent(damaged);
        } catch (error) {
          expect((error as EventContractError).code).toMatch(/^(TRUNCATED_EVENT|MALFORMED_EVENT|TRAILING_BYTES)$/);
        }
      }),
    );
  });
});

describe('encoding', () => {
  it('gives buffers that later events do not overwrite', () => {
    const first = jobStarted();
    const copy = Buffer.from(first);
    encodeEvent('SubjectIdentified', example('SubjectIdentified'));
    expect(first).toEqual(copy);
  });

  it('writes an event larger than the buffer it reuses', () => {
    const identifiers = Array.from({ length: 5000 }, () => ({ kind: 'NINO' as const, check: 'PASSED' as const, token: { keyId: 'domain', value: Buffer.alloc(16, 5) } }));
    const framed = encodeEvent('SubjectIdentified', { ...example('SubjectIdentified'), identifiers });
    expect(decodeEvent(framed).value).toEqual({ ...example('SubjectIdentified'), identifiers });
  });

  it('names the field of a bad value and never repeats the value', () => {
    const bad = { ...example('JobStarted'), hours: { atLeast: 'AB123456C' as unknown as number, below: null } };
    const fault = (() => {
      try {
        encodeEvent('JobStarted', bad);
      } catch (error) {
        return error as EventContractError;
      }
      return undefined;
    })();
    expect(fault).toMatchObject({ code: 'INVALID_EVENT', place: 'JobStarted.hours.atLeast' });
    expect(JSON.stringify([fault?.message, fault?.stack, fault?.cause])).not.toContain('AB123456C');
  });

  it('makes the body from its content alone', () => {
    expect(encodeBody('JobStarted', bodyOf('JobStarted'))).toEqual(encodeBody('JobStarted', { ...bodyOf('JobStarted'), meta: 'ignored' } as never));
    expect(encodeBody('JobStarted', { ...bodyOf('JobStarted'), work: 'SELF_EMPLOYED' })).not.toEqual(encodeBody('JobStarted', bodyOf('JobStarted')));
  });
});

describe('decoding', () => {
  it('refuses what is not framed and schemas it does not know', () => {
    expect(codeOf(() => decodeEvent(Buffer.from('{"json":true}')))).toBe('NOT_FRAMED');
    const foreign = jobStarted();
    foreign.writeUInt32BE(77, 1);
    expect(codeOf(() => decodeEvent(foreign))).toBe('UNKNOWN_SCHEMA');
    expect(codeOf(() => createProjection({ JobEnded: ['job'] }).decode(foreign))).toBe('UNKNOWN_SCHEMA');
  });

  it('refuses a list whose count cannot be true, before building it', () => {
    const framed = encodeEvent('SubjectIdentified', { ...example('SubjectIdentified'), identifiers: [] });
    const huge = Buffer.concat([framed.subarray(0, -1), Buffer.from([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f])]);
    expect(codeOf(() => decodeEvent(huge))).toBe('TRUNCATED_EVENT');
    expect(codeOf(() => createProjection({ SubjectIdentified: ['meta.subject'] }).decode(huge))).toBe('TRUNCATED_EVENT');
  });

  it('reads lists written in several blocks, with and without their length', () => {
    const { identifiers, ...rest } = example('SubjectIdentified');
    const empty = encodeEvent('SubjectIdentified', { ...rest, identifiers: [] }).subarray(0, -1);
    const item = avro.Type.forSchema({ type: 'enum', name: 'K', symbols: ['UNKNOWN'] }).toBuffer('UNKNOWN');
    const bytes = Buffer.concat([item, item, Buffer.from([0])]);
    const blocks = Buffer.concat([empty, Buffer.from([2]), bytes, Buffer.from([1, 2 * bytes.length]), bytes, Buffer.from([0])]);
    const unsaid = { kind: 'UNKNOWN', check: 'UNKNOWN', token: null };
    expect(identifiers).toHaveLength(4);
    expect(decodeEvent(blocks).value).toMatchObject({ identifiers: [unsaid, unsaid] });
  });
});

describe('another version of an event', () => {
  const current = EVENTS.newestOf('JobStarted');
  const text = JSON.stringify(current.schema);
  const schema = JSON.parse(
    text
      .replace('"SELF_EMPLOYED"],"default":"UNKNOWN"},"doc":"Employed or', '"SELF_EMPLOYED","APPRENTICE"],"default":"UNKNOWN"},"doc":"Employed or')
      .replace(/\]\}$/, ',{"name":"site","doc":"d","type":["null","string"],"default":null}]}'),
  ) as AvroRecord;
  const later: KnownVersion = { ...current, id: 1202, version: 2, schema, type: avro.Type.forSchema(schema as avro.Schema) };
  const wire = (type: avro.Type, value: unknown): Buffer => Buffer.concat([Buffer.alloc(5), type.toBuffer(value)]);
  const value = example('JobStarted');

  it('is compatible by the gate', () => {
    expect(later.schema.fields).toHaveLength(current.schema.fields.length + 1);
    expect(compatibilityFaults([current.schema], later.schema)).toEqual([]);
  });

  it('written earlier is read with the new field at its default', () => {
    expect(bodyReader(current, later.type)(wire(current.type, value))).toEqual({ ...value, site: null });
  });

  it('written later is read without the new field, a new symbol as UNKNOWN', () => {
    const written = wire(later.type, { ...value, work: 'APPRENTICE', site: 'north' });
    expect(bodyReader(later, current.type)(written)).toEqual({ ...value, work: 'UNKNOWN' });
  });
});

describe('a projection', () => {
  const projection = createProjection({
    JobStarted: ['meta.factId', 'meta.revision.instant', 'meta.occurredOn.date', 'hours'],
    SubjectIdentified: ['meta.subject', 'identifiers.token'],
  });

  it('reads the chosen fields and no others', () => {
    const { meta, hours } = example('JobStarted');
    const event = projection.decode(jobStarted());
    expect(event).toEqual({
      type: 'JobStarted',
      version: 2,
      value: { meta: { factId: meta.factId, revision: { instant: meta.revision.instant }, occurredOn: { date: meta.occurredOn?.date } }, hours },
    });
    expect(Object.keys((event?.value as { meta: object }).meta)).toEqual(['factId', 'revision', 'occurredOn']);
  });

  it('reads through lists and nulls', () => {
    const value = example('SubjectIdentified');
    const event = projection.decode(encodeEvent('SubjectIdentified', value));
    expect(event?.value).toEqual({ meta: { subject: value.meta.subject }, identifiers: value.identifiers.map(({ token }) => ({ token })) });
  });

  it('passes over events it does not read', () => {
    expect(projection.decode(encodeEvent('JobEnded', example('JobEnded')))).toBeUndefined();
  });

  it('names a path that no field has', () => {
    expect(() => createProjection({ JobStarted: ['meta.fact' as never] })).toThrow('JobStarted.meta.fact');
    expect(() => createProjection({ JobStarted: ['work.kind' as never] })).toThrow('JobStarted.work.kind');
  });
});
