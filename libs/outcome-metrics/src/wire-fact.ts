import {
  CHANGE_SYMBOLS,
  DATE_PRECISION_SYMBOLS,
  FieldLocator,
  WireNumbers,
} from '@throughline/event-contracts';
import type { ProjectionPaths } from '@throughline/event-contracts';
import { firstDay, PRECISIONS } from './calendar.js';
import type { Precision } from './calendar.js';
import type { FactKind } from './fact.js';
import { ID_BYTES } from './packed-bytes.js';
import type { ByteWriter } from './packed-bytes.js';
import { HAS_HASH, HAS_PROGRAMME, KIND_CODES, OWN, SYSTEMS, VERSION } from './packed-form.js';
import { WordInBytes } from './timeline.js';
import { FACT_PROJECTION, FactOutOfRange, isAmount, isBand, isDay, isInstant, isMonth, META } from './projected-event.js';

const paths: ProjectionPaths = FACT_PROJECTION;

/** Places of an event type's fields in the locator's list. */
const placeOf = (kind: FactKind, path: string): number => (FACT_PROJECTION[kind] as readonly string[]).indexOf(path);
const metaPlace = (path: (typeof META)[number]): number => META.indexOf(path);

const FACT_ID = metaPlace('meta.factId');
const SUBJECT = metaPlace('meta.subject');
const INSTANT = metaPlace('meta.revision.instant');
const SEQUENCE = metaPlace('meta.revision.sequence');
const CONTENT_HASH = metaPlace('meta.contentHash');
const CHANGE = metaPlace('meta.change');
const DATE = metaPlace('meta.occurredOn.date');
const PRECISION = metaPlace('meta.occurredOn.precision');
const PARTNER = metaPlace('meta.source.partner');
const SYSTEM = metaPlace('meta.source.system');
const AGREEMENT = metaPlace('meta.agreementId');
const PROGRAMME = metaPlace('meta.programme');

const STATED = CHANGE_SYMBOLS.indexOf('STATED');
/** Symbols of a precision as this library has them; what it does not know is a day. */
const PRECISION_OF = DATE_PRECISION_SYMBOLS.map((symbol): Precision => PRECISIONS.find((precision) => precision === symbol) ?? 'DAY');
const PRECISION_CODE = PRECISION_OF.map((precision) => PRECISIONS.indexOf(precision));
const SYSTEM_BYTES = SYSTEMS.map((system) => Buffer.from(system));

/**
 * An event as it came off the wire, read no further than a timeline needs: its words are copied into the packed form where
 * they lie. Says what `entryFromEvent` and `encodeEntry` say of the decoded event, at a fifth of the cost, since most records
 * of a log are either repeats, or kept without being looked into.
 */
export class WireFact extends WordInBytes {
  readonly #locator = new FieldLocator(paths);
  readonly #numbers = new WireNumbers();
  #kind: FactKind = 'JobStarted';
  /** First day of when it happened; NaN: no fact is in force. */
  #start = NaN;
  #precision = 0;

