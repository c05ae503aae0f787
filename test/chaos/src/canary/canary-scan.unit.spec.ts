import { CanaryScan } from './canary-scan.js';

/** One of each kind; none belongs to anybody. */
const CANARIES = ['9990000018', '999 000 0018', 'XA102214B', '9700001678', 'Zyxqthomas', 'Zyxq-O\'Dwyer', 'ZA10 2AE', '1983-06-13', 'L0657277', 'PMR0015485863', 'RT-000024'];

/** Bytes without a meaning, the same at each run, long enough that the plant is not at an edge. */
const noise = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, index) => (index * 7919 + (index >> 3) * 104_729) & 0xff));

const planted = (text: string | Buffer, before = 1_000): Buffer => Buffer.concat([noise(before), typeof text === 'string' ? Buffer.from(text) : text, noise(777)]);

describe.each(CANARIES)('the canary %s', (canary) => {
  const scan = new CanaryScan([canary]);
  const found = (bytes: Buffer): string[] => [...new Set(scan.look(bytes).map((sighting) => sighting.canary))];

  it('is not seen where it is not', () => {
    expect(scan.look(noise(50_000))).toEqual([]);
  });

  it.each([
    ['as it is', (text: string) => text],
    ['in capitals', (text: string) => text.toUpperCase()],
    ['in small letters', (text: string) => text.toLowerCase()],
    ['without its spaces', (text: string) => text.replaceAll(' ', '')],
    ['in an address', (text: string) => `?q=${encodeURIComponent(text)}&`],
    ['in a form', (text: string) => new URLSearchParams({ q: text }).toString()],
    ['in hex', (text: string) => Buffer.from(text).toString('hex')],
    ['in hex of capitals', (text: string) => Buffer.from(text).toString('hex').toUpperCase()],
  ])('is seen %s', (_, write) => {
    expect(found(planted(write(canary)))).toEqual([canary]);
  });

  it.each([0, 1, 2])('is seen in base64 when it begins at byte %i of a group of three, whatever follows', (phase) => {
    for (const after of ['', '"', '",', '","x']) {
      const text = `${'x'.repeat(phase)}${canary}${after}`;
      expect(found(planted(Buffer.from(text).toString('base64')))).toEqual([canary]);
      expect(found(planted(Buffer.from(text).toString('base64url')))).toEqual([canary]);
    }
  });

  it('is seen as UTF-16', () => {
    expect(found(planted(Buffer.from(canary, 'utf16le')))).toEqual([canary]);
  });

  it('is seen at the very beginning and at the very end', () => {
    expect(found(Buffer.from(canary))).toEqual([canary]);
    expect(scan.look(Buffer.concat([noise(999), Buffer.from(canary)])).map(({ at }) => at)).toContain(999);
  });
});

describe('a scan for many', () => {
  it('tells which canary stands where and how', () => {
    const scan = new CanaryScan(CANARIES);
    expect(scan.look(planted('xa102214b'))).toEqual([{ canary: 'XA102214B', encoding: 'lower', at: 1_000 }]);
    expect(new Set(scan.look(Buffer.from(CANARIES.join('\n'))).map(({ canary }) => canary)).size).toBe(CANARIES.length);
  });

  it('refuses a canary that chance would find', () => {
    expect(() => new CanaryScan(['12345'])).toThrow(RangeError);
  });
});
