import { checkRuleSet } from './rules.js';

const OWN_CHOICE = 'Our own working rule; no programme guidance that we could read states one.';

/** First rule set. Its numbers are working rules unless `verified` says otherwise. */
export const RULES_2026_1 = checkRuleSet({
  version: '2026.1',
  metrics: [
    'referrals',
    'support_starts',
    'learning_starts',
    'job_starts',
    'sustained_13_weeks',
    'sustained_26_weeks',
    'claims_ended_after_job_start',
    'into_work',
  ],
  numbers: {
    sameJobWindowDays: {
      value: 28,
      unit: 'days',
      meaning: 'Job starts told by different sources are one job when no more than this lies between them.',
      citation: OWN_CHOICE,
      verified: false,
    },
    paymentGapDays: {
      value: 42,
      unit: 'days',
      meaning: 'Payments go on proving a job while no more than this lies between one and the next: a month and eleven days.',
      citation: OWN_CHOICE,
      verified: false,
    },
    shortSustainmentWeeks: {
      value: 13,
      unit: 'weeks',
      meaning: 'How long a job must be proved to last for the shorter sustained outcome.',
      citation:
        'Grant guidance of Individual Placement and Support in Primary Care (IPSPC, DWP, 2023 to 2025), glossary, Baseline Threshold Job Outcome: 13 weeks of work. Its limits on hours, pay and the 16-week period are not applied.',
      verified: false,
    },
    longSustainmentWeeks: {
      value: 26,
      unit: 'weeks',
      meaning: 'How long a job must be proved to last for the longer sustained outcome.',
      citation:
        'Restart and Work and Health Programme outcomes are defined by earnings over 26 weeks of work (DWP, as quoted by provider guidance). Earnings are not applied here: only the length.',
      verified: false,
    },
    claimEndWindowDays: {
      value: 182,
      unit: 'days',
      meaning: 'How long after a job start the end of a claim still counts as following it (26 weeks).',
      citation: OWN_CHOICE,
      verified: false,
    },
    openSupportDays: {
      value: 546,
      unit: 'days',
      meaning: 'How long after its start support, or a referral, can still be credited with an outcome (18 months).',
      citation: OWN_CHOICE,
      verified: false,
    },
  },
  selfEmploymentApart: {
    value: false,
    meaning: 'Starts told within the window are one job, whether they tell of employment or of self-employment.',
    citation: OWN_CHOICE,
    verified: false,
  },
  sources: {
    order: ['hmrc-rti', 'dwp-citizen', 'rtof', 'ilr', 'bars', 'nhs-csv'],
    meaning: 'Which source is heard where several state the same start: payroll and benefit records before case records, case records before referrals.',
    citation: OWN_CHOICE,
    verified: false,
  },
  priorityGroups: {
    order: [
      'DISABILITY_OR_HEALTH',
      'CARE_LEAVER',
      'OFFENDER',
      'REFUGEE',
      'HOMELESS',
      'SUBSTANCE_MISUSE',
      'CARER',
      'LONE_PARENT',
    ],
    meaning: 'A person in several priority groups is counted under the first of them, so that groups add up to people.',
    citation: OWN_CHOICE,
    verified: false,
  },
  ageBands: {
    bands: [
      { name: 'under-16', from: 0 },
      { name: '16-24', from: 16 },
      { name: '25-49', from: 25 },
      { name: '50-plus', from: 50 },
    ],
    assumedBirthMonth: 7,
    meaning: 'Age in completed years on the day counted, the birthday taken as the first of its month; July where only the year is known.',
    citation: 'Age bands of published labour-market statistics for England (16 to 24, 25 to 49, 50 and over).',
    verified: false,
  },
});
