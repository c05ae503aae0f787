import type { WorkKind } from '@throughline/event-contracts';

/**
 * What an activity is counted as. Only what both public readings of the codes agree on is told; everything else is `not-told`,
 * and a council says by its layout file where it knows better.
 */
export const ACTIVITY_GROUPS = ['employment', 'self-employment', 'education', 'neet-available', 'neet-not-available', 'not-told'] as const;
export type ActivityGroup = (typeof ACTIVITY_GROUPS)[number];

/** The groups that are a job, with the kind of work. */
export const WORK: Partial<Readonly<Record<ActivityGroup, WorkKind>>> = { employment: 'EMPLOYED', 'self-employment': 'SELF_EMPLOYED' };

export type ActivityCodes = ReadonlyMap<string, ActivityGroup>;

interface CodesOfGroup {
  readonly group: ActivityGroup;
  readonly meaning: string;
  readonly codes: readonly string[];
}

/** How the groups are known. Shown with the codes; the department's own list could not be read. */
export const ACTIVITY_CODES_SOURCE =
  'groups as two public research code bases use them (of the FFT Education Datalab, and on the Longitudinal Education Outcomes data); unverified against the department’s own list';

const TABLE: readonly CodesOfGroup[] = [
  { group: 'employment', meaning: 'employment: a job, and EMPLOYED', codes: ['310', '320', '330', '340', '350', '360'] },
  { group: 'self-employment', meaning: 'self-employment: a job, and EMPLOYED', codes: ['380', '381'] },
  { group: 'education', meaning: 'education: learning, of no named aim', codes: ['210', '220', '230', '240'] },
  { group: 'neet-available', meaning: 'not in education, employment or training, available: UNEMPLOYED', codes: ['610', '615', '616', '619'] },
  { group: 'neet-not-available', meaning: 'not in education, employment or training, not available: INACTIVE', codes: ['620', '630', '640', '650', '660', '670', '680'] },
  { group: 'not-told', meaning: 'of compulsory school age, or not registered at a school: nothing told', codes: ['110', '120', '130', '140', '150'] },
  { group: 'not-told', meaning: 'education to one of the sources, not to the other: nothing told', codes: ['250', '260', '270', '280', '290'] },
  { group: 'not-told', meaning: 'training supported by government, which is neither a job nor a course: nothing told', codes: ['410', '430', '440', '450', '460'] },
  { group: 'not-told', meaning: 'grouped differently by the sources: nothing told', codes: ['530', '540', '550'] },
  { group: 'not-told', meaning: 'neither work nor learning nor NEET: nothing told', codes: ['710', '720'] },
  { group: 'not-told', meaning: 'situation not known: nothing told', codes: ['810', '820', '830'] },
];

/** Codes of `NCCIS_Current_Activity_Code`, with the group of each. */
export const ACTIVITY_CODES: ActivityCodes = new Map(TABLE.flatMap(({ group, codes }) => codes.map((code) => [code, group] as const)));

/** The same for the partner's page. */
export const ACTIVITY_CODE_LIST = TABLE.flatMap(({ meaning, codes }) => codes.map((code) => ({ code, meaning }))).sort((one, other) => (one.code < other.code ? -1 : 1));
