import { parseDay, readCsv, readRecord, SubmissionRefused, unfit } from '@throughline/adapter-kit';
import type { Absence, ReadContext, ReadItem, RecordFault, SectionHeader } from '@throughline/adapter-kit';
import { monthOf, parseAcademicYear, parseMonthNumber } from './academic-month.js';
import type { CalendarMonth } from './academic-month.js';
import type { ExtractLayout } from './extract-layout.js';
import { ACTIVITY, EXTRACT_COLUMNS, MONTH, REFERENCE, STARTED, VERIFIED, YEAR } from './nccis-columns.js';
import type { ClientIdentity, NccisRecord } from './nccis-record.js';
import { spokenOf } from './spoken-of.js';

type Row = Readonly<Record<string, string>>;

const SILENT: Absence = { speaks: false };

/**
 * Reads one month's extract: every row is one young person's current activity, and a section of its own, since it says what
 * the person did from the activity's start to the month's end and nothing of any other time.
 */
export const readNccis = (layout: ExtractLayout) =>
  async function* read(payload: AsyncIterable<Uint8Array>, context: ReadContext): AsyncGenerator<ReadItem<NccisRecord>, void, void> {
    const { asOf } = context.parameters;
    if (asOf === null) throw new SubmissionRefused('missing-parameter', 'asOf', 'when the extract was drawn', 'Name the date and time.');
    const section = (scope: string, absence: Absence): { readonly kind: 'section'; readonly header: SectionHeader } => ({
      kind: 'section',
      header: { clock: { instant: asOf, serial: 0 }, scope, absence },
    });
    // A file without rows has to say that it is one.
    yield section(NOBODY, SILENT);

    const extract = new MonthlyExtract(layout, asOf.toISOString().slice(0, 10));
    const columns = { required: [...EXTRACT_COLUMNS, ...Object.values(layout.identity)], optional: layout.notRead };
    for await (const { ordinal, values, fault } of readCsv(payload, { ...columns, limits: context.limits })) {
      const reference = values?.[REFERENCE] ?? '';
      if (fault !== null || reference === '') {
        yield section(NOBODY, SILENT);
        yield { kind: 'unreadable', ordinal, reference: null, fault: fault ?? NO_REFERENCE };
        continue;
      }
      const read = readRecord(() => extract.row(reference, values));
      if (read.fault !== null) {
        yield section(reference, SILENT);
        yield { kind: 'unreadable', ordinal, reference, fault: read.fault };
        continue;
      }
      const { record, until } = read.record;
      for (const absence of spokenOf(record, until)) yield section(reference, absence);
      yield { kind: 'record', ordinal, reference, record };
    }
  };

/** Scope of what says nothing of anyone. */
const NOBODY = '';

const NO_REFERENCE: RecordFault = {
  code: 'missing-field',
  path: REFERENCE,
  expected: 'the young person’s anonymous reference',
  remedy: `Give ${REFERENCE}.`,
};

/** The rows of one file: all of one month, each of another person. */
class MonthlyExtract {
  readonly #layout: ExtractLayout;
  readonly #drawnOn: string;
  readonly #seen = new Set<string>();
  #month: CalendarMonth | undefined;

  constructor(layout: ExtractLayout, drawnOn: string) {
    this.#layout = layout;
    this.#drawnOn = drawnOn;
  }

  /** @returns the record and the last day of which it speaks. */
  row(reference: string, row: Row): { readonly record: NccisRecord; readonly until: string } {
    if (this.#seen.size === this.#seen.add(reference).size) unfit('duplicate-record', REFERENCE, 'one row for a person', 'Keep the row that holds; the first one was read.');
    const until = this.#spokenOf(row);
    const code = required(row, ACTIVITY);
    const activity = this.#layout.activities.get(code) ?? unfit('bad-code', ACTIVITY, 'an activity code of the list', 'Use a code of the list, or name its group in the layout file.');
    const startedOn = requiredDay(row, STARTED);
    if (startedOn > until) unfit('date-out-of-range', STARTED, 'a day not after the month, nor after asOf', 'Give the activity the person has now, not one to come.');
    const verifiedOn = optionalDay(row, VERIFIED);
    if (verifiedOn !== null && verifiedOn > this.#drawnOn) unfit('date-out-of-range', VERIFIED, 'a day not after asOf', `Correct ${VERIFIED}.`);
    const record = { activity, startedOn, verifiedOn: verifiedOn !== null && verifiedOn > startedOn ? verifiedOn : null, client: this.#client(row) };
    return { record, until };
  }

  /** Last day of the row's month, or the day the extract was drawn where that is earlier. */
  #spokenOf(row: Row): string {
    const year = parseAcademicYear(required(row, YEAR)) ?? unfit('bad-format', YEAR, 'an academic year such as 2025/2026', `Correct ${YEAR}.`);
    const number = parseMonthNumber(required(row, MONTH)) ?? unfit('bad-number', MONTH, 'a month of the calendar, 1 to 12', `Correct ${MONTH}.`);
    const month = monthOf(year, number);
    if (month.firstDay > this.#drawnOn) unfit('date-out-of-range', MONTH, 'a month that had begun by asOf', `Correct ${YEAR} and ${MONTH}, or asOf.`);
    this.#month ??= month;
    if (this.#month.firstDay !== month.firstDay) unfit('conflicting-fields', MONTH, 'the month of the rows before', 'Send each month as an extract of its own.');
    return month.lastDay < this.#drawnOn ? month.lastDay : this.#drawnOn;
  }

  #client(row: Row): ClientIdentity {
    const { identity } = this.#layout;
    const of = (part: keyof ClientIdentity): string | null => (identity[part] === undefined ? null : given(row, identity[part]));
    const { dateOfBirth } = identity;
    return {
      nhsNumber: of('nhsNumber'),
      nino: of('nino'),
      uln: of('uln'),
      surname: of('surname'),
      firstName: of('firstName'),
      dateOfBirth: dateOfBirth === undefined ? null : optionalDay(row, dateOfBirth),
      postcode: of('postcode'),
    };
  }
}

const given = (row: Row, column: string): string | null => {
  const value = row[column] ?? '';
  return value === '' ? null : value;
};

const required = (row: Row, column: string): string => given(row, column) ?? unfit('missing-field', column, 'a value', `Give ${column}.`);

const day = (value: string, column: string): string => parseDay(value) ?? unfit('bad-date', column, 'a date YYYY-MM-DD', `Correct ${column}.`);

const requiredDay = (row: Row, column: string): string => day(required(row, column), column);

const optionalDay = (row: Row, column: string): string | null => {
  const value = given(row, column);
  return value === null ? null : day(value, column);
};
