import { fileURLToPath } from 'node:url';

/** Where the page stands in the repository. */
export const RULES_PAGE = fileURLToPath(new URL('../../../../docs/outcomes.md', import.meta.url));
