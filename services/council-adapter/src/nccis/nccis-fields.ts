import type { FieldDeclaration, IdentifierDeclaration } from '@throughline/adapter-kit';
import { ACTIVITY_CODE_LIST, ACTIVITY_CODES_SOURCE } from './activity-codes.js';
import { ACTIVITY, MONTH, REFERENCE, STARTED, VERIFIED, YEAR } from './nccis-columns.js';

/** A column that only a layout file can give a name. */
const further = (holds: string): string => `column held as ${holds}`;

const OF_THE_LAYOUT = 'only where the council’s layout file names a column for it; then it must be in the header';

export const NCCIS_IDENTIFIERS: readonly IdentifierDeclaration[] = [
  { kind: 'NHS_NUMBER', field: further('nhs-number'), policy: 'quarantine' },
  { kind: 'NINO', field: further('nino'), policy: 'quarantine' },
  { kind: 'ULN', field: further('uln'), policy: 'quarantine' },
  { kind: 'NAME_DOB_POSTCODE', field: ['surname', 'first-name', 'date-of-birth', 'postcode'].map(further).join(', '), policy: 'quarantine' },
];

/** Fields that are read; what else an extract has must be named `not-read` in the layout file. */
export const NCCIS_FIELDS: readonly FieldDeclaration[] = [
  { path: REFERENCE, meaning: "the young person's anonymous reference, the same in every extract", required: true, feeds: ['meta.subject'] },
  { path: YEAR, meaning: 'academic year from September, 2025/2026 or 2025/26 (how it is written is unverified)', required: true, feeds: [] },
  { path: MONTH, meaning: 'month of the calendar, 1 to 12; with the year the month the extract is of', required: true, feeds: [] },
  {
    path: ACTIVITY,
    meaning: `what the person does; ${ACTIVITY_CODES_SOURCE}`,
    required: true,
    feeds: ['CircumstancesReported.labourMarketStatus', 'JobStarted.work', 'LearningStatusChanged.status'],
    codes: ACTIVITY_CODE_LIST,
  },
  {
    path: STARTED,
    meaning:
      'day the activity began, YYYY-MM-DD (how it is written is unverified). A job’s start told too early and put right in a later month stays beside the right one, and counts as a second job where they lie further apart than starts of one job do: draw the month of the wrong start again as it should have been, or withdraw the submissions that told it and send the rest of them anew',
    required: true,
    feeds: ['JobStarted', 'LearningStatusChanged.startDate', 'meta.occurredOn'],
  },
  {
    path: VERIFIED,
    meaning: 'day the council last made sure of the activity: a job was still held then. Later days told before, up to the end of the month, are taken back; where the cell is empty, none',
    required: false,
    feeds: ['JobSustained', 'meta.occurredOn'],
  },
  { path: further('nhs-number'), meaning: OF_THE_LAYOUT, required: false, feeds: ['SubjectIdentified.identifiers'] },
  { path: further('nino'), meaning: OF_THE_LAYOUT, required: false, feeds: ['SubjectIdentified.identifiers'] },
  { path: further('uln'), meaning: OF_THE_LAYOUT, required: false, feeds: ['SubjectIdentified.identifiers'] },
  { path: further('surname'), meaning: OF_THE_LAYOUT, required: false, feeds: ['SubjectIdentified.identifiers'] },
  { path: further('first-name'), meaning: OF_THE_LAYOUT, required: false, feeds: ['SubjectIdentified.identifiers'] },
  {
    path: further('date-of-birth'),
    meaning: `${OF_THE_LAYOUT}; year and month are stated`,
    required: false,
    feeds: ['SubjectIdentified.identifiers', 'CircumstancesReported.birthYear', 'CircumstancesReported.birthMonth'],
  },
  {
    path: further('postcode'),
    meaning: `${OF_THE_LAYOUT}; district and ward are looked up`,
    required: false,
    feeds: ['SubjectIdentified.identifiers', 'CircumstancesReported.district', 'CircumstancesReported.ward'],
  },
];
