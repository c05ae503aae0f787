import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { changed, conformanceSuite } from '@throughline/adapter-kit/testing';
import type { ConformanceExamples, ExampleSubmission } from '@throughline/adapter-kit/testing';
import type { FaultCode, RefusalCode } from '@throughline/adapter-kit';
import { councilAdapter, COUNCIL_ADAPTER } from './council.adapter.js';
import { parseLayout } from './nccis/extract-layout.js';
import type { RtofPart } from './rtof/rtof-record.js';

const read = (name: string): string => readFileSync(new URL(`../examples/${name}`, import.meta.url), 'utf8');
const example = (part: RtofPart): string => read(`${part}.csv`);
const docsPage = fileURLToPath(new URL('../../../docs/partners/council.md', import.meta.url));

const submission = (part: RtofPart, title: string, content: string | Uint8Array = example(part)): ExampleSubmission => ({
  title: `${part}: ${title}`,
  feed: 'rtof',
  mediaType: 'text/csv',
  part,
  asOf: '2026-05-01T09:00:00Z',
  content,
});
const whole = (part: RtofPart, title: string, code: RefusalCode, from: string | RegExp, to: string) => ({ ...submission(part, title, changed(example(part), from, to)), code });
/** The first row after the change, alone below its header. */
const alone = (part: RtofPart, title: string, code: FaultCode, from: string | RegExp, to: string) => {
  const [header = '', first = ''] = example(part).split('\n');
  return { ...submission(part, title, `${header}\n${changed(first, from, to)}\n`), codes: { 1: code } };
};
const rows = (received: number, published: number, skipped: number, refused: number) => ({ expected: { received, published, skipped, refused } });

const extract = (title: string, content: string | Uint8Array = read('nccis.csv'), asOf = '2025-12-02T09:00:00Z'): ExampleSubmission => ({
  title: `nccis: ${title}`,
  feed: 'nccis',
  mediaType: 'text/csv',
  asOf,
  content,
});
/** One row of the extract after the change, alone below its header. */
const row = (title: string, code: FaultCode, from: string | RegExp, to: string) => {
  const [header = '', first = ''] = read('nccis.csv').split('\n');
  return { ...extract(title, `${header}\n${changed(first, from, to)}\n`), codes: { 1: code } };
};

