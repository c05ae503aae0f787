import type { AvroRecord } from './avro-schema.js';
import { formFaults } from './contract-rules.js';

const META = { name: 'meta', doc: 'd', type: { type: 'record', name: 'EventMeta', doc: 'd', fields: [{ name: 'id', doc: 'd', type: 'string' }] } } as const;
const event = (...body: AvroRecord['fields']): AvroRecord => ({ type: 'record', name: 'Thing', doc: 'd', fields: [META, ...body] });
const codes = (schema: AvroRecord): string[] => formFaults(schema).map(({ code, place }) => `${code} ${place}`);

describe('the form of an event', () => {
  it('finds nothing in a schema that keeps it', () => {
    expect(codes(event({ name: 'count', doc: 'How many.', type: 'int', default: 0 }))).toEqual([]);
  });

  it.each([
    ['NO_DOC Thing.count', event({ name: 'count', type: 'int', default: 0 })],
    ['NO_DOC Thing.kind', event({ name: 'kind', doc: 'd', type: { type: 'fixed', name: 'Key', size: 2 }, default: '\u0000\u0000' })],
    ['BODY_FIELD_WITHOUT_DEFAULT Thing.count', event({ name: 'count', doc: 'd', type: 'int' })],
    ['META_NOT_FIRST Thing', { ...event(), fields: [] }],
    ['ENUM_WITHOUT_UNKNOWN Thing.kind', event({ name: 'kind', doc: 'd', type: { type: 'enum', name: 'Kind', doc: 'd', symbols: ['A'] }, default: 'A' })],
    ['NULL_NOT_FIRST Thing.count', event({ name: 'count', doc: 'd', type: ['int', 'null'], default: 0 })],
    ['INEXACT_NUMBER Thing.pay', event({ name: 'pay', doc: 'd', type: ['null', 'double'], default: null })],
    ['NAME_FORM Thing.Pay', event({ name: 'Pay', doc: 'd', type: 'int', default: 0 })],
  ] as [string, AvroRecord][])('finds %s', (fault, schema) => {
    expect(codes(schema)).toContain(fault);
  });
});
