import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** Something that may hold no identifier: a file, an answer, a page of metrics. */
export interface Place {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Kafka's look-up tables from offset or time to file position: sparse files of 10 MB each that hold nothing of a record. */
const POSITIONS_ONLY = /\.(index|timeindex)$/;

/**
 * Payloads that a partner put into its own inbox and that were taken from there lie in its `done` and `refused` folders,
 * under ids: the partner's own files on the partner's own disk. Their names and the reports beside them are looked at.
 */
const partnersOwnFile = (path: string): boolean => {
  const [, , kind, folder, file = ''] = path.split(sep);
  return kind === 'inbox' && (folder === 'done' || folder === 'refused') && !file.endsWith('.report.csv');
};

/** Every file under a platform's state folder, and as one more place the names of all of them. */
export async function filesUnder(stateDir: string): Promise<Place[]> {
  const places: Place[] = [];
  const names: string[] = [];
  for (const entry of await readdir(stateDir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(stateDir, path);
    names.push(name);
    if (!entry.isFile() || POSITIONS_ONLY.test(name) || partnersOwnFile(name)) continue;
    // A file that is gone by now was renamed or swept: it is seen under its new name, or is no more.
    const bytes = await stat(path).then(() => readFile(path)).catch(() => undefined);
    if (bytes !== undefined) places.push({ name, bytes });
  }
  return [...places, { name: 'names of files', bytes: Buffer.from(names.join('\n')) }];
}
