import { plusDays } from '../calendar.js';
import type { Day } from '../calendar.js';
import { csvLine } from '../csv.js';
import { withLetterForDigit, withWrongPrefix } from '../identifiers.js';
import { firstNameAt, homeAt, jobAt, surnameAt, termsAt } from '../life.js';
import type { Job, Life } from '../life.js';
import { respelled } from '../names.js';
import type { Place } from '../place.js';
import { randomOf } from '../random.js';
import { PayloadFile } from '../submission.js';
import type { DraftSubmission, PartnerView } from '../submission.js';
import type { Untidiness } from '../untidiness.js';

type Part = 'person' | 'baseline' | 'employment_entry' | 'employment_sustain';

const COLUMNS: Readonly<Record<Part, readonly string[]>> = {
  person: ['unique_id', 'provider_id_person', 'first_name', 'last_name', 'year_of_birth', 'gender', 'dispersal_area', 'date_started_service'],
  baseline: [
    'unique_id', 'provider_id_baseline', 'ni_number', 'nationality', 'referral_source', 'current_dependants_uk', 'date_arrived_in_uk', 'date_asylum_status_granted',
    'language_level_on_entry', 'highest_qualification_achieved', 'employed_in_home_country', 'occupation_goal', 'prior_employment', 'employment_status',
    'education_training_status', 'housing_baseline_accommodation',
  ],
  employment_entry: [
    'unique_id', 'provider_id_empl_entry', 'employment_entry_outcome_type', 'date_employment_entry', 'primary_employment_entry_status', 'hours_of_employment_entry',
    'wage_employment_entry', 'education_training_status_entry', 'employment_entry_occupation', 'employment_entry_sector',
  ],
  employment_sustain: [
    'unique_id', 'provider_id_empl_sustain', 'employment_sustainment_date', 'employment_sustain_status', 'hours_of_employment_sustain', 'wage_employment_sustain',
    'education_training_status_sustain', 'employment_sustain_occupation', 'employment_sustain_sector',
  ],
};

/** The fund asks for half a year in work; it is told some days later. */
const SUSTAINED_DAYS = 183;

const RETURNS: readonly { readonly asOf: Day; readonly full: boolean; readonly since: Day }[] = [
  { asOf: '2025-09-30', full: false, since: '2024-01-01' },
  { asOf: '2026-02-27', full: false, since: '2025-09-30' },
  { asOf: '2026-06-28', full: true, since: '2024-01-01' },
];

const hoursBand = (hours: number): string =>
  hours <= 7 ? '0 to 7 hours' : hours <= 15 ? '8 to 15 hours' : hours <= 30 ? '16 to 30 hours' : hours <= 48 ? '31 to 48 hours' : '49 or more hours';

/** Files of the refugee programme; within a return the sustainments come first and the people last. */
export function rtofView(directory: string, seed: string, place: Place, untidiness: Untidiness): PartnerView<Life> {
  const parts: readonly Part[] = ['employment_sustain', 'employment_entry', 'baseline', 'person'];
  const files = RETURNS.flatMap((each, index) =>
    parts.map((part, position) => {
      const payload = new PayloadFile(directory, `council/${each.asOf}-${part}.csv`);
      payload.write(csvLine(COLUMNS[part]));
      return { ...each, index, part, position, payload };
    }),
  );
  return {
    see: (life) => {
      if (life.asylumGranted === null || life.support === null) return;
      const council = place.councils.get(homeAt(life, life.support.date).district);
      if (council === undefined) return;
      for (const { asOf, since, index, part, payload, full } of files) {
        const row = rowOf(life, part, { asOf, since, full, index }, council, seed, untidiness);
        if (row !== null) payload.record(csvLine(row));
      }
    },
    finish: () =>
      files.map(({ asOf, full, part, position, payload }): DraftSubmission => {
        payload.close();
        return { file: payload.file, deployment: 'council', feed: 'rtof', part, asOf: `${asOf}T12:00:00Z`, programme: 'local', fullExtract: full, mediaType: 'text/csv', due: plusDays(asOf, position) };
      }),
  };
}

