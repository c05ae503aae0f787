import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runTool } from '@throughline/servers';
import { ROOT } from './sabotage-patch.js';

/** How one test ended; `absent`: it did not run at all, for want of it or because its file could not be loaded. */
export type TestEnd = 'passed' | 'failed' | 'absent';

/** A copy of the sources in which things may be broken. */
export interface Workshop {
  readonly apply: (patchPath: string) => Promise<void>;
  readonly takeBack: (patchPath: string) => Promise<void>;
  /** How each of these tests of a spec ended, by title. */
  readonly run: (spec: string, titles: readonly string[]) => Promise<ReadonlyMap<string, TestEnd>>;
  readonly remove: () => Promise<void>;
}

/** The workspace's own packages, which a copy must find in itself. */
const OWN = '@throughline';

interface JestReport {
  readonly testResults: readonly { readonly assertionResults: readonly { readonly title: string; readonly status: string }[] }[];
}

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
    async run(spec, titles) {
      const results = join(folder, 'results.json');
      await rm(results, { force: true });
      const pattern = titles.map((title) => title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
      await jest(folder, ['--runTestsByPath', spec, '--testNamePattern', `(${pattern})$`, '--json', `--outputFile=${results}`], environment);
      const text = await readFile(results, 'utf8').catch(() => '{"testResults":[]}');
      const ran = (JSON.parse(text) as JestReport).testResults.flatMap(({ assertionResults }) => assertionResults);
      return new Map(titles.map((title) => [title, endOf(ran.filter((each) => each.title === title).map(({ status }) => status))]));
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

async function jest(folder: string, words: readonly string[], environment: Readonly<Record<string, string>>): Promise<void> {
  const args = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join(folder, 'node_modules', 'jest', 'bin', 'jest.js'), '--rootDir', folder, '--runInBand', ...words];
  await new Promise<void>((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, ...environment }, stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
}
