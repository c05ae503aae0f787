import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { recount } from './index.js';
import { ilr, PartnerFolder } from './testing/partner-folder.js';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const XML = { mediaType: 'application/xml' };

let folder: PartnerFolder;
beforeEach(() => {
  folder = new PartnerFolder();
  folder.send('ilr', ilr('2026-02-01T10:00:00', [{ ref: 'L1' }]), XML);
  // Nobody lived.
  writeFileSync(join(folder.directory, 'story.json'), '{"ends":"2026-06-30"}\n');
  writeFileSync(join(folder.directory, 'truth.jsonl'), '');
});
afterEach(() => folder.remove());

/** The program, as `npm start` runs it, beside an outcomes service that shows these cells. */
async function run(cells: () => ReadonlyMap<string, number>) {
  const server = createServer((_, response) => response.end(JSON.stringify({ cells: [...cells()].map(([key, count]) => ({ key, count })) }))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const child = spawn(process.execPath, [join(ROOT, 'infra/local/run.mjs'), 'run', join(ROOT, 'test/recount/src/main.ts'), folder.directory, '--outcomes', url], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number | null];
  await new Promise((resolve) => server.close(resolve).closeAllConnections());
  return { code, output };
}

const knowable = () => recount(folder.directory, { knowableOnly: true }).knowable;

it('looks at what is shown before it counts, and says that it counts', async () => {
  const { code, output } = await run(() => {
    // As what is sent once figures were asked for: counted here, and not shown.
    folder.send('ilr', ilr('2026-03-01T10:00:00', [{ ref: 'L1' }, { ref: 'L2', family: 'Roe' }]), XML);
    return knowable();
  });
  expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/^Counting the files again.*\n2 participants [^]*Shown equals knowable in all/) as string });
});

it('ends with a code of its own where figures differ', async () => {
  const { code, output } = await run(() => new Map([...knowable()].map(([cell, count]) => [cell, count + 1])));
  expect({ code, output }).toEqual({ code: 2, output: expect.stringMatching(/\n1 cell differs:\n[^]*please report it\.\n$/) as string });
});
