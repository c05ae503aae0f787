import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { SubmissionRefused } from '../adapter-declaration.js';
import type { Intake } from '../intake/intake.js';
import { UNWATCHED } from '../runtime/adapter-watch.js';
import type { AdapterOptions } from '../runtime/open-adapter.js';
import { asPayload, TestAdapter } from '../testing/test-adapter.js';
import { TOY_ADAPTER, toyPayload } from '../testing/toy-adapter.js';
import { Inbox } from './inbox.js';
import type { InboxOptions } from './inbox.js';

let adapter: TestAdapter;
let inbox: Inbox;
let folder: string;

const open = async (overrides: Partial<AdapterOptions> = {}, options: Partial<InboxOptions> = {}): Promise<void> => {
  const { intake, pipeline, ledger, watch } = await adapter.restart(overrides);
  inbox = new Inbox({ adapter: TOY_ADAPTER, folder, intake, pipeline, ledger, watch, quietMs: 150, scanMs: 20, now: () => new Date(), ...options });
  await inbox.start();
};

/** Lets go of what a test holds back, also where it failed. */
let letGo = (): void => undefined;
let over = false;
beforeEach(async () => {
  over = false;
  letGo = () => undefined;
  folder = await mkdtemp(join(tmpdir(), 'inbox-'));
  adapter = new TestAdapter(TOY_ADAPTER);
  await open();
});
afterEach(async () => {
  over = true;
  letGo();
  await inbox.stop();
  await adapter.dispose();
  await rm(folder, { recursive: true, force: true });
});

const payload = toyPayload({ at: '2026-05-01T00:00:00Z', scope: 's', absence: { speaks: true }, records: [{ reference: 'a', facts: [], fault: 'mapping' }] });
const until = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
  for (;;) {
    const found = await look();
    if (over) throw new Error('the test is over');
    if (found !== undefined) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
};
const namesIn = (name: string): Promise<string[]> => readdir(join(folder, name));
const filled = (name: string): Promise<string[]> =>
  until(async () => {
    const names = await namesIn(name);
    return names.length === 2 ? names.sort() : undefined;
  });

