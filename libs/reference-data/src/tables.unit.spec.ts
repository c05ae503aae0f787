import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { taxYearOf, teachingYearByCode, teachingYearOf } from './calendars.js';
import { loadProgrammes } from './programmes.js';
import { ReferenceDataError } from './reference-data-error.js';
import { WageTable } from './wages.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tables-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('programmes', () => {
  it('are those that facts may name', () => {
    expect([...loadProgrammes().keys()]).toEqual(['workwell', 'connect-to-work', 'restart', 'work-and-health', 'youth-guarantee', 'local']);
    expect(loadProgrammes().get('work-and-health')).toMatchObject({ referralsEnd: '2024-09-30', verified: true });
    expect(loadProgrammes().get('youth-guarantee')?.verified).toBe(false);
  });

  it.each(['{', '[{"id": "workwell"}]', JSON.stringify([...loadProgrammes().values(), loadProgrammes().get('local')])])('refuse the file %#', (text) => {
    writeFileSync(join(folder, 'programmes.json'), text);
    expect(() => loadProgrammes(folder)).toThrow(ReferenceDataError);
  });
});

describe('wages', () => {
  it('hold from their day until the next of their band', () => {
    const wages = WageTable.load();
    expect(wages.at('21-and-over', '2026-03-31')?.pencePerHour).toBe(1221);
    expect(wages.at('21-and-over', '2026-04-01')?.pencePerHour).toBe(1271);
    expect(wages.at('18-to-20', '2026-12-31')?.pencePerHour).toBe(1085);
    expect(wages.at('21-and-over', '2020-01-01')).toBeNull();
    expect(wages.at('18-to-20', '2025-04-01')).toBeNull();
  });

  it('say that nobody has verified them yet', () => {
    expect(WageTable.load().wages.some(({ verified }) => verified)).toBe(false);
  });

  it('may be saved with a byte order mark', () => {
    writeFileSync(join(folder, 'wages.csv'), `\ufeff${HEADER}2026-04-01,18-to-20,2,s,true\n`.replaceAll('\n', '\r\n'));
    expect(WageTable.load(folder).wages).toHaveLength(1);
  });

  const HEADER = 'from,band,pence_per_hour,source,verified\n';
  it('may stand in any order in the file', () => {
    writeFileSync(join(folder, 'wages.csv'), `${HEADER}2026-04-01,18-to-20,2,s,true\n2025-04-01,18-to-20,1,s,true\n`);
    expect(WageTable.load(folder).at('18-to-20', '2027-01-01')?.pencePerHour).toBe(2);
  });

  it.each([
    [',18-to-20,1,s,true', 'BAD_VALUE'],
    ['2026-04-01,19-to-20,1,s,true', 'BAD_VALUE'],
    ['2026-04-01,18-to-20,12.71,s,true', 'BAD_VALUE'],
    ['2026-04-01,18-to-20,1,s,maybe', 'BAD_VALUE'],
    ['2026-04-31,18-to-20,1,s,true\n2026-04-31,18-to-20,2,s,true', 'DUPLICATE'],
  ])('refuse %j: %s', (rows, code) => {
    writeFileSync(join(folder, 'wages.csv'), `${HEADER}${rows}\n`);
    expect(() => WageTable.load(folder)).toThrow(expect.objectContaining({ code }));
  });
});

describe('calendars', () => {
  it('know the teaching year of a day', () => {
    expect(teachingYearOf('2026-07-31')).toEqual({ code: '2526', from: '2025-08-01', to: '2026-07-31' });
    expect(teachingYearOf('2026-08-01')).toEqual({ code: '2627', from: '2026-08-01', to: '2027-07-31' });
  });

  it('know a teaching year by its code', () => {
    expect(teachingYearByCode('2526')).toEqual(teachingYearOf('2025-08-01'));
    for (const code of ['2527', '25-26', '252', '9900', '2526x', '']) expect(teachingYearByCode(code)).toBeNull();
  });

  it('know the tax year of a day', () => {
    expect(taxYearOf('2026-04-05')).toEqual({ code: '25-26', from: '2025-04-06', to: '2026-04-05' });
    expect(taxYearOf('2026-04-06').code).toBe('26-27');
    expect(taxYearOf('2000-01-01').code).toBe('99-00');
  });
});
