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

describe('rotated keys', () => {
  const rotation = (from: string, id: string, fill: number) => ({ from, id, key: key(fill) });
  const platform = (...rotations: object[]) => JSON.stringify({ platformKey: key(5), rotations });

  it('are read in order, by adapters and by linkage', () => {
    expect(parseKeysFile(JSON.stringify({ ...good, rotatedTo: [{ id: 'domain-2', key: key(6) }] })).rotatedTo).toEqual([{ id: 'domain-2', key: Buffer.alloc(32, 6) }]);
    expect(parsePlatformKeysFile(platform(rotation('domain-1', 'domain-2', 6), rotation('domain-2', 'domain-3', 7))).rotations?.map(({ id }) => id)).toEqual(['domain-2', 'domain-3']);
  });

  it('are refused where one is another’s, or is called as another is', () => {
    const error = faultsOf(JSON.stringify({ ...good, rotatedTo: [{ id: 'domain-1', key: key(1) }] }));
    expect(error.faults.map(({ path }) => path)).toEqual(['rotatedTo.0.key', 'rotatedTo.0.id']);
  });

  it.each([
    ['two follow one', [rotation('a', 'b', 6), rotation('a', 'c', 7)], ['rotations.1.from']],
    ['one follows two', [rotation('a', 'c', 6), rotation('b', 'c', 7)], ['rotations.1.id']],
    ['one follows itself', [rotation('a', 'a', 6)], ['rotations.0.from']],
    ['they lead back', [rotation('a', 'b', 6), rotation('b', 'a', 7)], ['rotations.0.from']],
    ['one stands before what it follows', [rotation('b', 'c', 6), rotation('a', 'b', 7)], ['rotations.0.from']],
    ['a key is the platform’s', [rotation('a', 'b', 5)], ['rotations.0.key']],
  ])('are refused where %s', (_, rotations, paths) => {
    expect(faultsOf(platform(...rotations), parsePlatformKeysFile).faults.map(({ path }) => path)).toEqual(paths);
  });
});
