/** ISO calendar date, `YYYY-MM-DD`: as text they compare as dates do. */
export type Day = string;

const MILLISECONDS = 86_400_000;

export const plusDays = (day: Day, days: number): Day =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * MILLISECONDS).toISOString().slice(0, 10);

export const daysBetween = (from: Day, to: Day): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / MILLISECONDS);

/** Last day of the month `months` after that of `day`. */
export function monthEnd(day: Day, months: number): Day {
  const date = new Date(`${day}T00:00:00Z`);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0)).toISOString().slice(0, 10);
}

export const earliest = (...days: readonly (Day | null)[]): Day => {
  const known = days.filter((day) => day !== null).sort();
  const [first] = known;
  if (first === undefined) throw new RangeError('no day given');
  return first;
};

/** The same day of the month `months` later, or that month's last day where it has none. */
export function plusMonths(day: Day, months: number): Day {
  const end = monthEnd(day, months);
  return end.slice(8) < day.slice(8) ? end : `${end.slice(0, 8)}${day.slice(8)}`;
}
