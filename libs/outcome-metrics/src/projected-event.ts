import { PRIORITY_GROUP_SYMBOLS } from '@throughline/event-contracts';
import type { LabourMarketStatus, PriorityGroup, ProjectedEvent, ProjectionPaths } from '@throughline/event-contracts';
import { firstDay, PRECISIONS } from './calendar.js';
import type { Precision } from './calendar.js';
import type { Fact, FactBase, FactKind } from './fact.js';
import type { TimelineEntry } from './timeline.js';

const META = [
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
  JobStarted: [...META, 'employer'],
  JobEnded: META,
  JobSustained: [...META, 'job'],
  EarningsReported: [...META, 'job', 'employer', 'amountPence', 'afterLeaving'],
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
      const { employer } = event.value;
      return {
        kind: event.type,
        ...base,
        employer: employer === null ? null : { partner: meta.source.partner, key: text(employer) },
      };
    }
    case 'JobSustained':
      return { kind: event.type, ...base, job: textOrNull(event.value.job) };
    case 'EarningsReported': {
      const { job, employer, amountPence, afterLeaving } = event.value;
      return {
        kind: event.type,
        ...base,
        job: textOrNull(job),
        employer: job === null ? textOrNull(employer) : null,
        amountPence,
        afterLeaving,
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

/** The timeline entry an event makes, and whose timeline it belongs to. */
export const entryFromEvent = (event: FactEvent): { subject: string; entry: TimelineEntry } => {
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
