import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  canonicalDate,
  canonicalFirstName,
  canonicalName,
  canonicalNhsNumber,
  canonicalNino,
  canonicalPostcode,
  canonicalUln,
} from './canonical.js';

const SAMPLE = 2000;

describe('canonical forms', () => {
  it.each([
    ["O'Brien", 'OBRIEN'],
    ['O’Brien', 'OBRIEN'],
    ['Oʼbrien', 'OBRIEN'],
    ['o brien', 'OBRIEN'],
    ['Núñez-Żak', 'NUNEZZAK'],
    ['Nu\u0301n\u0303ez\u2011Z\u0307ak', 'NUNEZZAK'],
    ['de la Cruz', 'DELACRUZ'],
    ['Groß', 'GROSS'],
    ['Łukasz', 'ŁUKASZ'],
    ['ﬁtz', 'FITZ'],
    ['李', '李'],
  ])('name %s is %s', (written, canonical) => {
    expect(canonicalName(written)).toBe(canonical);
  });

  it.each(['', '  ', '-', '123', '\u0301'])('%j is no name', (written) => {
    expect(canonicalName(written)).toBeNull();
    expect(canonicalFirstName(written)).toBeNull();
  });

  it.each([
    ['Mary Ann', 'MARY'],
    ['Mary-Ann', 'MARYANN'],
    ['  zoë\u00a0jane ', 'ZOE'],
    ['- John', 'JOHN'],
  ])('first name of %j is %s', (written, canonical) => {
    expect(canonicalFirstName(written)).toBe(canonical);
  });

  it.each([
    ['842 914 1456', '8429141456'],
    ['842-914-1456', '8429141456'],
    ['８４２９１４１４５６', '8429141456'],
  ])('NHS number %s is %s', (written, canonical) => {
    expect(canonicalNhsNumber(written)).toBe(canonical);
    expect(canonicalUln(written)).toBe(canonical);
  });

  it.each(['842914145', '84291414567', '842914145X', ''])('%j is no NHS number', (written) => {
    expect(canonicalNhsNumber(written)).toBeNull();
  });

  it.each([
    ['ab 12 34 56 c', 'AB123456'],
    ['AB123456', 'AB123456'],
    ['AB123456 ', 'AB123456'],
    ['AB-12-34-56-D', 'AB123456'],
  ])('NINO %j is %s', (written, canonical) => {
    expect(canonicalNino(written)).toBe(canonical);
  });

  it.each(['AB12345', 'AB1234567', 'A1234567', 'AB123456CC', ''])('%j is no NINO', (written) => {
    expect(canonicalNino(written)).toBeNull();
  });

  it.each([
    ['za1 1aa', 'ZA11AA'],
    [' ZA1 1 AA', 'ZA11AA'],
    ['Z1A 1AA', 'Z1A1AA'],
  ])('postcode %j is %s', (written, canonical) => {
    expect(canonicalPostcode(written)).toBe(canonical);
  });

  it.each(['ZZ99 9ZZ', 'zz99 3vz', 'ZA1', 'ZA1 1CA', 'not known', ''])('%j is no postcode of a place', (written) => {
    expect(canonicalPostcode(written)).toBeNull();
  });

  it('takes full dates that exist and no others', () => {
    expect(canonicalDate(' 2000-02-29 ')).toBe('2000-02-29');
    for (const text of ['2001-02-29', '2000-13-01', '2000-02', '2000', '29/02/2000', '2000-2-9', '']) expect(canonicalDate(text)).toBeNull();
  });

  it('is a fixed point: what is canonical stays as it is', () => {
    const forms = [canonicalName, canonicalFirstName, canonicalNhsNumber, canonicalNino, canonicalUln, canonicalPostcode, canonicalDate];
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })), fc.constantFrom(...forms), (text, canonical) => {
        const once = canonical(text);
        if (once !== null) expect(canonical(once)).toBe(once);
      }),
      { numRuns: SAMPLE },
    );
  });
});
