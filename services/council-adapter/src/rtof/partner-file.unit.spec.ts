import { readFileSync } from 'node:fs';
import { changed, inShort, readAll, recordAt, refusedWhole } from '@throughline/adapter-kit/testing';
import type { ReadWith } from '@throughline/adapter-kit/testing';
import type { ReadItem } from '@throughline/adapter-kit';
import { readRtof } from './partner-file.js';
import { COLUMNS, PARTS } from './rtof-columns.js';
import type { RtofPart, RtofRecord } from './rtof-record.js';

const ROWS: Readonly<Record<RtofPart, Readonly<Record<string, string>>>> = {
  person: { unique_id: 'BRN-1', first_name: 'Orla', last_name: 'Quillfeather', year_of_birth: '1991', dispersal_area: 'Oldham Council', date_started_service: '2025-09' },
  baseline: { unique_id: 'BRN-1', ni_number: 'JX 40 29 17 B', date_asylum_status_granted: '2025-06', employment_status: 'ULA', housing_baseline_accommodation: 'Private rental' },
  employment_entry: {
    unique_id: 'BRN-1',
    employment_entry_outcome_type: 'Employment',
    date_employment_entry: '2025-10-06',
    primary_employment_entry_status: 'TC',
    hours_of_employment_entry: '16 to 30 hours',
    wage_employment_entry: '13',
  },
  employment_sustain: {
    unique_id: 'BRN-1',
    employment_sustainment_date: '2026-01-12',
    employment_sustain_status: 'PC',
    hours_of_employment_sustain: '31 to 48 hours',
    wage_employment_sustain: '14',
  },
};

const AS_OF = new Date('2026-05-01T09:00:00Z');
const how = (part: string | null, parameters: ReadWith['parameters'] = {}): ReadWith => ({ format: 'csv', parameters: { asOf: AS_OF, part, ...parameters } });
const quoted = (values: readonly string[]): string => values.map((value) => `"${value.replaceAll('"', '""')}"`).join(',');
const fileOf = (part: RtofPart, ...rows: readonly Readonly<Record<string, string>>[]): string => {
  const columns = Object.keys(ROWS[part]);
  return [columns.join(','), ...rows.map((row) => quoted(columns.map((column) => row[column] ?? ROWS[part][column] ?? '')))].join('\r\n');
};
const read = (part: RtofPart, ...rows: readonly Readonly<Record<string, string>>[]): Promise<ReadItem<RtofRecord>[]> => readAll(readRtof, fileOf(part, ...rows), how(part));
const recordOf = async (part: RtofPart, row: Readonly<Record<string, string>> = {}): Promise<RtofRecord> => recordAt(await read(part, row), 1);

describe('a file', () => {
  it.each(PARTS)('of %s opens one section of its own scope, by the clock of the caller', async (part) => {
    expect((await read(part, {}))[0]).toEqual({ kind: 'section', header: { clock: { instant: AS_OF, serial: 0 }, scope: part, absence: { speaks: false } } });
  });

  it('speaks for who is not in it only as a full extract', async () => {
    const [section] = await readAll(readRtof, fileOf('person', {}), how('person', { fullExtract: true }));
    expect(section).toMatchObject({ header: { absence: { speaks: true } } });
  });

  it.each<[RtofPart, RtofRecord]>([
    ['person', { part: 'person', firstName: 'Orla', lastName: 'Quillfeather', birthYear: 1991, district: 'E08000004', startedService: '2025-09' }],
    ['baseline', { part: 'baseline', nino: 'JX 40 29 17 B', statusGranted: '2025-06', labourMarketStatus: 'UNEMPLOYED', homeless: false }],
    [
      'employment_entry',
      { part: 'employment_entry', date: '2025-10-06', work: 'EMPLOYED', terms: { contract: 'TEMPORARY', hours: { atLeast: 1600, below: 3100 }, hourlyPayPence: 1300 } },
    ],
    ['employment_sustain', { part: 'employment_sustain', date: '2026-01-12', terms: { contract: 'PERMANENT', hours: { atLeast: 3100, below: 4900 }, hourlyPayPence: 1400 } }],
  ])('of %s has one record a row, under unique_id as written', async (part, record) => {
    expect((await read(part, {}))[1]).toEqual({ kind: 'record', ordinal: 1, reference: 'BRN-1', record });
  });

  it.each(PARTS)('of %s may have every column of the specification, in any order', async (part) => {
    const columns = [...COLUMNS[part].optional, ...COLUMNS[part].required].reverse();
    const line = quoted(columns.map((column) => ROWS[part][column] ?? ''));
    const items = await readAll(readRtof, `${columns.join(',')}\n${line}\n`, how(part));
    expect(items[1]).toEqual((await read(part, {}))[1]);
  });

  it.each(['person', 'baseline', 'employment_entry', 'employment_sustain'] as const)('of %s: the shipped example is read', async (part) => {
    const example = readFileSync(new URL(`../../examples/${part}.csv`, import.meta.url), 'utf8');
    expect(inShort(await readAll(readRtof, example, how(part))).slice(1, 3)).toEqual([
      '1 record BRN-0001',
      part === 'employment_sustain' ? '2 unreadable BRN-0002' : '2 record BRN-0002',
    ]);
  });
});

