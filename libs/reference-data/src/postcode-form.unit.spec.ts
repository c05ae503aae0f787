import { describe, expect, it } from '@jest/globals';
import { isPseudoPostcode, normalPostcode } from './postcode-form.js';

describe('normalPostcode', () => {
  it.each([
    ['za1 1aa', 'ZA11AA'],
    ['Z1 1AA', 'Z11AA'],
    ['ZA99  9ZZ', 'ZA999ZZ'],
    ['Z1A1AA', 'Z1A1AA'],
    ['ZA1A 1AA', 'ZA1A1AA'],
    ['\u00a0ZA1\u00a01AA', 'ZA11AA'],
    ['ZZ99 9ZZ', 'ZZ999ZZ'],
  ])('%j is %s', (written, normal) => {
    expect(normalPostcode(written)).toBe(normal);
  });

  it.each(['ZA1', 'ZA1 1A', 'ZAB1 1AA', 'ZA123 1AA', '1ZA 1AA', 'ZA1-1AA', 'ZA1 1AA1', '', ...[...'CIKMOV'].flatMap((letter) => [`ZA1 1${letter}A`, `ZA1 1A${letter}`])])(
    '%j is none',
    (written) => {
      expect(normalPostcode(written)).toBeNull();
    },
  );

  it('tells the codes that stand for no place', () => {
    expect(isPseudoPostcode('ZZ999ZZ')).toBe(true);
    expect(isPseudoPostcode('ZZ993VZ')).toBe(true);
    expect(isPseudoPostcode('ZA999ZZ')).toBe(false);
  });
});
