import { LINKING_RULES_2026_1 } from '@throughline/identity';
import { LATEST_RULES } from '@throughline/outcome-metrics';

function stated<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('The rules that are recounted lack a number: recount a version that states it.');
  return value;
}
const valueOf = (name: keyof typeof LATEST_RULES.numbers): number => stated(LATEST_RULES.numbers[name]).value;

/** The numbers of decisions 0004 and 0005: the one thing read from the platform, as data. */
export const RULES = {
  sameJobWindowDays: LATEST_RULES.numbers.sameJobWindowDays.value,
  paymentGapDays: LATEST_RULES.numbers.paymentGapDays.value,
  claimEndWindowDays: LATEST_RULES.numbers.claimEndWindowDays.value,
  openSupportDays: LATEST_RULES.numbers.openSupportDays.value,
  sustainedWeeks: [LATEST_RULES.numbers.shortSustainmentWeeks.value, LATEST_RULES.numbers.longSustainmentWeeks.value],
  selfEmploymentApart: LATEST_RULES.selfEmploymentApart.value,
  lowerHours: { hours: valueOf('lowerHoursPerWeek'), weeks: valueOf('lowerHoursWeeks'), ofWeeks: valueOf('lowerHoursOfWeeks') },
  higherHours: { hours: valueOf('higherHoursPerWeek'), weeks: valueOf('higherHoursWeeks'), ofWeeks: valueOf('higherHoursOfWeeks') },
  earnings: { windowDays: valueOf('earningsWindowDays'), hours: valueOf('earningsHoursPerWeek') * valueOf('earningsWeeks'), rateOf: stated(LATEST_RULES.earningsRateDate).value },
  selfEmploymentMonths: valueOf('selfEmploymentMonths'),
  progressionMonths: [valueOf('firstProgressionMonths'), valueOf('secondProgressionMonths')],
  progressionWindowDays: valueOf('progressionWindowDays'),
  hoursUntold: stated(LATEST_RULES.hoursUntold).value,
  payPeriodDays: stated(LATEST_RULES.payPeriods).days as Readonly<Record<string, number | undefined>>,
  uncertainAge: stated(LATEST_RULES.uncertainAge).value,
  minimumWage: stated(LATEST_RULES.minimumWage),
  realLivingWage: stated(LATEST_RULES.realLivingWage),
  mostSubjectsPerToken: LINKING_RULES_2026_1.mostSubjectsPerToken.value,
  sources: LATEST_RULES.sources.order as readonly string[],
  priorityGroups: LATEST_RULES.priorityGroups.order as readonly string[],
  ageBands: LATEST_RULES.ageBands.bands,
  assumedBirthMonth: LATEST_RULES.ageBands.assumedBirthMonth,
} as const;