const RTOF: Pick<ConformanceExamples, 'good' | 'badSubmissions' | 'badRecords'> & { readonly identifiers: readonly string[] } = {
  good: [
    // Sustainment before entry, as files come in any order.
    { ...submission('employment_sustain', 'whose entries come later'), ...rows(2, 1, 0, 1) },
    { ...submission('person', 'people'), ...rows(3, 2, 0, 1) },
    { ...submission('baseline', 'a full extract'), fullExtract: 'true', ...rows(2, 2, 0, 0) },
    { ...submission('employment_entry', 'entries', example('employment_entry').replaceAll('\n', '\r\n')), ...rows(2, 2, 0, 0) },
    {
      ...submission('employment_entry', 'a corrected date a week on', changed(example('employment_entry'), '2025-10-06', '2025-10-08')),
      asOf: '2026-05-08T09:00:00Z',
      ...rows(2, 1, 1, 0),
    },
    {
      ...submission('baseline', 'a full extract that one person has left', changed(example('baseline'), /BRN-0002.*\n/, '')),
      asOf: '2026-05-08T09:00:00Z',
      fullExtract: 'true',
      ...rows(1, 0, 1, 0),
    },
  ],
  badSubmissions: [
    { ...submission('person', 'no word of which file it is'), part: undefined, code: 'unknown-part' },
    { ...submission('person', 'a file that tells nothing of work'), part: 'housing_entry', code: 'unknown-part' },
    { ...submission('person', 'no instant it speaks of'), asOf: undefined, code: 'missing-parameter' },
    { ...submission('person', 'an instant that is a day'), asOf: '2026-05-01', code: 'bad-parameter' },
    { ...submission('person', 'another of the files', example('baseline')), code: 'wrong-header' },
    whole('person', 'a column left out', 'wrong-header', ',year_of_birth', ''),
    whole('person', 'a column nobody knows', 'wrong-header', 'gender', 'shoe_size'),
    whole('person', 'a column twice', 'wrong-header', 'gender', 'first_name'),
    { ...submission('person', 'semicolons', example('person').replaceAll(',', ';')), code: 'wrong-separator' },
    { ...submission('person', 'tabs', example('person').replaceAll(',', '\t')), code: 'wrong-separator' },
    { ...submission('person', 'Latin-1', Buffer.from(changed(example('person'), 'Orla', 'Órla'), 'latin1')), code: 'wrong-encoding' },
    { ...submission('person', 'UTF-16', Buffer.from(`\ufeff${example('person')}`, 'utf16le')), code: 'wrong-encoding' },
    whole('baseline', 'a quote that is never closed', 'truncated', 'housing"', 'housing'),
    { ...submission('person', 'nothing', ''), code: 'empty' },
  ],
  badRecords: [
    alone('person', 'no identifier', 'missing-field', 'BRN-0001', ''),
    alone('person', 'a date of birth for a year', 'bad-number', '1991', '12/04/1991'),
    alone('person', 'no start', 'missing-field', '2025-09', ''),
    alone('person', 'a day for a month', 'bad-date', '2025-09', '2025-09-01'),
    alone('person', 'a council that is not known', 'bad-code', 'Oldham Council', 'Camelot Council'),
    { ...submission('person', 'one person twice', changed(example('person'), 'BRN-0002', 'BRN-0001')), codes: { 2: 'duplicate-record', 3: 'missing-field' } },
    { ...submission('person', 'a comma not quoted', changed(example('person'), 'Quillfeather', 'Quillfeather, Miss')), codes: { 1: 'bad-format', 3: 'missing-field' } },
    alone('baseline', 'no month of the grant', 'missing-field', '2025-06', ''),
    alone('baseline', 'an unknown status', 'bad-code', 'ULA', 'Unemployed'),
    alone('employment_entry', 'an unknown outcome', 'bad-code', 'Employment', 'Volunteering'),
    alone('employment_entry', 'a month for a day', 'bad-date', '2025-10-06', '2025-10'),
    alone('employment_entry', 'an unknown contract', 'bad-code', 'TC', 'Temp'),
    alone('employment_entry', 'hours as a number', 'bad-code', '16 to 30 hours', '24'),
    alone('employment_entry', 'a wage with pence', 'bad-number', /13$/, '12.71'),
    alone('employment_sustain', 'no date', 'missing-field', '2026-01-12', ''),
    alone('employment_sustain', 'a date that does not exist', 'bad-date', '2026-01-12', '2026-02-30'),
    alone('employment_sustain', 'an annual wage', 'bad-number', /14$/, '26500'),
  ],
  identifiers: [
    ...['BRN-0001', 'BRN-0002', 'JX 40 29 17 B', 'QQ123456C'],
    ...['Orla', 'Quillfeather', 'Tobias', 'Marchbank', 'Wren', 'Fallowfield'],
    ...['12/04/1991', 'V-17', 'V-18', 'Camelot Council'],
  ],
};

