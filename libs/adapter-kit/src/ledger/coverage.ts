import { isoDateToEpochDay } from '@throughline/event-contracts';
import type { Absence } from '../adapter-declaration.js';

/** Days from the first to the last, both included, since 1970-01-01. */
export interface DayInterval {
  readonly first: number;
  readonly last: number;
}

/** What of its scope a snapshot speaks for: facts of these days and families (null: all), and of these parts. */
export interface Coverage {
  readonly days: DayInterval | null;
  readonly families: readonly string[] | null;
  /** Keyed hashes, hex. */
  readonly parts: readonly string[];
}

/** Where a fact stands among those that a snapshot may cover. */
export interface Coverable {
  readonly days: DayInterval;
  /** As {@link familyText} writes it. */
  readonly family: string | null;
}

const PART = '/';

/**
 * Family and part of a fact as the ledger keeps them, in one text; null: neither.
 * @param part a keyed hash of the part, never the source's own word.
 */
export const familyText = (family: string | undefined, part: Buffer | undefined): string | null => {
  if (family?.includes(PART) === true) throw new Error(`a family has no ${PART} in its name`);
  if (part === undefined) return family ?? null;
  return `${family ?? ''}${PART}${part.toString('hex')}`;
};

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

/**
 * Null where absence says nothing.
 * @param hashPart the keyed hash under which the ledger knows a part.
 */
export const coverageOf = (absence: Absence, hashPart: (part: string) => Buffer): Coverage | null => {
  if (!absence.speaks) return null;
  const { within, families, parts = [] } = absence;
  return {
    days: within === undefined ? null : { first: daysOf(within.from).first, last: daysOf(within.to).last },
    families: families === undefined ? null : [...families].sort(),
    parts: parts.map((part) => hashPart(part).toString('hex')).sort(),
  };
};

/** Whether a fact would stand in a snapshot of this coverage. */
export const covers = ({ days, families, parts }: Coverage, fact: Coverable): boolean => {
  const [family, part] = fact.family?.split(PART) ?? [];
  const asked = days === null || (days.first <= fact.days.first && fact.days.last <= days.last);
  const meant = families === null || (family !== undefined && family !== '' && families.includes(family));
  return (asked && meant) || (part !== undefined && parts.includes(part));
};

/** Whether nothing of the scope is left out. */
export const coversAll = ({ days, families }: Coverage): boolean => days === null && families === null;

export const coverageToText = ({ days, families, parts }: Coverage): string => JSON.stringify([days, families, parts]);

export const coverageFromText = (text: string): Coverage => {
  const [days, families, parts = []] = JSON.parse(text) as [DayInterval | null, readonly string[] | null, (readonly string[])?];
  return { days, families, parts };
};
