import { EventContractError } from './errors.js';

/** Whole days since 1970-01-01, no time zone. */
export type EpochDay = number;

/** UTC milliseconds since 1970-01-01. */
export type EpochMillis = number;

const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAYS_BEFORE_EPOCH = 719_468;
const DAYS_IN_400_YEARS = 146_097;

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/**
 * The day of a date written `YYYY-MM-DD`, in the proleptic Gregorian calendar.
 * @throws EventContractError `INVALID_DATE` for any other form and for days that do not exist. The text is not repeated.
 */
export function isoDateToEpochDay(text: string): EpochDay {
  const match = ISO_DATE.exec(text);
  const year = Number(match?.[1]);
  const month = Number(match?.[2]);
  const day = Number(match?.[3]);
  const lastDay = month === 2 && isLeap(year) ? 29 : DAYS_IN_MONTH[month - 1];
  if (match === null || lastDay === undefined || day < 1 || day > lastDay) {
    throw new EventContractError('INVALID_DATE', 'date', 'Write a day that exists as YYYY-MM-DD.');
  }
  // Years counted from March, so that the leap day is the last: 306 days from 1 March to 31 December.
  const marchYear = month > 2 ? year : year - 1;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_IN_400_YEARS + dayOfEra - DAYS_BEFORE_EPOCH;
}

/**
 * A day as `YYYY-MM-DD`.
 * @throws EventContractError `INVALID_DATE` for a number that is not whole or lies outside the years 0 to 9999.
 */
export function epochDayToIsoDate(epochDay: EpochDay): string {
  const text = Number.isInteger(epochDay) ? isoOf(epochDay) : undefined;
  if (text === undefined) {
    throw new EventContractError('INVALID_DATE', 'date', 'Give whole days since 1970-01-01 within the years 0 to 9999.');
  }
  return text;
}

function isoOf(epochDay: EpochDay): string | undefined {
  const instant = new Date(epochDay * 86_400_000);
  if (Number.isNaN(instant.getTime())) return undefined;
  const text = instant.toISOString();
  return text.length === 24 ? text.slice(0, 10) : undefined;
}
