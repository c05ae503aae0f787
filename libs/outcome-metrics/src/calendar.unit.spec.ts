import { epochDayToIsoDate, isoDateToEpochDay } from '@throughline/event-contracts';
import { firstDay, firstDayOfMonth, lastDay, monthLabel, monthOf } from './calendar.js';

describe('days and months', () => {
  it('agrees with the calendar on every day of four centuries', () => {
    const wrong: string[] = [];
    for (let day = isoDateToEpochDay('1799-12-30'); day <= isoDateToEpochDay('2201-01-02'); day += 1) {
      const date = epochDayToIsoDate(day);
      if (monthLabel(monthOf(day)) !== date.slice(0, 7)) wrong.push(date);
      if (firstDayOfMonth(monthOf(day)) !== isoDateToEpochDay(`${date.slice(0, 7)}-01`)) wrong.push(date);
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    ['2026-05-17', 'DAY', '2026-05-17', '2026-05-17'],
    ['2026-05-17', 'MONTH', '2026-05-01', '2026-05-31'],
    ['2024-02-01', 'MONTH', '2024-02-01', '2024-02-29'],
    ['2026-12-31', 'MONTH', '2026-12-01', '2026-12-31'],
    ['2026-05-17', 'YEAR', '2026-01-01', '2026-12-31'],
  ] as const)('%s of %s precision stands for %s to %s', (date, precision, from, to) => {
    const first = firstDay(isoDateToEpochDay(date), precision);
    expect(epochDayToIsoDate(first)).toBe(from);
    expect(epochDayToIsoDate(lastDay(first, precision))).toBe(to);
  });
});
