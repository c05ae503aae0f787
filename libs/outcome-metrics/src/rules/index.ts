export { checkRuleSet, InvalidRuleSet, numberOf, RULE_SET, tableOf } from './rules.js';
export type { RuleNumber, RuleNumberName, RuleSet, RuleTableName } from './rules.js';
export { RULES_2026_1 } from './rules-2026-1.js';
export { RULES_2026_2 } from './rules-2026-2.js';
export { RULES_2026_3 } from './rules-2026-3.js';
export { RULES_2026_4 } from './rules-2026-4.js';
export { LATEST_RULES, RULE_SETS, ruleSetOf, UnknownRules } from './rule-sets.js';
