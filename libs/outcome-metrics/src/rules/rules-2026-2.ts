import { checkRuleSet } from './rules.js';
import { RULES_2026_1 } from './rules-2026-1.js';

const OWN_CHOICE = 'Our own working rule; no programme guidance that we could read states one.';
const IPSPC =
  'Grant guidance of Individual Placement and Support in Primary Care (IPSPC, DWP, 2023 to 2025), glossary, Baseline Threshold Job Outcome: at least 7 hours a week for 13 weeks within 16.';
const RESTART =
  'Restart (DWP, as quoted by provider guidance): earnings above 16 hours a week for 26 weeks at the National Living Wage, or six months of self-employment, since starting on the programme. The Work and Health Programme is paid for alike.';

/** Second rule set: hours, earnings, self-employment, progression and job quality, beside all that the first one counts. */
export const RULES_2026_2 = checkRuleSet({
  ...RULES_2026_1,
  version: '2026.2',
  metrics: [
    ...RULES_2026_1.metrics,
    'earnings_outcome',
    'lower_hours_outcome',
    'lower_hours_outcome_evidence_insufficient',
    'higher_hours_outcome',
    'higher_hours_outcome_evidence_insufficient',
    'self_employed_6_months',
    'pay_progressed_6_months',
    'pay_progressed_12_months',
    'hours_progressed_6_months',
    'hours_progressed_12_months',
    'permanent_job_starts',
    'job_starts_at_real_living_wage',
  ],
  numbers: {
    ...RULES_2026_1.numbers,
    earningsWindowDays: {
      value: 365,
      unit: 'days',
      meaning: 'How long after support began earnings add up to an earnings outcome.',
      citation: 'Restart (DWP, as quoted by provider guidance): up to 365 days of support. Whether earnings after its end count is not stated.',
      verified: false,
    },
    earningsHoursPerWeek: { value: 16, unit: 'hours', meaning: 'Hours a week of the earnings threshold.', citation: RESTART, verified: false },
    earningsWeeks: { value: 26, unit: 'weeks', meaning: 'Weeks of the earnings threshold.', citation: RESTART, verified: false },
    lowerHoursPerWeek: { value: 7, unit: 'hours', meaning: 'Hours a week of the lower hours outcome.', citation: IPSPC, verified: false },
    lowerHoursWeeks: { value: 13, unit: 'weeks', meaning: 'Weeks that have to be worked for the lower hours outcome.', citation: IPSPC, verified: false },
    lowerHoursOfWeeks: { value: 16, unit: 'weeks', meaning: 'Weeks from the start of a job within which they have to lie.', citation: IPSPC, verified: false },
    higherHoursPerWeek: {
      value: 16,
      unit: 'hours',
      meaning: 'Hours a week of the higher hours outcome.',
      citation: `${RESTART} Asked for in hours here, not in pay.`,
      verified: false,
    },
    higherHoursWeeks: { value: 26, unit: 'weeks', meaning: 'Weeks that have to be worked for the higher hours outcome.', citation: RESTART, verified: false },
    higherHoursOfWeeks: {
      value: 26,
      unit: 'weeks',
      meaning: 'Weeks from the start of a job within which they have to lie: all of them.',
      citation: 'Our own working rule: no guidance that we could read allows a break within the 26 weeks.',
      verified: false,
    },
    selfEmploymentMonths: { value: 6, unit: 'months', meaning: 'How long self-employment has to be proved to last.', citation: RESTART, verified: false },
    firstProgressionMonths: { value: 6, unit: 'months', meaning: 'How long after the start of a job pay and hours are first compared with the first.', citation: OWN_CHOICE, verified: false },
    secondProgressionMonths: { value: 12, unit: 'months', meaning: 'How long after the start of a job pay and hours are compared with the first again.', citation: OWN_CHOICE, verified: false },
    progressionWindowDays: { value: 91, unit: 'days', meaning: 'How long after that day what is told still tells of it.', citation: OWN_CHOICE, verified: false },
  },
  selfEmploymentApart: {
    value: true,
    meaning: 'A start of employment and a start of self-employment are two jobs, however near they lie.',
    citation: 'Our own working rule: Restart and the Work and Health Programme pay for the two by different evidence.',
    verified: false,
  },
  hoursUntold: {
    value: 'as-next-told',
    meaning: 'Hours of a day before the first that a source tells are those it tells first, and those of a payment that tells none are those of the next that does.',
    citation: OWN_CHOICE,
    verified: false,
  },
  payPeriods: {
    days: { W1: 7, W2: 14, W4: 28, M1: 28, M3: 89, M6: 181, MA: 365 },
    meaning: 'Least days from a job’s start to a payment that is taken to be for a whole pay period, so that pay can be compared with it. What is paid at no regular time is for no such period.',
    citation: OWN_CHOICE,
    verified: false,
  },
  uncertainAge: {
    value: 'assumed',
    meaning: 'Where only the month or the year of a birth is told, wages are those of the age that the age bands assume; where nothing is, those of the oldest.',
    citation: OWN_CHOICE,
    verified: false,
  },
  earningsRateDate: {
    value: 'job-start',
    meaning: 'Which day’s wage the earnings threshold is reckoned by: that of the job’s start, or of each payment.',
    citation: 'Our own working rule: no guidance that we could read says which.',
    verified: false,
  },
  minimumWage: {
    rates: [
      { from: '2024-04-01', byAge: [{ from: 0, pence: 640 }, { from: 18, pence: 860 }, { from: 21, pence: 1_144 }] },
      { from: '2025-04-01', byAge: [{ from: 0, pence: 755 }, { from: 18, pence: 1_000 }, { from: 21, pence: 1_221 }] },
      { from: '2026-04-01', byAge: [{ from: 0, pence: 800 }, { from: 18, pence: 1_085 }, { from: 21, pence: 1_271 }] },
    ],
    meaning:
      'Hourly rates, in pence, by age on the rate’s day. Nobody’s data tells who is an apprentice, so nobody is held to that rate. An age that nobody tells is held to the adult rate; a day before the first rate has none.',
    citation: 'GOV.UK, National Minimum Wage and National Living Wage rates.',
    verified: true,
  },
  realLivingWage: {
    rates: [
      { from: '2024-05-01', london: 1_315, elsewhere: 1_200 },
      { from: '2025-05-01', london: 1_385, elsewhere: 1_260 },
      { from: '2026-05-01', london: 1_480, elsewhere: 1_345 },
    ],
    meaning:
      'Hourly rates, in pence, from the day by which accredited employers have to pay them. London’s rate is held against whoever lives there, or in a district that nobody tells; where the work is done is in nobody’s data.',
    citation: 'Living Wage Foundation, rates announced in October of 2023, 2024 and 2025, as the trade press reported them.',
    verified: true,
  },
});
