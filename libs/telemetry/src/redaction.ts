/** Stands for what was taken out. */
export const REDACTED = '[redacted]';

/** Fields that hold a person's data wherever they stand, compared without case, `_` and `-`. */
const PERSONAL_FIELDS = new Set(
  [
    'firstName',
    'lastName',
    'givenName',
    'givenNames',
    'familyName',
    'surname',
    'forename',
    'dateOfBirth',
    'birthDate',
    'dob',
    'postcode',
    'postalCode',
    'address',
    'email',
    'telephone',
    'phone',
    'nhsNumber',
    'nino',
    'niNumber',
    'nationalInsuranceNumber',
    'uln',
    'learnRefNumber',
    'reference',
    'fileName',
    'token',
    'tokens',
    'identifiers',
    'payload',
    'password',
    'authorization',
  ].map((field) => field.toLowerCase()),
);

const IDENTIFIER_TEXT = [
  // NHS number or ULN: ten digits, together or as 3-3-4.
  /(?<![\w.])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\w.])/g,
  // National Insurance number.
  /(?<!\w)[A-Z]{2}[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D]?(?!\w)/gi,
  // Postcode.
  /(?<!\w)[A-Z]{1,2}(?:\d{1,2}|\d[A-Z]) ?\d[ABD-HJLNP-UW-Z]{2}(?!\w)/gi,
] as const;

const MAX_DEPTH = 4;
const MAX_TEXT = 2000;

/** A copy of what is to be logged, without what could tell who a person is. Numbers and booleans stay: they are counts. */
export function withoutIdentifiers(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') {
    let text = value.slice(0, MAX_TEXT);
    for (const pattern of IDENTIFIER_TEXT) text = text.replace(pattern, REDACTED);
    return text;
  }
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return typeof value === 'function' || typeof value === 'symbol' ? REDACTED : value;
  if (value instanceof Error) return errorFields(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  // Bytes are ids or records; ids are logged as the text the caller makes of them.
  if (ArrayBuffer.isView(value) || depth === MAX_DEPTH) return REDACTED;
  if (Array.isArray(value)) return value.map((item) => withoutIdentifiers(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([field, item]) => [
      field,
      PERSONAL_FIELDS.has(field.replace(/[_-]/g, '').toLowerCase()) ? REDACTED : withoutIdentifiers(item, depth + 1),
    ]),
  );
}

function errorFields(error: Error, depth: number): unknown {
  const { code, place, remedy, cause } = error as { code?: unknown; place?: unknown; remedy?: unknown; cause?: unknown };
  const ours = typeof remedy === 'string';
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code: withoutIdentifiers(code) } : {}),
    ...(ours ? { message: withoutIdentifiers(error.message), remedy: withoutIdentifiers(remedy) } : {}),
    ...(ours && typeof place === 'string' ? { place: withoutIdentifiers(place) } : {}),
    stack: frames.map((frame) => frame.trim()).join('\n'),
    ...(cause instanceof Error && depth < MAX_DEPTH ? { cause: errorFields(cause, depth + 1) } : {}),
  };
}
