import { parseDay, parseInstant, parseMonth, parseZonedDay } from './source-dates.js';

describe('dates as sources write them', () => {
  it.each([
    ['2026-02-28', '2026-02-28'],
    ['2024-02-29', '2024-02-29'],
    ['2025-02-29', null],
    ['2026-04-31', null],
    ['1899-12-31', null],
    ['2100-01-01', null],
    ['2026-04-01Z', null],
    ['1/4/2026', null],
  ])('day %s', (text, day) => {
    expect(parseDay(text)).toBe(day);
  });

  it.each([
    ['2026-04-01Z', '2026-04-01'],
    ['2026-04-01+01:00', '2026-04-01'],
    ['2026-04-01', '2026-04-01'],
    ['2026-04-31Z', null],
  ])('xs:date %s', (text, day) => {
    expect(parseZonedDay(text)).toBe(day);
  });

  it.each([
    ['2026-12', '2026-12'],
    ['2026-13', null],
    ['2026-1', null],
    ['2026-12-01', null],
  ])('month %s', (text, month) => {
    expect(parseMonth(text)).toBe(month);
  });

  it.each([
    ['2026-04-01T10:00:00', '2026-04-01T10:00:00.000Z'],
    ['2026-04-01T10:00:00Z', '2026-04-01T10:00:00.000Z'],
    ['2026-04-01T10:00:00.5185338+01:00', '2026-04-01T09:00:00.518Z'],
    ['2026-04-01T10:00:00+0100', '2026-04-01T09:00:00.000Z'],
    ['2026-04-01T10:00', '2026-04-01T10:00:00.000Z'],
    ['2026-04-31T10:00:00Z', null],
    ['2026-04-01T25:00:00Z', null],
    ['2026-04-01', null],
  ])('instant %s', (text, instant) => {
    expect(parseInstant(text)?.toISOString() ?? null).toBe(instant);
  });
});
