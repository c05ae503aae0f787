import { fileURLToPath } from 'node:url';

/** What the page in the repository is made of. */
export const PAGE_POPULATION = { seed: 'linkage', people: 800 } as const;

/** Where the page stands in the repository. */
export const LINKAGE_PAGE = fileURLToPath(new URL('../../../../docs/linkage.md', import.meta.url));
