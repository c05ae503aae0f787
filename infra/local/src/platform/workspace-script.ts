import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { LocalError } from '@throughline/servers';

/**
 * Runs a TypeScript program of the workspace in a process of its own, with this process's streams.
 *
 * @param words file and arguments
 * @param signal ends it
 * @param saidItself exit codes by which it says what it has also said in words
 * @throws LocalError `LOAD_FAILED` if it ends with another code than those and 0
 */
export async function runScript(root: string, words: readonly [string, ...string[]], env: NodeJS.ProcessEnv, signal: AbortSignal, saidItself: readonly number[] = []): Promise<void> {
  await access(join(root, words[0]));
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'infra/local/run.mjs'), 'run', ...words], {
      cwd: root,
      env,
      stdio: 'inherit',
      signal,
    });
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0 && !(code !== null && saidItself.includes(code))) {
    throw new LocalError('LOAD_FAILED', `"${words[0]}" ended with ${code ?? 'a signal'}`, 'see what it wrote above');
  }
}