describe('a file that is not what it says is refused whole', () => {
  const person = fileOf('person', {});

  it.each<[string, string, string, string]>([
    ['a missing column', changed(person, ',year_of_birth', ''), 'wrong-header', 'line 1'],
    ['a column of no record', changed(person, 'dispersal_area', 'dispersal_area,shoe_size'), 'wrong-header', 'line 1'],
    ['a column of another record', changed(person, 'dispersal_area', 'dispersal_area,ni_number'), 'wrong-header', 'line 1'],
    ['a column twice', changed(person, 'dispersal_area', 'dispersal_area,first_name'), 'wrong-header', 'line 1'],
    ['another file', fileOf('baseline', {}), 'wrong-header', 'line 1'],
    ['semicolons', changed(person, 'unique_id,', 'unique_id;').split('\r\n')[0]?.replaceAll(',', ';') ?? '', 'wrong-separator', 'line 1'],
    ['a quote that is never closed', person.slice(0, -1), 'truncated', 'line 2'],
    ['nothing', '', 'empty', 'line 1'],
  ])('%s', async (_, text, code, place) => {
    expect(await refusedWhole(readRtof, text, how('person'))).toEqual([code, place]);
  });

  it.each<[string, ReadWith, string, string]>([
    ['no part', how(null), 'unknown-part', 'part'],
    ['a part of the specification that tells nothing of work', how('housing_entry'), 'unknown-part', 'part'],
    ['no instant it speaks of', how('person', { asOf: null }), 'missing-parameter', 'asOf'],
  ])('%s', async (_, with_, code, place) => {
    expect(await refusedWhole(readRtof, person, with_)).toEqual([code, place]);
  });
});

