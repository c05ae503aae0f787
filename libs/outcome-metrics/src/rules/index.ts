export { checkRuleSet, InvalidRuleSet, RULE_SET } from './rules.js';
export type { RuleNumber, RuleNumberName, RuleSet } from './rules.js';
export { RULES_2026_1 } from './rules-2026-1.js';
