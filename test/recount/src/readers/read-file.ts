import { join } from 'node:path';

import { requiredInstant } from '../days.js';
import type { SentFile } from '../manifest.js';
import type { Places } from '../places.js';
import type { Reading } from '../told.js';
import { readIlr } from './ilr.js';

type Reader = (path: string, sent: SentFile, places: Places) => Reading;

const READERS: Readonly<Record<string, Reader>> = {
  ilr: (path, _sent, places) => readIlr(path, places),
};

/** Reads a file as its feed's section of the mapping says. */
export function readFile(directory: string, sent: SentFile, places: Places): Reading {
  const reader = READERS[sent.feed];
  if (reader === undefined) throw new RangeError(`no reader for the feed ${sent.feed}`);
  return reader(join(directory, sent.file), sent, places);
}

/** The clock of a file that carries none of its own. */
export const asOfClock = (sent: SentFile) => ({ instant: requiredInstant(sent.asOf), sequence: 0 });
