import { writeFileSync } from 'node:fs';
import { LATEST_RULES, RULE_SETS } from '../rules/index.js';
import { rulesCommand } from './command-line.js';
import { RULES_PAGE } from './location.js';
import { renderRulesPage } from './render-rules-page.js';

await rulesCommand(() => {
  writeFileSync(RULES_PAGE, renderRulesPage(LATEST_RULES, RULE_SETS));
  process.stdout.write(`${RULES_PAGE} written: rules ${LATEST_RULES.version}, ${LATEST_RULES.metrics.length} metrics.\n`);
}).parseAsync();