describe('a row that cannot be used is refused alone', () => {
  it.each<[string, RtofPart, Readonly<Record<string, string>>, string, string]>([
    ['a year of birth that is none', 'person', { year_of_birth: '91' }, 'bad-number', 'year_of_birth'],
    ['a year of birth before 1900', 'person', { year_of_birth: '1899' }, 'bad-number', 'year_of_birth'],
    ['a full date of birth', 'person', { year_of_birth: '1991-04-12' }, 'bad-number', 'year_of_birth'],
    ['no start', 'person', { date_started_service: '' }, 'missing-field', 'date_started_service'],
    ['a start on a day', 'person', { date_started_service: '2025-09-01' }, 'bad-date', 'date_started_service'],
    ['a start in no month', 'person', { date_started_service: '2025-13' }, 'bad-date', 'date_started_service'],
    ['a council that is not known', 'person', { dispersal_area: 'Camelot Council' }, 'bad-code', 'dispersal_area'],
    ['no grant', 'baseline', { date_asylum_status_granted: ' ' }, 'missing-field', 'date_asylum_status_granted'],
    ['a grant in no month', 'baseline', { date_asylum_status_granted: '2025-6' }, 'bad-date', 'date_asylum_status_granted'],
    ['no status', 'baseline', { employment_status: '' }, 'missing-field', 'employment_status'],
    ['an unknown status', 'baseline', { employment_status: 'ula' }, 'bad-code', 'employment_status'],
    ['a status that only looks like a code', 'baseline', { employment_status: 'constructor' }, 'bad-code', 'employment_status'],
    ['no outcome', 'employment_entry', { employment_entry_outcome_type: '' }, 'missing-field', 'employment_entry_outcome_type'],
    ['an unknown outcome', 'employment_entry', { employment_entry_outcome_type: 'Volunteering' }, 'bad-code', 'employment_entry_outcome_type'],
    ['no date of entry', 'employment_entry', { date_employment_entry: '' }, 'missing-field', 'date_employment_entry'],
    ['a month of entry', 'employment_entry', { date_employment_entry: '2025-10' }, 'bad-date', 'date_employment_entry'],
    ['a status of entry that only the baseline has', 'employment_entry', { primary_employment_entry_status: 'ULA' }, 'bad-code', 'primary_employment_entry_status'],
    ['hours that are none', 'employment_entry', { hours_of_employment_entry: '20' }, 'bad-code', 'hours_of_employment_entry'],
    ['a wage with pence', 'employment_entry', { wage_employment_entry: '12.71' }, 'bad-number', 'wage_employment_entry'],
    ['a wage above a thousand', 'employment_entry', { wage_employment_entry: '1001' }, 'bad-number', 'wage_employment_entry'],
    ['a wage below nothing', 'employment_entry', { wage_employment_entry: '-1' }, 'bad-number', 'wage_employment_entry'],
    ['no date of sustainment', 'employment_sustain', { employment_sustainment_date: '' }, 'missing-field', 'employment_sustainment_date'],
    ['a date of sustainment that is none', 'employment_sustain', { employment_sustainment_date: '2026-02-29' }, 'bad-date', 'employment_sustainment_date'],
    ['an unknown status of sustainment', 'employment_sustain', { employment_sustain_status: 'FT' }, 'bad-code', 'employment_sustain_status'],
    ['hours of sustainment that are none', 'employment_sustain', { hours_of_employment_sustain: '16-30' }, 'bad-code', 'hours_of_employment_sustain'],
    ['a wage of sustainment that is none', 'employment_sustain', { wage_employment_sustain: '£14' }, 'bad-number', 'wage_employment_sustain'],
  ])('%s', async (_, part, row, code, path) => {
    expect((await read(part, row))[1]).toMatchObject({ kind: 'unreadable', ordinal: 1, reference: 'BRN-1', fault: { code, path } });
  });

  it.each(PARTS)('no unique_id in %s, which leaves nobody absent', async (part) => {
    expect((await read(part, { unique_id: '' }))[1]).toMatchObject({ kind: 'unreadable', reference: null, fault: { code: 'missing-field', path: 'unique_id' } });
  });

  it.each(PARTS)('a second row of a person in %s: the first stands, even a refused one', async (part) => {
    const date = Object.keys(ROWS[part]).find((column) => column.includes('date')) ?? '';
    const items = await read(part, { [date]: '?' }, {}, { unique_id: 'brn-1' });
    expect(items.slice(1)).toMatchObject([
      { kind: 'unreadable', fault: { code: 'bad-date' } },
      { kind: 'unreadable', ordinal: 2, reference: 'BRN-1', fault: { code: 'duplicate-record', path: 'unique_id' } },
      { kind: 'record', reference: 'brn-1' },
    ]);
  });

  it.each<[string, RtofPart, Readonly<Record<string, string>>]>([
    ['year_of_birth', 'person', { year_of_birth: '?', date_started_service: '?' }],
    ['date_started_service', 'person', { date_started_service: '', dispersal_area: '?' }],
    ['date_asylum_status_granted', 'baseline', { date_asylum_status_granted: '?', employment_status: '?' }],
    ['employment_entry_outcome_type', 'employment_entry', { employment_entry_outcome_type: '?', date_employment_entry: '?' }],
    ['date_employment_entry', 'employment_entry', { date_employment_entry: '?', primary_employment_entry_status: '?' }],
    ['primary_employment_entry_status', 'employment_entry', { primary_employment_entry_status: '?', hours_of_employment_entry: '?' }],
    ['hours_of_employment_entry', 'employment_entry', { hours_of_employment_entry: '?', wage_employment_entry: '?' }],
    ['employment_sustainment_date', 'employment_sustain', { employment_sustainment_date: '?', employment_sustain_status: '?' }],
  ])('at its first fault: %s', async (path, part, row) => {
    expect((await read(part, row))[1]).toMatchObject({ fault: { path } });
  });

  it('of more fields than the header has', async () => {
    const items = await readAll(readRtof, `${fileOf('person', {})},x\r\n${quoted(Object.values({ ...ROWS.person, unique_id: 'BRN-2' }))}`, how('person'));
    expect(items.slice(1)).toMatchObject([{ kind: 'unreadable', reference: null, fault: { code: 'bad-format', path: 'row' } }, { kind: 'record', reference: 'BRN-2' }]);
  });

  it('repeats no value of the row in the fault', async () => {
    const [, item] = await read('person', { dispersal_area: 'Quillfeather House', unique_id: 'JX402917B' });
    expect(item?.kind).toBe('unreadable');
    expect(JSON.stringify(item?.kind === 'unreadable' ? item.fault : null)).not.toMatch(/Quillfeather|JX40/);
  });
});

