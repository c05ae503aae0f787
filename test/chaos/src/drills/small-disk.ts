import { LocalError } from '@throughline/servers';
import { execFile } from 'node:child_process';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MEGABYTE = 1_048_576;
const FILLER = 'filler';

/** A file system of its own, in memory, that can be filled. */
export interface SmallDisk {
  /** Takes all the space that is left. */
  readonly fill: () => Promise<void>;
  /** Gives it back. */
  readonly makeSpace: () => Promise<void>;
  readonly unmount: () => Promise<void>;
}

/**
 * @param path made where it is missing; what it holds is hidden while the disk is there
 * @throws LocalError `MOUNT_REFUSED` where this process may not mount
 */
export async function mountSmallDisk(path: string, megabytes: number): Promise<SmallDisk> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'throughline-drill', path]).catch((error: unknown) => {
    throw new LocalError('MOUNT_REFUSED', `No small disk could be mounted under ${path}`, 'run this drill as root, on a machine that lets root mount', { cause: error });
  });
  const filler = join(path, FILLER);
  return {
    async fill() {
      const file = await open(filler, 'a');
      try {
        for (const piece of [MEGABYTE, 4_096]) while (await wrote(file, Buffer.alloc(piece))) continue;
      } finally {
        await file.close();
      }
    },
    makeSpace: () => rm(filler, { force: true }),
    unmount: async () => void (await run('umount', ['-l', path])),
  };
}

/** False once there is no room. */
const wrote = (file: Awaited<ReturnType<typeof open>>, bytes: Buffer): Promise<boolean> =>
  file.write(bytes).then(
    ({ bytesWritten }) => bytesWritten > 0,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOSPC') throw error;
      return false;
    },
  );
