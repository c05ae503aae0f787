import type { Day } from './calendar.js';
import type { Home } from './place.js';
import type { Sex } from './names.js';

// What truly happened to a person who never was. `truth.jsonl` holds one a line; partners see parts of it.

export type Programme = 'workwell' | 'connect-to-work' | 'youth-guarantee' | 'restart' | 'local';
/** Neighbours by number who may be a family. */
export const FAMILY_SIZE = 4;

export type Status = 'EMPLOYED' | 'UNEMPLOYED' | 'INACTIVE';
export type Group = 'DISABILITY_OR_HEALTH' | 'REFUGEE' | 'HOMELESS';

export interface Referral {
  readonly date: Day;
  readonly programme: Programme;
  /** ODS code of the practice that refers. */
  readonly from: string;
  /** Directory of Services id of the service referred to. */
  readonly to: string;
  readonly caseNumber: string;
  /** The person withdrew within days: made, but not to be counted. */
  readonly revokedOn: Day | null;
  /** Over which of the practice's systems it goes. */
  readonly channel: 'bars' | 'csv';
}

export interface Support {
  readonly date: Day;
  readonly programme: Programme;
  readonly provider: string;
}

export interface Learning {
  readonly ukprn: string;
  readonly learnRef: string;
  readonly aim: string;
  readonly start: Day;
  readonly plannedEnd: Day;
  readonly end: Day | null;
  /** ILR CompStatus at the end; 1 while `end` is null. */
  readonly completion: 1 | 2 | 3 | 6;
}

export interface Job {
  readonly employer: number;
  readonly start: Day;
  /** Last day worked; null: still there when the story ends. */
  readonly end: Day | null;
  readonly weeklyHours: number;
  readonly hourlyPence: number;
  readonly contract: 'PERMANENT' | 'TEMPORARY' | 'ZERO_HOURS' | 'SELF_EMPLOYED';
  /** New hours and pay, where they changed once. */
  readonly changed: { readonly from: Day; readonly weeklyHours: number; readonly hourlyPence: number } | null;
  readonly selfEmployed: boolean;
  /** HMRC pay frequency: four-weekly or monthly. */
  readonly paid: 'W4' | 'M1';
}

export interface Claim {
  readonly benefitType: 'universal_credit' | 'job_seekers_allowance_income_based' | 'employment_support_allowance_income_based';
  readonly start: Day;
  readonly end: Day | null;
}

export interface Life {
  readonly person: number;
  readonly nhsNumber: string;
  readonly uln: string;
  readonly nino: string;
  readonly sex: Sex;
  /** One, or two where the name was changed by deed. */
  readonly firstNames: readonly { readonly from: Day; readonly firstName: string }[];
  readonly surnames: readonly { readonly from: Day; readonly surname: string }[];
  readonly dateOfBirth: Day;
  readonly homes: readonly { readonly from: Day; readonly home: Home }[];
  readonly groups: readonly Group[];
  /** Status before any of the jobs below, from `baselineSince` on. */
  readonly baseline: Status;
  readonly baselineSince: Day;
  /** Month refugee status was granted. */
  readonly asylumGranted: Day | null;
  readonly referral: Referral | null;
  readonly support: Support | null;
  readonly learning: readonly Learning[];
  /** By start, never two at once. */
  readonly jobs: readonly Job[];
  readonly claims: readonly Claim[];
  /** The twin's number, where there is one: same surname, date of birth and home. */
  readonly twin: number | null;
  /** The family's number: four who share a surname and a home, and have their post sent to one shop. */
  readonly family: number | null;
  /** Postcode of the phone shop that takes in a family's post; some partners hold it for their home. */
  readonly shopPostcode: string | null;
}

/** Whose papers get mixed up with the person's: the twin's, else the next one's of the family; null: nobody's. */
export function relativeOf({ person, twin, family }: Life): number | null {
  if (twin !== null || family === null) return twin;
  return family * FAMILY_SIZE + ((person + 1) % FAMILY_SIZE);
}

const since = <T extends { readonly from: Day }>(dated: readonly T[], day: Day): T => {
  const found = dated.findLast((entry) => entry.from <= day) ?? dated[0];
  if (found === undefined) throw new RangeError('nothing is known of any time');
  return found;
};

export const homeAt = (life: Life, day: Day): Home => since(life.homes, day).home;
export const firstNameAt = (life: Life, day: Day): string => since(life.firstNames, day).firstName;
export const surnameAt = (life: Life, day: Day): string => since(life.surnames, day).surname;

/** Hours and pay of a job on a day. */
export const termsAt = ({ weeklyHours, hourlyPence, changed }: Job, day: Day): { readonly weeklyHours: number; readonly hourlyPence: number } =>
  changed !== null && changed.from <= day ? changed : { weeklyHours, hourlyPence };

/** The job the person had that day. */
export const jobAt = (life: Life, day: Day): Job | undefined =>
  life.jobs.find((job) => job.start <= day && (job.end === null || job.end >= day));
