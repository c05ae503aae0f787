import fc from 'fast-check';
import { ByteReader, ByteWriter } from './packed-bytes.js';

const readBack = (texts: readonly string[]): string[] => {
  const writer = new ByteWriter();
  for (const text of texts) writer.text(text);
  const bytes = writer.take();
  const reader = new ByteReader(bytes);
  const read = texts.map(() => reader.text());
  expect(reader.done).toBe(true);
  return read;
};

describe('packed texts and ids', () => {
  it('come back as they were, of any characters and length, over and over', () => {
    const text = fc.oneof(fc.string({ maxLength: 80 }), fc.string({ unit: 'grapheme', maxLength: 70 }), fc.constantFrom('', 'dsa-ilr-2026', 'Zoë', 'x'.repeat(64), 'x'.repeat(65)));
    fc.assert(fc.property(fc.array(text, { maxLength: 12 }), (texts) => expect(readBack([...texts, ...texts])).toEqual([...texts, ...texts])), { numRuns: 500 });
  });

  it('are told apart where they share a place in the memory of recent texts', () => {
    // More texts than the memory has places, so that many share one.
    const texts = Array.from({ length: 20_000 }, (_, i) => `E0${i}`);
    const twice = [...texts, ...texts];
    const read = readBack(twice);
    expect(twice.filter((text, i) => read[i] !== text).slice(0, 3)).toEqual([]);
    expect(readBack(['Aa', 'BB', 'Aa', 'BB'])).toEqual(['Aa', 'BB', 'Aa', 'BB']);
  });

  it('that are no UTF-8 read alike each time', () => {
    const bytes = Buffer.from([2, 0x41, 0x80, 2, 0x41, 0x80, 2, 0x41, 0x42]);
    const reader = new ByteReader(bytes);
    expect([reader.text(), reader.text(), reader.text()]).toEqual(['A\ufffd', 'A\ufffd', 'AB']);
  });

  it('hold every byte an id may have', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 16, maxLength: 16 }), { maxLength: 5 }), (ids) => {
        const writer = new ByteWriter();
        const texts = ids.map((id) => Buffer.from(id).toString('latin1'));
        for (const id of texts) writer.id(id);
        const bytes = writer.take();
        expect(bytes).toEqual(Buffer.concat(ids));
        const reader = new ByteReader(bytes);
        expect(texts.map(() => reader.id())).toEqual(texts);
      }),
    );
  });
});
