import { defaultBody } from '@throughline/event-contracts';
import type { FactDraft, MappingContext, RecordOutcome } from '@throughline/adapter-kit';
import { PAYMENT } from './partner-file.js';
import { paymentsTold } from './payments.js';
import type { Payment } from './payments.js';
import type { RtiItem, RtiRecord } from './rti-record.js';

/** Maps HMRC's answer about one person to employments and payments. */
export function rtiToEvents(record: RtiRecord, context: MappingContext): RecordOutcome {
  if (record.items.length === 0) return { fate: 'skipped', reason: 'nothing-to-say' };
  const employments = Map.groupBy(record.items, (item) => JSON.stringify(employmentKey(item)));
  const payments = paymentsTold(record.items).stated;
  const starts = new Map([...employments].map(([key, items]) => [key, jobStarted(items, context)]));
  const jobOf = (item: RtiItem): Buffer | null => {
    const start = starts.get(JSON.stringify(employmentKey(item))) ?? null;
    return start === null ? null : context.factId(start);
  };
  return {
    fate: 'facts',
    identity: {
      recordKind: 'request',
      occurredOn: record.fromDate,
      nino: record.nino,
      surname: record.surname,
      firstName: record.firstName,
      dateOfBirth: record.dateOfBirth,
    },
    facts: [
      ...[...starts.values()].filter((start) => start !== null),
      ...[...employments.values()].flatMap((items) => jobEnded(items, jobOf, context)),
      ...payments.flatMap((payment) => [earningsReported(payment, jobOf, context), ...jobLasted(payment, lastEnd(employments.get(JSON.stringify(employmentKey(payment.item))) ?? []), jobOf)]),
    ],
  };
}

const employmentKey = (item: RtiItem): readonly [string, string] => [item.employerPayeRef, item.employmentSequenceNumber];
const employerOf = (item: RtiItem, context: MappingContext): Buffer => context.keyed('employer', ...employmentKey(item));

function jobStarted(items: readonly RtiItem[], context: MappingContext): FactDraft | null {
  const item = items.findLast(({ employmentStartDate }) => employmentStartDate !== null);
  const occurredOn = item?.employmentStartDate ?? null;
  if (item === undefined || occurredOn === null) return null;
  return {
    type: 'JobStarted',
    naturalKey: employmentKey(item),
    occurredOn,
    body: { ...defaultBody('JobStarted'), work: 'EMPLOYED', employer: employerOf(item, context), hours: item.hours },
  };
}

const lastEnd = (items: readonly RtiItem[]): RtiItem | undefined => items.findLast(({ employmentEndDate }) => employmentEndDate !== null);

function jobEnded(items: readonly RtiItem[], jobOf: (item: RtiItem) => Buffer | null, context: MappingContext): readonly FactDraft[] {
  const item = lastEnd(items);
  const occurredOn = item?.employmentEndDate ?? null;
  if (item === undefined || occurredOn === null) return [];
  return [
    {
      type: 'JobEnded',
      naturalKey: employmentKey(item),
      occurredOn,
      body: { ...defaultBody('JobEnded'), job: jobOf(item), employer: employerOf(item, context) },
    },
  ];
}

/**
 * The employer's mark is for what is paid after the end was reported. The pay that reports the end is often dated after it
 * without one, and proves those days no more. Only the payment's own item is asked: an end told with another may be corrected.
 */
const isAfterLeaving = ({ afterLeaving, employmentEndDate }: RtiItem, date: string): boolean => afterLeaving || (employmentEndDate !== null && date > employmentEndDate);

/**
 * A payment's date is part of its key, so that an answer about other dates cannot speak of it by mistake; the payment itself is
 * the part that any answer tells whole, so that one told again under another date is no longer told under the first.
 */
const paymentKey = ({ id, date }: Payment) => ({ naturalKey: [id, date], family: PAYMENT, part: id });

/**
 * What pay dated after the end of its employment proves is the employment up to that end, by the latest word of it: where its
 * own item tells an end, and the employer did not say that nothing was worked. Whatever takes the payment back takes this back.
 */
function jobLasted(payment: Payment, ended: RtiItem | undefined, jobOf: (item: RtiItem) => Buffer | null): readonly FactDraft[] {
  const { date, amountPence, item } = payment;
  const end = ended?.employmentEndDate ?? null;
  const job = jobOf(item);
  if (end === null || date <= end || item.employmentEndDate === null || item.afterLeaving || amountPence <= 0 || job === null) return [];
  return [{ type: 'JobSustained', ...paymentKey(payment), occurredOn: end, coveredOn: date, body: { ...defaultBody('JobSustained'), job, basis: 'LENGTH_OF_EMPLOYMENT', hours: item.hours } }];
}

function earningsReported(payment: Payment, jobOf: (item: RtiItem) => Buffer | null, context: MappingContext): FactDraft {
  const { date, amountPence, item } = payment;
  return {
    type: 'EarningsReported',
    ...paymentKey(payment),
    occurredOn: date,
    body: {
      ...defaultBody('EarningsReported'),
      job: jobOf(item),
      employer: employerOf(item, context),
      amountPence,
      payFrequency: item.payFrequency,
      periodsCovered: item.periodsCovered,
      hours: item.hours,
      afterLeaving: isAfterLeaving(item, date),
      confidence: item.confidence,
    },
  };
}