describe('the inbox', () => {
  it('takes a complete file to done/ under its submission id, with its report, and keeps no name', async () => {
    await writeFile(join(folder, 'toy', 'Ottilie QQ123456C.ndjson'), payload);
    const [file, report] = await filled('done');
    expect(file).toMatch(/^[0-9a-f]{32}$/);
    expect(report).toBe(`${file}.report.csv`);
    expect(adapter.open.pipeline.stateOf(file!)).toBe('published');
    expect(await readFile(join(folder, 'done', report!), 'utf8')).toContain('1,refused,value,bad-code');
    expect(await namesIn('toy')).toEqual([]);
  });

  it('takes a file renamed in at once, and packed ones', async () => {
    const aside = join(folder, 'aside');
    await writeFile(aside, gzipSync(payload));
    await utimes(aside, new Date(0), new Date(0));
    await rename(aside, join(folder, 'toy', 'x.ndjson.gz'));
    expect((await filled('done'))[0]).toMatch(/^[0-9a-f]{32}$/);
  });

  it('takes a file that came under the name of one still being published, too', async () => {
    const other = payload.replace('2026-05-01', '2026-06-01');
    const file = join(folder, 'toy', 'daily.ndjson');
    adapter.sink.failure = new Error('no broker');
    await writeFile(file, payload);
    await until(async () => (adapter.open.receipts.page(1).receipts.length === 1 ? true : undefined));
    const aside = join(folder, 'aside');
    await writeFile(aside, other);
    await rename(aside, file);
    adapter.sink.failure = undefined;
    const taken = await until(async () => {
      const { receipts } = adapter.open.receipts.page(2);
      return receipts.length === 2 && (await namesIn('toy')).length === 0 ? receipts : undefined;
    });
    expect(taken.map(({ bytes }) => bytes)).toEqual([other.length, payload.length]);
    expect(await readFile(join(folder, 'done', taken[0]!.submission), 'utf8')).toBe(other);
  });

  it('takes the next file while one does not get where it should, and stops without waiting for it', async () => {
    adapter.sink.failure = new Error('no broker');
    for (const month of ['05', '06', '07']) await writeFile(join(folder, 'toy', `${month}.ndjson`), payload.replace('2026-05', `2026-${month}`));
    await until(async () => (adapter.open.receipts.page(9).receipts.length === 3 ? true : undefined));
    expect(await namesIn('done')).toEqual([]);
    await inbox.stop();
    adapter.sink.failure = undefined;
    await open();
    await until(async () => ((await namesIn('toy')).length === 0 ? true : undefined));
    expect(await namesIn('done')).toHaveLength(6);
    expect(adapter.open.receipts.page(9).receipts).toHaveLength(3);
  });

  it('takes the next file while one comes slowly', async () => {
    await inbox.stop();
    await open({ slots: { slots: 1, waiting: 9, waitMs: 3_600_000 } });
    const held = await adapter.open.intake.validate(asPayload(payload), { feed: 'toy', mediaType: 'application/x-ndjson' });
    letGo = held.release;
    const big = toyPayload({ at: '2026-06-01T00:00:00Z', scope: 's', absence: { speaks: true }, records: Array.from({ length: 3_000 }, (_, index) => ({ reference: `p${index}`, facts: [] })) });
    await writeFile(join(folder, 'toy', 'a.ndjson'), big);
    await writeFile(join(folder, 'toy', 'b.ndjson'), payload);
    await filled('done');
    expect(await namesIn('toy')).toEqual(['a.ndjson']);
    letGo();
    letGo = () => undefined;
    await until(async () => ((await namesIn('toy')).length === 0 ? true : undefined));
  });

  it('takes the same payload under two names once', async () => {
    for (const name of ['a', 'b']) await writeFile(join(folder, 'toy', `${name}.ndjson`), payload);
    await until(async () => ((await namesIn('toy')).length === 0 ? true : undefined));
    expect((await filled('done'))[1]).toMatch(/report\.csv$/);
    expect(adapter.open.receipts.page(9).receipts).toHaveLength(1);
  });

  it('takes a refused file to refused/ with the reason', async () => {
    await writeFile(join(folder, 'toy', 'cut.ndjson'), payload.slice(0, -9));
    const [, report] = await filled('refused');
    expect(await readFile(join(folder, 'refused', report!), 'utf8')).toContain('truncated');
  });

  it('leaves unfinished names alone until they are renamed', async () => {
    const unfinished = join(folder, 'toy', 'a.ndjson.partial');
    await writeFile(unfinished, payload);
    await utimes(unfinished, new Date(0), new Date(0));
    await writeFile(join(folder, 'toy', 'b.ndjson'), payload);
    await filled('done');
    expect(await namesIn('toy')).toEqual(['a.ndjson.partial']);
  });

  it('takes the part from the folder, and refuses a name that is none', async () => {
    await mkdir(join(folder, 'toy', 'Not A Part'));
    await writeFile(join(folder, 'toy', 'Not A Part', 'a.ndjson'), payload);
    const [, report] = await filled('refused');
    expect(await readFile(join(folder, 'refused', report!), 'utf8')).toContain('unknown-part');
  });

  it.each([
    ['cannot be opened any more when it is to be read', null],
    ['is refused at the door, and is never opened', new SubmissionRefused('unknown-part', 'part', 'a part', 'Name one.')],
  ])('goes on past a file that %s', async (_, refusal) => {
    await inbox.stop();
    const file = join(folder, 'toy', 'a.ndjson');
    const failed: unknown[] = [];
    const { intake } = adapter.open;
    const gone = async (body: AsyncIterable<Uint8Array>, request: Parameters<Intake['accept']>[1]) => {
      rmSync(file);
      // Whoever had opened it by now has been told that it is not there.
      for (let turns = 0; turns < 20; turns += 1) await turn();
      if (refusal !== null) throw refusal;
      return intake.accept(body, request);
    };
    await writeFile(file, payload);
    inbox = new Inbox({
      ...{ adapter: TOY_ADAPTER, folder, quietMs: 150, scanMs: 20, now: () => new Date() },
      ...{ intake: { accept: gone } as unknown as Intake, pipeline: adapter.open.pipeline, ledger: adapter.open.ledger },
      watch: { ...UNWATCHED, failed: (_doing, _submission, error) => void failed.push(error) },
    });
    await inbox.start();
    if (refusal === null) {
      await until(async () => (failed.length > 0 ? true : undefined));
      expect(failed[0]).toMatchObject({ code: 'ENOENT' });
    } else expect(await until(async () => (await namesIn('refused')).find((name) => name.endsWith('.report.csv')))).toBeDefined();
  });

  it('does not remember a file that went away before it was taken', async () => {
    await inbox.stop();
    const clock = { now: new Date() };
    await open({}, { now: () => clock.now });
    // Whatever is put here so is taken at the first look: two of them, and all else was looked at.
    const looked = async (name: string): Promise<void> => {
      for (const each of [`${name}1`, `${name}2`]) {
        const aside = join(folder, 'aside');
        await writeFile(aside, payload);
        await utimes(aside, new Date(0), new Date(0));
        await rename(aside, join(folder, 'toy', `${each}.ndjson`));
        await until(async () => ((await namesIn('toy')).includes(`${each}.ndjson`) ? undefined : true));
      }
    };
    const file = join(folder, 'toy', 'a.ndjson');
    const tomorrow = new Date(clock.now.getTime() + 86_400_000);
    const appear = async (): Promise<void> => {
      const aside = join(folder, 'aside');
      await writeFile(aside, payload.replace('2026-05', '2026-06'));
      await utimes(aside, tomorrow, tomorrow);
      await rename(aside, file);
    };
    await appear();
    await looked('before');
    await rm(file);
    await looked('gone');
    clock.now = new Date(clock.now.getTime() + 60_000);
    await appear();
    await looked('again');
    await inbox.stop();
    expect(adapter.open.receipts.page(9).receipts).toHaveLength(1);
  });
});
