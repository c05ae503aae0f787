import { CsvError, parse } from 'csv-parse';
import { SubmissionRefused } from '../adapter-declaration.js';
import type { ReadLimits, RecordFault } from '../adapter-declaration.js';
import { decodeUtf8 } from './utf8.js';

/** One row after the header. Rows without any value are no rows. */
export type CsvRow =
  | {
      /** From 1, the first row after the header. */
      readonly ordinal: number;
      /** Line the row ends on, the header's first line being 1. */
      readonly line: number;
      /** Trimmed values by column name as declared; a column that the file leaves out is absent here. */
      readonly values: Readonly<Record<string, string>>;
      readonly fault: null;
    }
  | { readonly ordinal: number; readonly line: number; readonly values: null; readonly fault: RecordFault };

export interface CsvReadOptions {
  readonly required: readonly string[];
  readonly optional?: readonly string[];
  readonly limits: ReadLimits;
}

/** A header that names at least this share of the required columns is a header, and its other names may be repeated. */
const RECOGNISED_SHARE = 0.5;
const PLAIN_NAME = /^[A-Za-z][A-Za-z_ ]{0,39}$/;
const SEPARATORS: readonly [string, string][] = [
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'vertical bars'],
];

const LINE_END = /[\r\n]/;
/** More of a file's beginning than this tells nothing of its separator. */
const BEGINNING_LENGTH = 64 * 1024;

const list = (names: readonly string[]): string => names.join(', ');

/** Throws `wrong-separator` where the first line has no comma but another separator; it need not be one that can be parsed. */
const refuseSeparator = (beginning: string): void => {
  const firstLine = beginning.slice(0, LINE_END.exec(beginning)?.index);
  const found = firstLine.includes(',') ? undefined : SEPARATORS.find(([separator]) => firstLine.includes(separator));
  if (found === undefined) return;
  throw new SubmissionRefused(
    'wrong-separator',
    'line 1',
    `columns separated by commas, not ${found[1]}`,
    'Export as comma-separated CSV (in Excel: "CSV UTF-8 (comma delimited)").',
  );
};

/** Column names by position. Matches without regard to case and outer spaces; throws `wrong-header`. */
const columnsOf = (fields: readonly string[], options: CsvReadOptions): readonly string[] => {
  const known = new Map([...options.required, ...(options.optional ?? [])].map((name) => [name.toLowerCase(), name]));
  const names = fields.map((field) => known.get(field.trim().toLowerCase()));
  const refuse = (expected: string): never => {
    throw new SubmissionRefused('wrong-header', 'line 1', expected, `Send the columns ${list([...known.values()])}, named in the first line.`);
  };

  const present = new Set(names);
  const missing = options.required.filter((name) => !present.has(name));
  const recognised = options.required.length - missing.length >= options.required.length * RECOGNISED_SHARE;
  // A first line that is no header is a person's record: then nothing of it is repeated.
  const unknown = fields.flatMap((field, position) => {
    if (names[position] !== undefined) return [];
    const name = field.trim();
    return [recognised && PLAIN_NAME.test(name) ? `"${name}"` : `number ${position + 1}`];
  });
  const twice = names.find((name, position) => name !== undefined && names.indexOf(name) !== position);
  const faults = [
    ...(missing.length > 0 ? [`the missing columns ${list(missing)}`] : []),
    ...(unknown.length > 0 ? [`no other columns (found column ${list(unknown)})`] : []),
    ...(twice !== undefined ? [`the column ${twice} once`] : []),
  ];
  if (faults.length > 0) refuse(faults.join('; '));
  return names.map((name) => name ?? '');
};

const refusalOf = (error: CsvError, limits: ReadLimits): SubmissionRefused => {
  const line = typeof error['lines'] === 'number' ? error['lines'] : 1;
  const place = `line ${line}`;
  if (error.code === 'CSV_MAX_RECORD_SIZE') return recordTooLarge(line, limits);
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
    return new SubmissionRefused('truncated', place, 'a closing quote before the end', 'A quoted field is never closed: check it, and that the file is whole.');
  }
  // The parser's own message repeats the field, so only its place is passed on.
  return new SubmissionRefused('malformed', place, 'quotes doubled inside quoted fields', 'Write "" for a quote inside a quoted field.');
};

