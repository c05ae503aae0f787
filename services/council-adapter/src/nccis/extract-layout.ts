import { readFileSync } from 'node:fs';
import { SettingsInvalid } from '@throughline/adapter-kit';
import { z } from 'zod';
import { ACTIVITY_CODES, ACTIVITY_GROUPS } from './activity-codes.js';
import type { ActivityCodes } from './activity-codes.js';
import { EXTRACT_COLUMNS } from './nccis-columns.js';
import type { ClientIdentity } from './nccis-record.js';

/** What a further column of an extract may hold; `not-read` is allowed in the header and read over. */
export const HOLDINGS = {
  'nhs-number': 'nhsNumber',
  nino: 'nino',
  uln: 'uln',
  surname: 'surname',
  'first-name': 'firstName',
  'date-of-birth': 'dateOfBirth',
  postcode: 'postcode',
} as const satisfies Readonly<Record<string, keyof ClientIdentity>>;

/** How one council's extract differs from the columns that every extract has. */
export interface ExtractLayout {
  /** Column that holds each part of who somebody is; every one must be in the header. */
  readonly identity: Readonly<Partial<Record<keyof ClientIdentity, string>>>;
  /** Columns that are allowed and not read. */
  readonly notRead: readonly string[];
  readonly activities: ActivityCodes;
}

/** Without a layout file: no further columns, and nobody can be linked. */
export const PLAIN_LAYOUT: ExtractLayout = { identity: {}, notRead: [], activities: ACTIVITY_CODES };

const CODE = /^\d{3}$/;
const NOT_READ = 'not-read';
const holdings = Object.keys(HOLDINGS) as (keyof typeof HOLDINGS)[];

const shape = z.strictObject({
  columns: z.record(z.string().trim().min(1), z.enum([...holdings, NOT_READ], `expected one of ${[...holdings, NOT_READ].join(', ')}`)).default({}),
  activities: z.record(z.string().regex(CODE, 'expected an activity code of three digits'), z.enum(ACTIVITY_GROUPS, `expected one of ${ACTIVITY_GROUPS.join(', ')}`)).default({}),
});

/**
 * Reads a layout file: JSON with `columns` (name in the extract's header → what it holds) and `activities` (code → group),
 * both optional. Throws {@link SettingsInvalid} with every fault at once.
 */
export function parseLayout(text: string, setting: string): ExtractLayout {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new SettingsInvalid([`${setting}: the file is no JSON`]);
  }
  const result = shape.safeParse(json);
  if (!result.success) throw new SettingsInvalid(result.error.issues.map((issue) => `${setting}: ${[...issue.path.map(String), faultOf(issue)].join(': ')}`));
  const { columns, activities } = result.data;
  const faults = columnFaults(Object.entries(columns));
  if (faults.length > 0) throw new SettingsInvalid(faults.map((fault) => `${setting}: columns: ${fault}`));
  const held = Object.entries(columns).flatMap(([column, holds]) => (holds === NOT_READ ? [] : [[HOLDINGS[holds], column.trim()] as const]));
  return {
    identity: Object.fromEntries(held),
    notRead: Object.entries(columns).flatMap(([column, holds]) => (holds === NOT_READ ? [column.trim()] : [])),
    activities: new Map([...ACTIVITY_CODES, ...Object.entries(activities)]),
  };
}

/** The layout that a setting names; {@link PLAIN_LAYOUT} where it names none. Throws {@link SettingsInvalid}. */
export function layoutFrom(path: string | undefined, setting: string): ExtractLayout {
  if (path === undefined || path === '') return PLAIN_LAYOUT;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new SettingsInvalid([`${setting}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown cause'})`]);
  }
  return parseLayout(text, setting);
}

const faultOf = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'unrecognized_keys') return `expected columns and activities only, not ${issue.keys.join(', ')}`;
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => message).join('; ');
  return issue.message;
};

/** Headers are matched without regard to case, so names are compared like that here too. */
function columnFaults(columns: readonly (readonly [column: string, holds: string])[]): string[] {
  const own = new Set(EXTRACT_COLUMNS.map((name) => name.toLowerCase()));
  const names = columns.map(([column]) => column.trim().toLowerCase());
  const repeated = (values: readonly string[]): string[] => [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
  return [
    ...columns.filter((_, index) => own.has(names[index] ?? '')).map(([column]) => `${column}: every extract has it, name it nowhere`),
    ...repeated(names).map((name) => `${name}: named twice, case does not tell columns apart`),
    ...repeated(columns.map(([, holds]) => holds).filter((holds) => holds !== NOT_READ)).map((holds) => `${holds}: held by two columns, name one`),
  ];
}
