import { readFileSync } from 'node:fs';
import { mappingContext, readAll, recordAt, refusedWhole } from '@throughline/adapter-kit/testing';
import type { ReadWith } from '@throughline/adapter-kit/testing';
import type { ReadItem, SubmissionParameters } from '@throughline/adapter-kit';
import { NHS_CSV_COLUMNS, readNhsCsv } from './partner-file.js';
import type { NhsRow } from './partner-file.js';
import { rowToEvents } from './to-events.js';

const EXAMPLE = readFileSync(new URL('../../examples/nhs-referrals.csv', import.meta.url), 'utf8');
const HEADER = NHS_CSV_COLUMNS.join(',');

const how = (parameters: Partial<SubmissionParameters>): ReadWith => ({
  format: 'csv',
  parameters: { asOf: new Date('2026-02-01T00:00:00Z'), ...parameters },
  limits: { depth: 4, textLength: 200, recordBytes: 2_000 },
});
const read = (text: string, parameters: Partial<SubmissionParameters> = {}): Promise<ReadItem<NhsRow>[]> => readAll(readNhsCsv, text, how(parameters));
const refusal = (text: string, parameters: Partial<SubmissionParameters> = {}) => refusedWhole(readNhsCsv, text, how(parameters));

const FIELDS = {
  row_reference: 'R-1',
  event: 'referral',
  date: '2026-01-08',
  nhs_number: '9990001014',
  first_name: 'Tobiah',
  last_name: 'Brackenhurst',
  date_of_birth: '1971-02-04',
  postcode: 'ZA3 1AB',
  from_ods: 'x9z02',
  to_service: 'X9Z77',
  programme: '',
  status: '',
};
const row = (more: Partial<typeof FIELDS> = {}): string => Object.values({ ...FIELDS, ...more }).join(',');

const fileOf = (more: Partial<typeof FIELDS>): string => `${HEADER}\n${row(more)}\n`;
const itemOf = async (more: Partial<typeof FIELDS> = {}): Promise<ReadItem<NhsRow> | undefined> => (await read(fileOf(more)))[1];
const recordOf = async (more: Partial<typeof FIELDS> = {}): Promise<NhsRow> => recordAt(await read(fileOf(more)), 1);

const CONTEXT = mappingContext('nhs-csv', { 'ZA3 1AB': { district: 'E08000003', ward: 'E05999006' } });

