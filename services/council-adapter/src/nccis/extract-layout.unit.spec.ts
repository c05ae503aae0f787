import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SettingsInvalid } from '@throughline/adapter-kit';
import { layoutFrom, parseLayout, PLAIN_LAYOUT } from './extract-layout.js';

const SETTING = 'NCCIS_LAYOUT_FILE';
const layout = (json: object) => parseLayout(JSON.stringify(json), SETTING);

/** What is said of a layout that cannot be used. */
function faultsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof SettingsInvalid) return error.faults;
    throw error;
  }
  throw new Error('nothing is wrong with it');
}

describe('a layout', () => {
  it('says which column holds what, which are not read, and of which group a code is', () => {
    const { identity, notRead, activities } = layout({ columns: { ' Surname ': 'surname', DOB: 'date-of-birth', Ethnicity: 'not-read', Gender: 'not-read' }, activities: { 530: 'neet-available', 999: 'not-told' } });
    expect(identity).toEqual({ surname: 'Surname', dateOfBirth: 'DOB' });
    expect(notRead).toEqual(['Ethnicity', 'Gender']);
    expect([...['530', '999', '330']].map((code) => activities.get(code))).toEqual(['neet-available', 'not-told', 'employment']);
  });

  it('says nothing where it is empty, or where there is none', () => {
    expect(layout({})).toEqual(PLAIN_LAYOUT);
    expect(layoutFrom(undefined, SETTING)).toBe(PLAIN_LAYOUT);
    expect(layoutFrom('', SETTING)).toBe(PLAIN_LAYOUT);
  });

  it.each([
    ['no JSON', () => parseLayout('columns:', SETTING), [`${SETTING}: the file is no JSON`]],
    ['no object', () => parseLayout('[]', SETTING), [expect.stringContaining('expected')]],
    ['something else beside', () => layout({ column: {} }), [`${SETTING}: expected columns and activities only, not column`]],
    ['what no column can hold', () => layout({ columns: { Notes: 'text' } }), [expect.stringMatching(/^NCCIS_LAYOUT_FILE: columns: Notes: expected one of nhs-number, .*not-read$/)]],
    ['a group that is none', () => layout({ activities: { 530: 'working' } }), [expect.stringMatching(/^NCCIS_LAYOUT_FILE: activities: 530: expected one of employment, /)]],
    ['a code that is none', () => layout({ activities: { A1: 'employment' } }), [`${SETTING}: activities: A1: expected an activity code of three digits`]],
    ['a column that every extract has', () => layout({ columns: { nccis_monthno: 'not-read' } }), [`${SETTING}: columns: nccis_monthno: every extract has it, name it nowhere`]],
    ['a column twice', () => layout({ columns: { Uln: 'uln', ULN: 'not-read' } }), [`${SETTING}: columns: uln: named twice, case does not tell columns apart`]],
    ['two columns that hold one thing', () => layout({ columns: { A: 'postcode', B: 'postcode' } }), [`${SETTING}: columns: postcode: held by two columns, name one`]],
  ])('is refused with %s', (_, read, faults) => {
    expect(faultsOf(read)).toEqual(faults);
  });

  it('is refused with every fault at once', () => {
    expect(faultsOf(() => layout({ columns: { A: 'x', B: 'y' }, activities: { 1: 'employment' } }))).toHaveLength(3);
    expect(faultsOf(() => layout({ columns: { A: 'uln', a: 'uln' } }))).toHaveLength(2);
  });

  it('is read from the file that the setting names; one that is not there is a fault of the setting', () => {
    const folder = mkdtempSync(join(tmpdir(), 'layout-'));
    try {
      writeFileSync(join(folder, 'layout.json'), '{"columns":{"ULN":"uln"}}');
      expect(layoutFrom(join(folder, 'layout.json'), SETTING).identity).toEqual({ uln: 'ULN' });
      expect(faultsOf(() => layoutFrom(join(folder, 'none.json'), SETTING))).toEqual([`${SETTING}: cannot be read (ENOENT)`]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
