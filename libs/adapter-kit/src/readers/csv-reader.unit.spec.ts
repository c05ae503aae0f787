import { readCsv } from './csv-reader.js';
import { collect, endlessPayload, payloadOf, refusalOf, TEST_LIMITS } from './payload-builders.js';

const read = (payload: AsyncIterable<Uint8Array>) =>
  readCsv(payload, { required: ['unique_id', 'started_on'], optional: ['note'], limits: TEST_LIMITS });

describe('readCsv', () => {
  it('reads quotes, line breaks, CRLF, a byte order mark and columns in any order, whatever the chunks', async () => {
    const text = '\uFEFFstarted_on,Note ,unique_id\r\n2026-01-05,"said ""yes"",\r\nthen é",a1\r\n\r\n,,\r\n 2026-02-01 ,,a2';
    for (const size of [1, 2, 3, 1_000]) {
      const rows = await collect(read(payloadOf(text, size)));
      expect(rows.map(({ ordinal, values }) => [ordinal, { ...values }])).toEqual([
        [1, { started_on: '2026-01-05', note: 'said "yes",\r\nthen é', unique_id: 'a1' }],
        [2, { started_on: '2026-02-01', note: '', unique_id: 'a2' }],
      ]);
      expect(rows[0]!.line).toBe(3);
    }
  });

  it('faults only the row that has too many columns or an overlong field', async () => {
    const rows = await collect(read(payloadOf(`unique_id,started_on\na1,2026-01-05,x\na2,${'x'.repeat(2_001)}\na3,2026-01-07\n`)));
    expect(rows.map(({ ordinal, fault }) => [ordinal, fault?.code ?? null])).toEqual([
      [1, 'bad-format'],
      [2, 'too-long'],
      [3, null],
    ]);
  });

  it.each([
    ['empty', ''],
    ['empty', '\n\n'],
    ['wrong-separator', 'unique_id;started_on\na;b\n'],
    ['wrong-separator', 'unique_id\tstarted_on\na\tb\n'],
    ['wrong-separator', '"unique_id";"started_on"\n"a";"b"\n'],
    ['wrong-separator', '\r\nunique_id;started_on\r\na;"b"\r\n'],
    ['malformed', 'unique_id,started_on\na1;"b"\n'],
    ['wrong-header', 'unique_id,note\na,b\n'],
    ['wrong-header', 'unique_id,started_on,unique_id\na,b,c\n'],
    ['wrong-header', 'unique_id,started_on,surname\na,b,c\n'],
    ['truncated', 'unique_id,started_on\na1,"2026\n'],
    ['malformed', 'unique_id,started_on\na1,20"26\n'],
    ['malformed', 'unique_id,started_on\na1,"20"26\n'],
    ['record-too-large', `unique_id,started_on\na1,"${'x'.repeat(30_000)}"\n`],
  ])('refuses the payload: %s', async (code, text) => {
    const refusal = await refusalOf(read(payloadOf(text, 100)));
    expect(refusal.code).toBe(code);
    expect(refusal.remedy).not.toBe('');
  });

  it('names the columns of a header, but repeats nothing of a first line that is a record', async () => {
    const named = await refusalOf(read(payloadOf('unique_id,started_on,surname\n')));
    expect(named.expected).toContain('"surname"');
    const data = await refusalOf(read(payloadOf('QQ123456C,Doe,Jane\n')));
    expect(data.code).toBe('wrong-header');
    expect(data.message).not.toMatch(/QQ123456C|Doe|Jane/);
  });

  it('repeats no value of a row it cannot parse', async () => {
    const refusal = await refusalOf(read(payloadOf('unique_id,started_on\nJane"Doe,x\n')));
    expect(refusal.message).not.toMatch(/Jane|Doe/);
  });

  it('refuses Latin-1 and UTF-16 with the remedy', async () => {
    const text = 'unique_id,started_on,note\na1,2026-01-05,caf\u00e9\n';
    const latin = await refusalOf(read(payloadOf(Buffer.from(text, 'latin1'))));
    expect([latin.code, latin.place]).toEqual(['wrong-encoding', 'line 2']);
    expect(latin.remedy).toContain('UTF-8');
    await expect(refusalOf(read(payloadOf(Buffer.from(`\uFEFF${text}`, 'utf16le'))))).resolves.toMatchObject({ code: 'wrong-encoding' });
  });

  it.each([
    ['text', 'unique_id,started_on\na1,', 'x'],
    ['quoted text', 'unique_id,started_on\na1,"', 'x'],
    ['separators', 'unique_id,started_on\na1', ','],
    ['a header', 'unique_id', ','],
  ])('stops reading early at a line of %s that never ends', async (_, start, filler) => {
    const { payload, bytesRead } = endlessPayload(start, filler);
    expect((await refusalOf(read(payload))).code).toBe('record-too-large');
    expect(bytesRead()).toBeLessThan(4 * 1024 * 1024);
  });
});
