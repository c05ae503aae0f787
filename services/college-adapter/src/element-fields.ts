import { parseZonedDay, textOf, unfit } from '@throughline/adapter-kit';
import type { XmlElement } from '@throughline/adapter-kit';
import { isCodeOf } from './ilr-codes.js';

// Values of one element's children. All end in `RecordUnfit` where a value is missing or bad; `place` is the element's path.

/** Trimmed text of a child; null where it is absent or empty. */
export function text(element: XmlElement, name: string): string | null {
  const value = textOf(element, name);
  return value === undefined || value === '' ? null : value;
}

export function required(element: XmlElement, place: string, name: string): string {
  return text(element, name) ?? unfit('missing-field', `${place}/${name}`, `a value in every ${element.name}`, 'Add it.');
}

/** ISO day. */
export function requiredDay(element: XmlElement, place: string, name: string): string {
  return day(required(element, place, name), `${place}/${name}`);
}

/** ISO day; null where it is not given. */
export function optionalDay(element: XmlElement, place: string, name: string): string | null {
  const value = text(element, name);
  return value === null ? null : day(value, `${place}/${name}`);
}

export function requiredCode<C extends string>(element: XmlElement, place: string, name: string, list: Readonly<Record<C, unknown>>): C {
  const value = required(element, place, name);
  if (isCodeOf(list, value)) return value;
  return unfit('bad-code', `${place}/${name}`, `one of ${Object.keys(list).join(', ')}`, 'Use a code of the list.');
}

/** Whole number of at most nine digits; null where it is not given. */
export function wholeNumber(element: XmlElement, place: string, name: string): number | null {
  const value = text(element, name);
  if (value === null) return null;
  if (!/^\d{1,9}$/.test(value)) unfit('bad-number', `${place}/${name}`, 'a whole number', 'Correct the number.');
  return Number(value);
}

function day(value: string, path: string): string {
  return parseZonedDay(value) ?? unfit('bad-date', path, 'a day that exists, as YYYY-MM-DD, from 1900 to 2099', 'Correct the date.');
}
