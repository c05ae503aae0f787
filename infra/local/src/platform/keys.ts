import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseKeysFile, parsePlatformKeysFile } from '@throughline/identity';
import { LocalError } from '@throughline/servers';
import { SERVICES } from './services.js';
import type { ServiceSpec } from './services.js';

const newKey = (): string => randomBytes(32).toString('base64');

/** Writes what must not exist yet, readable by its owner only. Resolves to false where it exists. */
async function writeNew(file: string, content: unknown): Promise<boolean> {
  try {
    await writeFile(file, `${JSON.stringify(content, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Who owns the keys of a service: its partner, or the platform (linkage and outcomes share its key). */
export const keyOwner = (spec: ServiceSpec): string => spec.adapter?.deployment ?? 'platform';

/** The keys file of a service: a folder for each owner, so that each can be mounted alone. */
export const keysFileOf = (keysDir: string, spec: ServiceSpec): string => join(keysDir, keyOwner(spec), 'keys.json');

/**
 * Makes the keys of a first start and leaves those of a later one: new keys would make strangers of everybody known.
 * All adapters share one linkage domain's key; the rest is each partner's own.
 *
 * @throws LocalError `STATE_UNREADABLE` if a keys file is there but cannot be used
 */
export async function ensureKeys(keysDir: string): Promise<void> {
  const domainFile = join(keysDir, 'domain', 'keys.json');
  await mkdir(dirname(domainFile), { recursive: true, mode: 0o700 });
  await writeNew(domainFile, { id: 'local-1', key: newKey() });
  try {
    const domainKey = JSON.parse(await readFile(domainFile, 'utf8')) as { id: string; key: string };
    for (const spec of SERVICES) {
      const file = keysFileOf(keysDir, spec);
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      if (spec.adapter === undefined) {
        await writeNew(file, { platformKey: newKey() });
        parsePlatformKeysFile(await readFile(file, 'utf8'));
      } else {
        await writeNew(file, { domainKey, referenceKey: newKey(), spoolKeys: [{ kid: 'spool-1', key: newKey() }] });
        const keys = parseKeysFile(await readFile(file, 'utf8'));
        if (keys.domainKey.id !== domainKey.id) throw new Error(`${file} has another linkage domain's key`);
      }
    }
  } catch (cause) {
    throw new LocalError(
      'STATE_UNREADABLE',
      `The keys in ${keysDir} cannot be used (${cause instanceof Error ? cause.message : String(cause)})`,
      'restore them from a copy, or start anew with "npm run reset"',
      { cause },
    );
  }
}
