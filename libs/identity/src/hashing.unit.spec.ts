import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KeyedHash } from './keyed-hash.js';
import type { HashPart } from './keyed-hash.js';
import { participantOf } from './participant.js';
import { ReferenceHasher, WITHDRAWN_CONTENT_HASH } from './reference-hasher.js';
import { Tokeniser } from './tokeniser.js';

const KEY = Buffer.alloc(32, 7);
const OTHER_KEY = Buffer.alloc(32, 8);

const lengthPrefixed = (part: HashPart): Buffer => {
  if (part === null) return Buffer.from('ffffffff', 'hex');
  let bytes: Buffer;
  if (typeof part === 'number') {
    bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(BigInt(part));
  } else {
    bytes = Buffer.from(part as string);
  }
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

const parts = fc.array(
  fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ minLength: 3000, maxLength: 5000 }),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.maxSafeInteger(),
    fc.constant(null),
  ),
);

describe('KeyedHash', () => {
  it('is HMAC-SHA-256 over length-prefixed parts, whatever was hashed before', () => {
    const hash = new KeyedHash(KEY);
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 32 }), (message, bytes) => {
        const expected = createHmac('sha256', KEY).update(Buffer.concat(message.map(lengthPrefixed))).digest().subarray(0, bytes);
        expect(hash.hash(bytes, message)).toEqual(expected);
      }),
    );
  });

  it('is the same under a key of any length up to a block, and takes none that is longer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), parts, (key, message) => {
        expect(new KeyedHash(key).hash(32, message)).toEqual(createHmac('sha256', key).update(Buffer.concat(message.map(lengthPrefixed))).digest());
      }),
    );
    expect(() => new KeyedHash(Buffer.alloc(65))).toThrow(RangeError);
  });

  it('keeps lists of parts apart', () => {
    const hash = new KeyedHash(KEY);
    const lists: HashPart[][] = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', ''], ['abc', null], ['', 'abc'], [null, 'abc'], []];
    expect(new Set(lists.map((list) => hash.hash(16, list).toString('hex'))).size).toBe(lists.length);
  });

  it('refuses numbers that would be rounded', () => {
    expect(() => new KeyedHash(KEY).hash(16, [0.5])).toThrow(RangeError);
    expect(() => new KeyedHash(KEY).hash(16, [2 ** 53])).toThrow(RangeError);
  });

  it('gives results that later calls leave alone', () => {
    const hash = new KeyedHash(KEY);
    const first = hash.hash(16, ['first']);
    const copy = Buffer.from(first);
    hash.hash(16, ['second']);
    expect(first).toEqual(copy);
  });
});

