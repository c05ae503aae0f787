import { readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, LocalError } from '@throughline/servers';

const lockFile = (stateDir: string): string => join(stateDir, 'running.pid');

/** The process that runs the platform on this state folder, or undefined. */
export async function runningInstance(stateDir: string): Promise<number | undefined> {
  const pid = Number(await readFile(lockFile(stateDir), 'utf8').catch(() => ''));
  return Number.isInteger(pid) && pid > 0 && pid !== process.pid && isAlive(pid) ? pid : undefined;
}

/**
 * Claims the state folder for this process. A lock whose process is gone is taken over.
 *
 * @returns gives the folder back
 * @throws LocalError `ALREADY_RUNNING`
 */
export async function claimState(stateDir: string): Promise<() => Promise<void>> {
  const file = lockFile(stateDir);
  for (;;) {
    try {
      await writeFile(file, `${process.pid}\n`, { flag: 'wx' });
      return () => unlink(file).catch(() => undefined);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const pid = await runningInstance(stateDir);
    if (pid !== undefined) {
      throw new LocalError(
        'ALREADY_RUNNING',
        `Throughline already runs on ${stateDir} (process ${pid})`,
        'stop it with Ctrl-C there, or give this one a folder and ports of its own with THROUGHLINE_STATE and the *_PORT variables',
      );
    }
    await unlink(file).catch(() => undefined);
  }
}
