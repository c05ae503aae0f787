import { isoDateToEpochDay } from '@throughline/event-contracts';
import type { Absence } from '../adapter-declaration.js';

/** Days from the first to the last, both included, since 1970-01-01. */
export interface DayInterval {
  readonly first: number;
  readonly last: number;
}

/** What of its scope a snapshot speaks for; null stands for all. */
export interface Coverage {
  readonly days: DayInterval | null;
  readonly families: readonly string[] | null;
}

const lastOfMonth = (year: number, month: number): number =>
  isoDateToEpochDay(month === 12 ? `${String(year + 1).padStart(4, '0')}-01-01` : `${String(year).padStart(4, '0')}-${String(month + 1).padStart(2, '0')}-01`) - 1;

/** How exact an ISO date is, by its length. */
export type DatePrecision = 'DAY' | 'MONTH' | 'YEAR';

/**
 * The days an ISO date of day, month or year precision stands for.
 * @throws EventContractError for any other text.
 */
export const daysOf = (iso: string): DayInterval & { readonly precision: DatePrecision } => {
  if (iso.length === 4) {
    return { first: isoDateToEpochDay(`${iso}-01-01`), last: isoDateToEpochDay(`${iso}-12-31`), precision: 'YEAR' };
  }
  if (iso.length === 7) {
    const first = isoDateToEpochDay(`${iso}-01`);
    return { first, last: lastOfMonth(Number(iso.slice(0, 4)), Number(iso.slice(5))), precision: 'MONTH' };
  }
  const day = isoDateToEpochDay(iso);
  return { first: day, last: day, precision: 'DAY' };
};

/** Null where absence says nothing. */
export const coverageOf = (absence: Absence): Coverage | null => {
  if (!absence.speaks) return null;
  const { within, families } = absence;
  return {
    days: within === undefined ? null : { first: daysOf(within.from).first, last: daysOf(within.to).last },
    families: families === undefined ? null : [...families].sort(),
  };
};

/** Whether a fact of these days and this family would stand in a snapshot of this coverage. */
export const covers = (coverage: Coverage, days: DayInterval, family: string | null): boolean =>
  (coverage.days === null || (coverage.days.first <= days.first && days.last <= coverage.days.last)) &&
  (coverage.families === null || (family !== null && coverage.families.includes(family)));

export const coverageToText = (coverage: Coverage): string => JSON.stringify([coverage.days, coverage.families]);

export const coverageFromText = (text: string): Coverage => {
  const [days, families] = JSON.parse(text) as [DayInterval | null, readonly string[] | null];
  return { days, families };
};
