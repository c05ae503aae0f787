import { cp, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runTool, startChild } from '@throughline/servers';
import { ROOT } from './sabotage-patch.js';

/** How one test ended; `absent`: it did not run at all, for want of it or because its file could not be loaded. */
export type TestEnd = 'passed' | 'failed' | 'absent';

/** What a run of some tests told. */
export interface TestRun {
  /** By title; one that was running when the run was stopped is absent. */
  readonly ends: ReadonlyMap<string, TestEnd>;
  /** Killed with all its processes before it ended by itself. */
  readonly stopped: boolean;
}

/** A copy of the sources in which things may be broken. */
export interface Workshop {
  readonly apply: (patchPath: string) => Promise<void>;
  readonly takeBack: (patchPath: string) => Promise<void>;
  /** Runs these tests of a spec, by title. Whoever is still running when `limit` aborts is killed, with its whole process group. */
  readonly run: (spec: string, titles: readonly string[], limit: AbortSignal) => Promise<TestRun>;
  readonly remove: () => Promise<void>;
}

/** The workspace's own packages, which a copy must find in itself. */
const OWN = '@throughline';

/** See there. */
const REPORTER = join(import.meta.dirname, 'test-ends-reporter.mjs');

/** @param environment added to that of the tests: where their servers are */
export async function openWorkshop(environment: Readonly<Record<string, string>>): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-sabotage-'));
  await copySources(folder);
  await linkPackages(folder);
  const git = async (...words: string[]): Promise<void> => {
    const { code, output } = await runTool('git', ['-C', folder, 'apply', '--whitespace=nowarn', ...words], process.env);
    if (code !== 0) throw new Error(`git apply ${words.join(' ')}: ${output.trim()}`);
  };
  return {
    apply: (patchPath) => git(patchPath),
    takeBack: (patchPath) => git('--reverse', patchPath),
    async run(spec, titles, limit) {
      const file = join(folder, 'test-ends.ndjson');
      await rm(file, { force: true });
      const pattern = titles.map((title) => title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
      const words = ['--runTestsByPath', spec, '--testNamePattern', `(${pattern})$`, `--reporters=${REPORTER}`];
      const stopped = await jest(folder, words, { ...process.env, ...environment, THROUGHLINE_TEST_ENDS: file }, limit);
      const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
      const ran = lines.map((line) => JSON.parse(line) as { readonly title: string; readonly status: string });
      return { ends: new Map(titles.map((title) => [title, endOf(ran.filter((each) => each.title === title).map(({ status }) => status))])), stopped };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function endOf(statuses: readonly string[]): TestEnd {
  if (statuses.includes('failed')) return 'failed';
  return statuses.includes('passed') ? 'passed' : 'absent';
}

/** What git knows and what it would take in, as it stands on disk. */
async function copySources(folder: string): Promise<void> {
  const { code, output } = await runTool('git', ['-C', ROOT, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], process.env);
  if (code !== 0) throw new Error(`git ls-files: ${output.trim()}`);
  for (const file of new Set(output.split('\0').filter((name) => name !== ''))) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(ROOT, file), join(folder, file)).catch((error: NodeJS.ErrnoException) => {
      // Known to git, but deleted on disk.
      if (error.code !== 'ENOENT') throw error;
    });
  }
}

/** Others' packages from the checkout; the workspace's own from the copy, or a broken library would not be seen by its users. */
async function linkPackages(folder: string): Promise<void> {
  const modules = join(ROOT, 'node_modules');
  await mkdir(join(folder, 'node_modules', OWN), { recursive: true });
  for (const name of await readdir(modules)) {
    if (name !== OWN) await symlink(join(modules, name), join(folder, 'node_modules', name));
  }
  for (const name of await readdir(join(modules, OWN))) {
    await symlink(await readlink(join(modules, OWN, name)), join(folder, 'node_modules', OWN, name));
  }
}

/** Resolves, when Jest is gone, to whether it was killed at the limit. */
async function jest(folder: string, words: readonly string[], env: NodeJS.ProcessEnv, limit: AbortSignal): Promise<boolean> {
  const args = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join(folder, 'node_modules', 'jest', 'bin', 'jest.js'), '--rootDir', folder, '--runInBand', ...words];
  const child = await startChild({ command: process.execPath, args, cwd: folder, env });
  if (limit.aborted) child.kill();
  limit.addEventListener('abort', child.kill);
  try {
    const { signal } = await child.exited;
    return limit.aborted && signal === 'SIGKILL';
  } finally {
    limit.removeEventListener('abort', child.kill);
  }
}