  /**
   * @param bytes must not change while they are used; the event is all of them, or what lies between two positions
   * @returns false for an event that tells no fact
   * @throws {EventContractError} for what is no event
   * @throws {FactOutOfRange} for a record that must be put aside
   */
  read(bytes: Buffer, from = 0, end = bytes.length): boolean {
    const kind = this.#locator.locate(bytes, from, end) as FactKind | undefined;
    if (kind === undefined) return false;
    const { at } = this.#locator;
    this.bytes = bytes;
    this.#kind = kind;
    this.factAt = at[FACT_ID]!;
    this.subjectAt = at[SUBJECT]!;
    this.instant = this.#number(INSTANT);
    this.sequence = this.#number(SEQUENCE);
    const hash = at[CONTENT_HASH]!;
    this.hashHigh = bytes.readUInt32BE(hash);
    this.hashLow = bytes.readUInt32BE(hash + 4);
    if (!isInstant(this.instant) || this.sequence < 0) throw new FactOutOfRange();
    this.#start = NaN;
    if (at[DATE]! >= 0) {
      const day = this.#number(DATE);
      if (!isDay(day)) throw new FactOutOfRange();
      const precision = this.#number(PRECISION);
      this.#precision = PRECISION_CODE[precision]!;
      if (this.#number(CHANGE) === STATED) this.#start = firstDay(day, PRECISION_OF[precision]!);
    }
    if (!this.#ownIsInRange()) throw new FactOutOfRange();
    return true;
  }

  #ownIsInRange(): boolean {
    if (this.#kind === 'EarningsReported') return isAmount(this.#number(EARNINGS.amountPence));
    if (this.#kind === 'BenefitClaimChanged') return isDay(this.#optional(CLAIM.claimStart));
    if (this.#kind === 'LearningStatusChanged') return isDay(this.#optional(LEARNING.startDate));
    return this.#kind !== 'CircumstancesReported' || isMonth(this.#optional(CIRCUMSTANCES.birthMonth));
  }

  /** Appends the packed entry. */
  writeTo(writer: ByteWriter): void {
    const { bytes } = this;
    const hasHash = this.hashHigh !== 0 || this.hashLow !== 0;
    const inForce = !Number.isNaN(this.#start);
    writer.slice(bytes, this.subjectAt, ID_BYTES);
    const begun = writer.beginLength();
    writer.byte((VERSION << 5) | (hasHash ? HAS_HASH : 0) | (inForce ? KIND_CODES.get(this.#kind)! : 0));
    writer.slice(bytes, this.factAt, ID_BYTES);
    writer.instant(this.instant);
    writer.unsigned(this.sequence);
    if (hasHash) {
      writer.word(this.hashHigh);
      writer.word(this.hashLow);
    }
    if (inForce) this.#writeFact(writer);
    writer.endLength(begun);
  }

  #writeFact(writer: ByteWriter): void {
    const hasProgramme = this.#locator.at[PROGRAMME]! >= 0;
    writer.byte(this.#precision | (hasProgramme ? HAS_PROGRAMME : 0) | (this.#ownFlags() << OWN));
    const system = this.#systemCode();
    writer.byte(system);
    if (system === 0) this.#copyText(writer, SYSTEM);
    writer.signed(this.#start);
    this.#copyText(writer, AGREEMENT);
    if (hasProgramme) this.#copyText(writer, PROGRAMME);
    this.#writeOwnFields(writer);
  }

  /** The kind's own five bits. */
  #ownFlags(): number {
    switch (this.#kind) {
      case 'SupportStarted':
      case 'JobEnded':
        return 0;
      case 'ReferralMade':
        return this.#number(REFERRAL.status);
      case 'JobStarted':
        return this.#bit(JOB.employer, 1) | this.#hoursBit(JOB.hours, 2) | this.#bit(JOB.hourlyPay, 4) | (this.#number(JOB.work) << 3);
      case 'JobSustained':
        return this.#bit(SUSTAINED.job, 1) | this.#hoursBit(SUSTAINED.hours, 2) | this.#bit(SUSTAINED.hourlyPay, 4);
      case 'EarningsReported':
        return (
          (this.#has(EARNINGS.job) ? 1 : this.#bit(EARNINGS.employer, 2)) |
          (this.bytes[this.#locator.at[EARNINGS.afterLeaving]!]! === 0 ? 0 : 4) |
          this.#hoursBit(EARNINGS.hours, 8)
        );
      case 'BenefitClaimChanged':
        return this.#number(CLAIM.kind) | this.#bit(CLAIM.claimStart, 8);
      case 'LearningStatusChanged':
        return this.#number(LEARNING.status) | this.#bit(LEARNING.aim, 8) | this.#bit(LEARNING.startDate, 16);
      case 'CircumstancesReported':
        return (
          this.#number(CIRCUMSTANCES.status) |
          this.#bit(CIRCUMSTANCES.birthYear, 4) |
          this.#bit(CIRCUMSTANCES.birthMonth, 8) |
          this.#bit(CIRCUMSTANCES.district, 16)
        );
    }
  }

  #writeOwnFields(writer: ByteWriter): void {
    switch (this.#kind) {
      case 'ReferralMade':
      case 'SupportStarted':
      case 'JobEnded':
        return;
      case 'JobStarted':
        if (this.#has(JOB.employer)) {
          this.#copyId(writer, JOB.employer);
          this.#copyText(writer, PARTNER);
        }
        writer.byte(this.#number(JOB.contract));
        this.#writeHours(writer, JOB.hours);
        if (this.#has(JOB.hourlyPay)) writer.signed(this.#number(JOB.hourlyPay));
        return;
      case 'JobSustained':
        if (this.#has(SUSTAINED.job)) this.#copyId(writer, SUSTAINED.job);
        this.#writeHours(writer, SUSTAINED.hours);
        if (this.#has(SUSTAINED.hourlyPay)) writer.signed(this.#number(SUSTAINED.hourlyPay));
        return;
      case 'EarningsReported':
        if (this.#has(EARNINGS.job)) this.#copyId(writer, EARNINGS.job);
        else if (this.#has(EARNINGS.employer)) this.#copyId(writer, EARNINGS.employer);
        writer.signed(this.#number(EARNINGS.amountPence));
        this.#writeHours(writer, EARNINGS.hours);
        writer.byte(this.#optional(EARNINGS.frequency) ?? 0);
        writer.signed(this.#optional(EARNINGS.periods) ?? 1);
        return;
      case 'BenefitClaimChanged':
        writer.byte(this.#number(CLAIM.benefit));
        if (this.#has(CLAIM.claimStart)) writer.signed(this.#number(CLAIM.claimStart));
        return;
      case 'LearningStatusChanged':
        if (this.#has(LEARNING.aim)) this.#copyText(writer, LEARNING.aim);
        if (this.#has(LEARNING.startDate)) writer.signed(this.#number(LEARNING.startDate));
        return;
      case 'CircumstancesReported':
        if (this.#has(CIRCUMSTANCES.birthYear)) writer.signed(this.#number(CIRCUMSTANCES.birthYear));
        if (this.#has(CIRCUMSTANCES.birthMonth)) writer.byte(this.#number(CIRCUMSTANCES.birthMonth));
        if (this.#has(CIRCUMSTANCES.district)) this.#copyText(writer, CIRCUMSTANCES.district);
        writer.unsigned(this.#has(CIRCUMSTANCES.groups) ? this.#groupBits() + 1 : 0);
    }
  }

  /** Bands lie as two numbers; one that holds no hour is none. */
  #hoursBit(place: HoursPlace, bit: number): number {
    return this.#has(place.atLeast) && isBand(this.#number(place.atLeast), this.#optional(place.below)) ? bit : 0;
  }

  #writeHours(writer: ByteWriter, place: HoursPlace): void {
    if (this.#hoursBit(place, 1) === 0) return;
    writer.unsigned(this.#number(place.atLeast));
    writer.unsigned(this.#optional(place.below) ?? 0);
  }

  #groupBits(): number {
    const numbers = this.#numbers;
    let bits = 0;
    let place = this.#locator.at[CIRCUMSTANCES.groups]!;
    for (;;) {
      const count = numbers.at(this.bytes, place);
      place = numbers.after;
      if (count === 0) return bits;
      if (count < 0) {
        numbers.at(this.bytes, place);
        place = numbers.after;
      }
      for (let left = Math.abs(count); left > 0; left -= 1) {
        bits |= 1 << numbers.at(this.bytes, place);
        place = numbers.after;
      }
    }
  }

  /** Its place among the systems that take one byte, from 1; 0: another. */
  #systemCode(): number {
    const length = this.#numbers.at(this.bytes, this.#locator.at[SYSTEM]!);
    const from = this.#numbers.after;
    for (let code = 0; code < SYSTEM_BYTES.length; code += 1) {
      const system = SYSTEM_BYTES[code]!;
      if (system.length !== length) continue;
      let same = 0;
      while (same < length && this.bytes[from + same] === system[same]) same += 1;
      if (same === length) return code + 1;
    }
    return 0;
  }

  #has(place: number): boolean {
    return this.#locator.at[place]! >= 0;
  }

  #bit(place: number, bit: number): number {
    return this.#has(place) ? bit : 0;
  }

  #number(place: number): number {
    return this.#numbers.at(this.bytes, this.#locator.at[place]!);
  }

  #optional(place: number): number | null {
    return this.#has(place) ? this.#number(place) : null;
  }

  #copyId(writer: ByteWriter, place: number): void {
    writer.slice(this.bytes, this.#locator.at[place]!, ID_BYTES);
  }

  #copyText(writer: ByteWriter, place: number): void {
    const length = this.#number(place);
    writer.unsigned(length);
    writer.slice(this.bytes, this.#numbers.after, length);
  }
}

interface HoursPlace {
  readonly atLeast: number;
  readonly below: number;
}
const hoursPlace = (kind: FactKind): HoursPlace => ({ atLeast: placeOf(kind, 'hours.atLeast'), below: placeOf(kind, 'hours.below') });

const REFERRAL = { status: placeOf('ReferralMade', 'status') };
const JOB = {
  employer: placeOf('JobStarted', 'employer'),
  hours: hoursPlace('JobStarted'),
  work: placeOf('JobStarted', 'work'),
  contract: placeOf('JobStarted', 'contract'),
  hourlyPay: placeOf('JobStarted', 'hourlyPayPence'),
};
const SUSTAINED = { job: placeOf('JobSustained', 'job'), hours: hoursPlace('JobSustained'), hourlyPay: placeOf('JobSustained', 'hourlyPayPence') };
const EARNINGS = {
  job: placeOf('EarningsReported', 'job'),
  employer: placeOf('EarningsReported', 'employer'),
  amountPence: placeOf('EarningsReported', 'amountPence'),
  afterLeaving: placeOf('EarningsReported', 'afterLeaving'),
  hours: hoursPlace('EarningsReported'),
  frequency: placeOf('EarningsReported', 'payFrequency'),
  periods: placeOf('EarningsReported', 'periodsCovered'),
};
const CLAIM = {
  kind: placeOf('BenefitClaimChanged', 'kind'),
  benefit: placeOf('BenefitClaimChanged', 'benefit'),
  claimStart: placeOf('BenefitClaimChanged', 'claimStart'),
};
const LEARNING = {
  status: placeOf('LearningStatusChanged', 'status'),
  aim: placeOf('LearningStatusChanged', 'aim'),
  startDate: placeOf('LearningStatusChanged', 'startDate'),
};
const CIRCUMSTANCES = {
  birthYear: placeOf('CircumstancesReported', 'birthYear'),
  birthMonth: placeOf('CircumstancesReported', 'birthMonth'),
  district: placeOf('CircumstancesReported', 'district'),
  status: placeOf('CircumstancesReported', 'labourMarketStatus'),
  groups: placeOf('CircumstancesReported', 'priorityGroups'),
};
