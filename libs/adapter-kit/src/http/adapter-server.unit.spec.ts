import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { serveAdapter } from '../runtime/open-adapter.js';
import type { AdapterOptions } from '../runtime/open-adapter.js';
import { asPayload, TestAdapter } from '../testing/test-adapter.js';
import { TOY_ADAPTER, toyPayload } from '../testing/toy-adapter.js';
import type { ToyRecord } from '../testing/toy-adapter.js';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const serve = async (overrides: Partial<AdapterOptions> = {}) => {
  const adapter = new TestAdapter(TOY_ADAPTER, overrides);
  closers.push(() => adapter.dispose());
  const server = await serveAdapter(TOY_ADAPTER, await adapter.restart(), { host: '127.0.0.1', port: 0 });
  closers.push(server.close);
  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${server.url}${path}`, { ...init, headers: { 'content-type': 'application/x-ndjson', ...(init.headers as Record<string, string>) } });
    const text = await response.text();
    const type = (response.headers.get('content-type') ?? '').split(';')[0]!;
    return { status: response.status, type, text, headers: response.headers, json: (type.includes('json') ? JSON.parse(text) : {}) as Record<string, unknown> };
  };
  return { adapter, url: new URL(server.url), call, post: (path: string, body: string | Uint8Array<ArrayBuffer>, headers = {}) => call(path, { method: 'POST', body, headers }) };
};

const payload = (...records: readonly ToyRecord[]): string => toyPayload({ at: '2026-05-01T00:00:00Z', scope: 's', absence: { speaks: true }, records });
const good: ToyRecord = { reference: 'a', facts: [{ key: 'k', day: '2026-03-01', value: 1 }] };
const bad: ToyRecord = { reference: '=cmd()', facts: [], fault: 'mapping' };

describe('the intake over HTTP', () => {
  it('takes a submission, tells its state and gives its report', async () => {
    const { adapter, post, call } = await serve();
    const sent = await post('/submissions?feed=toy', payload(good, bad));
    expect(sent.status).toBe(202);
    expect(sent.json).toMatchObject({ submissionId: expect.stringMatching(/^[0-9a-f]{32}$/) as string, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string, bytes: payload(good, bad).length });
    const id = sent.json['submissionId'] as string;
    await adapter.open.intake.settled(id);
    expect((await call(`/submissions/${id}`)).json).toMatchObject({ state: 'published', feed: 'toy', counts: { received: 2, published: 1, refused: 1 } });
    expect((await call(`/submissions/${id}/report`)).json).toMatchObject({ state: 'published', records: [{ record: 2, fate: 'refused', field: 'value', code: 'bad-code' }] });
    const csv = await call(`/submissions/${id}/report?format=csv`);
    expect(csv.type).toContain('text/csv');
    expect(csv.text.split('\n').slice(0, 2)).toEqual(['record,fate,field,code,expected,remedy', '2,refused,value,bad-code,a known value,Correct it.']);
    expect((await call('/submissions')).json).toMatchObject({ submissions: [{ submissionId: id, state: 'published' }], next: null });
  });

  it('gives the same receipt for the same payload as gzip', async () => {
    const { post } = await serve();
    const plain = await post('/submissions', payload(good));
    const packed = await post('/submissions', new Uint8Array(gzipSync(payload(good))), { 'content-encoding': 'gzip' });
    expect(packed.json['submissionId']).toBe(plain.json['submissionId']);
    expect(packed.json['sha256']).toBe(plain.json['sha256']);
  });

  it('validates without keeping anything', async () => {
    const { adapter, post, call } = await serve();
    const tried = await post('/submissions?mode=validate', payload(good, bad));
    expect(tried.status).toBe(200);
    expect(tried.json).toMatchObject({ submissionId: null, state: 'validated', counts: { received: 2, published: 1, refused: 1 }, records: [{ record: 2, code: 'bad-code' }] });
    const refused = await post('/submissions?mode=validate', payload(good).slice(0, -9));
    expect([refused.status, refused.type, refused.json['code']]).toEqual([422, 'application/problem+json', 'truncated']);
    expect((await call('/submissions')).json).toMatchObject({ submissions: [] });
    expect(adapter.sink.records).toEqual([]);
  });

  it.each([
    ['/submissions?feed=other', 400, 'bad-parameter', {}],
    ['/submissions?fullextract=true', 400, 'unknown-parameter', {}],
    ['/submissions?fullExtract=true', 400, 'unknown-parameter', {}],
    ['/submissions?asOf=2026-05-01T00:00:00Z', 400, 'unknown-parameter', {}],
    ['/submissions?mode=try', 400, 'bad-parameter', {}],
    ['/submissions?part=..%2Fx', 400, 'unknown-part', {}],
    // Kept with the receipt and sent in events: only words that are known, never one that could be a name.
    ['/submissions?part=zyxqsmith', 400, 'unknown-part', {}],
    ['/submissions?programme=zyxqsmith', 400, 'bad-parameter', {}],
    ['/submissions?programme=xa102214b', 400, 'bad-parameter', {}],
    ['/submissions?programme=a&programme=b', 400, 'bad-parameter', {}],
    ['/submissions', 415, 'not-this-format', { 'content-type': 'text/html' }],
    ['/submissions', 415, 'not-this-format', { 'content-encoding': 'br' }],
    ['/submissions', 422, 'malformed', { 'content-encoding': 'gzip' }],
    ['/submissions/00000000000000000000000000000000/withdraw', 404, 'no-such-submission', {}],
    ['/submissions', 415, 'not-this-format', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['/nothing', 404, 'no-such-route', {}],
  ])('answers POST %s with %d %s', async (path, status, code, headers) => {
    const { post } = await serve();
    const answer = await post(path, payload(good), headers);
    expect([answer.status, answer.type, answer.json['code']]).toEqual([status, 'application/problem+json', code]);
    for (const field of ['place', 'expected', 'remedy']) expect(answer.json[field]).not.toBe('');
  });

  it('answers what cannot be asked for with what can', async () => {
    const { adapter, post, call } = await serve();
    const { json } = await post('/submissions', payload(good));
    const report = `/submissions/${json['submissionId'] as string}/report`;
    await adapter.open.intake.settled(json['submissionId'] as string);
    for (const [path, code, place, expected] of [
      [`${report}?format=xml`, 'bad-parameter', 'format', 'one of json, csv'],
      [`${report}?format=`, 'bad-parameter', 'format', 'one of json, csv'],
      [`${report}?format=csv&format=json`, 'bad-parameter', 'format', 'one value'],
      [`${report}?Format=csv`, 'unknown-parameter', 'query', 'only format'],
      ['/submissions?before=yesterday', 'bad-parameter', 'before', 'the number that the page before gave as next'],
      ['/submissions?state=held', 'unknown-parameter', 'query', 'only before'],
    ]) {
      expect((await call(path!)).json).toMatchObject({ status: 400, code, place, expected });
    }
    expect((await call(`${report}?format=json`)).json).toMatchObject({ state: 'published' });
    expect((await call('/submissions?before=1')).json).toEqual({ submissions: [], next: null });
  });

  it('withdraws what was published, and refuses commands that do not fit', async () => {
    const { adapter, post } = await serve();
    const { json } = await post('/submissions', payload(good));
    const id = json['submissionId'] as string;
    await adapter.open.intake.settled(id);
    expect((await post(`/submissions/${id}/confirm`, '')).json).toMatchObject({ status: 409, code: 'wrong-state', place: 'state published' });
    const withdrawn = await post(`/submissions/${id}/withdraw`, '');
    expect(withdrawn.json).toMatchObject({ command: 'withdraw', note: expect.stringContaining('sent anew') as string });
    expect(await adapter.open.intake.settled(id)).toBe('withdrawn');
    expect((await post(`/submissions/${id}/withdraw`, '')).status).toBe(409);
  });

  it('refuses what is too large, announced or not, and what unpacks too far', async () => {
    const { post, url } = await serve({ bounds: { maxBytes: 2_000_000, gzipRatio: 50 } });
    expect((await post('/submissions', 'x'.repeat(2_000_001))).json).toMatchObject({ status: 413, code: 'too-large' });
    const unannounced = await new Promise<number>((resolve, reject) => {
      const request = httpRequest(new URL('/submissions', url), { method: 'POST', agent: new Agent(), headers: { 'content-type': 'application/x-ndjson' } }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      request.once('error', reject);
      for (let index = 0; index < 800; index += 1) request.write(Buffer.alloc(65_536, 0x20));
      request.end();
    });
    expect(unannounced).toBe(413);
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(1_900_000)));
    expect((await post('/submissions', bomb, { 'content-encoding': 'gzip' })).json).toMatchObject({ status: 413, code: 'compressed-too-far' });
  });

  it('cuts off clients that drip, while others are served', async () => {
    const { post, url } = await serve({ pace: { graceMs: 300, bytesPerSecond: 1_000 } });
    const drips = Array.from({ length: 50 }, () => {
      const socket = connect(Number(url.port), url.hostname);
      socket.write('POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nContent-Length: 100000\r\n\r\n{');
      const answer = new Promise<string>((resolve) => {
        let text = '';
        socket.on('data', (chunk) => (text += chunk.toString())).on('close', () => resolve(text)).on('error', () => undefined);
      });
      return answer;
    });
    expect((await post('/submissions', payload(good))).status).toBe(202);
    for (const answer of await Promise.all(drips)) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect((await post('/submissions', payload(good))).status).toBe(202);
  });

  it('takes in only so much at once, by whatever way, and says when to come again', async () => {
    const { adapter, post } = await serve({ slots: { slots: 2, waiting: 0, waitMs: 1 } });
    const request = { feed: 'toy', mediaType: 'application/x-ndjson' };
    const big = payload(...Array.from({ length: 2_000 }, (_, index) => ({ ...good, reference: `p${index}` })));
    const looks = await Promise.all([1, 2].map(() => adapter.open.intake.validate(asPayload(payload(good)), request)));
    for (const sent of [await post('/submissions?mode=validate', payload(good)), await post('/submissions', big)]) {
      expect([sent.status, sent.json['code'], sent.headers.get('retry-after')]).toEqual([503, 'busy', '10']);
    }
    await expect(adapter.open.intake.acceptIfRight(asPayload(payload(good)), request, 1_000)).rejects.toMatchObject({ code: 'busy' });
    expect(adapter.open.receipts.page(1).receipts).toEqual([]);
    // Held in memory anyway until it is whole: no slot.
    expect((await post('/submissions', payload(good))).status).toBe(202);
    for (const { release } of looks) release();
    expect((await post('/submissions?mode=validate', big)).status).toBe(200);
    expect((await post('/submissions', big)).status).toBe(202);
    expect((await adapter.open.intake.acceptIfRight(asPayload(payload(good)), request, 1_000)).receipt).not.toBeNull();
    // A payload that ends in the middle gives its slots back too.
    await expect(adapter.open.intake.acceptIfRight(asPayload(big), request, 100_000)).rejects.toMatchObject({ code: 'too-large' });
    expect((await post('/submissions?mode=validate', big)).status).toBe(200);
  });

  it('says 507 when the spool takes nothing, and nothing was accepted', async () => {
    const { adapter, post, call } = await serve();
    const { rename } = await import('node:fs/promises');
    await rename(adapter.folder, `${adapter.folder}-away`);
    const answer = await post('/submissions', payload(good));
    await rename(`${adapter.folder}-away`, adapter.folder);
    expect(answer.json).toMatchObject({ status: 507, code: 'spool-not-writable' });
    expect((await call('/submissions')).json).toMatchObject({ submissions: [] });
  });

  it('describes itself', async () => {
    const { call } = await serve();
    const { json } = await call('/openapi.json');
    expect(Object.keys(json['paths'] as object).sort()).toEqual(['/submissions', '/submissions/{id}', '/submissions/{id}/report', '/submissions/{id}/{command}']);
    expect(JSON.stringify(json)).toContain('Toy sections');
  });
});
