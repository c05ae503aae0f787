import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { RotationKeyMissing, TokenAheadOfIndex, TokenRotations } from './token-rotation.js';
import { Tokeniser } from './tokeniser.js';

const [one, two, three] = ['key-1', 'key-2', 'key-3'].map((id, i) => ({ id, key: Buffer.alloc(32, i + 1) })) as [{ id: string; key: Buffer }, { id: string; key: Buffer }, { id: string; key: Buffer }];
const rotations = new TokenRotations([{ from: 'key-1', ...two }, { from: 'key-2', ...three }]);
const before = new Tokeniser(one);
const after = new Tokeniser(one, [two]);
const last = new Tokeniser(one, [two, three]);
const tokensOf = (tokeniser: Tokeniser) => [
  tokeniser.certain('NINO', 'QQ123456'),
  tokeniser.dateOfBirth('1990-02-03')!,
  tokeniser.demographic({ surname: 'Okafor', firstName: 'Ada', dateOfBirth: '1990-02-03', postcode: 'SW1A 1AA' })!,
];

describe('rotated keys', () => {
  it('make of a token the code of the one before under the new key', () => {
    const { value } = before.certain('NINO', 'QQ123456');
    const message = Buffer.concat([Buffer.from([0, 0, 0, 16]), value]);
    expect(tokensOf(after)[0]).toEqual({ keyId: 'key-2', value: createHmac('sha256', two.key).update(message).digest().subarray(0, 16) });
  });

  it('give every identifier one token, whichever key its adapter goes by', () => {
    const { newest } = rotations.applied('key-1>key-2,key-2>key-3');
    for (const tokeniser of [before, after, last]) expect(tokensOf(tokeniser).map(newest)).toEqual(tokensOf(last));
    expect(newest({ keyId: 'elsewhere', value: Buffer.alloc(16) })).toEqual({ keyId: 'elsewhere', value: Buffer.alloc(16) });
  });

  it('leave alone what an index was built by, and refuse what it was not', () => {
    const { newest, ahead } = rotations.applied('key-1>key-2');
    expect(ahead).toEqual(['key-3']);
    for (const tokeniser of [before, after]) expect(tokensOf(tokeniser).map(newest)).toEqual(tokensOf(after));
    expect(() => newest(tokensOf(last)[0]!)).toThrow(TokenAheadOfIndex);
    expect(rotations.applied('').newest(tokensOf(before)[0]!)).toEqual(tokensOf(before)[0]);
  });

  it('cannot be taken away from an index that was built by them', () => {
    expect(rotations.names).toBe('key-1>key-2,key-2>key-3');
    expect(() => new TokenRotations([]).applied(rotations.names)).toThrow(RotationKeyMissing);
  });
});
