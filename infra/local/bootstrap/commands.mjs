// What `node infra/local/run.mjs <command>` can run, and with which flags. No dependencies.
import { join } from 'node:path';

/** Lets Node run the workspace's TypeScript, decorators included, without a build. */
const SOURCES = [
  '--conditions=throughline-source',
  '--import',
  new URL('typescript-hooks.mjs', import.meta.url).href,
  '--enable-source-maps',
];

const tool = (path, ...flags) => (root) => [...flags, join(root, 'node_modules', path)];
const script = (path, ...words) => (root) => [...SOURCES, join(root, path), ...words];

/** Node flags and script of each command; the words after the command are appended. */
export const COMMANDS = {
  start: script('infra/local/src/main.ts', 'start'),
  reset: script('infra/local/src/main.ts', 'reset'),
  cut: script('infra/local/src/main.ts', 'cut'),
  rebuild: script('infra/local/src/main.ts', 'rebuild'),
  'rules:diff': script('infra/local/src/main.ts', 'rules:diff'),
  'ledger-export': script('infra/local/src/main.ts', 'ledger-export'),
  links: script('infra/local/src/main.ts', 'links'),
  'dead-letters': script('infra/local/src/main.ts', 'dead-letters'),
  parts: script('infra/local/src/main.ts', 'parts'),
  test: script('infra/local/src/main.ts', 'test'),
  servers: script('infra/local/src/main.ts', 'servers'),
  jest: tool('jest/bin/jest.js', '--experimental-vm-modules', '--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'),
  nx: tool('nx/dist/bin/nx.js'),
  tsc: tool('typescript/bin/tsc'),
  eslint: tool('eslint/bin/eslint.js'),
};

/**
 * Node arguments for a command line, or undefined for an unknown command.
 * `run <file.ts> …` runs any TypeScript file of the workspace from its sources.
 *
 * @param {string} root
 * @param {string[]} words
 */
export function nodeArguments(root, words) {
  const [command, ...rest] = words;
  if (command === 'run' && rest.length > 0) return [...SOURCES, ...rest];
  const make = Object.hasOwn(COMMANDS, command ?? '') ? COMMANDS[command] : undefined;
  return make === undefined ? undefined : [...make(root), ...rest];
}
