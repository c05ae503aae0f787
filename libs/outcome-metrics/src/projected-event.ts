import { PRIORITY_GROUP_SYMBOLS } from '@throughline/event-contracts';
import type { LabourMarketStatus, PriorityGroup, ProjectedEvent, ProjectionPaths, WeeklyHours } from '@throughline/event-contracts';
import { firstDay, PRECISIONS } from './calendar.js';
import type { Precision } from './calendar.js';
import type { Fact, FactBase, FactKind } from './fact.js';
import type { TimelineEntry } from './timeline.js';

/** Fields of every event, first in each list of {@link FACT_PROJECTION}. */
export const META = [
  'meta.factId',
  'meta.subject',
  'meta.revision.instant',
  'meta.revision.sequence',
  'meta.contentHash',
  'meta.change',
  'meta.occurredOn.date',
  'meta.occurredOn.precision',
  'meta.source.partner',
  'meta.source.system',
  'meta.agreementId',
  'meta.programme',
] as const;

/** Fields read of each event type: the argument of `createProjection` in event-contracts. */
export const FACT_PROJECTION = {
  ReferralMade: [...META, 'status'],
  SupportStarted: META,
  JobStarted: [...META, 'employer', 'hours.atLeast', 'hours.below', 'work', 'contract', 'hourlyPayPence'],
  JobEnded: META,
  JobSustained: [...META, 'job', 'hours.atLeast', 'hours.below', 'hourlyPayPence'],
  EarningsReported: [...META, 'job', 'employer', 'amountPence', 'afterLeaving', 'hours.atLeast', 'hours.below', 'payFrequency', 'periodsCovered'],
  BenefitClaimChanged: [...META, 'kind', 'benefit', 'claimStart'],
  LearningStatusChanged: [...META, 'status', 'aim', 'startDate'],
  CircumstancesReported: [...META, 'birthYear', 'birthMonth', 'district', 'labourMarketStatus', 'priorityGroups'],
} as const satisfies ProjectionPaths & Record<FactKind, unknown>;

/** A decoded event, reduced to what figures read: what a projection of {@link FACT_PROJECTION} decodes. */
export type FactEvent = ProjectedEvent<typeof FACT_PROJECTION>;

/** Event types that tell facts; an event of another type has no place on a timeline. */
export const isFactKind = (type: string): type is FactKind => Object.hasOwn(FACT_PROJECTION, type);

const text = (id: Buffer): string => id.toString('latin1');
const textOrNull = (id: Buffer | null): string | null => (id === null ? null : text(id));

const precisionOf = (symbol: string): Precision =>
  (PRECISIONS as readonly string[]).includes(symbol) ? (symbol as Precision) : 'DAY';

const groupBits = (groups: readonly PriorityGroup[]): number => {
  let bits = 0;
  for (const group of groups) bits |= 1 << Math.max(0, PRIORITY_GROUP_SYMBOLS.indexOf(group));
  return bits;
};

const statusOf = (status: LabourMarketStatus): Exclude<LabourMarketStatus, 'UNKNOWN'> | null =>
  status === 'UNKNOWN' ? null : status;

/** Whether a band of hours holds any; one that does not says nothing. */
export const isBand = (atLeast: number, below: number | null): boolean => atLeast >= 0 && (below === null || below > atLeast);

const hoursOf = (hours: WeeklyHours | null): WeeklyHours | null => (hours !== null && isBand(hours.atLeast, hours.below) ? hours : null);

/**
 * What figures read of an event. Null where it puts no fact in force: a withdrawal, a change of a kind this version does
 * not know, or a statement without a date.
 */
