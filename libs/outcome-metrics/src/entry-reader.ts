import {
  BENEFIT_SYMBOLS,
  CLAIM_CHANGE_SYMBOLS,
  CONTRACT_KIND_SYMBOLS,
  LABOUR_MARKET_STATUS_SYMBOLS,
  LEARNING_STATUS_SYMBOLS,
  PAY_FREQUENCY_SYMBOLS,
  REFERRAL_STATUS_SYMBOLS,
  WORK_KIND_SYMBOLS,
} from '@throughline/event-contracts';
import type { WeeklyHours } from '@throughline/event-contracts';
import { PRECISIONS } from './calendar.js';
import { FACT_KINDS } from './fact.js';
import type { CircumstancesFact, Fact, FactBase, FactKind } from './fact.js';
import { ByteReader, CorruptBytes, ID_BYTES, INSTANT_BYTES } from './packed-bytes.js';
import { HAS_HASH, HAS_PROGRAMME, OWN, SYSTEMS, VERSION } from './packed-form.js';
import { WordInBytes } from './timeline.js';
import type { TimelineEntry } from './timeline.js';

const symbolOf = <T>(symbols: readonly T[], code: number): T => {
  const symbol = symbols[code];
  if (symbol === undefined) throw new CorruptBytes('an unknown code');
  return symbol;
};

const optional = <T>(present: number, read: () => T): T | null => (present === 0 ? null : read());

const readHours = (reader: ByteReader, present: number): WeeklyHours | null => {
  if (present === 0) return null;
  const atLeast = reader.unsigned();
  const below = reader.unsigned();
  return { atLeast, below: below === 0 ? null : below };
};

const readFact = (reader: ByteReader, kind: FactKind, id: string): Fact => {
  const flags = reader.byte();
  const own = flags >>> OWN;
  const system = reader.byte();
  const base: FactBase = {
    id,
    precision: symbolOf(PRECISIONS, flags & 0x03),
    system: system === 0 ? reader.text() : symbolOf(SYSTEMS, system - 1),
    start: reader.signed(),
    agreement: reader.text(),
    programme: (flags & HAS_PROGRAMME) === 0 ? null : reader.text(),
  };
  switch (kind) {
    case 'SupportStarted':
    case 'JobEnded':
      return { kind, ...base };
    case 'ReferralMade':
      return { kind, ...base, status: symbolOf(REFERRAL_STATUS_SYMBOLS, own) };
    case 'JobStarted':
      return {
        kind,
        ...base,
        employer: (own & 1) === 0 ? null : { key: reader.id(), partner: reader.text() },
        contract: symbolOf(CONTRACT_KIND_SYMBOLS, reader.byte()),
        hours: readHours(reader, own & 2),
        hourlyPayPence: (own & 4) === 0 ? null : reader.signed(),
        work: symbolOf(WORK_KIND_SYMBOLS, own >>> 3),
      };
    case 'JobSustained':
      return {
        kind,
        ...base,
        job: (own & 1) === 0 ? null : reader.id(),
        hours: readHours(reader, own & 2),
        hourlyPayPence: (own & 4) === 0 ? null : reader.signed(),
      };
    case 'EarningsReported':
      return {
        kind,
        ...base,
        job: optional(own & 1, () => reader.id()),
        employer: optional(own & 2, () => reader.id()),
        amountPence: reader.signed(),
        afterLeaving: (own & 4) !== 0,
        hours: readHours(reader, own & 8),
        frequency: symbolOf(PAY_FREQUENCY_SYMBOLS, reader.byte()),
        periods: reader.signed(),
      };
    case 'BenefitClaimChanged':
      return {
        kind,
        ...base,
        change: symbolOf(CLAIM_CHANGE_SYMBOLS, own & 7),
        benefit: symbolOf(BENEFIT_SYMBOLS, reader.byte()),
        claimStart: optional(own & 8, () => reader.signed()),
      };
    case 'LearningStatusChanged':
      return {
        kind,
        ...base,
        status: symbolOf(LEARNING_STATUS_SYMBOLS, own & 7),
        aim: optional(own & 8, () => reader.text()),
        startDate: optional(own & 16, () => reader.signed()),
      };
    case 'CircumstancesReported':
      return { kind, ...base, ...readCircumstances(reader, own) };
  }
};

const readCircumstances = (reader: ByteReader, own: number): Omit<CircumstancesFact, 'kind' | keyof FactBase> => {
  const status = symbolOf(LABOUR_MARKET_STATUS_SYMBOLS, own & 3);
  const birthYear = optional(own & 4, () => reader.signed());
  const birthMonth = optional(own & 8, () => reader.byte());
  const district = optional(own & 16, () => reader.text());
  const groups = reader.unsigned();
  return {
    birthYear,
    birthMonth,
    district,
    status: status === 'UNKNOWN' ? null : status,
    priorityGroups: groups === 0 ? null : groups - 1,
  };
};

