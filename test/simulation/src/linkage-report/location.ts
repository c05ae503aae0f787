import { fileURLToPath } from 'node:url';

/** What the page in the repository is made of. */
export const PAGE_POPULATION = { seed: 'linkage', people: 800 } as const;

/** The small run that the page records and a test repeats: other figures mean that the page is older than what it tells of. */
export const PAGE_CHECK = { seed: 'linkage', people: 80, faults: [] } as const;

/** Where the page stands in the repository. */
export const LINKAGE_PAGE = fileURLToPath(new URL('../../../../docs/linkage.md', import.meta.url));