describe('ReferenceHasher', () => {
  const hasher = new ReferenceHasher('riverside-college', KEY);
  const subject = hasher.subject('ilr', '10000000|L1');
  const content = hasher.contentHash('JobStarted', Buffer.from([1, 2, 3]), { date: 20_000, precision: 'DAY' }, 'restart');

  it('gives ids of the sizes the contract fixes', () => {
    expect(subject).toHaveLength(16);
    expect(hasher.factId('ilr', '10000000|2526', subject, 'JobStarted', '2025-09-01')).toHaveLength(16);
    expect(content).toHaveLength(8);
    expect(hasher.eventId(subject, { instant: 1, sequence: 0 }, content, 'STATED')).toHaveLength(16);
    expect(hasher.submissionId('ilr', Buffer.alloc(32), {})).toHaveLength(16);
    expect(hasher.keyed('employer', '1')).toHaveLength(16);
    expect(WITHDRAWN_CONTENT_HASH).toEqual(Buffer.alloc(8));
  });

  // Pinned: a change here would make every fact a new one.
  it('gives the same ids for ever', () => {
    const factId = hasher.factId('ilr', '10000000|2526', subject, 'JobStarted', '2025-09-01');
    const sha256 = Buffer.alloc(32, 1);
    const hex = (id: Buffer): string => id.toString('hex');
    expect(hex(subject)).toBe('8b1d2741b1767b45df704883f3c2732f');
    expect(hex(factId)).toBe('91a8cf22c25f043eb17b4c7a800ef200');
    expect(hex(content)).toBe('b380ede4d59d769a');
    expect(hex(hasher.eventId(factId, { instant: 1_760_000_000_000, sequence: 2 }, content, 'STATED'))).toBe('c0aa9d6a1c943fa83e84fc8feeb2df02');
    expect(hex(hasher.submissionId('ilr', sha256, { asOf: '2026-01-01T00:00:00Z' }))).toBe('3b5fd9f786e875382e78c27b68735883');
    expect(hex(hasher.keyed('employer', '123/AB456', '9'))).toBe('62958fb621e849d9eabeb24e70bc51a1');
  });

  it('changes with every part of a fact', () => {
    const facts = [
      hasher.factId('ilr', 's', subject, 'JobStarted', 'a', 'b'),
      hasher.factId('bars', 's', subject, 'JobStarted', 'a', 'b'),
      hasher.factId('ilr', 't', subject, 'JobStarted', 'a', 'b'),
      hasher.factId('ilr', 's', content, 'JobStarted', 'a', 'b'),
      hasher.factId('ilr', 's', subject, 'JobEnded', 'a', 'b'),
      hasher.factId('ilr', 's', subject, 'JobStarted', 'a', 'c'),
      hasher.factId('ilr', 's', subject, 'JobStarted', 'ab'),
      new ReferenceHasher('hillside-college', KEY).factId('ilr', 's', subject, 'JobStarted', 'a', 'b'),
      new ReferenceHasher('riverside-college', OTHER_KEY).factId('ilr', 's', subject, 'JobStarted', 'a', 'b'),
    ];
    expect(new Set(facts.map((id) => id.toString('hex'))).size).toBe(facts.length);
  });

  it('changes with everything a fact says', () => {
    const body = Buffer.from([1]);
    const contents = [
      hasher.contentHash('JobStarted', body, { date: 1, precision: 'DAY' }, 'restart'),
      hasher.contentHash('JobEnded', body, { date: 1, precision: 'DAY' }, 'restart'),
      hasher.contentHash('JobStarted', Buffer.from([2]), { date: 1, precision: 'DAY' }, 'restart'),
      hasher.contentHash('JobStarted', body, { date: 2, precision: 'DAY' }, 'restart'),
      hasher.contentHash('JobStarted', body, { date: 1, precision: 'MONTH' }, 'restart'),
      hasher.contentHash('JobStarted', body, null, 'restart'),
      hasher.contentHash('JobStarted', body, { date: 1, precision: 'DAY' }, ''),
      hasher.contentHash('JobStarted', body, { date: 1, precision: 'DAY' }, null),
    ];
    expect(new Set(contents.map((id) => id.toString('hex'))).size).toBe(contents.length);
    const words = [
      hasher.eventId(subject, { instant: 1, sequence: 0 }, content, 'STATED'),
      hasher.eventId(subject, { instant: 2, sequence: 0 }, content, 'STATED'),
      hasher.eventId(subject, { instant: 1, sequence: 1 }, content, 'STATED'),
      hasher.eventId(subject, { instant: 1, sequence: 0 }, WITHDRAWN_CONTENT_HASH, 'STATED'),
      hasher.eventId(subject, { instant: 1, sequence: 0 }, content, 'WITHDRAWN'),
    ];
    expect(new Set(words.map((id) => id.toString('hex'))).size).toBe(words.length);
  });

  it('takes the parameters of a submission in any order', () => {
    const sha = Buffer.alloc(32);
    const id = hasher.submissionId('rtof', sha, { asOf: 'a', programme: 'restart' });
    expect(hasher.submissionId('rtof', sha, { programme: 'restart', asOf: 'a' })).toEqual(id);
    expect(hasher.submissionId('rtof', sha, { asOf: 'restart', programme: 'a' })).not.toEqual(id);
    expect(hasher.submissionId('rtof', sha, { asOf: 'a' })).not.toEqual(id);
  });
});

describe('Tokeniser', () => {
  const tokeniser = new Tokeniser({ id: 'domain-1', key: KEY });
  const person = { surname: "O'Brien", firstName: 'Zoë Jane', dateOfBirth: '1990-05-01', postcode: 'ZA1 1AA' };

  it('is equal over spellings of one person and carries its key id', () => {
    const token = tokeniser.demographic(person);
    expect(token?.keyId).toBe('domain-1');
    expect(token?.value).toHaveLength(16);
    expect(tokeniser.demographic({ surname: 'OBRIEN', firstName: 'zoe', dateOfBirth: '1990-05-01', postcode: 'za11aa' })).toEqual(token);
  });

  it('keeps kinds, people and keys apart', () => {
    const tokens = [
      tokeniser.certain('NHS_NUMBER', '8429141456'),
      tokeniser.certain('ULN', '8429141456'),
      tokeniser.certain('ULN', '8429141457'),
      new Tokeniser({ id: 'domain-1', key: OTHER_KEY }).certain('ULN', '8429141457'),
      tokeniser.dateOfBirth('1990-05-01'),
      tokeniser.demographic(person),
      tokeniser.demographic({ ...person, surname: 'Bryan' }),
      tokeniser.demographic({ ...person, firstName: 'Ann' }),
      tokeniser.demographic({ ...person, dateOfBirth: '1990-05-02' }),
      tokeniser.demographic({ ...person, postcode: 'ZA1 1AB' }),
      // Parts are hashed apart: a letter that moves from one name to the other makes another person.
      tokeniser.demographic({ ...person, surname: 'OBrienZ', firstName: 'oe' }),
    ];
    expect(new Set(tokens.map((token) => token?.value.toString('hex'))).size).toBe(tokens.length);
  });

  it.each([{ surname: '?' }, { firstName: '' }, { dateOfBirth: '1990' }, { postcode: 'ZZ99 9ZZ' }])('makes no token without %j', (lack) => {
    expect(tokeniser.demographic({ ...person, ...lack })).toBeNull();
  });
});

describe('participantOf', () => {
  it('depends on the key and the subject, and differs from the subject', () => {
    const subject = Buffer.alloc(16, 1);
    const participant = participantOf(KEY, subject);
    expect(participant).toHaveLength(16);
    expect(participantOf(Buffer.from(KEY), subject)).toEqual(participant);
    expect(participantOf(OTHER_KEY, subject)).not.toEqual(participant);
    expect(participantOf(KEY, Buffer.alloc(16, 2))).not.toEqual(participant);
    expect(participant).not.toEqual(subject);
  });
});
