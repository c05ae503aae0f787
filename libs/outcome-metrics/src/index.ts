export { firstDay, lastDay, monthLabel, monthOf } from './calendar.js';
export type { EpochDay, MonthNumber, Precision } from './calendar.js';
export { cellKey, InvalidCellKey, parseCellKey } from './cell-key.js';
export type { Cell, CellKey } from './cell-key.js';
export { cellValues } from './cell-values.js';
export type { CellValues } from './cell-values.js';
export { CellIds } from './cell-ids.js';
export { CorruptContributions, decodeContributions, difference, encodeContributions, UnknownCell } from './cells.js';
export { contributions } from './contributions.js';
export type { Contributions } from './contributions.js';
export { FACT_KINDS } from './fact.js';
export type {
  CircumstancesFact,
  ClaimFact,
  EarningsFact,
  Fact,
  FactBase,
  FactKind,
  IdText,
  JobEndedFact,
  JobStartedFact,
  JobSustainedFact,
  LearningFact,
  ReferralFact,
  SupportFact,
} from './fact.js';
export type { Count, OutcomeMetric } from './metrics/outcome-metric.js';
export { metricsOf, OUTCOME_METRICS, unverifiedRulesOf } from './metrics/registry.js';
export { entryFromEvent, FACT_PROJECTION, factFromEvent, FactOutOfRange, isFactKind } from './projected-event.js';
export type { FactEvent } from './projected-event.js';
export { checkRuleSet, InvalidRuleSet, LATEST_RULES, RULE_SETS, RULES_2026_1, RULES_2026_2, RULES_2026_3, RULES_2026_4, ruleSetOf, UnknownRules } from './rules/index.js';
export type { RuleNumber, RuleNumberName, RuleSet, RuleTableName } from './rules/index.js';
export { factsOf, hasGreaterAgreement, mergeEntry, WordInBytes } from './timeline.js';
export type { Timeline, TimelineEntry, Word } from './timeline.js';
export { CorruptTimeline, decodeEntries, decodeFactAt, EntryHead } from './entry-reader.js';
export { encodeEntry, EntryWriter } from './entry-writer.js';
export { WireFact } from './wire-fact.js';
