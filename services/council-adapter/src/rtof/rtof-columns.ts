import type { RtofPart } from './rtof-record.js';

interface Columns {
  readonly required: readonly string[];
  /** Further columns of the specification's record: allowed, and read over where not named in the mapping. */
  readonly optional: readonly string[];
}

/** Columns of the four files that tell of a person's way into work. */
export const COLUMNS: Readonly<Record<RtofPart, Columns>> = {
  person: {
    required: ['unique_id', 'first_name', 'last_name', 'year_of_birth', 'dispersal_area', 'date_started_service'],
    optional: ['provider_id_person', 'gender'],
  },
  baseline: {
    required: ['unique_id', 'ni_number', 'date_asylum_status_granted', 'employment_status'],
    optional: [
      'provider_id_baseline',
      'nationality',
      'referral_source',
      'current_dependants_uk',
      'number_u18_HH',
      'number_over_18_HH',
      'age_profile_of_dependants_uk',
      'date_arrived_in_uk',
      'language_level_on_entry',
      'highest_qualification_achieved',
      'age_finished_study',
      'employed_in_home_country',
      'occupation_type',
      'occupation_sector',
      'occupation_goal',
      'prior_employment',
      'hours_of_employment',
      'wage_baseline',
      'education_training_status',
      'housing_baseline_accommodation',
      'homelessness_baseline',
    ],
  },
  employment_entry: {
    required: [
      'unique_id',
      'employment_entry_outcome_type',
      'date_employment_entry',
      'primary_employment_entry_status',
      'hours_of_employment_entry',
      'wage_employment_entry',
    ],
    optional: [
      'provider_id_empl_entry',
      'secondary_employment_entry_status',
      'education_training_status_entry',
      'employment_entry_occupation',
      'employment_entry_sector',
    ],
  },
  employment_sustain: {
    required: ['unique_id', 'employment_sustainment_date', 'employment_sustain_status', 'hours_of_employment_sustain', 'wage_employment_sustain'],
    optional: ['provider_id_empl_sustain', 'education_training_status_sustain', 'employment_sustain_occupation', 'employment_sustain_sector'],
  },
};

export const PARTS = Object.keys(COLUMNS) as readonly RtofPart[];
