import type { Benefit } from '@throughline/event-contracts';

/** `benefitType` of the Citizen API v2 as seen in public clients, and what each becomes; any other is OTHER_STATE_BENEFIT. */
export const BENEFIT_TYPES: Readonly<Record<string, { readonly meaning: string; readonly becomes: Benefit }>> = {
  universal_credit: { meaning: 'Universal Credit', becomes: 'UNIVERSAL_CREDIT' },
  job_seekers_allowance_income_based: { meaning: "Jobseeker's Allowance, income-based", becomes: 'JOBSEEKERS_ALLOWANCE' },
  employment_support_allowance_income_based: {
    meaning: 'Employment and Support Allowance, income-related',
    becomes: 'EMPLOYMENT_AND_SUPPORT_ALLOWANCE',
  },
  income_support: { meaning: 'Income Support', becomes: 'INCOME_SUPPORT' },
  pensions_credit: { meaning: 'Pension Credit', becomes: 'PENSION_CREDIT' },
  carers_allowance: { meaning: "Carer's Allowance", becomes: 'CARERS_ALLOWANCE' },
  state_pension: { meaning: 'State Pension', becomes: 'STATE_PENSION' },
};

export const benefitOf = (benefitType: string): Benefit =>
  Object.hasOwn(BENEFIT_TYPES, benefitType) ? (BENEFIT_TYPES[benefitType]?.becomes ?? 'OTHER_STATE_BENEFIT') : 'OTHER_STATE_BENEFIT';
