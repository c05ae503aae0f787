import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DATA_FOLDER } from './data-file.js';
import { Geography } from './geography.js';
import { ReferenceDataError } from './reference-data-error.js';

const geography = Geography.load();
const idsOf = (district: string, date: string): string[] => geography.authoritiesOf(district, date).map(({ id }) => id);

describe('the geography that ships', () => {
  it('holds the combined authorities of May 2025 with all their districts, and the GLA', () => {
    const sizes = [...geography.authorities.values()]
      .filter(({ kind }) => kind === 'combined-authority')
      .map(({ id, members }) => [id, members.length]);
    expect(Object.fromEntries(sizes)).toEqual({
      E47000001: 10,
      E47000002: 4,
      E47000003: 5,
      E47000004: 6,
      E47000006: 5,
      E47000007: 7,
      E47000008: 6,
      E47000009: 3,
      E47000012: 2,
      E47000013: 17,
      E47000014: 7,
      E47000015: 9,
      E47000016: 2,
      E47000017: 9,
      E47000018: 14,
      E61000001: 33,
    });
    expect(idsOf('E08000003', '2026-01-01')).toEqual(['E47000001']);
    expect(geography.districtName('E08000003')).toBe('Manchester');
    expect(geography.districtName('E08999999')).toBeNull();
  });

  it('gives combined authority, county and cluster together, in that order', () => {
    expect(idsOf('E07000038', '2026-01-01')).toEqual(['E47000013', 'E10000007']);
    expect(idsOf('E07000110', '2026-01-01')).toEqual(['E10000016', 'ctw-kent-and-medway']);
    expect(idsOf('E06000035', '2026-01-01')).toEqual(['E06000035', 'ctw-kent-and-medway']);
    expect(idsOf('W06000015', '2026-01-01')).toEqual(['W06000015']);
    expect(idsOf('S12000033', '2026-01-01')).toEqual([]);
    expect(idsOf('nowhere', '2026-01-01')).toEqual([]);
  });

  it('knows a cluster only from its first day', () => {
    expect(idsOf('E07000110', '2025-03-31')).toEqual(['E10000016']);
    expect(idsOf('E07000110', '2025-04-01')).toEqual(['E10000016', 'ctw-kent-and-medway']);
  });

  it('takes an ended district as its successor from the day it ended', () => {
    expect(idsOf('E07000163', '2023-03-31')).toEqual(['E10000023']);
    expect(idsOf('E07000163', '2023-04-01')).toEqual(['E47000012', 'E06000065']);
    expect(geography.districtAt('E07000190', '2019-03-31')).toBe('E07000190');
    expect(geography.districtAt('E07000190', '2020-01-01')).toBe('E07000246');
    expect(geography.districtAt('E07000190', '2024-01-01')).toBe('E06000066');
  });

  it('takes a code given up as the new one at any date', () => {
    expect(idsOf('E08000019', '2010-01-01')).toEqual(['E47000002']);
    expect(idsOf('E08000020', '2026-01-01')).toEqual(['E47000014']);
  });

  it('says what nobody could verify', () => {
    expect(geography.authorities.get('ctw-west-london')?.verified).toBe(false);
    expect(geography.authorities.get('E47000001')?.verified).toBe(true);
    expect([...geography.authorities.values()].every(({ source }) => source !== '')).toBe(true);
  });

  it('sends every Connect to Work area seen to an authority', () => {
    expect(geography.connectToWorkAreas).toHaveLength(8);
    for (const { authority } of geography.connectToWorkAreas) expect(geography.authorities.has(authority)).toBe(true);
  });

  it('holds each district of England and Wales in at least one authority', () => {
    const alone = [...geography.districts.values()].filter(
      ({ code, kind, ended }) => kind !== 'scottish' && kind !== 'northern-irish' && ended === null && idsOf(code, '2026-01-01').length === 0,
    );
    expect(alone).toEqual([]);
  });

  it('knows all RTOF dispersal areas by name', () => {
    expect(geography.dispersalAreas).toHaveLength(26);
    expect(geography.districtOfDispersalArea(' stockton  COUNCIL', '2026-01-01')).toBe('E06000004');
    expect(geography.districtOfDispersalArea('Northumberland County Council', '2026-01-01')).toBe('E06000057');
    expect(geography.districtOfDispersalArea('Camelot Council', '2026-01-01')).toBeNull();
  });
});

