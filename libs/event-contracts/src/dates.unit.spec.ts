import fc from 'fast-check';
import { epochDayToIsoDate, isoDateToEpochDay } from './dates.js';
import { codeOf } from './testing/code-of.js';

describe('dates', () => {
  it.each([
    ['1970-01-01', 0],
    ['1969-12-31', -1],
    ['2000-02-29', 11016],
    ['2026-03-01', 20513],
    ['0000-01-01', -719528],
    ['9999-12-31', 2932896],
  ])('%s is day %d', (text, day) => {
    expect(isoDateToEpochDay(text)).toBe(day);
    expect(epochDayToIsoDate(day)).toBe(text);
  });

  it('go to days and back, each day one later', () => {
    fc.assert(fc.property(fc.integer({ min: -719528, max: 2932896 }), (day) => isoDateToEpochDay(epochDayToIsoDate(day)) === day));
  });

  it.each(['2023-02-29', '1900-02-29', '2024-04-31', '2024-13-01', '2024-00-10', '2024-01-00', '2024-1-1', '20240101', '2024-01-01T00:00', ' 2024-01-01', '2024-01-01\n', ''])(
    'refuse %j without repeating it',
    (text) => {
      expect(codeOf(() => isoDateToEpochDay(text))).toBe('INVALID_DATE');
      if (text !== '') expect(() => isoDateToEpochDay(text)).not.toThrow(text);
    },
  );

  it.each([0.5, NaN, Infinity, 2932897, -719529, 1e12])('refuse day %d', (day) => {
    expect(codeOf(() => epochDayToIsoDate(day))).toBe('INVALID_DATE');
  });
});
