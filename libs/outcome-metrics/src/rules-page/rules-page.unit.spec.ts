import { readFileSync } from 'node:fs';
import { LATEST_RULES, RULE_SETS } from '../rules/index.js';
import { RULES_PAGE } from './location.js';
import { renderRulesPage } from './render-rules-page.js';

describe('the page of rules', () => {
  it('is fresh: run "npm run rules" when it is not', () => {
    expect(readFileSync(RULES_PAGE, 'utf8')).toBe(renderRulesPage(LATEST_RULES, RULE_SETS));
  });

  it('says of each number whether it was verified, and which metrics it leaves unverified', () => {
    const rules = structuredClone(LATEST_RULES);
    rules.numbers.openSupportDays.verified = true;
    const lines = (page: string, name: string) => page.split('\n').filter((line) => line.includes(`\`${name}\``));
    const [before, after] = [renderRulesPage(LATEST_RULES, RULE_SETS), renderRulesPage(rules, RULE_SETS)];
    expect(lines(before, 'openSupportDays').length).toBeGreaterThan(1);
    expect(lines(after, 'openSupportDays')).toEqual([expect.stringMatching(/\| verified \|$/)]);
  });

  it('keeps its tables whole where a text holds their separator', () => {
    const rules = structuredClone(LATEST_RULES);
    rules.numbers.openSupportDays.citation = 'a | b';
    expect(renderRulesPage(rules, RULE_SETS)).toContain('a \\| b');
  });

  it('shows every wage under the ages that had it, also where a later table divides ages otherwise', () => {
    const page = renderRulesPage(LATEST_RULES, RULE_SETS);
    expect(page).toContain('| from | 25 and over | 23 to 24 | 21 to 22 | 18 to 20 | under 18 |');
    expect(page).toContain('| 2016-04-01 | £7.20 | £6.70 | £6.70 | £5.30 | £3.87 |');
    expect(page).toContain('| 2023-04-01 | £10.42 | £10.42 | £10.18 | £7.49 | £5.28 |');
    expect(page).toContain('| 2024-04-01 | £11.44 | £11.44 | £11.44 | £8.60 | £6.40 |');
  });

  it('says of each version what is otherwise than before', () => {
    const next = structuredClone(LATEST_RULES);
    next.version = '2099.1';
    next.metrics = next.metrics.filter((id) => id !== 'earnings_outcome');
    next.numbers.paymentGapDays.value = 35;
    next.ageBands.bands[3]!.from = 55;
    next.numbers.openSupportDays.verified = true;
    next.minimumWage!.meaning = 'Said in other words.';
    expect(renderRulesPage(next, [...RULE_SETS, next])).toContain(
      '| `2099.1` | no longer counts `earnings_outcome`; `paymentGapDays` is 35 days; `ageBands` is another table; now verified: `openSupportDays` |',
    );
  });
});
