// Installs the workspace's packages when they are missing or not those of the lock file.
// Runs on the machine's own Node (20.19 or later), before anything is installed: no dependencies.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const readJson = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
};

/**
 * What separates the installed packages from the lock file, by npm's own record of what it installed (which it writes
 * last, so an interrupted installation leaves none). Optional packages may be missing: they are other platforms'. So may
 * packages of the workspace whose folder is not in this checkout: npm passes over them.
 *
 * @param {{packages?: Record<string, any>} | undefined} locked content of package-lock.json
 * @param {{packages?: Record<string, any>} | undefined} installed content of node_modules/.package-lock.json
 * @param {(folder: string) => boolean} hasPackage whether a folder of the workspace holds a package
 * @returns {string[]} paths of packages that are missing or differ
 */
export function outOfDate(locked, installed, hasPackage = () => true) {
  const found = installed?.packages ?? {};
  return Object.entries(locked?.packages ?? {})
    .filter(([path, wanted]) => {
      if (path === '') return false;
      const folder = wanted.link === true ? wanted.resolved : path.includes('node_modules/') ? undefined : path;
      if (folder !== undefined && !hasPackage(folder)) return false;
      const have = found[path];
      if (have === undefined) return wanted.optional !== true && wanted.peer !== true;
      return have.version !== wanted.version || have.integrity !== wanted.integrity;
    })
    .map(([path]) => path);
}

/** Runs `npm ci` if needed. Throws an Error whose message says what to do when it fails. */
export function installPackages(root) {
  const locked = readJson(join(root, 'package-lock.json'));
  if (locked === undefined) throw new Error(`package-lock.json is missing in ${root}: restore it from the repository.`);
  const stale = outOfDate(locked, readJson(join(root, 'node_modules', '.package-lock.json')), (folder) =>
    existsSync(join(root, folder, 'package.json')),
  );
  if (stale.length === 0) return;

  const total = Object.keys(locked.packages).length;
  process.stderr.write(`Installing packages (${stale.length} of ${total} are missing or changed) ...\n`);
  const began = Date.now();
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--progress=true'];
  const npm = process.env.npm_execpath;
  const result =
    npm !== undefined && /\.c?js$/.test(npm)
      ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: 'inherit' })
      : spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (result.error !== undefined) {
    throw new Error('npm was not found: install Node.js 20.19 or later with npm, or run "npm ci" yourself.');
  }
  if (result.status !== 0) {
    throw new Error('"npm ci" failed (see above): check the network, your npm registry setting and free disk space, then run this again.');
  }
  process.stderr.write(`Installed in ${Math.round((Date.now() - began) / 1000)} s.\n`);
}
