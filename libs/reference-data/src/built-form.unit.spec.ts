import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from '@jest/globals';

const workspace = join(import.meta.dirname, '..', '..', '..');

it('finds its data from the built package, wherever it is run', () => {
  const root = mkdtempSync(join(tmpdir(), 'reference-data-'));
  try {
    cpSync(join(import.meta.dirname, '..'), join(root, 'package'), { recursive: true, filter: (path) => basename(path) !== 'dist' });
    symlinkSync(join(workspace, 'node_modules'), join(root, 'node_modules'));
    execFileSync(process.execPath, [join(workspace, 'infra/local/bootstrap/build-package.mjs'), join(root, 'package')]);
    rmSync(join(root, 'package', 'src'), { recursive: true });
    const script = `
      const { Geography, PostcodeDirectory, loadProgrammes } = await import(${JSON.stringify(pathToFileURL(join(root, 'package/dist/index.js')).href)});
      const { district } = (await PostcodeDirectory.load()).find('ZA1 1AA');
      const [authority] = Geography.load().authoritiesOf(district, '2026-01-01');
      process.stdout.write([authority.name, loadProgrammes().size].join(' '));
    `;
    const said = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: tmpdir(), encoding: 'utf8' });
    expect(said).toBe('Greater Manchester 6');
  } finally {
    rmSync(root, { recursive: true });
  }
});
