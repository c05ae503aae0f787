import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { runScript } from './workspace-script.js';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

it('takes an exit code for a failure unless the program says itself what it means', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'workspace-script-'));
  try {
    const program = join(folder, 'program.ts');
    writeFileSync(program, 'process.exitCode = Number(process.argv[2]);\n');
    const run = (code: number, saidItself?: readonly number[]) => runScript(ROOT, [relative(ROOT, program), String(code)], process.env, new AbortController().signal, saidItself);
    await run(0);
    await run(2, [2]);
    await expect(run(1, [2])).rejects.toMatchObject({ code: 'LOAD_FAILED', message: expect.stringContaining('program.ts" ended with 1') as string });
    await expect(run(2)).rejects.toMatchObject({ code: 'LOAD_FAILED' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
