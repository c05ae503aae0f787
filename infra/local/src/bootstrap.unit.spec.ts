import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMANDS, nodeArguments } from '../bootstrap/commands.mjs';
import { outOfDate } from '../bootstrap/install.mjs';
import { findNode, isRecentEnough } from '../bootstrap/node-24.mjs';

const ROOT = join(import.meta.dirname, '..', '..', '..');

describe('what npm has installed against the lock file', () => {
  const locked = {
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
      'node_modules/b': { version: '2.0.0', integrity: 'sha512-b', optional: true },
    },
  };
  const a = { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } };

  test('is up to date without the packages of other platforms', () => {
    expect(outOfDate(locked, { packages: a })).toEqual([]);
  });

  test('a package of the workspace must be installed where its folder is there, and only there', () => {
    const workspace = { packages: { 'libs/c': { version: '1.0.0' }, 'node_modules/@x/c': { link: true, resolved: 'libs/c' } } };
    expect(outOfDate(workspace, { packages: {} }, (folder) => folder === 'libs/c')).toEqual(['libs/c', 'node_modules/@x/c']);
    expect(outOfDate(workspace, { packages: {} }, () => false)).toEqual([]);
  });

  test.each([
    ['nothing was installed', undefined, ['node_modules/a']],
    ['another version', { packages: { 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } } }, ['node_modules/a']],
    ['other bytes', { packages: { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-x' } } }, ['node_modules/a']],
    ['another version of what is optional', { packages: { ...a, 'node_modules/b': { version: '1.9.0' } } }, ['node_modules/b']],
  ])('is out of date: %s', (_case, installed, stale) => {
    expect(outOfDate(locked, installed)).toEqual(stale);
  });
});

test.each([
  ['24.9.0', true],
  ['25.0.0', true],
  ['24.8.1', false],
  ['20.19.0', false],
])('Node %s is recent enough: %s', (version, enough) => {
  expect(isRecentEnough(version)).toBe(enough);
});

test('an older Node is replaced by the one npm installed, and without one the error says what to do', async () => {
  const root = await mkdtemp(join(tmpdir(), 'throughline-node-'));
  const old = { version: '20.19.0', path: '/old/node' };
  expect(() => findNode(root, old)).toThrow(/Node 24\.9 or later is needed, this is 20\.19\.0.*install Node 24/);
  expect(findNode(root, { version: '24.21.0', path: '/own/node' })).toBe('/own/node');

  const bin = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'node'), '');
  expect(findNode(root, old)).toBe(join(bin, 'node'));
  await rm(root, { recursive: true });
});

test('every command names a program that exists', () => {
  for (const command of Object.keys(COMMANDS)) {
    const program = nodeArguments(ROOT, [command])?.find((word) => word.startsWith(ROOT));
    expect(program).toBeDefined();
    expect(existsSync(program ?? '')).toBe(true);
  }
  expect(nodeArguments(ROOT, ['constructor'])).toBeUndefined();
  expect(nodeArguments(ROOT, ['run', 'a.ts', '--x'])?.slice(-2)).toEqual(['a.ts', '--x']);
});
