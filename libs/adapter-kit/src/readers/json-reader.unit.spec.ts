import { gzipSync } from 'node:zlib';
import { gunzip } from './gunzip.js';
import { readJson } from './json-reader.js';
import { collect, endlessPayload, payloadOf, refusalOf, TEST_LIMITS } from './payload-builders.js';

const single = (payload: AsyncIterable<Uint8Array>) => readJson(payload, { format: 'json', limits: TEST_LIMITS });
const lines = (payload: AsyncIterable<Uint8Array>) => readJson(payload, { format: 'ndjson', limits: TEST_LIMITS });

describe('readJson, one document', () => {
  it('parses it, whatever the chunks', async () => {
    const value = { a: ['é', { b: '[[["{\\"' }], c: 1.5 };
    for (const size of [1, 3, 1_000]) {
      const documents = await collect(single(payloadOf(`\uFEFF${JSON.stringify(value, null, 2)}\n`, size)));
      expect(documents).toEqual([{ ordinal: 1, line: 1, value, fault: null }]);
    }
  });

  it.each([
    ['empty', '  \n'],
    ['malformed', '{"a": 01}'],
    ['malformed', '{"a":1}\n{"a":2}'],
    ['truncated', '{"a": [1, 2'],
    ['truncated', '{"a": "Doe'],
    ['too-deep', `${'['.repeat(20)}${']'.repeat(20)}`],
    ['text-too-long', JSON.stringify({ a: 'x'.repeat(3_000) })],
    ['record-too-large', JSON.stringify(Array.from({ length: 9_000 }, () => 'é'))],
  ])('refuses the payload: %s', async (code, text) => {
    const refusal = await refusalOf(single(payloadOf(text, 1_000)));
    expect(refusal.code).toBe(code);
    expect(refusal.message).not.toContain('Doe');
  });

  it('refuses Latin-1', async () => {
    await expect(refusalOf(single(payloadOf(Buffer.from('{"a":"\u00e9"}', 'latin1'))))).resolves.toMatchObject({ code: 'wrong-encoding' });
  });
});

describe('readJson, a document a line', () => {
  it('goes on after a line that is no JSON, and skips empty lines', async () => {
    const documents = await collect(lines(payloadOf('{"a":1}\r\n\r\n{"a":\n[2]', 4)));
    expect(documents.map(({ ordinal, line, value, fault }) => [ordinal, line, value, fault?.code ?? null])).toEqual([
      [1, 1, { a: 1 }, null],
      [2, 3, undefined, 'bad-format'],
      [3, 4, [2], null],
    ]);
  });

  it.each([
    ['empty', '\n\n'],
    ['truncated', '{"a":1}\n{"a":'],
    ['too-deep', `{"a":1}\n${'['.repeat(20)}${']'.repeat(20)}\n`],
    ['record-too-large', `[${'1,'.repeat(15_000)}1]\n`],
  ])('refuses the payload: %s', async (code, text) => {
    expect((await refusalOf(lines(payloadOf(text, 100)))).code).toBe(code);
  });

  it('stops reading early at a line that never ends', async () => {
    const { payload, bytesRead } = endlessPayload('{"a":1}\n{"a":"', 'x');
    expect(await refusalOf(lines(payload))).toMatchObject({ code: 'record-too-large', place: 'line 2' });
    expect(bytesRead()).toBeLessThan(2 * 1024 * 1024);
  });
});

describe('gunzip', () => {
  const limits = { ratio: 100 };

  it('unpacks what was packed', async () => {
    const packed = gzipSync(Buffer.from('unique_id\n'.repeat(50_000)));
    expect(Buffer.concat(await collect(gunzip(payloadOf(packed, 11), limits))).toString()).toBe('unique_id\n'.repeat(50_000));
  });

  it('refuses a bomb long before it is unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    let unpacked = 0;
    const count = async function* (): AsyncGenerator<void, void, void> {
      for await (const chunk of gunzip(payloadOf(bomb, 1_024), limits)) {
        unpacked += chunk.length;
        yield;
      }
    };
    expect((await refusalOf(count())).code).toBe('compressed-too-far');
    expect(unpacked).toBeLessThan(2 * 1024 * 1024);
  });

  it('refuses a stream that ends early and one that is not gzip', async () => {
    const packed = gzipSync(Buffer.from(Array.from({ length: 5_000 }, (_, n) => `row ${n * 7919}`).join('\n')));
    expect((await refusalOf(gunzip(payloadOf(packed.subarray(0, -20), 100), limits))).code).toBe('truncated');
    expect((await refusalOf(gunzip(payloadOf('unique_id,started_on\n'), limits))).code).toBe('malformed');
  });

  it('hands on the failure of the connection as it is', async () => {
    const broken = async function* (): AsyncGenerator<Uint8Array, void, void> {
      yield gzipSync(Buffer.from('abc')).subarray(0, 5);
      throw new Error('connection reset');
    };
    await expect(collect(gunzip(broken(), limits))).rejects.toThrow('connection reset');
  });
});
