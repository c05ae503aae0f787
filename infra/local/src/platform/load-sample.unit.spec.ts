import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentProgress } from '@throughline/servers';
import { loadSample, readManifest, submissionQuery } from './load-sample.js';

const line = (changes: object): string =>
  JSON.stringify({
    order: 1,
    file: 'a.xml',
    deployment: 'college',
    feed: 'ilr',
    part: null,
    asOf: null,
    programme: null,
    fullExtract: false,
    mediaType: 'application/xml',
    refusedWhole: false,
    ...changes,
  });

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-sample-'));
  await writeFile(join(folder, 'a.xml'), '<a/>');
  await writeFile(join(folder, 'b.csv'), 'b');
});
afterEach(() => rm(folder, { recursive: true }));

/** An adapter's door: takes everything but what it is told to refuse, and is done with it at the second question. */
async function door(refuse: (body: string) => number | undefined) {
  const received: { query: string; type: string | undefined; body: string }[] = [];
  const asked = new Map<string, number>();
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '', 'http://adapter');
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      if (request.method === 'GET') {
        const times = (asked.get(pathname) ?? 0) + 1;
        asked.set(pathname, times);
        response.end(JSON.stringify({ state: times === 1 ? 'processing' : 'published' }));
        return;
      }
      received.push({ query: search.slice(1), type: request.headers['content-type'], body });
      const status = refuse(body);
      response.statusCode = status ?? 202;
      response.end(JSON.stringify(status === undefined ? { submissionId: `s${received.length}` } : { code: 'no' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, received, close: () => server.close() };
}

test('a submission is sent with what its sender says of it, and waited for', async () => {
  await writeFile(join(folder, 'manifest.jsonl'), `${line({})}\n${line({ file: 'b.csv', deployment: 'council', feed: 'rtof', part: 'person', asOf: '2026-01-01T00:00:00Z', programme: 'local', fullExtract: true, mediaType: 'text/csv' })}\n`);
  const adapter = await door(() => undefined);
  const { states, bytes } = await loadSample(folder, () => adapter.url, silentProgress);
  adapter.close();
  expect(adapter.received.toSorted((a, b) => a.body.localeCompare(b.body))).toEqual([
    { query: 'feed=ilr&mode=commit', type: 'application/xml', body: '<a/>' },
    {
      query: 'feed=rtof&mode=commit&part=person&asOf=2026-01-01T00%3A00%3A00Z&programme=local&fullExtract=true',
      type: 'text/csv',
      body: 'b',
    },
  ]);
  expect([...states]).toEqual([['published', 2]]);
  expect(bytes).toBe(5);
});

test('each partner’s submissions arrive in their order', async () => {
  await writeFile(join(folder, 'manifest.jsonl'), `${line({ asOf: '1' })}\n${line({ asOf: '2' })}\n${line({ asOf: '3' })}\n`);
  const adapter = await door(() => undefined);
  await loadSample(folder, () => adapter.url, silentProgress);
  adapter.close();
  expect(adapter.received.map(({ query }) => new URLSearchParams(query).get('asOf'))).toEqual(['1', '2', '3']);
});

test('a file that has to be refused may be refused at the door; any other may not', async () => {
  const adapter = await door((body) => (body === 'b' ? 415 : undefined));
  await writeFile(join(folder, 'manifest.jsonl'), `${line({})}\n${line({ file: 'b.csv', refusedWhole: true })}\n`);
  const { states, faulty } = await loadSample(folder, () => adapter.url, silentProgress);
  expect(Object.fromEntries(states)).toEqual({ refused: 1, published: 1 });
  expect(faulty).toBe(1);

  await writeFile(join(folder, 'manifest.jsonl'), `${line({ file: 'b.csv' })}\n`);
  await expect(loadSample(folder, () => adapter.url, silentProgress)).rejects.toMatchObject({
    code: 'LOAD_FAILED',
    message: expect.stringMatching(/college adapter.*ilr.*415/) as string,
  });
  adapter.close();
});

test('loading ends at once when it is asked to', async () => {
  await writeFile(join(folder, 'manifest.jsonl'), `${line({})}\n`);
  const stopping = new AbortController();
  const adapter = await door(() => {
    stopping.abort(new Error('stopped'));
    return undefined;
  });
  await expect(loadSample(folder, () => adapter.url, silentProgress, stopping.signal)).rejects.toThrow('stopped');
  adapter.close();
});

test('a manifest that is not one is an error', async () => {
  await writeFile(join(folder, 'manifest.jsonl'), '{"file":"a.xml"}\n');
  await expect(readManifest(folder)).rejects.toThrow(/deployment/);
});

test('the query names only what is said', () => {
  const submission = { file: 'f', deployment: 'nhs', feed: 'bars', part: null, asOf: null, programme: null, fullExtract: false, mediaType: 'm', refusedWhole: false };
  expect(submissionQuery(submission)).toBe('feed=bars&mode=commit');
});
