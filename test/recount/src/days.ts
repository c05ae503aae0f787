const MILLISECONDS = 86_400_000;

/** Thrown inside a reader when a record has to be refused. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** Days since 1970-01-01; NaN for what is no real date from 1900 to 2099. */
export function dayNumber(text: string): number {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return Number.NaN;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const number = Date.UTC(year, month - 1, day) / MILLISECONDS;
  return year >= 1900 && year <= 2099 && new Date(number * MILLISECONDS).toISOString().startsWith(text) ? number : Number.NaN;
}

export const dayText = (number: number): string => new Date(number * MILLISECONDS).toISOString().slice(0, 10);

/** First and last day of a date as exact as it is written. */
export function interval(text: string): { readonly start: number; readonly end: number } {
  if (text.length === 10) return { start: dayNumber(text), end: dayNumber(text) };
  if (text.length === 7) {
    const start = dayNumber(`${text}-01`);
    return { start, end: Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0) / MILLISECONDS };
  }
  return { start: dayNumber(`${text}-01-01`), end: dayNumber(`${text}-12-31`) };
}

/** The same day of a later month, or that month's last. */
export function monthsLater(day: number, months: number): number {
  const date = new Date(day * MILLISECONDS);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  return Math.min(Date.UTC(year, month, date.getUTCDate()), Date.UTC(year, month + 1, 0)) / MILLISECONDS;
}

/** Text without spaces around it, or a number's digits; null where nothing is left. */
export const given = (text: unknown): string | null => {
  const trimmed = typeof text === 'string' ? text.trim() : typeof text === 'number' ? String(text) : '';
  return trimmed === '' ? null : trimmed;
};

/** A required calendar date; `xs:date` may carry a zone. */
export function requiredDate(text: unknown): string {
  const value = given(text)?.replace(/(?:Z|[+-]\d{2}:\d{2})$/, '') ?? null;
  if (value === null || Number.isNaN(dayNumber(value))) throw new Refused();
  return value;
}

/** Text or number where one is given; a value of another kind is given and no good. */
export function scalar(value: unknown): string | null {
  if (value !== undefined && value !== null && typeof value !== 'string' && typeof value !== 'number') throw new Refused();
  return given(value);
}

export const optionalDate = (text: unknown): string | null => (scalar(text) === null ? null : requiredDate(text));

export function requiredMonth(text: unknown): string {
  const value = given(text);
  if (value === null || !/^\d{4}-\d{2}$/.test(value) || Number.isNaN(dayNumber(`${value}-01`))) throw new Refused();
  return value;
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/;

/** UTC milliseconds; an instant without a zone is UTC. Null for what is none. */
export function instantOf(text: unknown): number | null {
  const value = given(text);
  const match = value === null ? null : INSTANT.exec(value);
  if (value === null || match === null || Number.isNaN(dayNumber(match[1] ?? ''))) return null;
  const instant = Date.parse(match[3] === undefined ? `${value}Z` : value);
  return Number.isNaN(instant) ? null : instant;
}

export function requiredInstant(text: unknown): number {
  const instant = instantOf(text);
  if (instant === null) throw new Refused();
  return instant;
}
