import { given, Refused, requiredDate, requiredMonth } from '../days.js';
import { identified } from '../identifiers.js';
import type { SentFile } from '../manifest.js';
import type { Places } from '../places.js';
import { factName, fatesOf, SectionBuilder } from '../told.js';
import type { Clock, Hours, Reading, Status, ToldFact } from '../told.js';
import { circumstances } from './circumstances.js';
import { csvRows } from './csv-rows.js';

type Column = (name: string) => string | null;

/** Required columns, and further ones of the specification that a file may have. */
const PARTS: Readonly<Record<string, { readonly required: readonly string[]; readonly further: readonly string[]; readonly facts: (column: Column, places: Places) => ToldFact[] }>> = {
  person: {
    required: ['unique_id', 'first_name', 'last_name', 'year_of_birth', 'dispersal_area', 'date_started_service'],
    further: ['provider_id_person', 'gender'],
    facts: personFacts,
  },
  baseline: {
    required: ['unique_id', 'ni_number', 'date_asylum_status_granted', 'employment_status'],
    further: [
      'provider_id_baseline', 'nationality', 'referral_source', 'current_dependants_uk', 'number_u18_HH', 'number_over_18_HH', 'age_profile_of_dependants_uk',
      'date_arrived_in_uk', 'language_level_on_entry', 'highest_qualification_achieved', 'age_finished_study', 'employed_in_home_country', 'occupation_type',
      'occupation_sector', 'occupation_goal', 'prior_employment', 'hours_of_employment', 'wage_baseline', 'education_training_status',
      'housing_baseline_accommodation', 'homelessness_baseline',
    ],
    facts: baselineFacts,
  },
  employment_entry: {
    required: ['unique_id', 'employment_entry_outcome_type', 'date_employment_entry', 'primary_employment_entry_status', 'hours_of_employment_entry', 'wage_employment_entry'],
    further: ['provider_id_empl_entry', 'secondary_employment_entry_status', 'education_training_status_entry', 'employment_entry_occupation', 'employment_entry_sector'],
    facts: entryFacts,
  },
  employment_sustain: {
    required: ['unique_id', 'employment_sustainment_date', 'employment_sustain_status', 'hours_of_employment_sustain', 'wage_employment_sustain'],
    further: ['provider_id_empl_sustain', 'education_training_status_sustain', 'employment_sustain_occupation', 'employment_sustain_sector'],
    facts: sustainFacts,
  },
};

const CONTRACTS: Readonly<Record<string, string>> = { PC: 'PERMANENT', TC: 'TEMPORARY', ZHC: 'ZERO_HOURS', CIH: 'CASH_IN_HAND', SE: 'SELF_EMPLOYED', Other: 'OTHER' };
const HOURS: Readonly<Record<string, Hours | null>> = {
  '0 to 7 hours': [0, 800], '8 to 15 hours': [800, 1600], '16 to 30 hours': [1600, 3100], '31 to 48 hours': [3100, 4900], '49 or more hours': [4900, null], "Don't know": null,
};

const oneOf = (value: string | null, codes: readonly string[]): void => {
  if (value !== null && !codes.includes(value)) throw new Refused();
};

function personFacts(column: Column, places: Places): ToldFact[] {
  const year = column('year_of_birth');
  if (year !== null && !(/^\d{4}$/.test(year) && Number(year) >= 1900)) throw new Refused();
  const started = requiredMonth(column('date_started_service'));
  const area = column('dispersal_area');
  const district = area === null ? null : places.councilDistrict(area);
  if (district === undefined) throw new Refused();
  return [
    { key: ['person'], occurredOn: started, body: identified({ surname: column('last_name'), firstName: column('first_name') }) },
    { key: ['support'], occurredOn: started, body: { type: 'SupportStarted' } },
    ...circumstances(['person'], started, { birthYear: year === null ? null : Number(year), district }),
  ];
}

const BASELINE: Readonly<Record<string, Status>> = { PC: 'EMPLOYED', TC: 'EMPLOYED', ZHC: 'EMPLOYED', CIH: 'EMPLOYED', SE: 'EMPLOYED', ULA: 'UNEMPLOYED', UNLA: 'INACTIVE', Other: 'UNKNOWN' };

function baselineFacts(column: Column): ToldFact[] {
  const granted = requiredMonth(column('date_asylum_status_granted'));
  const status = BASELINE[column('employment_status') ?? ''];
  if (status === undefined) throw new Refused();
  const homeless = (column('housing_baseline_accommodation') ?? '').startsWith('Homeless');
  return [
    { key: ['baseline'], occurredOn: granted, body: identified({ nino: column('ni_number') }) },
    ...circumstances(['baseline'], granted, { status, groups: homeless ? ['REFUGEE', 'HOMELESS'] : ['REFUGEE'] }),
  ];
}

function termsOf(status: string | null, hours: string | null, wage: string | null): { readonly contract: string | null; readonly hours: Hours | null; readonly hourlyPence: number | null } {
  oneOf(status, Object.keys(CONTRACTS));
  oneOf(hours, Object.keys(HOURS));
  if (wage !== null && !(/^\d{1,4}$/.test(wage) && Number(wage) <= 1_000)) throw new Refused();
  return { contract: CONTRACTS[status ?? ''] ?? null, hours: HOURS[hours ?? ''] ?? null, hourlyPence: wage === null ? null : Number(wage) * 100 };
}

function entryFacts(column: Column): ToldFact[] {
  const kind = column('employment_entry_outcome_type') ?? '';
  oneOf(kind, ['Employment', 'Self-employment']);
  const date = requiredDate(column('date_employment_entry'));
  const terms = termsOf(column('primary_employment_entry_status'), column('hours_of_employment_entry'), column('wage_employment_entry'));
  return [{ key: ['entry'], occurredOn: date, body: { type: 'JobStarted', employer: null, work: kind === 'Employment' ? 'EMPLOYED' : 'SELF_EMPLOYED', ...terms } }];
}

function sustainFacts(column: Column): ToldFact[] {
  const date = requiredDate(column('employment_sustainment_date'));
  const { hours, hourlyPence } = termsOf(column('employment_sustain_status'), column('hours_of_employment_sustain'), column('wage_employment_sustain'));
  return [{ key: ['sustain'], occurredOn: date, body: { type: 'JobSustained', job: factName('employment_entry', 'JobStarted', ['entry']), hours, hourlyPence } }];
}

export function readRtof(path: string, sent: SentFile, clock: Clock, places: Places): Reading {
  const part = PARTS[sent.part ?? ''];
  const rows = part === undefined ? null : csvRows(path, part.required, [...part.required, ...part.further]);
  if (part === undefined || rows === null) return { refusedWhole: true };
  const section = new SectionBuilder(sent.part ?? '', clock, sent.fullExtract ? { families: null, within: null } : null);
  const seen = new Set<string>();
  for (const row of rows) {
    const reference = given(row['unique_id']);
    try {
      if (reference === null || seen.has(reference)) throw new Refused();
      seen.add(reference);
      section.told(reference, part.facts((name) => given(row[name]), places));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      section.refuse(reference);
    }
  }
  const sections = [section.build()];
  return { refusedWhole: false, sections, fates: fatesOf(sections) };
}
