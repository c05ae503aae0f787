import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseKeysFile } from '@throughline/identity';
import { explainWriteError, NEEDED_BYTES, requireDiskSpace } from './disk-space.js';
import { claimState, runningInstance } from './instance-lock.js';
import { ensureKeys, keysFileOf } from './keys.js';
import { reset } from './reset.js';
import { SERVICES } from './services.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-state-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('one instance on a state folder', () => {
  /** A process that is alive and not this one. */
  const OTHER = process.ppid;

  test('a second one is refused, and told of the first and what to do', async () => {
    await writeFile(join(folder, 'running.pid'), `${OTHER}\n`);
    await expect(claimState(folder)).rejects.toMatchObject({
      code: 'ALREADY_RUNNING',
      message: expect.stringMatching(new RegExp(`process ${OTHER}.*Ctrl-C.*THROUGHLINE_STATE`)) as string,
    });
  });

  test('the lock of one that is gone is taken over, and given back', async () => {
    await writeFile(join(folder, 'running.pid'), '999999999\n');
    const release = await claimState(folder);
    expect(await readFile(join(folder, 'running.pid'), 'utf8')).toBe(`${process.pid}\n`);
    await release();
    expect(await runningInstance(folder)).toBeUndefined();
    await expect(stat(join(folder, 'running.pid'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('reset forgets everything, but not under one that runs', async () => {
    await writeFile(join(folder, 'running.pid'), `${OTHER}\n`);
    await expect(reset(folder)).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
    await writeFile(join(folder, 'running.pid'), '999999999\n');
    expect(await reset(folder)).toBe(true);
    await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await reset(folder)).toBe(false);
  });
});

describe('a full disk', () => {
  test('is said before anything is started', async () => {
    await requireDiskSpace(folder, async () => NEEDED_BYTES);
    await expect(requireDiskSpace(folder, async () => NEEDED_BYTES - 1)).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringMatching(/only 999 MB of the 1000 MB.*npm run reset.*THROUGHLINE_STATE/) as string,
    });
  });

  test('is what the system says of the folder’s disk', async () => {
    await requireDiskSpace(folder);
  });

  test('is recognised in a write that failed for it, and in no other', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    expect(explainWriteError(full, folder)).toMatchObject({ code: 'DISK_FULL', cause: full });
    const other = new Error('other');
    expect(explainWriteError(other, folder)).toBe(other);
  });
});

describe('keys', () => {
  const nhs = SERVICES.find(({ adapter }) => adapter?.deployment === 'nhs');
  const college = SERVICES.find(({ adapter }) => adapter?.deployment === 'college');
  if (nhs === undefined || college === undefined) throw new TypeError('no such adapter');

  test('are made once, for their owner’s eyes only', async () => {
    await ensureKeys(folder);
    const files = new Set(SERVICES.map((spec) => keysFileOf(folder, spec)));
    const first = await Promise.all([...files].map((file) => readFile(file, 'utf8')));
    for (const file of files) expect((await stat(file)).mode & 0o777).toBe(0o600);
    await ensureKeys(folder);
    expect(await Promise.all([...files].map((file) => readFile(file, 'utf8')))).toEqual(first);
  });

  test('partners share the linkage domain’s key and nothing else', async () => {
    await ensureKeys(folder);
    const [one, other] = await Promise.all([nhs, college].map(async (spec) => parseKeysFile(await readFile(keysFileOf(folder, spec), 'utf8'))));
    expect(one?.domainKey).toEqual(other?.domainKey);
    expect(one?.referenceKey).not.toEqual(other?.referenceKey);
    expect(one?.spoolKeys[0].key).not.toEqual(other?.spoolKeys[0].key);
  });

  test('that cannot be used are not replaced', async () => {
    await ensureKeys(folder);
    const file = keysFileOf(folder, nhs);
    await chmod(file, 0o600);
    await writeFile(file, '{}');
    await expect(ensureKeys(folder)).rejects.toMatchObject({ code: 'STATE_UNREADABLE' });
    expect(await readFile(file, 'utf8')).toBe('{}');
  });
});