describe('the NHS CSV', () => {
  it('speaks as of the submission, for nobody it does not name', async () => {
    expect((await read(EXAMPLE))[0]).toEqual({
      kind: 'section',
      header: { clock: { instant: new Date('2026-02-01T00:00:00Z'), serial: 0 }, scope: 'nhs-csv', absence: { speaks: false } },
    });
  });

  it('speaks for everybody as a full extract', async () => {
    expect((await read(EXAMPLE, { fullExtract: true }))[0]).toMatchObject({ header: { absence: { speaks: true } } });
  });

  it('yields every row once, under the sender’s reference', async () => {
    const items = (await read(EXAMPLE)).slice(1);
    expect(items.map((item) => (item.kind === 'section' ? '' : `${item.kind} ${item.reference ?? '-'}`))).toEqual([
      'record X9Z02|R-0001',
      'record X9Z02|R-0001',
      'record X9Z02|R-0002',
      'record X9Z02|R-0003',
      'record X9Z02|R-0004',
      'unreadable X9Z02|R-0005',
    ]);
  });

  it('reads a row', async () => {
    expect(await recordOf({ status: 'On-Hold', programme: 'workwell' })).toEqual({
      rowReference: 'R-1',
      event: 'referral',
      date: '2026-01-08',
      nhsNumber: '9990001014',
      firstName: 'Tobiah',
      lastName: 'Brackenhurst',
      dateOfBirth: '1971-02-04',
      postcode: 'ZA3 1AB',
      fromOds: 'X9Z02',
      toService: 'X9Z77',
      programme: 'workwell',
      status: 'on-hold',
    });
  });

  it('takes its columns in any order', async () => {
    const columns = [...NHS_CSV_COLUMNS].reverse().join(',');
    const fields = Object.values(FIELDS).reverse().join(',');
    expect((await read(`${columns}\r\n${fields}\r\n`))[1]).toEqual(await itemOf());
  });

  it.each<[string, string, string, string]>([
    ['a missing column', HEADER.replace(',status', ''), 'wrong-header', 'line 1'],
    ['a further column', `${HEADER},gender`, 'wrong-header', 'line 1'],
    ['a column twice', `${HEADER},status`, 'wrong-header', 'line 1'],
    ['semicolons', HEADER.replaceAll(',', ';'), 'wrong-separator', 'line 1'],
    ['an open quote', `${HEADER}\n"R-1`, 'truncated', 'line 2'],
    ['nothing', '', 'empty', 'line 1'],
  ])('is refused whole for %s', async (_, text, code, place) => {
    expect(await refusal(text)).toEqual([code, place]);
  });

  it('is refused whole without the instant it speaks of', async () => {
    expect(await refusal(EXAMPLE, { asOf: null })).toEqual(['missing-parameter', 'asOf']);
  });

  it.each<[string, Partial<typeof FIELDS>, string, string, string | null]>([
    ['no row reference', { row_reference: ' ' }, 'missing-field', 'row_reference', null],
    ['no ODS code', { from_ods: '' }, 'missing-field', 'from_ods', null],
    ['an ODS code that is none', { from_ods: 'X9-02' }, 'bad-format', 'from_ods', null],
    ['an NHS number for an ODS code', { from_ods: '9990000018' }, 'bad-format', 'from_ods', null],
    ['a National Insurance number for an ODS code', { from_ods: 'xa102214b' }, 'bad-format', 'from_ods', null],
    ['no event', { event: '' }, 'missing-field', 'event', 'X9Z02|R-1'],
    ['an unknown event', { event: 'discharge' }, 'bad-code', 'event', 'X9Z02|R-1'],
    ['no date', { date: '' }, 'missing-field', 'date', 'X9Z02|R-1'],
    ['a date that is none', { date: '2026-13-01' }, 'bad-date', 'date', 'X9Z02|R-1'],
    ['a date of birth that is none', { date_of_birth: '04.02.1971' }, 'bad-date', 'date_of_birth', 'X9Z02|R-1'],
    ['an unknown status', { status: 'open' }, 'bad-code', 'status', 'X9Z02|R-1'],
    ['a support start that is revoked', { event: 'support_start', status: 'revoked' }, 'bad-code', 'status', 'X9Z02|R-1'],
    ['an unknown programme', { programme: 'work programme' }, 'bad-code', 'programme', 'X9Z02|R-1'],
    ['a column too many', { status: 'active,active' }, 'bad-format', 'row', null],
    ['a text too long', { last_name: 'x'.repeat(201) }, 'too-long', 'last_name', null],
  ])('refuses a row for %s', async (_, more, code, path, reference) => {
    expect(await itemOf(more)).toMatchObject({ kind: 'unreadable', reference, fault: { code, path } });
  });

  it('takes a reference once for each event', async () => {
    const items = await read([HEADER, row(), row({ event: 'support_start' }), row({ last_name: 'Other' })].join('\n'));
    expect(items.slice(1)).toMatchObject([{ kind: 'record' }, { kind: 'record' }, { kind: 'unreadable', fault: { code: 'duplicate-record' } }]);
  });
});

describe('a row', () => {
  it('reports a referral', async () => {
    expect(rowToEvents(await recordOf(), CONTEXT)).toEqual({
      fate: 'facts',
      identity: {
        recordKind: 'referral',
        occurredOn: '2026-01-08',
        nhsNumber: '9990001014',
        surname: 'Brackenhurst',
        firstName: 'Tobiah',
        dateOfBirth: '1971-02-04',
        postcodes: ['ZA3 1AB'],
      },
      facts: [
        {
          type: 'ReferralMade',
          naturalKey: ['R-1', 'referral'],
          occurredOn: '2026-01-08',
          body: { status: 'ACTIVE', fromOrganisation: 'X9Z02', toService: 'X9Z77', useCase: null },
        },
        expect.objectContaining({
          type: 'CircumstancesReported',
          naturalKey: ['R-1', 'referral'],
          body: expect.objectContaining({ birthYear: 1971, birthMonth: 2, district: 'E08000003', ward: 'E05999006' }) as unknown,
        }),
      ],
    });
  });

  it('reports a support start under its own programme', async () => {
    const outcome = rowToEvents(await recordOf({ event: 'support_start', programme: 'connect-to-work' }), CONTEXT);
    expect(outcome).toMatchObject({
      identity: { recordKind: 'support_start' },
      facts: [
        { type: 'SupportStarted', naturalKey: ['R-1', 'support_start'], programme: 'connect-to-work', body: { provider: 'X9Z77' } },
        { type: 'CircumstancesReported', naturalKey: ['R-1', 'support_start'], programme: 'connect-to-work' },
      ],
    });
  });

  it.each([
    ['referral', 'ReferralMade'],
    ['support_start', 'SupportStarted'],
  ])('of a %s entered in error takes back its three facts', async (event, type) => {
    expect(rowToEvents(await recordOf({ event, status: 'Entered-In-Error' }), CONTEXT)).toEqual({
      fate: 'facts',
      identity: null,
      facts: [],
      withdrawn: [
        { type, naturalKey: ['R-1', event] },
        { type: 'CircumstancesReported', naturalKey: ['R-1', event] },
        { type: 'SubjectIdentified', naturalKey: [event] },
      ],
    });
  });
});