conformanceSuite(COUNCIL_ADAPTER, {
  good: [
    ...RTOF.good,
    { ...extract('a month'), ...rows(5, 4, 0, 1) },
    {
      ...extract('the month drawn again, one activity put right', changed(read('nccis.csv'), '330,2025-09-01,2025-11-14', '619,2025-09-01,')),
      asOf: '2025-12-09T09:00:00Z',
      // The learner, and who is not known about, are as they were.
      ...rows(5, 1, 3, 1),
    },
    {
      ...extract('a later month, drawn before that', read('nccis.csv').replaceAll(',11,', ',12,').replace('619,2025-10-20,2025-11-18', '330,2025-12-01,2025-12-04')),
      asOf: '2025-12-08T09:00:00Z',
      ...rows(5, 1, 3, 1),
    },
    { ...extract('no row', read('nccis.csv').split('\n')[0]), ...rows(0, 0, 0, 0) },
  ],
  badSubmissions: [
    ...RTOF.badSubmissions,
    { ...extract('no instant it was drawn at'), asOf: undefined, code: 'missing-parameter' },
    { ...extract('a word of what is left out'), fullExtract: 'true', code: 'unknown-parameter' },
    { ...extract('a column that is named nowhere', changed(read('nccis.csv'), 'Verification_Date', 'Verification_Date,Surname')), code: 'wrong-header' },
    { ...extract('a column left out', changed(read('nccis.csv'), 'NCCIS_MonthNo,', '')), code: 'wrong-header' },
    { ...extract('Latin-1', Buffer.from(changed(read('nccis.csv'), 'A1', 'Á1'), 'latin1')), code: 'wrong-encoding' },
    { ...extract('a quote that is never closed', changed(read('nccis.csv'), 'PMR', '"PMR')), code: 'truncated' },
  ],
  badRecords: [
    ...RTOF.badRecords,
    row('no reference', 'missing-field', 'PMR00000000A1', ''),
    { ...extract('one person twice', changed(read('nccis.csv'), 'A2', 'A1')), codes: { 2: 'duplicate-record', 5: 'missing-field' } },
    row('a field too many', 'bad-format', '2025-11-14', '2025-11-14,'),
    row('no year', 'missing-field', '2025/26', ''),
    row('years that do not follow', 'bad-format', '2025/26', '2025/27'),
    row('a year alone', 'bad-format', '2025/26', '2025'),
    row('no month', 'missing-field', ',11,', ',,'),
    row('a thirteenth month', 'bad-number', ',11,', ',13,'),
    row('a month to come', 'date-out-of-range', ',11,', ',01,'),
    { ...extract('two months', changed(read('nccis.csv'), /11(?=,619)/, '10')), codes: { 2: 'conflicting-fields', 5: 'missing-field' } },
    row('no activity', 'missing-field', '330', ''),
    row('an activity nobody knows', 'bad-code', '330', '331'),
    row('an activity whose group is named elsewhere', 'bad-code', '330', '999'),
    row('a start as written in England', 'bad-date', '2025-09-01', '01/09/2025'),
    row('a start after the month', 'date-out-of-range', '2025-09-01', '2025-12-01'),
    row('a date of making sure that is none', 'bad-date', '2025-11-14', '2025-11-31'),
    row('made sure of after it was drawn', 'date-out-of-range', '2025-11-14', '2025-12-03'),
  ],
  identifiers: [...RTOF.identifiers, ...['A1', 'A2', 'A3', 'A4', 'A5'].map((end) => `PMR00000000${end}`)],
  docsPage,
});

const LINKED = extract('with further columns', read('nccis-further-columns.csv'));

describe('with the columns that a council adds', () => {
  conformanceSuite(councilAdapter(parseLayout(read('nccis-layout.json'), 'NCCIS_LAYOUT_FILE')), {
    good: [...RTOF.good, { ...LINKED, ...rows(3, 3, 0, 0) }],
    badSubmissions: [{ ...extract('without a column that the layout names'), code: 'wrong-header' }],
    badRecords: [{ ...extract('a date of birth as written in England', changed(read('nccis-further-columns.csv'), '2008-07-03', '03/07/2008')), codes: { 2: 'bad-date' } }],
    identifiers: ['Thistlewood', 'Imogen', 'Lockhartson', 'Ravensworth', '2008-02-29', '2008-07-03', 'ZA1 1AA', '9700000027', '9700000028', 'PMR00000000B1'],
    docsPage,
  });
});
