import { LINKING_RULES_2026_1 } from '@throughline/identity';
import { RULES_2026_1 } from '@throughline/outcome-metrics';

/** The numbers of decisions 0004 and 0005: the one thing read from the platform, as data. */
export const RULES = {
  sameJobWindowDays: RULES_2026_1.numbers.sameJobWindowDays.value,
  paymentGapDays: RULES_2026_1.numbers.paymentGapDays.value,
  claimEndWindowDays: RULES_2026_1.numbers.claimEndWindowDays.value,
  openSupportDays: RULES_2026_1.numbers.openSupportDays.value,
  sustainedWeeks: [RULES_2026_1.numbers.shortSustainmentWeeks.value, RULES_2026_1.numbers.longSustainmentWeeks.value],
  mostSubjectsPerToken: LINKING_RULES_2026_1.mostSubjectsPerToken.value,
  sources: RULES_2026_1.sources.order as readonly string[],
  priorityGroups: RULES_2026_1.priorityGroups.order as readonly string[],
  ageBands: RULES_2026_1.ageBands.bands,
  assumedBirthMonth: RULES_2026_1.ageBands.assumedBirthMonth,
} as const;
