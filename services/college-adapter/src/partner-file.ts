import { parseInstant, readRecord, readXml, SubmissionRefused, textOf } from '@throughline/adapter-kit';
import type { ReadContext, ReadItem, RecordFault, SectionHeader, XmlElement } from '@throughline/adapter-kit';
import { teachingYear } from '@throughline/reference-data';
import { readDestinations } from './destinations-element.js';
import type { DestinationDays } from './destinations-element.js';
import { LAST_YEAR_OF_DESTINATIONS } from './ilr-codes.js';
import { readLearner } from './learner-element.js';
import type { IlrRecord } from './learner.js';

/** A namespace per year, for example `ESFA/ILR/2025-26`. */
const NAMESPACE = /^ESFA\/ILR\/(\d{4})-(\d{2})$/;
const UKPRN = /^[1-9]\d{7}$/;
const SERIAL = /^\d{1,2}$/;
const DESTINATIONS_PATH = 'Message/LearnerDestinationandProgression';
const LEARN_REF_NUMBER = /^[A-Za-z0-9 ]{1,12}$/;

/** Teaching year and provider of a file, as its header says them. */
interface IlrFile {
  readonly ukprn: string;
  /** Last day of the teaching year, ISO. */
  readonly lastDay: string;
  /** Null: files of the year have no destinations. */
  readonly destinations: DestinationDays | null;
  readonly section: SectionHeader;
}

/**
 * Reads an ILR file of any year: the header first, then every learner and, up to 2023-24, what became of those who left. A
 * file is everything one provider holds of one year.
 * Throws {@link SubmissionRefused} for what is no ILR file (namespace, header, no record at all, broken XML).
 */
export async function* readIlr(payload: AsyncIterable<Uint8Array>, context: ReadContext): AsyncGenerator<ReadItem<IlrRecord>, void, void> {
  let header: XmlElement | null = null;
  let file: IlrFile | null = null;
  let ordinal = 0;
  // One provider a file: its learner references are enough, and a large file has many.
  const seen = { learners: new Set<string>(), destinations: new Set<string>() };
  for await (const element of readXml(payload, {
    paths: ['Message/Header', 'Message/LearningProvider', 'Message/Learner', DESTINATIONS_PATH],
    namespace: NAMESPACE,
    expectedNamespace: 'ESFA/ILR/<year>, for example ESFA/ILR/2025-26',
    limits: context.limits,
  })) {
    if (element.path === 'Message/Header') {
      header = element;
    } else if (element.path === 'Message/LearningProvider') {
      file = readHeader(header, element, context.latestClock);
      yield { kind: 'section', header: file.section };
    } else {
      if (file === null) throw wrongHeader('Message', 'Header and LearningProvider before the first Learner');
      const { ukprn, lastDay, destinations } = file;
      if (element.path !== DESTINATIONS_PATH) {
        ordinal += 1;
        yield toItem(element, ordinal, ukprn, seen.learners, () => readLearner(element, lastDay));
      } else if (destinations !== null) {
        ordinal += 1;
        yield toItem(element, ordinal, ukprn, seen.destinations, () => readDestinations(element, destinations));
      }
    }
  }
  if (file === null) throw wrongHeader('Message', 'Header and LearningProvider');
  if (ordinal === 0) {
    throw new SubmissionRefused('empty', 'Message', 'at least one Learner', 'Export the file again with all learners of the year.');
  }
}

/** @param seen references of the elements of this name so far. */
function toItem(element: XmlElement, ordinal: number, ukprn: string, seen: Set<string>, read: () => IlrRecord): ReadItem<IlrRecord> {
  const learnRefNumber = textOf(element, 'LearnRefNumber') ?? '';
  if (!LEARN_REF_NUMBER.test(learnRefNumber)) {
    const fault: RecordFault = {
      code: learnRefNumber === '' ? 'missing-field' : 'bad-format',
      path: `${element.name}/LearnRefNumber`,
      expected: '1 to 12 letters, digits and spaces',
      remedy: 'Give the learner reference; until then nobody is taken to have left the file.',
    };
    return { kind: 'unreadable', ordinal, reference: null, fault };
  }
  const reference = `${ukprn}/${learnRefNumber}`;
  if (seen.has(learnRefNumber)) {
    const fault: RecordFault = {
      code: 'duplicate-record',
      path: `${element.name}/LearnRefNumber`,
      expected: `one ${element.name} for a learner reference`,
      remedy: `Put everything about the learner into one ${element.name}.`,
    };
    return { kind: 'unreadable', ordinal, reference, fault };
  }
  seen.add(learnRefNumber);
  const { record, fault } = readRecord(read);
  return fault === null ? { kind: 'record', ordinal, reference, record } : { kind: 'unreadable', ordinal, reference, fault };
}

function readHeader(header: XmlElement | null, provider: XmlElement, latestClock: Date): IlrFile {
  if (header === null) throw wrongHeader('Message/Header', 'Header before LearningProvider');
  const collection = at(header, 'CollectionDetails');
  const source = at(header, 'Source');
  if (textOf(collection, 'Collection') !== 'ILR') throw wrongHeader('Header/CollectionDetails/Collection', 'ILR');
  const [, from = '', to = ''] = NAMESPACE.exec(header.namespace) ?? [];
  const year = teachingYear(Number(from));
  if (textOf(collection, 'Year') !== year.code || !year.code.endsWith(to)) {
    throw wrongHeader('Header/CollectionDetails/Year', 'the teaching year of the namespace, as in 2526 for 2025-26');
  }
  const ukprn = textOf(provider, 'UKPRN') ?? '';
  if (!UKPRN.test(ukprn)) throw wrongHeader('LearningProvider/UKPRN', 'a UKPRN of 8 digits');
  if (textOf(source, 'UKPRN') !== ukprn) throw wrongHeader('Header/Source/UKPRN', 'the UKPRN of LearningProvider');
  const instant = parseInstant(textOf(source, 'DateTime') ?? '');
  if (instant === null) throw wrongHeader('Header/Source/DateTime', 'date and time, as 2025-10-06T09:30:00');
  if (instant > latestClock) throw wrongHeader('Header/Source/DateTime', 'date and time of the export, not in the future');
  const serial = textOf(source, 'SerialNo') ?? '';
  if (!SERIAL.test(serial)) throw wrongHeader('Header/Source/SerialNo', 'a serial number of one or two digits');
  return {
    ukprn,
    lastDay: year.to,
    destinations: Number(from) > LAST_YEAR_OF_DESTINATIONS ? null : destinationDays(Number(from), textOf(source, 'DateTime') ?? ''),
    section: { clock: { instant, serial: Number(serial) }, scope: `${ukprn}/${year.code}`, absence: { speaks: true } },
  };
}

/** @param dateTime as written: its date is that of the provider's own day. */
const destinationDays = (startsIn: number, dateTime: string): DestinationDays => ({
  startsFrom: teachingYear(startsIn - 10).from,
  startsUntil: teachingYear(startsIn + 1).to,
  preparedOn: dateTime.slice(0, 10),
});

function at(header: XmlElement, name: string): XmlElement {
  const element = header.children.find((child) => child.name === name);
  if (element === undefined) throw wrongHeader(`Header/${name}`, name);
  return element;
}

function wrongHeader(place: string, expected: string): SubmissionRefused {
  return new SubmissionRefused('wrong-header', place, expected, 'Export the file again from the learner record system.');
}
