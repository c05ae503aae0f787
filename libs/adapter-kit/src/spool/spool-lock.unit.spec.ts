import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SpoolNotWritable } from './sealed-file.js';
import { SpoolInUse, takeSpoolLock } from './spool-lock.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Another process that does with the file what {@link takeSpoolLock} does. */
const HOLDER = `
  const database = new (require('node:sqlite').DatabaseSync)(process.argv[1]);
  database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE;');
  process.stdout.write('held');
  setInterval(() => database, 1_000);
`;

describe('the lock of a spool folder', () => {
  it('is held by one at a time in one process', () => {
    const path = join(folder, 'lock.sqlite');
    const first = takeSpoolLock(path);
    expect(() => takeSpoolLock(path)).toThrow(SpoolInUse);
    first.release();
    first.release();
    takeSpoolLock(path).release();
  });

  it('is refused while another process has it, and free once that was killed', async () => {
    const path = join(folder, 'lock.sqlite');
    const other = spawn(process.execPath, ['-e', HOLDER, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(other.stdout, 'data');
      expect(() => takeSpoolLock(path)).toThrow(expect.objectContaining({ code: 'spool-in-use', remedy: expect.stringContaining('SPOOL_DIR') as string }) as Error);
    } finally {
      other.kill('SIGKILL');
      await once(other, 'exit');
    }
    takeSpoolLock(path).release();
  });

  it('keeps another process out', async () => {
    const lock = takeSpoolLock(join(folder, 'lock.sqlite'));
    const other = spawn(process.execPath, ['-e', HOLDER, join(folder, 'lock.sqlite')], { stdio: 'ignore' });
    expect(await once(other, 'exit')).toEqual([1, null]);
    lock.release();
  });

  it('says so where the folder cannot be written', () => {
    expect(() => takeSpoolLock(join(folder, 'missing', 'lock.sqlite'))).toThrow(SpoolNotWritable);
  });
});
