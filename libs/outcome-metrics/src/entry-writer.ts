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
import type { Fact } from './fact.js';
import { ByteWriter } from './packed-bytes.js';
import { HAS_HASH, HAS_PROGRAMME, KIND_CODES, OWN, PRECISION_CODES, SYSTEM_CODES, VERSION } from './packed-form.js';
import type { TimelineEntry } from './timeline.js';
import type { WireFact } from './wire-fact.js';

const codeOf = <T>(symbols: readonly T[], symbol: T): number => Math.max(0, symbols.indexOf(symbol));

/** The kind's own five bits. */
const ownFlags = (fact: Fact): number => {
  switch (fact.kind) {
    case 'SupportStarted':
    case 'JobEnded':
      return 0;
    case 'ReferralMade':
      return codeOf(REFERRAL_STATUS_SYMBOLS, fact.status);
    case 'JobStarted':
      return (fact.employer === null ? 0 : 1) | (fact.hours === null ? 0 : 2) | (fact.hourlyPayPence === null ? 0 : 4) | (codeOf(WORK_KIND_SYMBOLS, fact.work) << 3);
    case 'JobSustained':
      return (fact.job === null ? 0 : 1) | (fact.hours === null ? 0 : 2) | (fact.hourlyPayPence === null ? 0 : 4);
    case 'EarningsReported':
      return (fact.job === null ? 0 : 1) | (fact.employer === null ? 0 : 2) | (fact.afterLeaving ? 4 : 0) | (fact.hours === null ? 0 : 8);
    case 'BenefitClaimChanged':
      return codeOf(CLAIM_CHANGE_SYMBOLS, fact.change) | (fact.claimStart === null ? 0 : 8);
    case 'LearningStatusChanged':
      return codeOf(LEARNING_STATUS_SYMBOLS, fact.status) | (fact.aim === null ? 0 : 8) | (fact.startDate === null ? 0 : 16);
    case 'CircumstancesReported':
      return (
        (fact.status === null ? 0 : codeOf(LABOUR_MARKET_STATUS_SYMBOLS, fact.status)) |
        (fact.birthYear === null ? 0 : 4) |
        (fact.birthMonth === null ? 0 : 8) |
        (fact.district === null ? 0 : 16)
      );
  }
};

const writeHours = (writer: ByteWriter, hours: WeeklyHours | null): void => {
  if (hours === null) return;
  writer.unsigned(hours.atLeast);
  // No band ends at 0.
  writer.unsigned(hours.below ?? 0);
};

const writeOwnFields = (writer: ByteWriter, fact: Fact): void => {
  switch (fact.kind) {
    case 'ReferralMade':
    case 'SupportStarted':
    case 'JobEnded':
      return;
    case 'JobStarted':
      if (fact.employer !== null) {
        writer.id(fact.employer.key);
        writer.text(fact.employer.partner);
      }
      writer.byte(codeOf(CONTRACT_KIND_SYMBOLS, fact.contract));
      writeHours(writer, fact.hours);
      if (fact.hourlyPayPence !== null) writer.signed(fact.hourlyPayPence);
      return;
    case 'JobSustained':
      if (fact.job !== null) writer.id(fact.job);
      writeHours(writer, fact.hours);
      if (fact.hourlyPayPence !== null) writer.signed(fact.hourlyPayPence);
      return;
    case 'EarningsReported':
      if (fact.job !== null) writer.id(fact.job);
      if (fact.employer !== null) writer.id(fact.employer);
      writer.signed(fact.amountPence);
      writeHours(writer, fact.hours);
      writer.byte(codeOf(PAY_FREQUENCY_SYMBOLS, fact.frequency));
      writer.signed(fact.periods);
      return;
    case 'BenefitClaimChanged':
      writer.byte(codeOf(BENEFIT_SYMBOLS, fact.benefit));
      if (fact.claimStart !== null) writer.signed(fact.claimStart);
      return;
    case 'LearningStatusChanged':
      if (fact.aim !== null) writer.text(fact.aim);
      if (fact.startDate !== null) writer.signed(fact.startDate);
      return;
    case 'CircumstancesReported':
      if (fact.birthYear !== null) writer.signed(fact.birthYear);
      if (fact.birthMonth !== null) writer.byte(fact.birthMonth);
      if (fact.district !== null) writer.text(fact.district);
      writer.unsigned(fact.priorityGroups === null ? 0 : fact.priorityGroups + 1);
      return;
  }
};

const writeFact = (writer: ByteWriter, fact: Fact): void => {
  const system = SYSTEM_CODES.get(fact.system) ?? 0;
  writer.byte((PRECISION_CODES.get(fact.precision) ?? 0) | (fact.programme === null ? 0 : HAS_PROGRAMME) | (ownFlags(fact) << OWN));
  writer.byte(system);
  if (system === 0) writer.text(fact.system);
  writer.signed(fact.start);
  writer.text(fact.agreement);
  if (fact.programme !== null) writer.text(fact.programme);
  writeOwnFields(writer, fact);
};

/** Packs entries one after the other into one growing buffer. */
export class EntryWriter {
  private readonly entries = new ByteWriter();
  private readonly body = new ByteWriter();

  /** Bytes written since the last `take`. */
  get length(): number {
    return this.entries.length;
  }

  /** @param subject 16 bytes, latin1 */
  append(subject: string, entry: TimelineEntry): void {
    const { body, entries } = this;
    const hasHash = entry.hashHigh !== 0 || entry.hashLow !== 0;
    const kind = entry.fact === null ? 0 : (KIND_CODES.get(entry.fact.kind) ?? 0);
    body.clear();
    body.byte((VERSION << 5) | (hasHash ? HAS_HASH : 0) | kind);
    body.id(entry.factId);
    body.instant(entry.instant);
    body.unsigned(entry.sequence);
    if (hasHash) {
      body.word(entry.hashHigh);
      body.word(entry.hashLow);
    }
    if (entry.fact !== null) writeFact(body, entry.fact);
    entries.id(subject);
    entries.unsigned(body.length);
    entries.bytes(body);
  }

  /** The same of an event as it came off the wire. */
  appendWire(fact: WireFact): void {
    fact.writeTo(this.entries);
  }

  /** Moves what was written to a place in another buffer; the writer starts anew. */
  takeInto(target: Buffer, at: number): void {
    this.entries.takeInto(target, at);
  }

  clear(): void {
    this.entries.clear();
  }

  /** Whether what was written since the last `take` or `clear` is what stands there. */
  equals(bytes: Buffer, from: number, length: number): boolean {
    return this.entries.equals(bytes, from, length);
  }

  /** Whether it is what another wrote between two positions. */
  equalsPart({ entries }: EntryWriter, from: number, to: number): boolean {
    return this.entries.equalsPart(entries, from, to);
  }

  /** What was written, as a buffer of its own; the writer starts anew. */
  take(): Buffer {
    return this.entries.take();
  }
}

/** One entry, packed; for many use {@link EntryWriter}. */
export const encodeEntry = (subject: string, entry: TimelineEntry): Buffer => {
  const writer = new EntryWriter();
  writer.append(subject, entry);
  return writer.take();
};
