import type { Benefit, EventBody, LabourMarketStatus, LearningStatus, PriorityGroup, WeeklyHours } from '@throughline/event-contracts';

/**
 * Code lists of the ILR specification that the mapping reads. Retired codes stay, since a file may be of any year: EII 1 to 4
 * ended with 2017/18, BSI 2 and 3 by 2020/21.
 */
interface Code<T> {
  readonly meaning: string;
  readonly becomes: T;
}

const codes = <C extends string, T>(list: Readonly<Record<C, Code<T>>>): Readonly<Record<C, Code<T>>> => list;

/** LearnerEmploymentStatus/EmpStat. */
export const EMPLOYMENT_STATUSES = codes<'10' | '11' | '12' | '98', LabourMarketStatus>({
  '10': { meaning: 'in paid employment', becomes: 'EMPLOYED' },
  '11': { meaning: 'not in paid employment, looking for work and available', becomes: 'UNEMPLOYED' },
  '12': { meaning: 'not in paid employment, not looking or not available', becomes: 'INACTIVE' },
  '98': { meaning: 'not known: the status says nothing', becomes: 'UNKNOWN' },
});
export type EmploymentStatusCode = keyof typeof EMPLOYMENT_STATUSES;

/** Hours in whole numbers, so a band ends where the next begins; kept in hundredths. */
const band = (atLeast: number, below: number | null): WeeklyHours => ({
  atLeast: atLeast * 100,
  below: below === null ? null : below * 100,
});

/** ESMType EII, employment intensity. */
export const EMPLOYMENT_INTENSITIES = codes<'1' | '2' | '3' | '4' | '5' | '6' | '7' | '8', WeeklyHours>({
  '1': { meaning: '16 hours a week or more (retired)', becomes: band(16, null) },
  '2': { meaning: 'fewer than 16 hours a week (retired)', becomes: band(0, 16) },
  '3': { meaning: '16 to 19 hours a week (retired)', becomes: band(16, 20) },
  '4': { meaning: '20 hours a week or more (retired)', becomes: band(20, null) },
  '5': { meaning: '0 to 10 hours a week', becomes: band(0, 11) },
  '6': { meaning: '11 to 20 hours a week', becomes: band(11, 21) },
  '7': { meaning: '21 to 30 hours a week', becomes: band(21, 31) },
  '8': { meaning: '31 hours a week or more', becomes: band(31, null) },
});
export type IntensityCode = keyof typeof EMPLOYMENT_INTENSITIES;

/** ESMType BSI, benefit status. */
export const BENEFITS = codes<'1' | '2' | '3' | '4' | '5' | '6', Benefit>({
  '1': { meaning: "Jobseeker's Allowance", becomes: 'JOBSEEKERS_ALLOWANCE' },
  '2': { meaning: 'Employment and Support Allowance, work-related activity group (retired)', becomes: 'EMPLOYMENT_AND_SUPPORT_ALLOWANCE' },
  '3': { meaning: 'another state benefit (retired)', becomes: 'OTHER_STATE_BENEFIT' },
  '4': { meaning: 'Universal Credit', becomes: 'UNIVERSAL_CREDIT' },
  '5': { meaning: 'Employment and Support Allowance, all categories', becomes: 'EMPLOYMENT_AND_SUPPORT_ALLOWANCE' },
  '6': { meaning: 'another state benefit', becomes: 'OTHER_STATE_BENEFIT' },
});
export type BenefitCode = keyof typeof BENEFITS;

/** ESMType SEI, self-employment indicator. */
export const SELF_EMPLOYED = '1';

/** LearningDelivery/CompStatus; null: the learning goes on. */
export const COMPLETION_STATUSES = codes<'1' | '2' | '3' | '6', LearningStatus | null>({
  '1': { meaning: 'continuing or intending to continue', becomes: null },
  '2': { meaning: 'completed the activities leading to the aim', becomes: 'COMPLETED' },
  '3': { meaning: 'withdrawn', becomes: 'WITHDRAWN' },
  '6': { meaning: 'agreed break in learning', becomes: 'BREAK' },
});
export type CompletionStatusCode = keyof typeof COMPLETION_STATUSES;

/** LLDDHealthProb: learning difficulty, disability or health problem, by the learner's own word; null: not said. */
export const HEALTH_PROBLEMS = codes<'1' | '2' | '9', readonly PriorityGroup[] | null>({
  '1': { meaning: 'considers themselves to have one', becomes: ['DISABILITY_OR_HEALTH'] },
  '2': { meaning: 'considers themselves to have none', becomes: [] },
  '9': { meaning: 'no information', becomes: null },
});
export type HealthProblemCode = keyof typeof HEALTH_PROBLEMS;

/**
 * Start of the last teaching year whose files have destinations: the ILR specification of 2023 to 2024 is the last with the
 * entity DPOutcome. Later files that carry it all the same are read without it.
 */
export const LAST_YEAR_OF_DESTINATIONS = 2023;

/** DPOutcome/OutType. */
export const DESTINATION_TYPES = {
  EDU: 'education',
  EMP: 'in paid employment',
  GAP: 'gap year',
  NPE: 'not in paid employment',
  OTH: 'other, or not known',
  SDE: 'social destination (high needs students)',
  VOL: 'voluntary work',
} as const;

interface Destination extends Code<LabourMarketStatus> {
  /** What is known of the job; null: no job. */
  readonly job: Pick<EventBody<'JobStarted'>, 'work' | 'hours'> | null;
}

/**
 * DPOutcome/OutType with OutCode, of the types that say something of work. Codes of the other types are not looked at: an
 * apprenticeship (EDU 2) is a job, but neither its hours nor its employer are said.
 */
export const DESTINATIONS: Readonly<Record<'EMP1' | 'EMP2' | 'EMP3' | 'EMP4' | 'EMP5' | 'NPE1' | 'NPE2', Destination>> = {
  EMP1: { meaning: 'in paid employment, 16 hours a week or more', becomes: 'EMPLOYED', job: { work: 'EMPLOYED', hours: band(16, null) } },
  EMP2: { meaning: 'in paid employment, fewer than 16 hours a week', becomes: 'EMPLOYED', job: { work: 'EMPLOYED', hours: band(0, 16) } },
  EMP3: { meaning: 'self-employed (retired in 2015)', becomes: 'EMPLOYED', job: { work: 'SELF_EMPLOYED', hours: null } },
  EMP4: { meaning: 'self-employed, 16 hours a week or more', becomes: 'EMPLOYED', job: { work: 'SELF_EMPLOYED', hours: band(16, null) } },
  EMP5: { meaning: 'self-employed, fewer than 16 hours a week', becomes: 'EMPLOYED', job: { work: 'SELF_EMPLOYED', hours: band(0, 16) } },
  NPE1: { meaning: 'not in paid employment, looking for work and available', becomes: 'UNEMPLOYED', job: null },
  NPE2: { meaning: 'not in paid employment, not looking or not available', becomes: 'INACTIVE', job: null },
};
export type DestinationCode = keyof typeof DESTINATIONS;

/** EmpId of an employer that is not on the Employer Data Service: names nobody. */
export const EMPLOYER_NOT_LISTED = '999999999';

/** Whether a text is a code of a list. */
export const isCodeOf = <C extends string>(list: Readonly<Record<C, unknown>>, code: string | null): code is C =>
  code !== null && Object.hasOwn(list, code);
