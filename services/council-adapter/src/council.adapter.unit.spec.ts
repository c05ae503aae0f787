import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { changed, conformanceSuite } from '@throughline/adapter-kit/testing';
import type { ExampleSubmission } from '@throughline/adapter-kit/testing';
import type { FaultCode, RefusalCode } from '@throughline/adapter-kit';
import { COUNCIL_ADAPTER } from './council.adapter.js';
import type { RtofPart } from './rtof-record.js';

const example = (part: RtofPart): string => readFileSync(new URL(`../examples/${part}.csv`, import.meta.url), 'utf8');

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

conformanceSuite(COUNCIL_ADAPTER, {
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
  docsPage: fileURLToPath(new URL('../../../docs/partners/council.md', import.meta.url)),
});