describe('values', () => {
  it.each<[string, RtofPart, Readonly<Record<string, string>>, object]>([
    ['no year of birth', 'person', { year_of_birth: '' }, { birthYear: null }],
    ['no council', 'person', { dispersal_area: '' }, { district: null }],
    ['a council in the list’s words', 'person', { dispersal_area: 'Rochdale Borough Council' }, { district: 'E08000005' }],
    ['no number', 'baseline', { ni_number: '' }, { nino: null }],
    ['a number that fails its check, kept for the identity to judge', 'baseline', { ni_number: 'QQ123456C' }, { nino: 'QQ123456C' }],
    ['rough sleeping', 'baseline', { housing_baseline_accommodation: 'Homeless and rough sleeping' }, { homeless: true }],
    ['housing that ends in the word', 'baseline', { housing_baseline_accommodation: 'Not Homeless' }, { homeless: false }],
    ['housing that is anything', 'baseline', { housing_baseline_accommodation: '?' }, { homeless: false }],
    ['no contract, hours or wage', 'employment_entry', { primary_employment_entry_status: '', hours_of_employment_entry: '', wage_employment_entry: '' }, { terms: { contract: 'UNKNOWN', hours: null, hourlyPayPence: null } }],
    ['hours not known', 'employment_sustain', { hours_of_employment_sustain: "Don't know" }, { terms: { hours: null } }],
    ['a wage of nothing', 'employment_entry', { wage_employment_entry: '0' }, { terms: { hourlyPayPence: 0 } }],
    ['the greatest wage', 'employment_sustain', { wage_employment_sustain: '1000' }, { terms: { hourlyPayPence: 100_000 } }],
    ['spaces around', 'employment_entry', { date_employment_entry: ' 2025-10-06 ' }, { date: '2025-10-06' }],
  ])('%s', async (_, part, row, record) => {
    expect(await recordOf(part, row)).toMatchObject(record);
  });

  it.each([
    ['0 to 7 hours', { atLeast: 0, below: 800 }],
    ['8 to 15 hours', { atLeast: 800, below: 1600 }],
    ['16 to 30 hours', { atLeast: 1600, below: 3100 }],
    ['31 to 48 hours', { atLeast: 3100, below: 4900 }],
    ['49 or more hours', { atLeast: 4900, below: null }],
  ])('hours: %s', async (text, hours) => {
    expect(await recordOf('employment_entry', { hours_of_employment_entry: text })).toMatchObject({ terms: { hours } });
    expect(await recordOf('employment_sustain', { hours_of_employment_sustain: text })).toMatchObject({ terms: { hours } });
  });

  it.each([
    ['PC', 'PERMANENT', 'EMPLOYED'],
    ['TC', 'TEMPORARY', 'EMPLOYED'],
    ['ZHC', 'ZERO_HOURS', 'EMPLOYED'],
    ['CIH', 'CASH_IN_HAND', 'EMPLOYED'],
    ['SE', 'SELF_EMPLOYED', 'EMPLOYED'],
    ['Other', 'OTHER', 'UNKNOWN'],
  ])('status %s is contract %s, and at the baseline %s', async (status, contract, labourMarketStatus) => {
    expect(await recordOf('employment_entry', { primary_employment_entry_status: status })).toMatchObject({ terms: { contract } });
    expect(await recordOf('employment_sustain', { employment_sustain_status: status })).toMatchObject({ terms: { contract } });
    expect(await recordOf('baseline', { employment_status: status })).toMatchObject({ labourMarketStatus });
  });

  it.each([
    ['ULA', 'UNEMPLOYED'],
    ['UNLA', 'INACTIVE'],
  ])('baseline status %s is %s', async (employment_status, labourMarketStatus) => {
    expect(await recordOf('baseline', { employment_status })).toMatchObject({ labourMarketStatus });
  });

  it.each([
    ['Employment', 'EMPLOYED'],
    ['Self-employment', 'SELF_EMPLOYED'],
  ])('outcome %s is %s', async (employment_entry_outcome_type, work) => {
    expect(await recordOf('employment_entry', { employment_entry_outcome_type })).toMatchObject({ work });
  });
});
