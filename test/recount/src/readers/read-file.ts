import { join } from 'node:path';

import { requiredInstant } from '../days.js';
import type { SentFile } from '../manifest.js';
import type { Places } from '../places.js';
import type { Clock, Reading } from '../told.js';
import { readBars } from './bars.js';
import { readDwpCitizen } from './dwp-citizen.js';
import { readHmrcRti } from './hmrc-rti.js';
import { readIlr } from './ilr.js';
import { readNccis } from './nccis.js';
import type { NccisColumns } from './nccis.js';
import { readNhsCsv } from './nhs-csv.js';
import { readRtof } from './rtof.js';

type Reader = (path: string, sent: SentFile, places: Places, columns: NccisColumns) => Reading;

/** The clock of a file that carries none of its own. */
const asOfClock = (sent: SentFile): Clock => ({ instant: requiredInstant(sent.asOf), sequence: 0 });

const READERS: Readonly<Record<string, Reader>> = {
  bars: readBars,
  'nhs-csv': (path, sent, places) => readNhsCsv(path, sent, asOfClock(sent), places),
  ilr: (path, _sent, places) => readIlr(path, places),
  'dwp-citizen': (path, sent, places) => readDwpCitizen(path, sent.mediaType, places),
  'hmrc-rti': (path, sent) => readHmrcRti(path, sent.mediaType),
  nccis: (path, sent, places, columns) => readNccis(path, asOfClock(sent), places, columns),
  rtof: (path, sent, places) => readRtof(path, sent, asOfClock(sent), places),
};

/** Reads a file as its feed's section of the mapping says. */
export function readFile(directory: string, sent: SentFile, places: Places, columns: NccisColumns): Reading {
  const reader = READERS[sent.feed];
  if (reader === undefined) throw new RangeError(`no reader for the feed ${sent.feed}`);
  return reader(join(directory, sent.file), sent, places, columns);
}
