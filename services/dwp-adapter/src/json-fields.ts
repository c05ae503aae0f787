import { parseDay, unfit } from '@throughline/adapter-kit';

/** An object of a partner's JSON document; what is not one has no fields. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const asObject = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

export const objectsOf = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.map(asObject) : []);

/** Amounts beyond it, a hundred times as many pence, no event could carry exactly. */
const GREATEST = 1e12;

/** Whether a field says anything: null and blank text do not. */
export const isGiven = (value: unknown): boolean => value !== undefined && value !== null && !(typeof value === 'string' && value.trim() === '');

/** Trimmed text of a field; a number counts as its digits. Null where it is absent, empty or no text. */
export const textOf = (object: JsonObject, name: string): string | null => {
  const value = object[name];
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  return text === '' ? null : text;
};

export const requiredText = (object: JsonObject, name: string, path: string): string =>
  textOf(object, name) ?? unfit('missing-field', path, 'a value', `Give ${path}.`);

/** A day where the field is given; `bad-date` where it is none. */
export const optionalDay = (object: JsonObject, name: string, path: string): string | null => {
  if (!isGiven(object[name])) return null;
  return parseDay(textOf(object, name) ?? '') ?? unfit('bad-date', path, 'a date YYYY-MM-DD', `Correct ${path}.`);
};

export const requiredDay = (object: JsonObject, name: string, path: string): string =>
  optionalDay(object, name, path) ?? unfit('missing-field', path, 'a date YYYY-MM-DD', `Give ${path}.`);

/** A code where the field is given; `bad-code` where it is not one of those that `fits` knows. */
export const optionalCode = (object: JsonObject, name: string, path: string, fits: (code: string) => boolean, expected: string): string | null => {
  if (!isGiven(object[name])) return null;
  const code = textOf(object, name);
  return code !== null && fits(code) ? code : unfit('bad-code', path, expected, 'Put the document into the envelope unchanged.');
};

/** A number where the field is given, as JSON writes numbers; `bad-number` where it is none. */
export const optionalNumber = (object: JsonObject, name: string, path: string, kind: 'whole' | 'any'): number | null => {
  const value = object[name];
  if (!isGiven(value)) return null;
  if (typeof value === 'number' && Math.abs(value) <= GREATEST && (kind === 'any' || Number.isInteger(value))) return value;
  return unfit('bad-number', path, kind === 'whole' ? 'a whole number' : 'a number', `Correct ${path}.`);
};
