import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DATA_FOLDER } from './data-file.js';
import { ReferenceDataError } from './reference-data-error.js';

// A year, a month or a day: as exact as the source says.
const when = z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?$/).nullable();
const programme = z.strictObject({
  id: z.string().regex(/^[a-z][a-z-]*$/),
  name: z.string().min(1),
  funder: z.string().min(1).nullable(),
  starts: when,
  /** Last day on which people could be referred. */
  referralsEnd: when,
  ends: when,
  source: z.string().min(1),
  verified: z.boolean(),
});

/** A programme of support that facts may name. Null: not known. */
export type Programme = Readonly<z.infer<typeof programme>>;

/**
 * Programmes by id, in the order of the file.
 * @param folder holds programmes.json; without it the package's own.
 * @throws ReferenceDataError
 */
export function loadProgrammes(folder: string = DATA_FOLDER): ReadonlyMap<string, Programme> {
  const file = 'programmes.json';
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  } catch {
    throw new ReferenceDataError('UNREADABLE', file, 'Put a readable JSON file there.');
  }
  const result = z.array(programme).safeParse(json);
  if (!result.success) {
    const places = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new ReferenceDataError('BAD_VALUE', file, `Mend ${places.join('; ')}.`);
  }
  const programmes = new Map(result.data.map((row) => [row.id, row]));
  if (programmes.size !== result.data.length) throw new ReferenceDataError('DUPLICATE', file, 'Give each programme one entry.');
  return programmes;
}
