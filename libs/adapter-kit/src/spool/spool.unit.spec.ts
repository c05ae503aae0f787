import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SpoolKey } from '@throughline/identity';
import { FRAME_BYTES } from './frame-cipher.js';
import { SpoolNotWritable } from './sealed-file.js';
import { SpoolFolder } from './spool-folder.js';

const ring: readonly [SpoolKey, ...SpoolKey[]] = [
  { kid: 'new', key: randomBytes(32) },
  { kid: 'old', key: randomBytes(32) },
];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spool-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const write = async (spool: SpoolFolder, id: string, content: Uint8Array): Promise<void> => {
  const writer = spool.write();
  for (let at = 0; at < content.length; at += 10_007) await writer.write(content.subarray(at, at + 10_007));
  await writer.finish(spool.payloadPath(id));
};
const read = async (spool: SpoolFolder, id: string): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of spool.readPayload(id)) parts.push(part);
  return Buffer.concat(parts);
};

describe('the encrypted spool', () => {
  it.each([0, 1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 5 * FRAME_BYTES + 77])('gives back %d bytes as written', async (size) => {
    const spool = await SpoolFolder.open(folder, ring);
    const content = randomBytes(size);
    await write(spool, 'a', content);
    expect((await read(spool, 'a')).equals(content)).toBe(true);
    expect(await readdir(folder)).toEqual(['a.payload']);
  });

  it('holds nothing of the payload in the clear', async () => {
    const spool = await SpoolFolder.open(folder, ring);
    await write(spool, 'a', Buffer.from('CANARY-QQ123456C'.repeat(9_000)));
    expect((await readFile(spool.payloadPath('a'))).includes('CANARY')).toBe(false);
  });

  it('opens files of an older key, and says which kind of key is missing', async () => {
    await write(await SpoolFolder.open(folder, [ring[1]!]), 'a', Buffer.from('kept'));
    expect((await read(await SpoolFolder.open(folder, ring), 'a')).toString()).toBe('kept');
    await expect(read(await SpoolFolder.open(folder, [ring[0]]), 'a')).rejects.toMatchObject({ code: 'unknown-key' });
  });

  it.each([
    ['a byte changed', 'altered', (file: Buffer) => ((file[file.length - 40]! ^= 1), file)],
    ['the last frame left out', 'cut-short', (file: Buffer) => file.subarray(0, -(77 + 20))],
    ['a frame left out', 'altered', (file: Buffer) => Buffer.concat([file.subarray(0, frameStart(file)), file.subarray(frameStart(file) + FRAME_BYTES + 20)])],
    ['the end cut off', 'cut-short', (file: Buffer) => file.subarray(0, -5)],
    ['bytes added', 'altered', (file: Buffer) => Buffer.concat([file, Buffer.from('x')])],
    ['another kid', 'unknown-key', (file: Buffer) => Buffer.from(file.toString('latin1').replace('"new"', '"abc"'), 'latin1')],
    ['another nonce prefix', 'altered', (file: Buffer) => Buffer.from(file.toString('latin1').replace(/"prefix":"../, '"prefix":"AA'), 'latin1')],
    ['something else', 'not-a-spool-file', () => Buffer.from('<xml/>')],
  ])('finds a file damaged: %s', async (_, code, damage) => {
    const spool = await SpoolFolder.open(folder, ring);
    await write(spool, 'a', randomBytes(2 * FRAME_BYTES + 77));
    await writeFile(spool.payloadPath('a'), damage(await readFile(spool.payloadPath('a'))));
    await expect(read(spool, 'a')).rejects.toMatchObject({ code });
  });

  it('sweeps what was never finished and outboxes that nothing waits for, and never a payload', async () => {
    const spool = await SpoolFolder.open(folder, ring);
    await write(spool, 'a', Buffer.from('1'));
    for (const id of ['kept', 'stale']) await writeFile(spool.outboxPath(id), '');
    const unfinished = spool.write();
    await unfinished.write(randomBytes(FRAME_BYTES + 1));
    await writeFile(join(folder, 'receipts.sqlite'), '');
    expect(await spool.sweep((id) => id === 'kept')).toBe(2);
    expect((await readdir(folder)).sort()).toEqual(['a.payload', 'kept.outbox', 'receipts.sqlite']);
    await unfinished.discard();
  });

  it('bears a label that cannot be changed unnoticed', async () => {
    const spool = await SpoolFolder.open(folder, ring);
    const writer = spool.write({ feed: 'one' });
    await writer.write(Buffer.from('payload'));
    await writer.finish(spool.payloadPath('a'));
    expect(await spool.payloadLabel('a')).toEqual({ feed: 'one' });
    const file = await readFile(spool.payloadPath('a'));
    await writeFile(spool.payloadPath('a'), Buffer.from(file.toString('latin1').replace('"one"', '"two"'), 'latin1'));
    expect(await spool.payloadLabel('a')).toEqual({ feed: 'two' });
    await expect(read(spool, 'a')).rejects.toMatchObject({ code: 'altered' });
  });

  it('says so when the disk does not take it, and leaves nothing', async () => {
    const spool = await SpoolFolder.open(join(folder, 'sub'), ring);
    await rm(join(folder, 'sub'), { recursive: true });
    const writer = spool.write();
    await expect(writer.write(randomBytes(FRAME_BYTES))).rejects.toBeInstanceOf(SpoolNotWritable);
    await writer.discard();
  });

  it('hides nothing by what cannot be removed', async () => {
    const spool = await SpoolFolder.open(folder, ring);
    const writer = spool.write();
    await writer.write(randomBytes(FRAME_BYTES));
    const [unfinished = ''] = await readdir(folder);
    await rm(join(folder, unfinished));
    await mkdir(join(folder, unfinished));
    await expect(writer.discard()).resolves.toBeUndefined();
  });

  it('takes a payload back for good: also its folder has to take that', async () => {
    const spool = await SpoolFolder.open(folder, ring);
    await write(spool, 'a', Buffer.from('1'));
    await spool.takeBackPayload('a');
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
    await expect(spool.takeBackPayload('a')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

const frameStart = (file: Buffer): number => 6 + file.readUInt16BE(4);
