import type { FieldDeclaration } from '@throughline/adapter-kit';
import { Geography } from '@throughline/reference-data';
import { BASELINE_STATUSES, codesOf, CONTRACTS, HOURS, OUTCOME_TYPES } from './rtof-codes.js';

const terms = (part: string, event: string, status: string, hours: string, wage: string): readonly FieldDeclaration[] => [
  { path: `${part}: ${status}`, meaning: 'kind of contract', required: false, feeds: [`${event}.contract`], codes: codesOf(CONTRACTS) },
  { path: `${part}: ${hours}`, meaning: 'usual weekly hours', required: false, feeds: [`${event}.hours`], codes: codesOf(HOURS) },
  { path: `${part}: ${wage}`, meaning: 'hourly pay, whole pounds', required: false, feeds: [`${event}.hourlyPayPence`] },
];

const geography = Geography.load();
/** Names of the specification; of one whose district has changed, every district it stands for. */
const DISPERSAL_AREAS = geography.dispersalAreas.map((area) => ({
  code: area,
  meaning: geography.districtsOfDispersalArea(area).map((district) => `${geography.districts.get(district)?.name ?? ''} (\`${district}\`)`).join(', '),
}));

/** Fields that are read, by file; the specification's other columns of the same record are allowed and read over. */
export const RTOF_FIELDS: readonly FieldDeclaration[] = [
  { path: 'unique_id', meaning: "the person's identifier in every file; it may be a National Insurance number and then still only names the person within this council", required: true, feeds: ['meta.subject'] },
  { path: 'person: first_name', meaning: 'read; without a full date of birth it cannot link', required: false, feeds: [] },
  { path: 'person: last_name', meaning: 'read; without a full date of birth it cannot link', required: false, feeds: [] },
  { path: 'person: year_of_birth', meaning: 'year of birth', required: false, feeds: ['CircumstancesReported.birthYear'] },
  { path: 'person: dispersal_area', meaning: 'council, by the names of the specification, in any case', required: false, feeds: ['CircumstancesReported.district'], codes: DISPERSAL_AREAS },
  { path: 'person: date_started_service', meaning: 'month the support started, YYYY-MM', required: true, feeds: ['SupportStarted', 'meta.occurredOn'] },
  { path: 'baseline: ni_number', meaning: 'National Insurance number: links the person', required: false, feeds: ['SubjectIdentified.identifiers'] },
  { path: 'baseline: date_asylum_status_granted', meaning: 'month, YYYY-MM: the only date of the record, from which its circumstances hold', required: true, feeds: ['meta.occurredOn'] },
  { path: 'baseline: employment_status', meaning: 'status at enrolment', required: true, feeds: ['CircumstancesReported.labourMarketStatus'], codes: codesOf(BASELINE_STATUSES) },
  { path: 'baseline: housing_baseline_accommodation', meaning: 'a value that begins with Homeless puts the person into the group HOMELESS; everyone in the file is in REFUGEE', required: false, feeds: ['CircumstancesReported.priorityGroups'] },
  { path: 'employment_entry: employment_entry_outcome_type', meaning: 'kind of work', required: true, feeds: ['JobStarted.work'], codes: codesOf(OUTCOME_TYPES) },
  { path: 'employment_entry: date_employment_entry', meaning: 'day the job started', required: true, feeds: ['JobStarted', 'meta.occurredOn'] },
  ...terms('employment_entry', 'JobStarted', 'primary_employment_entry_status', 'hours_of_employment_entry', 'wage_employment_entry'),
  { path: 'employment_sustain: employment_sustainment_date', meaning: 'day on which the job was found still held', required: true, feeds: ['JobSustained', 'meta.occurredOn'] },
  ...terms('employment_sustain', 'JobSustained', 'employment_sustain_status', 'hours_of_employment_sustain', 'wage_employment_sustain'),
];
