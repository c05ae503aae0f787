import type { AvroField, AvroRecord, AvroSchema } from './avro-schema.js';
import type { GateCode } from './compatibility-gate.js';
import { compatibilityFaults } from './compatibility-gate.js';

const STATUS: AvroSchema = { type: 'enum', name: 'Status', symbols: ['UNKNOWN', 'OPEN', 'SHUT'], default: 'UNKNOWN' };
const BARE: AvroSchema = { type: 'enum', name: 'Bare', symbols: ['A', 'B'] };
const KEY: AvroSchema = { type: 'fixed', name: 'Key', size: 16 };
const FIELDS: readonly AvroField[] = [
  { name: 'id', type: KEY },
  { name: 'count', type: 'int' },
  { name: 'note', type: ['null', 'string'], default: null },
  { name: 'status', type: STATUS, default: 'UNKNOWN' },
  { name: 'bare', type: BARE },
  { name: 'day', type: { type: 'int', logicalType: 'date' } },
  { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
  { name: 'kinds', type: { type: 'array', items: { type: 'record', name: 'Kind', fields: [{ name: 'status', type: 'Status', default: 'UNKNOWN' }] } } },
  { name: 'key', type: ['null', 'Key'], default: null },
];
const event = (fields: readonly AvroField[]): AvroRecord => ({ type: 'record', name: 'Thing', fields });
const V1 = event(FIELDS);
const changed = (name: string, change: Partial<AvroField>): AvroRecord =>
  event(FIELDS.map((field) => (field.name === name ? { ...field, ...change } : field)));
const without = (name: string): AvroRecord => event(FIELDS.filter((field) => field.name !== name));
const withDefaultLeftOut = (name: string): AvroRecord => event(FIELDS.map(({ default: value, ...field }) => (field.name === name ? field : 'default' in FIELDS.find((each) => each.name === field.name)! ? { ...field, default: value } : field)));
const added = (field: AvroField): AvroRecord => event([...FIELDS, field]);

describe('the compatibility gate', () => {
  const refused: [string, AvroRecord, GateCode, string][] = [
    ['a removed field that has a default', without('note'), 'FIELD_REMOVED', 'Thing.note'],
    ['a removed field that has none', without('count'), 'FIELD_REMOVED', 'Thing.count'],
    ['a changed type', changed('count', { type: 'string' }), 'TYPE_CHANGED', 'Thing.count'],
    ['a widened type', changed('count', { type: 'long' }), 'TYPE_CHANGED', 'Thing.count'],
    ['a field made nullable', changed('count', { type: ['null', 'int'] }), 'TYPE_CHANGED', 'Thing.count'],
    ['another branch in a union', changed('note', { type: ['null', 'string', 'int'] }), 'TYPE_CHANGED', 'Thing.note'],
    ['a new field without a default', added({ name: 'extra', type: 'int' }), 'NEW_FIELD_WITHOUT_DEFAULT', 'Thing.extra'],
    ['a renamed symbol in an enum with a default', changed('status', { type: { ...STATUS, symbols: ['UNKNOWN', 'OPENED', 'SHUT'] } }), 'SYMBOL_REMOVED_OR_MOVED', 'Thing.status.OPEN'],
    ['reordered symbols', changed('status', { type: { ...STATUS, symbols: ['UNKNOWN', 'SHUT', 'OPEN'] } }), 'SYMBOL_REMOVED_OR_MOVED', 'Thing.status.OPEN'],
    ['a removed symbol', changed('status', { type: { ...STATUS, symbols: ['UNKNOWN', 'OPEN'] } }), 'SYMBOL_REMOVED_OR_MOVED', 'Thing.status.SHUT'],
    ['a symbol appended where the enum has no default', changed('bare', { type: { ...BARE, symbols: ['A', 'B', 'C'] } }), 'SYMBOL_ADDED_WITHOUT_DEFAULT', 'Thing.bare'],
    ['a date read as a plain number', changed('day', { type: 'int' }), 'LOGICAL_TYPE_CHANGED', 'Thing.day'],
    ['milliseconds read as microseconds', changed('at', { type: { type: 'long', logicalType: 'timestamp-micros' } }), 'LOGICAL_TYPE_CHANGED', 'Thing.at'],
    ['a changed default', changed('status', { default: 'OPEN' }), 'DEFAULT_CHANGED', 'Thing.status'],
    ['a default left out', withDefaultLeftOut('note'), 'DEFAULT_CHANGED', 'Thing.note'],
    ['a changed default of an enum', changed('status', { type: { ...STATUS, default: 'OPEN' } }), 'DEFAULT_CHANGED', 'Thing.status'],
    ['another length of a fixed', changed('id', { type: { ...KEY, size: 8 } }), 'TYPE_CHANGED', 'Thing.id'],
    ['a renamed type', changed('bare', { type: { ...BARE, name: 'Barer' } }), 'NAME_CHANGED', 'Thing.bare'],
    ['a renamed event', { ...V1, name: 'Other' }, 'NAME_CHANGED', 'Other'],
    ['fields in another order', event([...FIELDS].reverse()), 'FIELD_MOVED', 'Thing.id'],
    ['a new field among the earlier ones', event([{ name: 'extra', type: 'int', default: 0 }, ...FIELDS]), 'NEW_FIELD_NOT_LAST', 'Thing.extra'],
    ['a changed sort order', changed('count', { order: 'ignore' }), 'FIELD_CHANGED', 'Thing.count'],
    ['an alias', changed('count', { aliases: ['total'] }), 'FIELD_CHANGED', 'Thing.count'],
    ['a fault within the items of a list', changed('kinds', { type: { type: 'array', items: { type: 'record', name: 'Kind', fields: [] } } }), 'FIELD_REMOVED', 'Thing.kinds[].status'],
  ];
  it.each(refused)('refuses %s', (_what, next, code, place) => {
    const found = compatibilityFaults([V1], next).filter((fault) => fault.code === code);
    expect(found.map((fault) => fault.place)).toContain(place);
    for (const { remedy } of found) expect(remedy).not.toBe('');
  });

  it('runs the resolution of Avro itself both ways', () => {
    const codes = compatibilityFaults([V1], changed('count', { type: 'long' })).filter(({ code }) => code === 'UNREADABLE');
    expect(codes.map(({ remedy }) => remedy)).toEqual(['A reader of an earlier version cannot read what the new one writes.']);
  });

  const accepted: [string, AvroRecord][] = [
    ['the same schema', V1],
    ['a new field with a default', added({ name: 'extra', type: ['null', 'int'], default: null })],
    ['a new field of a type defined before', added({ name: 'extra', type: 'Status', default: 'UNKNOWN' })],
    ['a symbol appended to an enum with a default', changed('status', { type: { ...STATUS, symbols: ['UNKNOWN', 'OPEN', 'SHUT', 'LOST'] } })],
    ['another wording of a doc', changed('count', { doc: 'How many.' })],
  ];
  it.each(accepted)('accepts %s', (_what, next) => {
    expect(compatibilityFaults([V1], next)).toEqual([]);
  });

  it('compares with every earlier version, not the last alone', () => {
    const v2 = without('count');
    expect(compatibilityFaults([V1, v2], v2)).toContainEqual(expect.objectContaining({ code: 'FIELD_REMOVED', place: 'Thing.count' }));
  });
});
