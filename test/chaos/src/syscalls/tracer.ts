import { LocalError } from '@throughline/servers';
import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** A strace that looks at a process, or at one of its threads. */
export interface Tracer {
  /** Lets go of the process. @returns what was written about it */
  readonly end: () => Promise<string>;
}

/**
 * @param words for strace, among them whom to attach to
 * @param output a file of its own
 * @throws LocalError `TRACER_MISSING` where strace is not here or may not trace
 */
export async function startTracer(words: readonly string[], output: string): Promise<Tracer> {
  const strace = spawn('strace', ['-y', '-s', '0', '-o', output, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  const ended = new Promise((resolve) => strace.once('close', resolve));
  const attached = new Promise<boolean>((resolve) => {
    createInterface({ input: strace.stderr }).on('line', (line) => {
      said.push(line);
      if (/attached/.test(line)) resolve(true);
    });
    strace.once('error', () => resolve(false));
    strace.once('exit', () => resolve(false));
  });
  if (!(await attached)) {
    throw new LocalError('TRACER_MISSING', `strace did not attach to a process of ours (${said.at(-1) ?? 'it is not here'})`, 'install it ("apt-get install strace"), on a machine that lets a process trace its own');
  }
  return {
    async end() {
      strace.kill('SIGTERM');
      await ended;
      const trace = await readFile(output, 'utf8');
      await rm(output);
      return trace;
    },
  };
}
