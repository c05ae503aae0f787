import { randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../is-alive.js';
import { waitFor } from '../wait-for.js';

/**
 * The folder that outlives checkouts: `$XDG_CACHE_HOME/throughline`, by default under `~/.cache`.
 *
 * @param env the environment, read by the caller
 */
export function defaultCacheDir(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'throughline');
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Runs `work` while no other process of this machine holds the same lock file. A dead holder's lock is taken over. */
async function exclusively<T>(lockFile: string, what: string, work: () => Promise<T>): Promise<T> {
  await waitFor(
    async () => {
      try {
        await writeFile(lockFile, String(process.pid), { flag: 'wx' });
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const holder = Number(await readFile(lockFile, 'utf8').catch(() => ''));
        if (holder > 0 && !isAlive(holder)) await unlink(lockFile).catch(() => undefined);
        return false;
      }
    },
    { what: `another process to finish ${what}`, timeoutMs: 600_000, everyMs: 100 },
  );
  try {
    return await work();
  } finally {
    await unlink(lockFile).catch(() => undefined);
  }
}

/**
 * A folder of the cache, made at most once: `make` fills an empty folder, which then appears under its name in one step,
 * so that a crash half way leaves nothing behind that looks complete.
 *
 * @param name folder name, which must contain the version
 * @returns the folder's path
 */
export async function cachedFolder(cacheDir: string, name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheDir, name);
  if (await exists(folder)) return folder;
  await mkdir(cacheDir, { recursive: true });
  return exclusively(join(cacheDir, `${name}.lock`), `fetching ${name}`, async () => {
    if (await exists(folder)) return folder;
    const staging = join(cacheDir, `.${name}.${randomUUID()}`);
    await mkdir(staging);
    try {
      await make(staging);
      await rename(staging, folder);
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
    return folder;
  });
}
