import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OutputFile } from './output-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'output-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('is there, for its owner only, once it is kept; what was there stays until then', async () => {
  const path = join(folder, 'out');
  writeFileSync(path, 'before');
  {
    await using file = await OutputFile.open(path);
    await file.append('one,');
    expect(readFileSync(path, 'utf8')).toBe('before');
    await file.append('two');
    await file.keep();
  }
  expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['one,two', 0o600]);
  {
    await using file = await OutputFile.open(path);
    await file.append('three');
  }
  expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['one,two', ['out']]);
});

it('is refused where it cannot be, with what is wrong and what to do, and leaves nothing', async () => {
  writeFileSync(join(folder, 'file'), '');
  const refusals: string[] = [];
  for (const name of ['none/out', 'file/out', '', 'n'.repeat(300)]) {
    await OutputFile.require(join(folder, name)).catch(({ code, message }: { code: string; message: string }) => refusals.push(`${code} ${message}`));
  }
  expect(refusals).toEqual([
    `FILE_REFUSED ${folder}/none/out cannot be written, since its folder is not there: name a file that can be.`,
    `FILE_REFUSED ${folder}/file/out cannot be written, since what should be its folder is a file: name a file that can be.`,
    `FILE_REFUSED ${folder} cannot be written, since it is a folder: name a file that can be.`,
    expect.stringMatching(/since its name is too long/),
  ]);
  await OutputFile.require(join(folder, 'out'));
  expect(readdirSync(folder)).toEqual(['file']);
});
