import { describe, expect, it } from '@jest/globals';
import { KeysFileError, parseKeysFile, parsePlatformKeysFile } from './keys-file.js';

const key = (fill: number): string => Buffer.alloc(32, fill).toString('base64');
const good = {
  domainKey: { id: 'domain-1', key: key(1) },
  referenceKey: key(2),
  spoolKeys: [
    { kid: 's2', key: key(3) },
    { kid: 's1', key: key(4) },
  ],
};

function faultsOf(text: string, parse: (json: string) => unknown = parseKeysFile): KeysFileError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof KeysFileError) return error;
  }
  throw new Error('The keys file was taken.');
}

describe('keys files', () => {
  it('reads an adapter’s keys', () => {
    const keys = parseKeysFile(JSON.stringify(good));
    expect(keys.domainKey).toEqual({ id: 'domain-1', key: Buffer.alloc(32, 1) });
    expect(keys.referenceKey).toEqual(Buffer.alloc(32, 2));
    expect(keys.spoolKeys.map(({ kid }) => kid)).toEqual(['s2', 's1']);
  });

  it('reads the platform’s key', () => {
    expect(parsePlatformKeysFile(JSON.stringify({ platformKey: key(5) }))).toEqual({ platformKey: Buffer.alloc(32, 5) });
  });

  it('names every fault at once', () => {
    const error = faultsOf(JSON.stringify({ domainKey: { id: 'a b', key: 'short' }, spoolKeys: [] }));
    expect(error.code).toBe('KEYS_FILE_INVALID');
    expect(error.faults.map(({ path }) => path).sort()).toEqual(['domainKey.id', 'domainKey.key', 'referenceKey', 'spoolKeys.0']);
  });

  it('refuses one key in two places and one kid twice', () => {
    const error = faultsOf(JSON.stringify({ ...good, referenceKey: key(1), spoolKeys: [good.spoolKeys[0], { kid: 's2', key: key(3) }] }));
    expect(error.faults.map(({ path }) => path)).toEqual(['referenceKey', 'spoolKeys.1.key', 'spoolKeys.1.kid']);
  });

  it.each([
    ['not JSON', `{"referenceKey": "${key(9)}"`],
    ['a key of 31 bytes', JSON.stringify({ ...good, referenceKey: Buffer.alloc(31, 9).toString('base64') })],
    ['a key in hex', JSON.stringify({ ...good, referenceKey: Buffer.alloc(32, 9).toString('hex') })],
    ['a key as a field’s name', JSON.stringify({ ...good, [key(9)]: 1 })],
    ['a key as a kid', JSON.stringify({ ...good, spoolKeys: [{ kid: key(9), key: key(3) }] })],
    ['a number', JSON.stringify({ ...good, referenceKey: 9.0909e8 })],
    ['another text for the same bytes', JSON.stringify({ ...good, referenceKey: key(9).replace(/.=$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}=`) })],
  ])('refuses %s and never repeats what it read', (_, text) => {
    const error = faultsOf(text);
    const shown = `${error.message} ${error.stack ?? ''} ${JSON.stringify(error)} ${String(error.cause)}`;
    for (const material of [key(9).slice(0, 12), '0909', Buffer.alloc(31, 9).toString('base64').slice(0, 12)]) expect(shown).not.toContain(material);
  });
});