const readEntry = (reader: ByteReader): TimelineEntry => {
  const head = reader.byte();
  if (head >>> 5 !== VERSION) throw new CorruptBytes(`an entry of version ${head >>> 5}`);
  const factId = reader.id();
  const instant = reader.instant();
  const sequence = reader.unsigned();
  const hasHash = (head & HAS_HASH) !== 0;
  const hashHigh = hasHash ? reader.word() : 0;
  const hashLow = hasHash ? reader.word() : 0;
  const kind = head & 0x0f;
  const fact = kind === 0 ? null : readFact(reader, symbolOf(FACT_KINDS, kind - 1), factId);
  return { factId, instant, sequence, hashHigh, hashLow, fact };
};

/**
 * Reads a concatenation of packed entries, oldest first; to rebuild timelines, `mergeEntry` each.
 *
 * @throws {CorruptTimeline} when the bytes are not packed entries; entries before the fault have been visited
 */
export const decodeEntries = (buffer: Buffer, visit: (subject: string, entry: TimelineEntry) => void): void => {
  const reader = new ByteReader(buffer);
  while (!reader.done) {
    const offset = reader.offset;
    let subject: string;
    let entry: TimelineEntry;
    try {
      subject = reader.id();
      const length = reader.unsigned();
      const end = reader.offset + length;
      entry = readEntry(reader);
      if (reader.offset !== end) throw new CorruptBytes('another length than it says');
    } catch (error) {
      if (error instanceof CorruptBytes) throw new CorruptTimeline(offset, error.found);
      throw error;
    }
    visit(subject, entry);
  }
};

const HASH_BYTES = 8;

/** What is compared of a packed entry, and where its ids lie: read without building it. */
export class EntryHead extends WordInBytes {
  /** Offset after the entry. */
  end = 0;

  /** @throws {CorruptTimeline} */
  read(buffer: Buffer, offset: number): void {
    try {
      const reader = new ByteReader(buffer, offset);
      reader.skip(ID_BYTES);
      const length = reader.unsigned();
      this.end = reader.offset + length;
      if (this.end > buffer.length) throw new CorruptBytes('the end of the bytes');
      const head = reader.byte();
      if (head >>> 5 !== VERSION) throw new CorruptBytes(`an entry of version ${head >>> 5}`);
      this.bytes = buffer;
      this.subjectAt = offset;
      this.factAt = reader.offset;
      reader.skip(ID_BYTES);
      this.instant = reader.instant();
      this.sequence = reader.unsigned();
      const hasHash = (head & HAS_HASH) !== 0;
      this.hashHigh = hasHash ? reader.word() : 0;
      this.hashLow = hasHash ? reader.word() : 0;
    } catch (error) {
      if (error instanceof CorruptBytes) throw new CorruptTimeline(offset, error.found);
      throw error;
    }
  }
}

/**
 * The fact that the packed entry at an offset puts in force, without the rest of it; null: withdrawn.
 *
 * @throws {CorruptTimeline}
 */
export const decodeFactAt = (buffer: Buffer, offset: number): Fact | null => {
  const reader = new ByteReader(buffer, offset);
  try {
    reader.skip(ID_BYTES);
    reader.unsigned();
    const head = reader.byte();
    if (head >>> 5 !== VERSION) throw new CorruptBytes(`an entry of version ${head >>> 5}`);
    const kind = head & 0x0f;
    if (kind === 0) return null;
    const factId = reader.id();
    reader.skip(INSTANT_BYTES);
    reader.unsigned();
    if ((head & HAS_HASH) !== 0) reader.skip(HASH_BYTES);
    return readFact(reader, symbolOf(FACT_KINDS, kind - 1), factId);
  } catch (error) {
    if (error instanceof CorruptBytes) throw new CorruptTimeline(offset, error.found);
    throw error;
  }
};

/** Thrown when stored timeline bytes cannot be read: damaged, cut short, or written by a newer version. */
export class CorruptTimeline extends Error {
  override readonly name = 'CorruptTimeline';
  readonly code = 'corrupt-timeline';
  readonly remedy = 'Rebuild the view from the log: the stored timelines cannot be trusted.';
  constructor(
    /** Offset of the entry in the buffer read. */
    readonly offset: number,
    found: string,
  ) {
    super(`Timeline entry at byte ${offset} cannot be read: found ${found}. Rebuild the view from the log.`);
  }
}
