import { access, rm } from 'node:fs/promises';
import { LocalError } from '@throughline/servers';
import { runningInstance } from './instance-lock.js';

/**
 * `npm run reset`: forgets everything that was started, loaded and counted here. What was fetched stays in the cache.
 *
 * @returns whether there was anything
 * @throws LocalError `ALREADY_RUNNING` while the platform runs on the folder
 */
export async function reset(stateDir: string): Promise<boolean> {
  const pid = await runningInstance(stateDir);
  if (pid !== undefined) {
    throw new LocalError('ALREADY_RUNNING', `Throughline runs on ${stateDir} (process ${pid})`, 'stop it with Ctrl-C there, then reset');
  }
  const isThere = await access(stateDir).then(
    () => true,
    () => false,
  );
  await rm(stateDir, { recursive: true, force: true });
  return isThere;
}
