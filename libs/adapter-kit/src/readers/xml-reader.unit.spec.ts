import { childrenOf, readXml, textOf } from './xml-reader.js';
import type { XmlReadOptions } from './xml-reader.js';
import { collect, endlessPayload, payloadOf, refusalOf, TEST_LIMITS } from './payload-builders.js';

const NAMESPACE = 'urn:fictional:returns/2025-26';

const read = (payload: AsyncIterable<Uint8Array>) =>
  readXml(payload, {
    paths: ['Return/Header', 'Return/Learner'],
    namespace: /^urn:fictional:returns\/\d{4}-\d{2}$/,
    expectedNamespace: NAMESPACE,
    limits: TEST_LIMITS,
  });

const document = (inner: string, namespace = NAMESPACE): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n<Return xmlns="${namespace}">\n<Header><Year>2526</Year></Header>\n${inner}</Return>`;

describe('readXml', () => {
  it('yields header and records in order, whatever the chunks', async () => {
    const text = document('<Learner id="é1"><Aim n="1"> A &amp; B </Aim><Aim n="2"><![CDATA[<c>]]></Aim></Learner>\n<Learner/>');
    for (const size of [1, 2, 3, 50, 100_000]) {
      const elements = await collect(read(payloadOf(text, size)));
      expect(elements.map(({ path }) => path)).toEqual(['Return/Header', 'Return/Learner', 'Return/Learner']);
      const [header, learner] = elements;
      expect(textOf(header!, 'Year')).toBe('2526');
      expect(learner!.attributes['id']).toBe('é1');
      expect(childrenOf(learner!, 'Aim').map(({ text: aim, attributes }) => [aim, attributes['n']])).toEqual([
        ['A & B', '1'],
        ['<c>', '2'],
      ]);
    }
  });

  it('reads over elements of other namespaces', async () => {
    const text = document('<Learner><x:note xmlns:x="urn:other">no <Year>1</Year></x:note><Year>2</Year></Learner>');
    const learner = (await collect(read(payloadOf(text)))).at(-1)!;
    expect(learner.children.map(({ name, text: year }) => [name, year])).toEqual([['Year', '2']]);
  });

  it('takes a whole document as one record', async () => {
    const options: XmlReadOptions = { paths: ['Bundle'], namespace: 'urn:b', limits: TEST_LIMITS };
    const elements = await collect(readXml(payloadOf('\uFEFF<Bundle xmlns="urn:b"><id value="1"/></Bundle>'), options));
    expect(elements.map(({ path, children }) => [path, children[0]?.attributes['value']])).toEqual([['Bundle', '1']]);
  });

  it.each([
    ['empty', '', 'line 1'],
    ['wrong-namespace', document('', 'urn:fictional:others/2025-26'), 'line 2'],
    ['not-this-format', '<Other xmlns="urn:fictional:returns/2025-26"/>', 'line 1'],
    ['doctype-forbidden', '<!DOCTYPE Return [<!ENTITY a "aaa">]>\n<Return/>', 'line 1'],
    ['malformed', document('<Learner></Lerner>'), 'line 4'],
    ['malformed', document('<Learner>&undefined;</Learner>'), 'line 4'],
    ['malformed', `${document('')}<Return/>`, 'line 4'],
    ['truncated', document('<Learner><Year>20').slice(0, -9), 'line 4'],
    ['too-deep', document(`<Learner>${'<a>'.repeat(20)}${'</a>'.repeat(20)}</Learner>`), 'line 4'],
    ['text-too-long', document(`<Learner>${'x'.repeat(3_000)}</Learner>`), 'line 4'],
    ['text-too-long', document(`<Learner a="${'x'.repeat(3_000)}"/>`), 'line 4'],
    ['text-too-long', document(`<!--${'x'.repeat(300_000)}-->`), 'line 4'],
    ['record-too-large', document(`<Learner>${'<Aim>one</Aim>'.repeat(30_000)}</Learner>`), 'line 4'],
    ['malformed', document(`<Learner ${Array.from({ length: 200 }, (_, n) => `a${n}="1"`).join(' ')}/>`), 'line 4'],
    ['wrong-encoding', '<?xml version="1.0" encoding="ISO-8859-1"?><Return/>', 'line 1'],
  ])('refuses the payload: %s', async (code, text, line) => {
    const refusal = await refusalOf(read(payloadOf(text, 1_000)));
    expect([refusal.code, refusal.place]).toEqual([code, line]);
    expect(refusal.remedy).not.toBe('');
  });

  it('refuses Latin-1 and UTF-16 with the line', async () => {
    const latin = Buffer.from(document('<Learner>Zo\u00eb</Learner>'), 'latin1');
    await expect(refusalOf(read(payloadOf(latin)))).resolves.toMatchObject({ code: 'wrong-encoding', place: 'line 4' });
    const utf16 = Buffer.from(`\uFEFF${document('')}`, 'utf16le');
    await expect(refusalOf(read(payloadOf(utf16, 1)))).resolves.toMatchObject({ code: 'wrong-encoding', place: 'line 1' });
  });

  it.each([
    ['a text', document('<Learner>').slice(0, -9), 'x'],
    ['a tag name', `${document('').slice(0, -9)}<`, 'x'],
    ['an attribute', `${document('').slice(0, -9)}<Learner a="`, 'x'],
    ['a comment', `${document('').slice(0, -9)}<!--`, 'x'],
    ['a DOCTYPE', '<!DOCTYPE Return [', 'x'],
    ['nesting', `${document('').slice(0, -9)}<Learner>`, '<a>'],
  ])('stops reading early when %s never ends', async (_, start, filler) => {
    const { payload, bytesRead } = endlessPayload(start, filler);
    const refusal = await refusalOf(read(payload));
    expect(['text-too-long', 'record-too-large', 'too-deep']).toContain(refusal.code);
    expect(bytesRead()).toBeLessThan(4 * 1024 * 1024);
  });
});
