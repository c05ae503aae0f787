import { readFileSync } from 'node:fs';
import { OUTCOME_METRICS } from '../metrics/registry.js';
import { RULES_2026_1 } from '../rules/index.js';
import { RULES_PAGE } from './location.js';
import { renderRulesPage } from './render-rules-page.js';

describe('the page of rules', () => {
  it('is fresh: run "npm run rules" when it is not', () => {
    expect(readFileSync(RULES_PAGE, 'utf8')).toBe(renderRulesPage(RULES_2026_1, OUTCOME_METRICS));
  });

  it('says of each number whether it was verified, and which metrics it leaves unverified', () => {
    const rules = structuredClone(RULES_2026_1);
    rules.numbers.openSupportDays.verified = true;
    const lines = (page: string, name: string) => page.split('\n').filter((line) => line.includes(`\`${name}\``));
    const [before, after] = [renderRulesPage(RULES_2026_1, OUTCOME_METRICS), renderRulesPage(rules, OUTCOME_METRICS)];
    expect(lines(before, 'openSupportDays').length).toBeGreaterThan(1);
    expect(lines(after, 'openSupportDays')).toEqual([expect.stringMatching(/\| verified \|$/)]);
  });

  it('keeps its tables whole where a text holds their separator', () => {
    const rules = structuredClone(RULES_2026_1);
    rules.numbers.openSupportDays.citation = 'a | b';
    expect(renderRulesPage(rules, OUTCOME_METRICS)).toContain('a \\| b');
  });
});
