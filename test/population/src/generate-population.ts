import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import type { ManifestEntry } from './submission.js';
import { MANIFEST_FILE, writePopulation } from './write-population.js';
import type { PopulationOptions } from './write-population.js';

/** A file as it arrives at an adapter: `POST /submissions` with these parameters. */
export interface Submission extends ManifestEntry {
  /** Absolute or relative path, as the directory was given. */
  readonly path: string;
  /** Opens the payload anew at each call. */
  readonly payload: () => Readable;
}

/** The submissions of a folder that {@link writePopulation} wrote, in order of arrival. */
export function readSubmissions(directory: string): Submission[] {
  return readFileSync(join(directory, MANIFEST_FILE), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const entry = JSON.parse(line) as ManifestEntry;
      const path = join(directory, entry.file);
      return { ...entry, path, payload: () => createReadStream(path) };
    });
}

/** Writes a population and yields its submissions as they arrive. */
export async function* generatePopulation(options: PopulationOptions): AsyncGenerator<Submission> {
  await writePopulation(options);
  yield* readSubmissions(options.directory);
}