interface Return {
  readonly asOf: Day;
  readonly since: Day;
  readonly full: boolean;
  readonly index: number;
}

function rowOf(life: Life, part: Part, about: Return, council: string, seed: string, untidiness: Untidiness): readonly (string | number | null)[] | null {
  const { support, asylumGranted } = life;
  if (support === null || asylumGranted === null) return null;
  const slips = randomOf(seed, 'rtof', life.person);
  const wrong = about.index < slips.between(1, 2);
  const [respells, noNino, badNino, malformed, wrongDate, byNino] = [
    slips.chance(untidiness.respelled), slips.chance(untidiness.missingIdentifier * 3), slips.chance(untidiness.wrongCheck),
    slips.chance(untidiness.malformed), slips.chance(untidiness.correctedLater), slips.chance(0.2),
  ];
  const later = randomOf(seed, 'rtof people', life.person);
  const [swapped, letter] = [later.chance(untidiness.swapped), later.chance(untidiness.letterForDigit)];
  const id = byNino ? life.nino : `RT-${String(life.person).padStart(6, '0')}`;
  const isNew = (day: Day): boolean => day >= about.since && day < about.asOf;
  const job = life.jobs.find((each) => each.start > support.date);
  switch (part) {
    case 'person': {
      if (!isNew(support.date)) return null;
      const surname = surnameAt(life, support.date);
      const area = malformed && wrong ? 'Nowhere Council' : council;
      const [given, family] = [firstNameAt(life, support.date), respells ? respelled(surname, slips) : surname];
      return [id, null, swapped ? family : given, swapped ? given : family, life.dateOfBirth.slice(0, 4), life.sex === 'F' ? 'Woman' : 'Man', area, support.date.slice(0, 7)];
    }
    case 'baseline': {
      if (!isNew(support.date)) return null;
      const written = letter ? withLetterForDigit(life.nino) : life.nino;
      const nino = noNino ? null : badNino ? withWrongPrefix(written) : written;
      const status = jobAt(life, support.date) !== undefined ? 'PC' : life.baseline === 'INACTIVE' ? 'UNLA' : 'ULA';
      const housing = life.groups.includes('HOMELESS') ? 'Homeless but not rough sleeping (e.g. living with friends or family)' : 'Asylum accommodation';
      return [id, null, nino, 'SD', 'Local VCS', 'No', plusDays(asylumGranted, -400).slice(0, 7), asylumGranted.slice(0, 7), 'Entry level 2', 'Level 1-2', 'Yes', 'Any work', 'No', status, 'Not in formal education', housing];
    }
    case 'employment_entry': {
      if (job === undefined || !isNew(plusDays(job.start, 5))) return null;
      const date = wrongDate && wrong ? plusDays(job.start, 4) : job.start;
      return [id, null, job.selfEmployed ? 'Self-employment' : 'Employment', malformed && wrong ? '' : date, CONTRACTS[job.contract], hoursBand(job.weeklyHours), Math.round(job.hourlyPence / 100), 'Not in formal education', 'General, various', 'Services'];
    }
    case 'employment_sustain': {
      if (job === undefined) return null;
      const date = plusDays(job.start, SUSTAINED_DAYS);
      if ((job.end !== null && job.end < date) || !isNew(plusDays(date, 5))) return null;
      const { weeklyHours, hourlyPence } = termsAt(job, date);
      return [id, null, date, CONTRACTS[job.contract], hoursBand(weeklyHours), Math.round(hourlyPence / 100), 'Not in formal education', 'General, various', 'Services'];
    }
  }
}

const CONTRACTS: Readonly<Record<Job['contract'], string>> = { PERMANENT: 'PC', TEMPORARY: 'TC', ZERO_HOURS: 'ZHC', SELF_EMPLOYED: 'SE' };
