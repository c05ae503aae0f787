import { RULES_2026_1 } from './rules-2026-1.js';
import { RULES_2026_2 } from './rules-2026-2.js';
import { RULES_2026_3 } from './rules-2026-3.js';
import { RULES_2026_4 } from './rules-2026-4.js';
import type { RuleSet } from './rules.js';

/** Every version there is, oldest first. None is ever changed once figures were counted under it: a new one is added. */
export const RULE_SETS: readonly RuleSet[] = [RULES_2026_1, RULES_2026_2, RULES_2026_3, RULES_2026_4];

/** What figures are counted under unless a deployment chooses otherwise. */
export const LATEST_RULES: RuleSet = RULES_2026_4;

/** Thrown when a version is asked for that this build does not have. */
export class UnknownRules extends Error {
  override readonly name = 'UnknownRules';
  readonly code = 'UNKNOWN_RULES';
  readonly place: string;
  readonly remedy = `Choose one of ${RULE_SETS.map(({ version }) => version).join(', ')}.`;
  constructor(version: string) {
    super(`There are no rules ${version}. Choose one of ${RULE_SETS.map((rules) => rules.version).join(', ')}.`);
    this.place = `rules ${version}`;
  }
}

/** @throws {UnknownRules} */
export const ruleSetOf = (version: string): RuleSet => {
  const rules = RULE_SETS.find((each) => each.version === version);
  if (rules === undefined) throw new UnknownRules(version);
  return rules;
};
