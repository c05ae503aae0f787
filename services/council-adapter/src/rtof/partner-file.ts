import { parseDay, parseMonth, readCsv, readRecord, SubmissionRefused, unfit } from '@throughline/adapter-kit';
import type { ReadContext, ReadItem, RecordFault } from '@throughline/adapter-kit';
import { Geography } from '@throughline/reference-data';
import { BASELINE_STATUSES, CONTRACTS, HOURS, lookUp, OUTCOME_TYPES } from './rtof-codes.js';
import { COLUMNS, PARTS } from './rtof-columns.js';
import type { EmploymentTerms, RtofPart, RtofRecord } from './rtof-record.js';

type Row = Readonly<Record<string, string>>;

const FIRST_BIRTH_YEAR = 1900;
const MOST_POUNDS_AN_HOUR = 1000;
const geography = Geography.load();

/** Reads one of the four files, told apart by the submission's `part`: every row is one record of one person. */
export async function* readRtof(payload: AsyncIterable<Uint8Array>, context: ReadContext): AsyncGenerator<ReadItem<RtofRecord>, void, void> {
  const { asOf, fullExtract } = context.parameters;
  const part = PARTS.find((known) => known === context.parameters.part);
  if (part === undefined) {
    throw new SubmissionRefused('unknown-part', 'part', PARTS.join(', '), 'Say which of the files this is.');
  }
  if (asOf === null) throw new SubmissionRefused('missing-parameter', 'asOf', 'when the file was drawn', 'Name the date and time.');
  yield { kind: 'section', header: { clock: { instant: asOf, serial: 0 }, scope: part, absence: { speaks: fullExtract } } };

  const seen = new Set<string>();
  for await (const { ordinal, values, fault } of readCsv(payload, { ...COLUMNS[part], limits: context.limits })) {
    if (fault !== null) {
      yield { kind: 'unreadable', ordinal, reference: null, fault };
      continue;
    }
    const reference = values['unique_id'] ?? '';
    if (reference === '') {
      yield { kind: 'unreadable', ordinal, reference: null, fault: NO_REFERENCE };
    } else if (seen.has(reference)) {
      yield { kind: 'unreadable', ordinal, reference, fault: REPEATED };
    } else {
      seen.add(reference);
      const read = readRecord(() => ROWS[part](values));
      yield read.fault === null
        ? { kind: 'record', ordinal, reference, record: read.record }
        : { kind: 'unreadable', ordinal, reference, fault: read.fault };
    }
  }
}

const NO_REFERENCE: RecordFault = {
  code: 'missing-field',
  path: 'unique_id',
  expected: 'the person\'s identifier in your records',
  remedy: 'Give unique_id; until then nobody is taken to have left the file.',
};
const REPEATED: RecordFault = {
  code: 'duplicate-record',
  path: 'unique_id',
  expected: 'one row for a person',
  remedy: 'Keep the row that holds; the first one was read.',
};

const ROWS: Readonly<Record<RtofPart, (row: Row) => RtofRecord>> = {
  person: readPerson,
  baseline: readBaseline,
  employment_entry: readEntry,
  employment_sustain: readSustain,
};

function readPerson(row: Row): RtofRecord {
  const year = given(row, 'year_of_birth');
  if (year !== null && !(/^\d{4}$/.test(year) && Number(year) >= FIRST_BIRTH_YEAR)) unfit('bad-number', 'year_of_birth', 'a year of four digits from 1900', 'Correct year_of_birth.');
  const startedService = month(row, 'date_started_service');
  const area = given(row, 'dispersal_area');
  const district = area === null ? null : geography.districtOfDispersalArea(area, `${startedService}-01`);
  if (area !== null && district === null) {
    unfit('bad-code', 'dispersal_area', 'a council of the specification\'s list, for example Oldham Council', 'Write the council as the list does.');
  }
  return {
    part: 'person',
    firstName: given(row, 'first_name'),
    lastName: given(row, 'last_name'),
    birthYear: year === null ? null : Number(year),
    district,
    startedService,
  };
}

function readBaseline(row: Row): RtofRecord {
  return {
    part: 'baseline',
    nino: given(row, 'ni_number'),
    statusGranted: month(row, 'date_asylum_status_granted'),
    labourMarketStatus: code(row, 'employment_status', BASELINE_STATUSES) ?? missing('employment_status'),
    homeless: (given(row, 'housing_baseline_accommodation') ?? '').startsWith('Homeless'),
  };
}

function readEntry(row: Row): RtofRecord {
  const work = code(row, 'employment_entry_outcome_type', OUTCOME_TYPES) ?? missing('employment_entry_outcome_type');
  const date = day(row, 'date_employment_entry');
  return {
    part: 'employment_entry',
    work,
    date,
    terms: terms(row, 'primary_employment_entry_status', 'hours_of_employment_entry', 'wage_employment_entry'),
  };
}

function readSustain(row: Row): RtofRecord {
  const date = day(row, 'employment_sustainment_date');
  return {
    part: 'employment_sustain',
    date,
    terms: terms(row, 'employment_sustain_status', 'hours_of_employment_sustain', 'wage_employment_sustain'),
  };
}

function terms(row: Row, status: string, hours: string, wage: string): EmploymentTerms {
  const contract = code(row, status, CONTRACTS) ?? 'UNKNOWN';
  const weeklyHours = code(row, hours, HOURS);
  const pounds = given(row, wage);
  if (pounds !== null && !(/^\d{1,4}$/.test(pounds) && Number(pounds) <= MOST_POUNDS_AN_HOUR)) {
    unfit('bad-number', wage, `whole pounds an hour, 0 to ${MOST_POUNDS_AN_HOUR}`, `Correct ${wage}.`);
  }
  return { contract, hours: weeklyHours, hourlyPayPence: pounds === null ? null : Number(pounds) * 100 };
}

const given = (row: Row, column: string): string | null => {
  const value = row[column] ?? '';
  return value === '' ? null : value;
};

const missing = (column: string): never => unfit('missing-field', column, 'a value', `Give ${column}.`);

function code<T>(row: Row, column: string, list: Readonly<Record<string, { readonly meaning: string; readonly becomes: T }>>): T | null {
  const value = given(row, column);
  if (value === null) return null;
  const found = lookUp(list, value);
  return found === undefined ? unfit('bad-code', column, Object.keys(list).join(', '), `Use one of the codes for ${column}.`) : found.becomes;
}

function month(row: Row, column: string): string {
  const value = given(row, column) ?? missing(column);
  return parseMonth(value) ?? unfit('bad-date', column, 'a month YYYY-MM', `Correct ${column}.`);
}

function day(row: Row, column: string): string {
  const value = given(row, column) ?? missing(column);
  return parseDay(value) ?? unfit('bad-date', column, 'a date YYYY-MM-DD', `Correct ${column}.`);
}
