import { parseDay, unfit } from '@throughline/adapter-kit';

/** An object of a partner's JSON document; what is not one has no fields. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const asObject = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

export const objectsOf = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.map(asObject) : []);

/** Trimmed text of a field; a number counts as its digits. Null where it is absent or empty. */
export const textOf = (object: JsonObject, name: string): string | null => {
  const value = object[name];
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  return text === '' ? null : text;
};

export const requiredText = (object: JsonObject, name: string, path: string): string =>
  textOf(object, name) ?? unfit('missing-field', path, 'a value', `Give ${path}.`);

/** A day where the field is given; `bad-date` where it is none. */
export const optionalDay = (object: JsonObject, name: string, path: string): string | null => {
  const text = textOf(object, name);
  if (text === null) return null;
  return parseDay(text) ?? unfit('bad-date', path, 'a date YYYY-MM-DD', `Correct ${path}.`);
};

export const requiredDay = (object: JsonObject, name: string, path: string): string =>
  optionalDay(object, name, path) ?? unfit('missing-field', path, 'a date YYYY-MM-DD', `Give ${path}.`);

/** A number where the field is given, also one written as text; `bad-number` where it is none. */
export const optionalNumber = (object: JsonObject, name: string, path: string, kind: 'whole' | 'any'): number | null => {
  const text = textOf(object, name);
  if (text === null) {
    const value = object[name];
    return value === undefined || value === null || value === '' ? null : unfit('bad-number', path, 'a number', `Correct ${path}.`);
  }
  const number = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(number) && (kind === 'any' || Number.isSafeInteger(number))) return number;
  return unfit('bad-number', path, kind === 'whole' ? 'a whole number' : 'a number', `Correct ${path}.`);
};
