import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect } from '../readers/payload-builders.js';
import { readLedgerExport } from './ledger-export-file.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const read = async (content: string) => {
  const file = join(folder, 'ledger.ndjson');
  await writeFile(file, content);
  return collect(readLedgerExport(file));
};

describe('the file a lost ledger is restored from', () => {
  const entries = Array.from({ length: 3_000 }, (_, index) => ({ table: 'refusal', row: { section: index, subject: { hex: 'ab'.repeat(16) } } }));

  it('is read line by line, also without a last line end and with empty lines', async () => {
    const lines = entries.map((entry) => JSON.stringify(entry));
    expect(await read(`${lines.join('\r\n')}\r\n\r\n`)).toEqual(entries);
    expect(await read(lines.join('\n'))).toEqual(entries);
  });

  it.each(['missing', '.'])('says so when it cannot be read: %s', async (name) => {
    const remedy = expect.stringContaining('LEDGER_EXPORT_FILE') as string;
    await expect(collect(readLedgerExport(join(folder, name)))).rejects.toMatchObject({ code: 'ledger-export-unreadable', remedy });
  });

  it.each([
    ['a line is cut', `${JSON.stringify(entries[0])}\n{"table":"wo`, 2],
    ['a line is no entry', 'null\n', 1],
    ['a line never ends', `\n${'x'.repeat(200_000)}`, 2],
  ])('names the line where %s', async (_, content, line) => {
    await expect(read(content)).rejects.toMatchObject({ code: 'ledger-export-invalid', line });
  });
});
