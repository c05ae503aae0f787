const DAY = /^(?:19|20)\d{2}-\d{2}-\d{2}$/;
const ZONED_DAY = /^((?:19|20)\d{2}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?$/;
const MONTH = /^(?:19|20)\d{2}-(?:0[1-9]|1[0-2])$/;
const INSTANT = /^((?:19|20)\d{2}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;

const exists = (day: string): boolean => {
  const instant = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(day);
};

/** A real day of the years 1900 to 2099 written YYYY-MM-DD; null: it is none. */
export const parseDay = (text: string): string | null => (DAY.test(text) && exists(text) ? text : null);

/** The day of an xs:date, which may carry a zone that is ignored; YYYY-MM-DD or null. */
export const parseZonedDay = (text: string): string | null => {
  const day = ZONED_DAY.exec(text)?.[1];
  return day !== undefined && exists(day) ? day : null;
};

/** A month of the years 1900 to 2099 written YYYY-MM; null: it is none. */
export const parseMonth = (text: string): string | null => (MONTH.test(text) ? text : null);

/** An ISO 8601 date-time; without a zone it is UTC, so that a payload has the same clock everywhere. Null: it is none. */
export const parseInstant = (text: string): Date | null => {
  const match = INSTANT.exec(text);
  if (match?.[1] === undefined || !exists(match[1])) return null;
  const written = text.replace(',', '.');
  const instant = new Date(match[2] === undefined ? `${written}Z` : written.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(instant.getTime()) ? null : instant;
};
