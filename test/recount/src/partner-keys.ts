import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVICES, stateFolders } from '@throughline/local';
import { parseKeysFile } from '@throughline/identity';
import type { RecountOptions } from './recount.js';

/**
 * Partner and reference key of each deployment of a platform on this machine: they decide the order of otherwise equal facts.
 * @param stateDir the platform's state folder
 */
export async function partnersByDeployment(stateDir: string): Promise<NonNullable<RecountOptions['partnersByDeployment']>> {
  const partners = SERVICES.flatMap(({ adapter }) => (adapter === undefined ? [] : [adapter]));
  return Object.fromEntries(
    await Promise.all(
      partners.map(async ({ deployment, partner }) => {
        const keys = parseKeysFile(await readFile(join(stateFolders(stateDir).keys, deployment, 'keys.json'), 'utf8'));
        return [deployment, { partner, referenceKey: keys.referenceKey }] as const;
      }),
    ),
  );
}
