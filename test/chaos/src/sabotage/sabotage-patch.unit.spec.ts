import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runTool } from '@throughline/servers';
import { parsePatch, PatchUnreadable, readPatches, ROOT } from './sabotage-patch.js';

const patches = await readPatches();

/** A spec and the suites it runs, which several specs may share, with those that they run. */
async function sourcesOf(path: string): Promise<string> {
  const source = await readFile(path, 'utf8');
  const suites = [...source.matchAll(/from '(\.[^']*-suite)\.js'/g)].map(([, suite = '']) => join(dirname(path), `${suite}.ts`));
  return [source, ...(await Promise.all(suites.map(sourcesOf)))].join('\n');
}

/** Titles in a spec as patterns: `%s` and its like stand for anything. */
async function titlesOf(spec: string): Promise<RegExp[]> {
  const source = await sourcesOf(join(ROOT, spec));
  const literals = [...source.matchAll(/\(\s*(['"`])((?:\\.|(?!\1).)*)\1,/g)].map(([, , title = '']) => title.replace(/\\(['"`])/g, '$1'));
  return literals.map((title) => new RegExp(`^${title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/%[a-z#]/g, '.+')}$`));
}

it('keeps at least ten', () => {
  expect(patches.length).toBeGreaterThanOrEqual(10);
});

describe.each(patches.map((patch) => [patch.name, patch] as const))('the sabotage %s', (_, { path, spec, test, files, breaks }) => {
  it('still applies', async () => {
    const { code, output } = await runTool('git', ['-C', ROOT, 'apply', '--check', path], process.env);
    expect({ code, output }).toEqual({ code: 0, output: '' });
  });

  it('breaks what is shipped, not what tests it', () => {
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !/^(libs|services|infra)\/[^/]+\/src\//.test(file) || /\.spec\.ts$|\/testing\//.test(file))).toEqual([]);
    expect(breaks).toMatch(/\.$/);
  });

  it('names a test that exists', async () => {
    expect((await titlesOf(spec)).filter((title) => title.test(test))).not.toEqual([]);
  });
});

it('refuses a patch that names no test', () => {
  expect(() => parsePatch('x.patch', 'Sabotage: a.\nSpec: b\n')).toThrow(PatchUnreadable);
});