export const factFromEvent = (event: FactEvent): Fact | null => {
  const { meta } = event.value;
  if (meta.change !== 'STATED' || meta.occurredOn === null) return null;
  const precision = precisionOf(meta.occurredOn.precision);
  const base: FactBase = {
    id: text(meta.factId),
    start: firstDay(meta.occurredOn.date, precision),
    precision,
    system: meta.source.system,
    agreement: meta.agreementId,
    programme: meta.programme,
  };
  switch (event.type) {
    case 'SupportStarted':
    case 'JobEnded':
      return { kind: event.type, ...base };
    case 'ReferralMade':
      return { kind: event.type, ...base, status: event.value.status };
    case 'JobStarted': {
      const { employer, hours, work, contract, hourlyPayPence } = event.value;
      return {
        kind: event.type,
        ...base,
        employer: employer === null ? null : { partner: meta.source.partner, key: text(employer) },
        hours: hoursOf(hours),
        work,
        contract,
        hourlyPayPence,
      };
    }
    case 'JobSustained': {
      const { job, hours, hourlyPayPence } = event.value;
      return { kind: event.type, ...base, job: textOrNull(job), hours: hoursOf(hours), hourlyPayPence };
    }
    case 'EarningsReported': {
      const { job, employer, amountPence, afterLeaving, hours, payFrequency, periodsCovered } = event.value;
      return {
        kind: event.type,
        ...base,
        job: textOrNull(job),
        employer: job === null ? textOrNull(employer) : null,
        amountPence,
        afterLeaving,
        hours: hoursOf(hours),
        frequency: payFrequency ?? 'UNKNOWN',
        periods: periodsCovered ?? 1,
      };
    }
    case 'BenefitClaimChanged': {
      const { kind: change, benefit, claimStart } = event.value;
      return { kind: event.type, ...base, change, benefit, claimStart };
    }
    case 'LearningStatusChanged': {
      const { status, aim, startDate } = event.value;
      return { kind: event.type, ...base, status, aim, startDate };
    }
    case 'CircumstancesReported': {
      const { birthYear, birthMonth, district, labourMarketStatus, priorityGroups } = event.value;
      return {
        kind: event.type,
        ...base,
        birthYear,
        birthMonth,
        district,
        status: statusOf(labourMarketStatus),
        priorityGroups: priorityGroups === null ? null : groupBits(priorityGroups),
      };
    }
  }
};

/**
 * Thrown when a number of an event is none that a source can mean: a clock in microseconds, a day beyond year 9999. The
 * schema allows it, the packed form does not, and a month made of it is no month.
 */
export class FactOutOfRange extends Error {
  override readonly name = 'FactOutOfRange';
  readonly code = 'FACT_OUT_OF_RANGE';
  readonly remedy = 'Give instants in milliseconds, sequences from 0, days in the years 1 to 9999, birth months from 1 to 12, amounts below 2^52 pence.';
  constructor() {
    super('A number of the event is out of range: instants in milliseconds, sequences from 0, days in the years 1 to 9999, birth months from 1 to 12, amounts below 2^52 pence.');
  }
}

const FIRST_DAY = -719_162; // 0001-01-01
const LAST_DAY = 2_932_896; // 9999-12-31
/** What six bytes hold: years before 1 to 6429. */
const INSTANT_BOUND = 2 ** 47;

/** What a source can mean. */
export const isInstant = (instant: number): boolean => Math.abs(instant) < INSTANT_BOUND;
export const isDay = (day: number | null): boolean => day === null || (day >= FIRST_DAY && day <= LAST_DAY);
/** A packed number has 53 bits, its sign among them. */
export const isAmount = (pence: number): boolean => Math.abs(pence) < 2 ** 52;
export const isMonth = (month: number | null): boolean => month === null || (month >= 1 && month <= 12);


const isInRange = (event: FactEvent): boolean => {
  const { revision, occurredOn } = event.value.meta;
  if (!isInstant(revision.instant) || revision.sequence < 0) return false;
  if (occurredOn !== null && !isDay(occurredOn.date)) return false;
  if (event.type === 'EarningsReported') return isAmount(event.value.amountPence);
  if (event.type === 'BenefitClaimChanged') return isDay(event.value.claimStart);
  if (event.type === 'LearningStatusChanged') return isDay(event.value.startDate);
  return event.type !== 'CircumstancesReported' || isMonth(event.value.birthMonth);
};

/**
 * The timeline entry an event makes, and whose timeline it belongs to.
 * @throws {FactOutOfRange} for a record that must be put aside: no reader could take it in, now or later
 */
export const entryFromEvent = (event: FactEvent): { subject: string; entry: TimelineEntry } => {
  if (!isInRange(event)) throw new FactOutOfRange();
  const { meta } = event.value;
  const fact = factFromEvent(event);
  return {
    subject: text(meta.subject),
    entry: {
      factId: fact?.id ?? text(meta.factId),
      instant: meta.revision.instant,
      sequence: meta.revision.sequence,
      hashHigh: meta.contentHash.readUInt32BE(0),
      hashLow: meta.contentHash.readUInt32BE(4),
      fact,
    },
  };
};
