import { writeFileSync } from 'node:fs';
import { OUTCOME_METRICS } from '../metrics/registry.js';
import { RULES_2026_1 } from '../rules/index.js';
import { RULES_PAGE } from './location.js';
import { renderRulesPage } from './render-rules-page.js';

writeFileSync(RULES_PAGE, renderRulesPage(RULES_2026_1, OUTCOME_METRICS));
process.stdout.write(`${RULES_PAGE} written: rules ${RULES_2026_1.version}, ${OUTCOME_METRICS.length} metrics.\n`);
