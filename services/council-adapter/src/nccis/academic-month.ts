const YEAR = /^(\d{4})[/-](\d{4}|\d{2})$/;
const MONTH = /^(0?[1-9]|1[0-2])$/;
/** Academic years begin in September. */
const FIRST_MONTH = 9;

/** A calendar month, by its first and last day, YYYY-MM-DD. */
export interface CalendarMonth {
  readonly firstDay: string;
  readonly lastDay: string;
}

/** First year of an academic year written 2025/2026, 2025/26 or with a hyphen; null: it is none. */
export function parseAcademicYear(text: string): number | null {
  const [, first = '', second = ''] = YEAR.exec(text) ?? [];
  const year = Number(first);
  return first !== '' && year >= 1900 && year < 2099 && String(year + 1).endsWith(second) ? year : null;
}

/** A month of the calendar, 1 to 12; null: it is none. */
export const parseMonthNumber = (text: string): number | null => (MONTH.test(text) ? Number(text) : null);

/** The calendar month of an academic year: September to December are of its first year. */
export function monthOf(academicYear: number, month: number): CalendarMonth {
  const year = month >= FIRST_MONTH ? academicYear : academicYear + 1;
  const iso = (day: Date): string => day.toISOString().slice(0, 10);
  return { firstDay: iso(new Date(Date.UTC(year, month - 1, 1))), lastDay: iso(new Date(Date.UTC(year, month, 0))) };
}
