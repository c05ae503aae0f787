import { describe, expect, it } from '@jest/globals';
import { identify } from './identify.js';
import { Tokeniser } from './tokeniser.js';

const tokeniser = new Tokeniser({ id: 'domain-1', key: Buffer.alloc(32, 7) });
const BAD_NHS = '8429141457';

describe('identify', () => {
  it('makes a token of each identifier held, in a fixed order', () => {
    const { identifiers, refused } = identify(
      tokeniser,
      {},
      {
        uln: '1061484016',
        nino: 'AB123456C',
        nhsNumber: '842 914 1456',
        surname: 'Núñez',
        firstName: 'Zoë',
        dateOfBirth: '1990-05-01',
        postcodes: ['ZA1 1AA', 'za1 1ab', 'ZA11AA', 'ZZ99 9ZZ'],
      },
    );
    expect(refused).toBeUndefined();
    expect(identifiers.map(({ kind, check, token }) => [kind, check, token !== null])).toEqual([
      ['NHS_NUMBER', 'PASSED', true],
      ['NINO', 'PASSED', true],
      ['ULN', 'PASSED', true],
      ['NAME_DOB_POSTCODE', 'NOT_CHECKABLE', true],
      ['NAME_DOB_POSTCODE', 'NOT_CHECKABLE', true],
      ['DATE_OF_BIRTH', 'NOT_CHECKABLE', true],
    ]);
    expect(identifiers[0]?.token).toEqual(tokeniser.certain('NHS_NUMBER', '8429141456'));
    expect(identifiers[1]?.token).toEqual(tokeniser.certain('NINO', 'AB123456'));
  });

  it('says the same whichever postcode comes first', () => {
    const person = { surname: 'Poe', firstName: 'Ann', dateOfBirth: '1990-05-01' };
    const postcodes = ['ZA1 1AA', 'ZA1 1AB', 'ZA1 1AD', 'ZA1 1AE'];
    expect(identify(tokeniser, {}, { ...person, postcodes: [...postcodes].reverse() })).toEqual(identify(tokeniser, {}, { ...person, postcodes }));
  });

  it('refuses, quarantines or flags what fails its check, as the policy says', () => {
    expect(identify(tokeniser, { NHS_NUMBER: 'refuse' }, { nhsNumber: BAD_NHS, nino: 'AB123456C' })).toEqual({
      identifiers: [],
      refused: { kind: 'NHS_NUMBER' },
    });
    expect(identify(tokeniser, { NHS_NUMBER: 'quarantine' }, { nhsNumber: BAD_NHS })).toEqual({
      identifiers: [{ kind: 'NHS_NUMBER', check: 'FAILED', token: null }],
    });
    expect(identify(tokeniser, { NHS_NUMBER: 'flag' }, { nhsNumber: BAD_NHS })).toEqual({
      identifiers: [{ kind: 'NHS_NUMBER', check: 'FAILED', token: tokeniser.certain('NHS_NUMBER', BAD_NHS) }],
    });
    expect(identify(tokeniser, {}, { nhsNumber: BAD_NHS }).identifiers[0]?.token).toBeNull();
  });

  it('makes no token of text that cannot be canonical, even when flagged', () => {
    expect(identify(tokeniser, { NINO: 'flag' }, { nino: 'unknown' })).toEqual({
      identifiers: [{ kind: 'NINO', check: 'FAILED', token: null }],
    });
    expect(identify(tokeniser, { NINO: 'refuse' }, { nino: 'unknown' }).refused).toEqual({ kind: 'NINO' });
  });

  it('makes no token of filler that thousands share', () => {
    expect(identify(tokeniser, { ULN: 'refuse' }, { uln: '9999999999' })).toEqual({ identifiers: [] });
    expect(identify(tokeniser, { NHS_NUMBER: 'flag' }, { nhsNumber: '1111111111' })).toEqual({
      identifiers: [{ kind: 'NHS_NUMBER', check: 'FAILED', token: null }],
    });
  });

  it('makes no token of a National Insurance number with the letter O for a 0, even when flagged', () => {
    expect(identify(tokeniser, { NINO: 'flag' }, { nino: 'AB1O3456C' })).toEqual({ identifiers: [{ kind: 'NINO', check: 'FAILED', token: null }] });
    expect(identify(tokeniser, { NINO: 'refuse' }, { nino: 'AB1O3456C' }).refused).toEqual({ kind: 'NINO' });
  });

  it('takes absent, null and blank alike: not held', () => {
    expect(identify(tokeniser, { NINO: 'refuse' }, { nhsNumber: null, nino: ' ', uln: '' })).toEqual({ identifiers: [] });
  });

  it('makes nothing of a year of birth', () => {
    expect(identify(tokeniser, {}, { surname: 'Poe', firstName: 'Ann', dateOfBirth: '1990', postcodes: ['ZA1 1AA'] })).toEqual({ identifiers: [] });
  });

  it('keeps a date of birth without a full name: it can still contradict', () => {
    expect(identify(tokeniser, {}, { surname: 'Poe', dateOfBirth: '1990-05-01', postcodes: ['ZA1 1AA'] }).identifiers).toEqual([
      { kind: 'DATE_OF_BIRTH', check: 'NOT_CHECKABLE', token: tokeniser.dateOfBirth('1990-05-01') },
    ]);
  });
});
