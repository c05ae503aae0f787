import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs write them: that they differ says nothing of what was tried. */
const OWN_FILES = ['docs/proof.md', 'docs/proof.json'];

/**
 * Which sources a folder of a checkout holds: the short hash of the commit, `+ changes` where anything differs from it or is
 * not in it; `unknown` outside a checkout, or where there is no git.
 */
export async function sourcesCommit(folder: string): Promise<string> {
  const git = async (...args: string[]): Promise<string> => (await run('git', args, { cwd: folder })).stdout.trim();
  try {
    const hash = await git('rev-parse', '--short', 'HEAD');
    const changes = await git('status', '--porcelain', '--', ':/', ...OWN_FILES.map((file) => `:(top,exclude)${file}`));
    return changes === '' ? hash : `${hash} + changes`;
  } catch {
    return 'unknown';
  }
}
