// Days and months as integers, proleptic Gregorian, no time zone and no Date object: this runs for every fact.

/** Whole days since 1970-01-01. */
export type EpochDay = number;

/** Months since January of year 0: year × 12 + (month − 1). */
export type MonthNumber = number;

/** How exact a date is. */
export const PRECISIONS = ['DAY', 'MONTH', 'YEAR'] as const;
export type Precision = (typeof PRECISIONS)[number];

const DAYS_IN_ERA = 146_097; // 400 years
const ERA_OFFSET = 719_468; // days from 0000-03-01 to 1970-01-01

/** The month a day lies in. */
export const monthOf = (day: EpochDay): MonthNumber => {
  const shifted = day + ERA_OFFSET;
  const era = Math.floor(shifted / DAYS_IN_ERA);
  const dayOfEra = shifted - era * DAYS_IN_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  return (era * 400 + yearOfEra) * 12 + marchMonth + 2;
};

/** First day of a month. */
export const firstDayOfMonth = (month: MonthNumber): EpochDay => {
  const sinceMarch = month - 2;
  const year = Math.floor(sinceMarch / 12);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (sinceMarch - year * 12) + 2) / 5);
  return era * DAYS_IN_ERA + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - ERA_OFFSET;
};

/** First day of the interval a date stands for. */
export const firstDay = (day: EpochDay, precision: Precision): EpochDay => {
  if (precision === 'DAY') return day;
  const month = monthOf(day);
  return firstDayOfMonth(precision === 'MONTH' ? month : month - (month % 12));
};

/** Last day of the interval that begins on `first`. */
export const lastDay = (first: EpochDay, precision: Precision): EpochDay => {
  if (precision === 'DAY') return first;
  return firstDayOfMonth(monthOf(first) + (precision === 'MONTH' ? 1 : 12)) - 1;
};

/** The same day of the month so many months later; the month's last day where it has no such day. */
export const addMonths = (day: EpochDay, months: number): EpochDay => {
  const month = monthOf(day);
  const first = firstDayOfMonth(month + months);
  const lastOfMonth = firstDayOfMonth(month + months + 1) - 1;
  return Math.min(first + day - firstDayOfMonth(month), lastOfMonth);
};

const labels: string[] = [];

/** A month as `YYYY-MM`. */
export const monthLabel = (month: MonthNumber): string =>
  (labels[month] ??= `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`);
