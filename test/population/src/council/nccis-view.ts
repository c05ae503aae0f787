import { monthEnd, plusDays } from '../calendar.js';
import type { Day } from '../calendar.js';
import { csvLine } from '../csv.js';
import { withWrongCheckDigit } from '../identifiers.js';
import { firstNameAt, homeAt, jobAt, surnameAt } from '../life.js';
import type { Job, Life } from '../life.js';
import { respelled } from '../names.js';
import { randomOf } from '../random.js';
import { PayloadFile } from '../submission.js';
import type { DraftSubmission, PartnerView } from '../submission.js';
import type { Untidiness } from '../untidiness.js';

const COLUMNS = ['PupilMatchingRefAnonymous', 'AcadYr', 'MonthNo', 'Current_Activity_Code', 'Current_Activity_Start_Date', 'Current_Activity_Verification_Date'].map((name) => `NCCIS_${name}`);

/** Months told of, by their first day, and when each extract was drawn: one month again when more was known of it, one before it was over. */
const EXTRACTS: readonly { readonly month: Day; readonly asOf: Day }[] = [
  { month: '2025-09-01', asOf: '2025-10-03' },
  { month: '2025-11-01', asOf: '2025-12-04' },
  { month: '2026-01-01', asOf: '2026-01-28' },
  { month: '2025-11-01', asOf: '2026-02-11' },
  { month: '2026-03-01', asOf: '2026-04-08' },
  { month: '2026-06-01', asOf: '2026-06-29' },
];

/** Born from here on: 16 or 17 when the academic year began. */
const COHORT_BORN: Day = '2007-09-01';
/** Born from here on and with a plan for special needs: in the cohort until 25. */
const WITH_PLAN_BORN: Day = '2000-09-01';

/** What a council calls the columns it adds to its extract, where it adds any, by what they hold. */
export const NCCIS_FURTHER_COLUMNS = { surname: 'Surname', firstName: 'Forename', dateOfBirth: 'DOB', postcode: 'Home Postcode', uln: 'ULN' } as const;

/** Reference of a young person, which no other system has. */
export const pupilReference = (person: number): string => `PMR${String((person * 104_729 + 15_485_863) % 1_000_000_007).padStart(10, '0')}`;

interface Activity {
  readonly code: string;
  readonly start: Day;
}

/**
 * Monthly extracts of what young people do.
 * @param named whether the council adds columns that say who they are; nothing else in them does.
 */
export function nccisView(directory: string, seed: string, untidiness: Untidiness, named: boolean): PartnerView<Life> {
  const files = EXTRACTS.map((extract, index) => {
    const payload = new PayloadFile(directory, `council/activities-${extract.asOf}.csv`);
    payload.write(csvLine([...COLUMNS, ...(named ? Object.values(NCCIS_FURTHER_COLUMNS) : [])]));
    return { ...extract, index, payload };
  });
  return {
    see: (life) => {
      const slips = randomOf(seed, 'nccis', life.person);
      const planned = life.groups.includes('DISABILITY_OR_HEALTH') && slips.chance(0.5);
      if (life.dateOfBirth < (planned ? WITH_PLAN_BORN : COHORT_BORN)) return;
      const [malformed, wrongStart, wrongCode, gone] = [slips.chance(untidiness.malformed), slips.chance(untidiness.correctedLater), slips.chance(untidiness.correctedLater), slips.chance(untidiness.gone)];
      const [rightFrom, goneFrom, shape] = [slips.between(1, EXTRACTS.length), slips.between(1, EXTRACTS.length), slips.next()];
      for (const { month, asOf, index, payload } of files) {
        const [unknown, unverified, ago, again] = [slips.chance(0.08), slips.chance(0.2), slips.between(0, 60), slips.chance(untidiness.repeated)];
        if (gone && index >= goneFrom) continue;
        const wrong = index < rightFrom;
        const spokenOf = [monthEnd(month, 0), asOf].sort()[0] ?? asOf;
        const right = unknown ? { code: '810', start: month } : activityOn(life, spokenOf, shape);
        const code = malformed && wrong ? '99' : wrongCode && wrong ? (right.code === '330' ? '619' : '330') : right.code;
        const start = wrongStart && wrong ? plusDays(right.start, -slips.between(3, 40)) : right.start;
        const verified = plusDays(spokenOf, -ago);
        const year = Number(month.slice(0, 4)) - (month.slice(5, 7) < '09' ? 1 : 0);
        const line = csvLine([pupilReference(life.person), `${year}/${year + 1}`, Number(month.slice(5, 7)), code, start, unverified || verified < start ? null : verified, ...(named ? whoAt(life, asOf, seed, untidiness) : [])]);
        payload.record(line);
        if (again) payload.record(line);
      }
    },
    finish: () =>
      files.map(({ asOf, payload }): DraftSubmission => {
        payload.close();
        return { file: payload.file, deployment: 'council', feed: 'nccis', part: null, asOf: `${asOf}T08:00:00Z`, programme: null, fullExtract: false, mediaType: 'text/csv', due: asOf };
      }),
  };
}

/** In the order of {@link NCCIS_FURTHER_COLUMNS}; the same slips in every extract. */
function whoAt(life: Life, day: Day, seed: string, untidiness: Untidiness): (string | null)[] {
  const slips = randomOf(seed, 'nccis people', life.person);
  const [respells, noUln, badUln, noHome] = [slips.chance(untidiness.respelled), slips.chance(untidiness.missingIdentifier), slips.chance(untidiness.wrongCheck), slips.chance(untidiness.missingIdentifier)];
  const surname = surnameAt(life, day);
  const uln = badUln ? withWrongCheckDigit(life.uln) : life.uln;
  return [respells ? respelled(surname, slips) : surname, firstNameAt(life, day), life.dateOfBirth, noHome ? null : homeAt(life, day).postcode, noUln ? null : uln];
}

/** What the person does on a day, and since when. @param shape from 0 to 1: tells kinds of one thing apart, the same each month */
function activityOn(life: Life, day: Day, shape: number): Activity {
  const job = jobAt(life, day);
  if (job !== undefined) return { code: codeOf(job, shape), start: job.start };
  const course = life.learning.find(({ start, end }) => start <= day && (end === null || end >= day));
  if (course !== undefined) return { code: shape < 0.2 ? '220' : '230', start: course.start };
  const over = [...life.jobs, ...life.learning].flatMap(({ end }) => (end === null || end >= day ? [] : [plusDays(end, 1)]));
  const [since = life.baselineSince] = over.sort().reverse();
  if (life.baseline === 'INACTIVE' && over.length === 0) return { code: shape < 0.5 ? '640' : '680', start: since };
  return { code: shape < 0.1 ? '540' : shape < 0.3 ? '615' : '619', start: since };
}

const codeOf = ({ selfEmployed, weeklyHours }: Job, shape: number): string => (selfEmployed ? '380' : weeklyHours < 16 ? '360' : shape < 0.25 ? '310' : '330');
