import { inShort, readAll, recordAt } from '@throughline/adapter-kit/testing';
import type { ReadItem } from '@throughline/adapter-kit';
import { monthOf, parseAcademicYear } from './academic-month.js';
import { parseLayout, PLAIN_LAYOUT } from './extract-layout.js';
import type { ExtractLayout } from './extract-layout.js';
import { EXTRACT_COLUMNS } from './nccis-columns.js';
import type { NccisRecord } from './nccis-record.js';
import { readNccis } from './partner-file.js';

const AS_OF = '2025-12-02T09:00:00Z';
const NOBODY = { nhsNumber: null, nino: null, uln: null, surname: null, firstName: null, dateOfBirth: null, postcode: null };

const read = (rows: readonly string[], { asOf = AS_OF, layout = PLAIN_LAYOUT, more = '' }: { readonly asOf?: string; readonly layout?: ExtractLayout; readonly more?: string } = {}): Promise<ReadItem<NccisRecord>[]> =>
  readAll(readNccis(layout), `${EXTRACT_COLUMNS.join(',')}${more}\n${rows.join('\n')}\n`, { format: 'csv', parameters: { asOf: new Date(asOf) } });

const sections = (items: readonly ReadItem<NccisRecord>[]) => items.flatMap((item) => (item.kind === 'section' ? [item.header] : []));

describe('an extract', () => {
  it('opens a section for every row, which speaks of its person’s time from the activity’s start to the month’s end', async () => {
    const items = await read(['A1,2025/26,11,330,2025-09-01,2025-11-14', 'A2,2025/26,11,619,2025-11-20,']);
    expect(sections(items)).toEqual([
      { clock: { instant: new Date(AS_OF), serial: 0 }, scope: '', absence: { speaks: false } },
      { clock: { instant: new Date(AS_OF), serial: 0 }, scope: 'A1', absence: { speaks: true, within: { from: '2025-11-14', to: '2025-11-30' }, families: ['proof'] } },
      { clock: { instant: new Date(AS_OF), serial: 0 }, scope: 'A1', absence: { speaks: true, within: { from: '2025-09-01', to: '2025-11-30' }, families: ['activity'] } },
      { clock: { instant: new Date(AS_OF), serial: 0 }, scope: 'A2', absence: { speaks: true, within: { from: '2025-11-20', to: '2025-11-30' }, families: ['activity', 'proof'] } },
    ]);
    expect(recordAt(items, 3)).toEqual({ activity: 'employment', startedOn: '2025-09-01', verifiedOn: '2025-11-14', client: NOBODY });
    expect(recordAt(items, 5)).toEqual({ activity: 'neet-available', startedOn: '2025-11-20', verifiedOn: null, client: NOBODY });
  });

  it('speaks of no day after it was drawn', async () => {
    const [, section] = sections(await read(['A1,2025-26,11,330,2025-09-01,'], { asOf: '2025-11-20T23:30:00Z' }));
    expect(section?.absence).toMatchObject({ within: { from: '2025-09-01', to: '2025-11-20' } });
  });

  it('lets a refused row make nothing absent', async () => {
    const items = await read(['A1,2025/26,11,,2025-09-01,', ',2025/26,11,330,2025-09-01,']);
    expect(inShort(items).filter((item) => !item.startsWith('2025'))).toEqual(['1 unreadable A1', '2 unreadable -']);
    expect(sections(items).map(({ scope, absence }) => [scope, absence.speaks])).toEqual([['', false], ['A1', false], ['', false]]);
  });

  it('takes no proof from a day before the activity, nor from its first', async () => {
    const items = await read(['A1,2025/26,11,330,2025-09-01,2025-08-30', 'A2,2025/26,11,330,2025-09-01,2025-09-01']);
    expect([recordAt(items, 2), recordAt(items, 4)].map(({ verifiedOn }) => verifiedOn)).toEqual([null, null]);
  });

  it('takes a code’s group from the layout, and who the person is from the columns it names', async () => {
    const layout = parseLayout('{"columns":{"Surname":"surname","Home":"postcode","DOB":"date-of-birth","Sex":"not-read"},"activities":{"540":"employment"}}', 'LAYOUT');
    const items = await read(['A1,2025/26,11,540,2025-09-01,,F,Thistlewood,ZA1 1AA,2008-02-29'], { layout, more: ',Sex,SURNAME,Home,DOB' });
    expect(recordAt(items, 2)).toMatchObject({ activity: 'employment', client: { ...NOBODY, surname: 'Thistlewood', postcode: 'ZA1 1AA', dateOfBirth: '2008-02-29' } });
  });
});

describe('a month', () => {
  it.each([
    ['2025/2026', 9, '2025-09-01', '2025-09-30'],
    ['2025/26', 12, '2025-12-01', '2025-12-31'],
    ['2023-24', 2, '2024-02-01', '2024-02-29'],
    ['1999/2000', 8, '2000-08-01', '2000-08-31'],
  ])('of %s number %i is a month of the calendar', (year, month, firstDay, lastDay) => {
    expect(monthOf(parseAcademicYear(year)!, month)).toEqual({ firstDay, lastDay });
  });

  it.each(['2025', '2025/2027', '2025/25', '25/26', '2025/026', '2025_26', '0099/00'])('has no academic year written %s', (year) => {
    expect(parseAcademicYear(year)).toBeNull();
  });
});
