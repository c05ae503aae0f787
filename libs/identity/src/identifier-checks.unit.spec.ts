import { describe, expect, it } from '@jest/globals';
import { checkNhsNumber, checkNino, checkUln } from './identifier-checks.js';

describe('identifier checks', () => {
  it.each(['8429141456', '2625792787', '9476719931', '9912003888', '842 914 1456'])('NHS number %s passes', (text) => {
    expect(checkNhsNumber(text)).toBe('PASSED');
  });

  // The fifth would need a check digit of ten; the last satisfies modulus 11 and is filler all the same.
  it.each(['8429141457', '3478526985', '842914145', 'none', '4000000080', '1111111111'])('NHS number %s fails', (text) => {
    expect(checkNhsNumber(text)).toBe('FAILED');
  });

  it('finds exactly one check digit for most NHS numbers, and none where it would be ten', () => {
    for (let stem = 400_000_000; stem < 400_001_000; stem += 1) {
      const sum = [...String(stem)].reduce((total, digit, index) => total + Number(digit) * (10 - index), 0);
      const passing = Array.from({ length: 10 }, (_, last) => checkNhsNumber(`${stem}${last}`)).filter((check) => check === 'PASSED');
      expect(passing).toHaveLength(sum % 11 === 1 ? 0 : 1);
    }
  });

  it.each(['1061484016', '1004014316', '9999999999'])('ULN %s passes', (text) => {
    expect(checkUln(text)).toBe('PASSED');
  });

  // The second has remainder 0, for which no digit is right.
  it.each(['1061484935', '0000000000', '106148401', ''])('ULN %s fails', (text) => {
    expect(checkUln(text)).toBe('FAILED');
  });

  it.each(['AB123456C', 'ab 12 34 56', 'JG103759A', 'AB123456'])('NINO %s passes', (text) => {
    expect(checkNino(text)).toBe('PASSED');
  });

  it.each(['QQ123456C', 'AO123456C', 'FA123456C', 'BG123456A', 'ZZ123456A', 'TN123456', 'AB123456E', 'AB12345'])('NINO %s fails', (text) => {
    expect(checkNino(text)).toBe('FAILED');
  });
});
