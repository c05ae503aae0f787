import { firstDay, PRECISIONS } from './calendar.js';
import type { EpochDay, Precision } from './calendar.js';
import { LABOUR_MARKET_STATUSES } from './fact.js';
import type { Benefit, ClaimChange, Fact, FactBase, FactKind, LabourMarketStatus, LearningStatus, ReferralStatus } from './fact.js';
import { PRIORITY_GROUPS } from './rules/index.js';
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
} as const satisfies Record<FactKind, readonly string[]>;

/** `meta` as the projection yields it; ids are 16 bytes, the content hash 8. */
export interface ProjectedMeta {
  readonly factId: Buffer;
  readonly subject: Buffer;
  readonly revision: { readonly instant: number; readonly sequence: number };
  readonly contentHash: Buffer;
  readonly change: string;
  readonly occurredOn: { readonly date: EpochDay; readonly precision: string } | null;
  readonly source: { readonly partner: string; readonly system: string };
  readonly agreementId: string;
  readonly programme: string | null;
}

interface ProjectedBodies {
  ReferralMade: { readonly status: ReferralStatus };
  SupportStarted: unknown;
  JobStarted: { readonly employer: Buffer | null };
  JobEnded: unknown;
  JobSustained: { readonly job: Buffer | null };
  EarningsReported: {
    readonly job: Buffer | null;
    readonly employer: Buffer | null;
    readonly amountPence: number;
    readonly afterLeaving: boolean;
  };
  BenefitClaimChanged: { readonly kind: ClaimChange; readonly benefit: Benefit; readonly claimStart: EpochDay | null };
  LearningStatusChanged: {
    readonly status: LearningStatus;
    readonly aim: string | null;
    readonly startDate: EpochDay | null;
  };
  CircumstancesReported: {
    readonly birthYear: number | null;
    readonly birthMonth: number | null;
    readonly district: string | null;
    readonly labourMarketStatus: LabourMarketStatus;
    readonly priorityGroups: readonly string[] | null;
  };
}

/** A decoded event, reduced to the fields of {@link FACT_PROJECTION}; a whole event is one too. */
export type ProjectedEvent = {
  [K in FactKind]: { readonly type: K; readonly value: { readonly meta: ProjectedMeta } & ProjectedBodies[K] };
}[FactKind];

/** Event types that tell facts; an event of another type has no place on a timeline. */
export const isFactKind = (type: string): type is FactKind => Object.hasOwn(FACT_PROJECTION, type);

const text = (id: Buffer): string => id.toString('latin1');
const textOrNull = (id: Buffer | null): string | null => (id === null ? null : text(id));

const precisionOf = (symbol: string): Precision =>
  (PRECISIONS as readonly string[]).includes(symbol) ? (symbol as Precision) : 'DAY';

const groupBits = (groups: readonly string[]): number => {
  let bits = 0;
  for (const group of groups) {
    const index = (PRIORITY_GROUPS as readonly string[]).indexOf(group);
    bits |= 1 << (index < 0 ? PRIORITY_GROUPS.length : index);
  }
  return bits;
};

const statusOf = (status: LabourMarketStatus): Exclude<LabourMarketStatus, 'UNKNOWN'> | null =>
  status === 'UNKNOWN' || !LABOUR_MARKET_STATUSES.includes(status) ? null : status;

/**
 * What figures read of an event. Null where it puts no fact in force: a withdrawal, a change of a kind this version does
 * not know, or a statement without a date.
 */
export const factFromEvent = (event: ProjectedEvent): Fact | null => {
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
export const entryFromEvent = (event: ProjectedEvent): { subject: string; entry: TimelineEntry } => {
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
