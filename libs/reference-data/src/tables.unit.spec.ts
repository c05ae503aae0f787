import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { taxYearOf, teachingYearByCode, teachingYearOf } from './calendars.js';
import { loadProgrammes } from './programmes.js';
import { ReferenceDataError } from './reference-data-error.js';

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
