import type { Life } from './life.js';
import { randomOf } from './random.js';
import type { Untidiness } from './untidiness.js';

/** The shop's postcode where a partner holds it for the home of a whole family; null: it holds the home's. */
export const shopHeldBy = (partner: string, { family, shopPostcode }: Life, seed: string, { shopPostcode: share }: Untidiness): string | null =>
  family !== null && randomOf(seed, 'shop held', partner, family).chance(share) ? shopPostcode : null;
