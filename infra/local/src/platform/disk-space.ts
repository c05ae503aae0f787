import { statfs } from 'node:fs/promises';
import { LocalError } from '@throughline/servers';

/** What the sample data, Kafka's and Redis's files and the logs need at most, with room to spare. */
export const NEEDED_BYTES = 1_000_000_000;

/**
 * @param freeBytes how many are free under a path; the system's own answer by default
 * @throws LocalError `DISK_FULL` if there are fewer than needed
 */
export async function requireDiskSpace(
  folder: string,
  freeBytes: (path: string) => Promise<number> = async (path) => {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  },
): Promise<void> {
  const free = await freeBytes(folder);
  if (free >= NEEDED_BYTES) return;
  throw diskFull(folder, `only ${Math.floor(free / 1_000_000)} MB of the ${NEEDED_BYTES / 1_000_000} MB needed are free`);
}

function diskFull(folder: string, what: string, cause?: unknown): LocalError {
  return new LocalError(
    'DISK_FULL',
    `The disk that holds ${folder} is full: ${what}`,
    'free some space, run "npm run reset" to drop the sample data, or choose another disk with THROUGHLINE_STATE=<folder>',
    { cause },
  );
}

/** The same error for a write that ran out of space; any other error as it is. */
export function explainWriteError(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOSPC' || code === 'EDQUOT' ? diskFull(folder, 'a write was refused', error) : error;
}
