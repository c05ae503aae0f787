// Finds the Node that everything but the bootstrap runs on. No dependencies.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Jest can `require` ES modules from this version on. */
const LEAST = [24, 9];

/** @param {string} version such as `24.9.0` */
export function isRecentEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
}

/**
 * The machine's own Node if it is recent enough, else the one that npm installed for this platform.
 *
 * @returns {string} path of the executable
 * @throws Error that says how to get one, when there is neither
 */
export function findNode(root, running = { version: process.versions.node, path: process.execPath }) {
  if (isRecentEnough(running.version)) return running.path;
  const folder = join(root, 'node_modules', `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`);
  for (const file of [join(folder, 'bin', 'node'), join(folder, 'bin', 'node.exe'), join(folder, 'node.exe')]) {
    if (existsSync(file)) return file;
  }
  throw new Error(
    `Node ${LEAST.join('.')} or later is needed, this is ${running.version}, and npm has no ready-made one for ` +
      `${process.platform}-${process.arch} in the lock file: install Node 24 and run this again.`,
  );
}
