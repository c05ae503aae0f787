import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourcesCommit } from './proof-commit.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-commit-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=nobody', '-c', 'user.email=nobody@example.org', '-c', 'commit.gpgsign=false', ...args], { cwd: folder, encoding: 'utf8', env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() } }).trim();

it('is the commit, with a word where the sources differ from it, whatever runs of the proof have written', async () => {
  const below = join(folder, 'test');
  await mkdir(below);
  await mkdir(join(folder, 'docs'));
  await writeFile(join(below, 'a.ts'), 'a');
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'first');
  const hash = git('rev-parse', '--short', 'HEAD');
  await writeFile(join(folder, 'docs', 'proof.json'), '[]');
  expect(await sourcesCommit(below)).toBe(hash);
  await writeFile(join(folder, 'b.ts'), 'b');
  expect(await sourcesCommit(below)).toBe(`${hash} + changes`);
});

it('is unknown outside a checkout', async () => {
  expect(await sourcesCommit(folder)).toBe('unknown');
});