const recordTooLarge = (line: number, limits: ReadLimits): SubmissionRefused =>
  new SubmissionRefused('record-too-large', `line ${line}`, `at most ${limits.recordBytes} bytes in one row`, 'Check line ends and quotes at this line.');

/**
 * Reads a CSV payload as it streams in: strict UTF-8 with or without byte order mark, comma, quotes as RFC 4180, line ends
 * CRLF or LF, line breaks inside quotes. The header is checked before the first row is yielded. A row with the wrong number
 * of columns or an overlong field is a fault of that row; what makes the file unreadable throws {@link SubmissionRefused}.
 */
export async function* readCsv(payload: AsyncIterable<Uint8Array>, options: CsvReadOptions): AsyncGenerator<CsvRow, void, void> {
  const { limits } = options;
  let records: { readonly fields: readonly string[]; readonly line: number }[] = [];
  // The parser counts a CRLF inside quotes as two lines.
  let twiceCounted = 0;
  const parser = parse({
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: limits.recordBytes,
    // Taken here and not pushed: the parser's own read side would hold back its write side.
    on_record: (fields: string[], info) => {
      for (const field of fields) if (field.includes('\r\n')) twiceCounted += field.split('\r\n').length - 1;
      records.push({ fields, line: info.lines - twiceCounted });
      return null;
    },
  });
  // Errors are taken from the write's own callback; without a listener the event would end the process.
  parser.on('error', () => undefined);

  let columns: readonly string[] | undefined;
  let beginning = '';
  let ordinal = 0;
  let line = 1;
  const rows = function* (): Generator<CsvRow, void, void> {
    const batch = records;
    records = [];
    for (const record of batch) {
      line = record.line;
      if (columns === undefined) {
        refuseSeparator(beginning);
        columns = columnsOf(record.fields, options);
      } else yield toRow(record.fields, columns, (ordinal += 1), record.line, limits);
    }
  };

  let sinceRecord = 0;
  try {
    for await (const text of decodeUtf8(payload)) {
      if (columns === undefined && beginning.length < BEGINNING_LENGTH) beginning = (beginning + text).trimStart();
      await new Promise<void>((resolve, reject) => {
        parser.write(text, (error) => (error ? reject(error) : resolve()));
      });
      // The parser counts characters of fields only: a line of separators alone would gather without end.
      sinceRecord = records.length > 0 ? 0 : sinceRecord + text.length;
      yield* rows();
      if (sinceRecord > limits.recordBytes) throw recordTooLarge(line + 1, limits);
    }
    await new Promise<void>((resolve, reject) => {
      parser.once('error', reject);
      parser.end(() => resolve());
    });
  } catch (error) {
    // A quote where no comma led to it is seen before the header is: then the header's separator is what is wrong.
    if (error instanceof CsvError && columns === undefined) refuseSeparator(beginning);
    if (error instanceof CsvError) throw refusalOf(error, limits);
    throw error;
  } finally {
    parser.destroy();
  }
  yield* rows();
  if (columns === undefined) {
    throw new SubmissionRefused('empty', 'line 1', `a header with the columns ${list(options.required)}`, 'The file has no line; export it again.');
  }
}

const toRow = (fields: readonly string[], columns: readonly string[], ordinal: number, line: number, limits: ReadLimits): CsvRow => {
  const faulty = (fault: RecordFault): CsvRow => ({ ordinal, line, values: null, fault });
  if (fields.length !== columns.length) {
    return faulty({
      code: 'bad-format',
      path: 'row',
      expected: `${columns.length} columns as in the header, found ${fields.length}`,
      remedy: 'Put fields that hold commas or line breaks in double quotes.',
    });
  }
  const values: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [position, name] of columns.entries()) {
    const field = fields[position] ?? '';
    if (field.length > limits.textLength) {
      return faulty({ code: 'too-long', path: name, expected: `at most ${limits.textLength} characters`, remedy: 'Shorten the field.' });
    }
    values[name] = field.trim();
  }
  return { ordinal, line, values, fault: null };
};
