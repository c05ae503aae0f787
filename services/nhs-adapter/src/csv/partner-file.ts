import { parseDay, readCsv, readRecord, requireCode, SubmissionRefused, unfit } from '@throughline/adapter-kit';
import type { ReadContext, ReadItem } from '@throughline/adapter-kit';
import { loadProgrammes } from '@throughline/reference-data';

/** One row of the NHS CSV, checked. */
export interface NhsRow {
  readonly rowReference: string;
  readonly event: RowEvent;
  /** ISO day. */
  readonly date: string;
  readonly nhsNumber: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  /** ISO day. */
  readonly dateOfBirth: string | null;
  readonly postcode: string | null;
  /** ODS code, upper case. */
  readonly fromOds: string;
  readonly toService: string | null;
  /** Null: the submission's. */
  readonly programme: string | null;
  readonly status: RowStatus;
}

export const ROW_EVENTS = ['referral', 'support_start'] as const;
export type RowEvent = (typeof ROW_EVENTS)[number];

/** Statuses with what each makes of a referral; null takes the row back. */
export const ROW_STATUSES = {
  active: 'ACTIVE',
  completed: 'COMPLETED',
  revoked: 'REVOKED',
  'on-hold': 'ON_HOLD',
  draft: 'DRAFT',
  'entered-in-error': null,
} as const;
export type RowStatus = keyof typeof ROW_STATUSES;

/** A support start has happened or has not. */
const SUPPORT_STATUSES: ReadonlySet<string> = new Set<RowStatus>(['active', 'completed', 'entered-in-error']);

export const NHS_CSV_COLUMNS = [
  'row_reference',
  'event',
  'date',
  'nhs_number',
  'first_name',
  'last_name',
  'date_of_birth',
  'postcode',
  'from_ods',
  'to_service',
  'programme',
  'status',
] as const;
type Column = (typeof NHS_CSV_COLUMNS)[number];

/** Programmes a row may name. */
export const PROGRAMMES = [...loadProgrammes().values()];
const PROGRAMME_IDS = PROGRAMMES.map(({ id }) => id);


/**
 * Reads the CSV of referrals and support starts. One section; its clock is the submission's `asOf`.
 * Throws `SubmissionRefused` for a payload that is no such CSV.
 */
export async function* readNhsCsv(payload: AsyncIterable<Uint8Array>, context: ReadContext): AsyncGenerator<ReadItem<NhsRow>, void, void> {
  const { asOf, fullExtract } = context.parameters;
  if (asOf === null) {
    throw new SubmissionRefused('missing-parameter', 'asOf', 'the instant as of which the file speaks', 'Send the parameter asOf.');
  }
  yield {
    kind: 'section',
    header: { clock: { instant: asOf, serial: 0 }, scope: 'nhs-csv', absence: fullExtract ? { speaks: true } : { speaks: false } },
  };
  const seen = new Set<string>();
  for await (const row of readCsv(payload, { required: NHS_CSV_COLUMNS, limits: context.limits })) {
    yield row.fault === null ? toItem(row.ordinal, row.values, seen) : { kind: 'unreadable', ordinal: row.ordinal, reference: null, fault: row.fault };
  }
}

function toItem(ordinal: number, values: Readonly<Record<string, string>>, seen: Set<string>): ReadItem<NhsRow> {
  const key = readRecord(() => readKey(values));
  if (key.fault !== null) return { kind: 'unreadable', ordinal, reference: null, fault: key.fault };
  const { rowReference, fromOds } = key.record;
  const reference = `${fromOds}|${rowReference}`;
  const row = readRecord(() => readRow(values, rowReference, fromOds, (event) => refuseRepeated(`${event} ${reference}`, seen)));
  return row.fault === null
    ? { kind: 'record', ordinal, reference, record: row.record }
    : { kind: 'unreadable', ordinal, reference, fault: row.fault };
}

function readKey(values: Readonly<Record<string, string>>): Pick<NhsRow, 'rowReference' | 'fromOds'> {
  const rowReference = required(values, 'row_reference', 'Give the row a reference of its own that it keeps.');
  const fromOds = required(values, 'from_ods', 'Give the ODS code of the organisation that refers.');
  return { rowReference, fromOds: requireCode('ReferralMade.fromOrganisation', fromOds.toUpperCase(), 'from_ods') };
}

function readRow(values: Readonly<Record<string, string>>, rowReference: string, fromOds: string, once: (event: RowEvent) => void): NhsRow {
  const event = oneOf(ROW_EVENTS, required(values, 'event', 'Say what the row reports.'), 'event');
  once(event);
  const date = day(required(values, 'date', 'Give the day it happened.'), 'date');
  const dateOfBirth = optional(values, 'date_of_birth');
  if (dateOfBirth !== null) day(dateOfBirth, 'date_of_birth');
  const status = statusOf(optional(values, 'status') ?? 'active', event);
  const programme = optional(values, 'programme');
  return {
    rowReference,
    event,
    date,
    nhsNumber: optional(values, 'nhs_number'),
    firstName: optional(values, 'first_name'),
    lastName: optional(values, 'last_name'),
    dateOfBirth,
    postcode: optional(values, 'postcode'),
    fromOds,
    toService: optional(values, 'to_service'),
    programme: programme === null ? null : oneOf(PROGRAMME_IDS, programme, 'programme'),
    status,
  };
}

function statusOf(written: string, event: RowEvent): RowStatus {
  const status = oneOf(Object.keys(ROW_STATUSES) as RowStatus[], written.toLowerCase(), 'status');
  if (event === 'support_start' && !SUPPORT_STATUSES.has(status)) {
    unfit('bad-code', 'status', `for a support start one of ${[...SUPPORT_STATUSES].join(', ')}`, 'Use a code of the list.');
  }
  return status;
}

function refuseRepeated(once: string, seen: Set<string>): void {
  if (seen.has(once)) unfit('duplicate-record', 'row_reference', 'one row for a reference and event', 'Keep the row that is right.');
  seen.add(once);
}

function optional(values: Readonly<Record<string, string>>, column: Column): string | null {
  const value = values[column] ?? '';
  return value === '' ? null : value;
}

function required(values: Readonly<Record<string, string>>, column: Column, remedy: string): string {
  return optional(values, column) ?? unfit('missing-field', column, 'a value', remedy);
}

function day(value: string, column: Column): string {
  return parseDay(value) ?? unfit('bad-date', column, 'a day that exists, as YYYY-MM-DD, from 1900 to 2099', 'Correct the date.');
}

function oneOf<C extends string>(codes: readonly C[], value: string, column: Column): C {
  return codes.find((code) => code === value) ?? unfit('bad-code', column, `one of ${codes.join(', ')}`, 'Use a code of the list.');
}

