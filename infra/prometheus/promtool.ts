import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Thrown when the tests of rules cannot run here. */
export class PromtoolMissing extends Error {
  override readonly name = 'PromtoolMissing';
  readonly code = 'PROMTOOL_MISSING';
  readonly remedy = 'Install the package "prometheus" of Debian or Ubuntu, or put promtool on the PATH.';
  constructor(reason: string) {
    super(`The tests of alert rules need promtool, which is not on the PATH and could not be fetched with apt-get: ${reason}. Install the package "prometheus" of Debian or Ubuntu, or put promtool on the PATH.`);
  }
}

/**
 * The path of promtool: the machine's own, else from Debian's package, unpacked into the cache and not installed, so that
 * no Prometheus starts by itself. Fetched once.
 * @throws PromtoolMissing
 */
export async function findPromtool(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const own = await run('sh', ['-c', 'command -v promtool'], { env }).catch(() => undefined);
  if (own !== undefined) return own.stdout.trim();
  const cache = join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'throughline', 'promtool');
  const promtool = join(cache, 'usr', 'bin', 'promtool');
  if (!(await exists(promtool))) await fetchInto(cache);
  return promtool;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function fetchInto(cache: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'promtool-'));
  try {
    const download = (): Promise<unknown> => run('apt-get', ['download', '-q', 'prometheus'], { cwd: folder });
    await download().catch(async (first: unknown) => {
      // A fresh image has no package lists; only root may fetch them.
      if (process.getuid?.() !== 0) throw first;
      await run('apt-get', ['update', '-q']);
      await download();
    });
    const [archive] = (await readdir(folder)).filter((file) => file.endsWith('.deb'));
    if (archive === undefined) throw new Error('apt-get fetched nothing');
    const unpacked = join(folder, 'unpacked');
    await run('dpkg-deb', ['-x', join(folder, archive), unpacked]);
    await mkdir(join(cache, '..'), { recursive: true });
    await moveInto(unpacked, cache);
  } catch (error) {
    throw new PromtoolMissing(firstLine(error));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Complete or not at all, also between two file systems and between two test runs at once. */
async function moveInto(folder: string, target: string): Promise<void> {
  const staged = `${target}.${process.pid}`;
  await run('cp', ['-r', folder, staged]);
  await rename(staged, target).catch(async (error: NodeJS.ErrnoException) => {
    await rm(staged, { recursive: true, force: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}

function firstLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  const lines = (stderr ?? '').split('\n').filter((line) => line.startsWith('E: '));
  return (lines[0]?.slice(3) ?? message.split('\n')[0] ?? 'no reason given').replace(/\.$/, '');
}

/** Runs promtool in this folder. @returns what it printed, and whether it was content. */
export async function promtool(...args: string[]): Promise<{ readonly ok: boolean; readonly output: string }> {
  const path = await findPromtool();
  return run(path, args, { cwd: import.meta.dirname }).then(
    ({ stdout, stderr }) => ({ ok: true, output: stdout + stderr }),
    (error: { stdout?: string; stderr?: string }) => ({ ok: false, output: `${error.stdout ?? ''}${error.stderr ?? ''}` }),
  );
}
