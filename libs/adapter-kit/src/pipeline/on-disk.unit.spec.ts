import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SpoolNotWritable } from '../spool/sealed-file.js';
import { asPayload, TestAdapter } from '../testing/test-adapter.js';
import { TOY_ADAPTER, toyPayload } from '../testing/toy-adapter.js';
import type { ToyRecord, ToySection } from '../testing/toy-adapter.js';

let adapter: TestAdapter;
beforeEach(async () => {
  adapter = new TestAdapter(TOY_ADAPTER);
  await adapter.restart();
});
afterEach(() => adapter.dispose());

const person = (reference: string, value: number): ToyRecord => ({ reference, facts: [{ key: 'k', day: '2026-03-01', value }] });
const snapshot = (...records: readonly ToyRecord[]): ToySection => ({ at: '2026-05-01T00:00:00Z', scope: 's', absence: { speaks: true }, records });
const send = async ({ open: { intake } }: TestAdapter, section: ToySection): Promise<string> => {
  const { submissionId } = await intake.accept(asPayload(toyPayload(section)), { feed: 'toy', mediaType: 'application/x-ndjson' });
  await intake.settled(submissionId);
  return submissionId;
};

/** From now on a payload has its name, and then its folder could not be synced. @param then what else becomes of the file. */
const finishing = (then: (path: string) => Promise<unknown>): void => {
  const { spool } = adapter.open;
  const write = spool.write.bind(spool);
  spool.write = (label) => {
    const writer = write(label);
    const finish = writer.finish.bind(writer);
    writer.finish = async (path) => {
      await finish(path);
      await then(path);
      throw new SpoolNotWritable(Object.assign(new Error('the folder could not be synced'), { code: 'EIO' }));
    };
    return writer;
  };
};

describe('what lies on disk', () => {
  it('holds no reference and no value in the clear', async () => {
    await send(adapter, { ...snapshot(person('CANARY-REFERENCE', 1), { ...person('CANARY-OTHER', 2), fault: 'mapping' }), scope: 'CANARY-SCOPE' });
    for (const name of await readdir(adapter.folder)) expect((await readFile(join(adapter.folder, name))).includes('CANARY')).toBe(false);
  });

  it('goes once published and past its retention, and the receipt stays', async () => {
    const sent = await send(adapter, snapshot(person('a', 1)));
    expect(await adapter.open.pipeline.deletePayloads(3_600_000)).toBe(0);
    expect(await adapter.open.pipeline.deletePayloads(-1)).toBe(1);
    expect((await readdir(adapter.folder)).filter((name) => name.endsWith('.payload'))).toEqual([]);
    await adapter.restart();
    expect(await send(adapter, snapshot(person('a', 1)))).toBe(sent);
    expect(adapter.sink.records).toHaveLength(1);
  });

  it('is nothing of a payload whose name could not be made to last: its sender hears that nothing was accepted', async () => {
    finishing(async () => undefined);
    await expect(send(adapter, snapshot(person('a', 1)))).rejects.toBeInstanceOf(SpoolNotWritable);
    const { receipts } = await adapter.restart();
    expect([...receipts.ids()]).toEqual([]);
    await send(adapter, snapshot(person('a', 1)));
    expect(adapter.sink.records).toHaveLength(1);
  });

  it('stays where it can no longer be removed either, and its sender hears of both', async () => {
    finishing(async (path) => {
      // What stands there cannot be removed as a file, as nothing can on a volume gone read-only.
      await rm(path);
      await mkdir(path);
    });
    await expect(send(adapter, snapshot(person('a', 1)))).rejects.toMatchObject({
      code: 'spool-not-writable',
      message: expect.stringMatching(/EIO.*EISDIR/) as unknown,
      cause: { errors: [{ code: 'EIO' }, { code: 'ERR_FS_EISDIR' }] },
    });
    expect([...adapter.open.receipts.ids()]).toEqual([]);
  });
});