describe('a geography of one’s own', () => {
  const folders: string[] = [];
  afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

  const changed = (file: string, change: (text: string) => string): string => {
    const folder = mkdtempSync(join(tmpdir(), 'geography-'));
    folders.push(folder);
    cpSync(DATA_FOLDER, folder, { recursive: true });
    writeFileSync(join(folder, file), change(readFileSync(join(DATA_FOLDER, file), 'utf8')));
    return folder;
  };
  const errorOf = (folder: string): ReferenceDataError => {
    try {
      Geography.load(folder);
    } catch (error) {
      if (error instanceof ReferenceDataError) return error;
    }
    throw new Error('The folder was taken.');
  };

  it('may end a membership and begin another', () => {
    const folder = changed('authority-members.csv', (text) =>
      text.replace('E47000001,E08000001,,', 'E47000001,E08000001,,2026-04-01\nE47000003,E08000001,2026-04-01,\nE47000001,E08000001,2027-04-01,'),
    );
    const own = Geography.load(folder);
    const at = (date: string): string[] => own.authoritiesOf('E08000001', date).map(({ id }) => id);
    expect(at('2026-03-31')).toEqual(['E47000001']);
    expect(at('2026-04-01')).toEqual(['E47000003']);
    expect(at('2027-04-01')).toEqual(['E47000001', 'E47000003']);
  });

  it('dates the names of dispersal areas', () => {
    const folder = changed('rtof-dispersal-areas.csv', (text) => text.replace('Bolton Council,E08000001,,', 'Bolton Council,E08000001,,2026-04-01\nBolton Council,E08000002,2026-04-01,'));
    const own = Geography.load(folder);
    expect(own.districtOfDispersalArea('Bolton Council', '2026-03-31')).toBe('E08000001');
    expect(own.districtOfDispersalArea('Bolton Council', '2026-04-01')).toBe('E08000002');
  });

  it.each([
    ['authority-members.csv', 'E47000001,E08000001,,', 'E47000001,E08999999,,', 'UNKNOWN_CODE'],
    ['authority-members.csv', 'E47000001,E08000001,,', 'E47000001,E08000001,2026-01-01,2026-01-01', 'BAD_DATE'],
    ['authority-members.csv', 'E47000001,E08000001,,', 'E47000001,E08000001,1 May,', 'BAD_DATE'],
    ['authority-members.csv', 'E47000001,E08000001,,', 'E47000001,E08000001,,\nE47000001,E08000001,2026-01-01,', 'DUPLICATE'],
    ['authority-members.csv', 'E47000001,E08000001,,', 'E47999999,E08000001,,', 'UNKNOWN_CODE'],
    ['authority-members.csv', 'authority,', 'body,', 'MISSING_COLUMN'],
    ['authorities.csv', ',combined-authority,', ',region,', 'BAD_VALUE'],
    ['authorities.csv', ',true', ',yes', 'BAD_VALUE'],
    ['authorities.csv', 'ctw-west-london,', 'ctw-east-london,', 'UNKNOWN_CODE'],
    ['districts.csv', 'E06000002,', 'E06000001,', 'DUPLICATE'],
    ['districts.csv', 'E06000001,Hartlepool,unitary,,,', 'E06000001,Hartlepool,unitary,,,E06999999', 'UNKNOWN_CODE'],
    ['districts.csv', 'E06000001,Hartlepool,unitary,,,', 'E06000001,Hartlepool,unitary,,,E06000001', 'BAD_VALUE'],
    ['connect-to-work-areas.csv', 'ctw-west-london', 'ctw-east-london', 'UNKNOWN_CODE'],
    ['rtof-dispersal-areas.csv', 'E08000001', 'E08999999', 'UNKNOWN_CODE'],
  ])('%s is refused when %j becomes %j: %s', (file, from, to, code) => {
    const error = errorOf(changed(file, (text) => text.replace(from, to)));
    expect(error.code).toBe(code);
    expect(error.place).toMatch(/\.csv/);
    expect(error.remedy).not.toBe('');
  });

  it('names a folder without the files', () => {
    expect(errorOf(join(tmpdir(), 'no-such-folder')).code).toBe('UNREADABLE');
  });
});
