export { checkRuleSet, InvalidRuleSet, PRIORITY_GROUPS, RULES_2026_1 } from './rules/index.js';
export type { PriorityGroup, RuleNumber, RuleNumberName, RuleSet } from './rules/index.js';
