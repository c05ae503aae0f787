import { parseInstant, readRecord, unfit } from '@throughline/adapter-kit';
import type { Absence, ReadContext, ReadItem, SectionHeader } from '@throughline/adapter-kit';
import { PAY_FREQUENCY_SYMBOLS } from '@throughline/event-contracts';
import type { PayFrequency } from '@throughline/event-contracts';
import { canonicalNino } from '@throughline/identity';
import { readEnvelopes, repeats, unreadable } from '../envelopes.js';
import { asObject, isGiven, objectsOf, optionalCode, optionalDay, optionalNumber, requiredDay, requiredText, textOf } from '../json-fields.js';
import type { JsonObject } from '../json-fields.js';
import { subjectNino } from '../national-insurance.js';
import { paymentsTold } from './payments.js';
import { HOURS_BANDS } from './rti-codes.js';
import type { RtiItem, RtiRecord } from './rti-record.js';

export const RTI_ENVELOPE = 'throughline.hmrc-rti/1';
/** Family of payments: the only facts that a response can make absent, those dated as asked and those it tells itself. */
export const PAYMENT = 'payment';

/** Clock of a section that states nothing: any will do. */
const NEVER = new Date(0);
const SILENT: Absence = { speaks: false };
const ITEM = 'response.taxYears';

/** Reads envelopes around Real Time Information requests and responses; each is a section of its own, about one person. */
export function readRti(payload: AsyncIterable<Uint8Array>, context: ReadContext): AsyncGenerator<ReadItem<RtiRecord>, void, void> {
  const seen = new Set<string>();
  return readEnvelopes(payload, context, RTI_ENVELOPE, (envelope, ordinal) => readAnswer(envelope, ordinal, seen, context.latestClock));
}

function* readAnswer(envelope: JsonObject, ordinal: number, seen: Set<string>, latestClock: Date): Generator<ReadItem<RtiRecord>, void, void> {
  const request = asObject(envelope['request']);
  const who = readRecord(() => subjectNino(textOf(request, 'nino'), 'request.nino'));
  if (who.fault !== null) return yield* unreadable<RtiRecord>(ordinal, who.fault);

  const nino = who.record;
  const items = objectsOf(asObject(envelope['response'])['taxYears']);
  const clock = clockOf(items);
  const section = (absence: Absence, instant = clock ?? NEVER): SectionHeader => ({ clock: { instant, serial: 0 }, scope: nino, absence });
  const read = readRecord(() => {
    const fromDate = requiredDay(request, 'fromDate', 'request.fromDate');
    const toDate = requiredDay(request, 'toDate', 'request.toDate');
    const dateOfBirth = optionalDay(request, 'dateOfBirth', 'request.dateOfBirth');
    if (clock !== null && repeats(seen, `${nino} ${clock.getTime()}`)) {
      unfit('duplicate-record', 'request', 'one answer for a person and clock', 'Send the document once.');
    }
    if (clock !== null && clock > latestClock) {
      unfit('date-out-of-range', `${ITEM}[].hmrcReceiptTimestamp`, 'an instant that is not in the future', 'Put the response into the envelope unchanged.');
    }
    if (clock === null && items.length > 0) {
      unfit('missing-field', `${ITEM}[].hmrcReceiptTimestamp`, 'a time of receipt, or rtiReceivedDate, in some item', 'Ask HMRC for these fields too.');
    }
    const record: RtiRecord = {
      nino,
      surname: textOf(request, 'surname'),
      firstName: textOf(request, 'firstName'),
      dateOfBirth,
      fromDate,
      items: items
        .map((item, index) => ({ received: receiptOf(item)?.getTime() ?? 0, index, item: readItem(item, `${ITEM}[${index}]`, nino) }))
        .sort((one, other) => one.received - other.received || one.index - other.index)
        .map(({ item }) => item),
    };
    return { record, within: { from: fromDate, to: toDate } };
  });
  if (read.fault !== null) {
    yield { kind: 'section', header: section(SILENT, NEVER) };
    return yield { kind: 'unreadable', ordinal, reference: nino, fault: read.fault };
  }
  // An answer without items has no clock, so it can take nothing back.
  const { record, within } = read.record;
  yield { kind: 'section', header: section(items.length === 0 ? SILENT : { speaks: true, within, families: [PAYMENT], parts: paymentsTold(record.items).ids }) };
  yield { kind: 'record', ordinal, reference: nino, record };
}

const receiptOf = (item: JsonObject): Date | null => parseInstant(textOf(item, 'hmrcReceiptTimestamp') ?? '');

/** The greatest time of receipt; where no item has one, the greatest day of receipt at midnight UTC. */
function clockOf(items: readonly JsonObject[]): Date | null {
  const latest = (instants: readonly (Date | null)[]): Date | null =>
    instants.reduce((last, instant) => (instant !== null && (last === null || instant > last) ? instant : last), null);
  return latest(items.map(receiptOf)) ?? latest(items.map((item) => parseInstant(`${textOf(item, 'rtiReceivedDate') ?? ''}T00:00:00Z`)));
}

function readItem(item: JsonObject, path: string, nino: string): RtiItem {
  const employerPayeRef = requiredText(item, 'employerPayeRef', `${path}.employerPayeRef`);
  const employmentSequenceNumber = requiredText(item, 'uniqueEmploymentSequenceNumber', `${path}.uniqueEmploymentSequenceNumber`);
  if (isGiven(item['nationalInsuranceNumber']) && canonicalNino(textOf(item, 'nationalInsuranceNumber') ?? '') !== nino) {
    unfit('conflicting-fields', `${path}.nationalInsuranceNumber`, 'the number that was asked for', 'Put the answer with the request it belongs to.');
  }
  const employmentStartDate = optionalDay(item, 'employmentStartDate', `${path}.employmentStartDate`);
  const employmentEndDate = optionalDay(item, 'employmentEndDate', `${path}.employmentEndDate`);
  const paymentDate = optionalDay(item, 'paymentDate', `${path}.paymentDate`);
  optionalDay(item, 'rtiReceivedDate', `${path}.rtiReceivedDate`);
  if (isGiven(item['hmrcReceiptTimestamp']) && receiptOf(item) === null) {
    unfit('bad-date', `${path}.hmrcReceiptTimestamp`, 'a date-time, for example 2026-05-01T09:30:00Z', 'Put the response into the envelope unchanged.');
  }
  const pay = optionalNumber(item, 'taxablePayInPeriod', `${path}.taxablePayInPeriod`, 'any');
  const band = optionalCode(item, 'numberOfNormalHoursWorked', `${path}.numberOfNormalHoursWorked`, (code) => Object.hasOwn(HOURS_BANDS, code), 'A, B, C, D or E');
  return {
    employerPayeRef,
    employmentSequenceNumber,
    employmentStartDate,
    employmentEndDate,
    uniquePaymentId: textOf(item, 'uniquePaymentId'),
    paymentDate,
    amountPence: pay === null ? null : penceOf(pay),
    payFrequency: payFrequencyOf(textOf(item, 'payFrequency')),
    periodsCovered: wholeOrNull(item, 'earningsPeriodsCovered'),
    hours: band === null ? null : (HOURS_BANDS[band]?.becomes ?? null),
    afterLeaving: textOf(item, 'paymentAfterLeaving') === 'Y',
    noLongerValid: isGiven(item['paymentNoLongerValid']),
    confidence: wholeOrNull(item, 'paymentConfidenceStatus'),
  };
}

/** Pounds to pence, half a penny away from zero. Decimal pounds are not exact in binary, hence the two steps; 0 is never -0. */
const penceOf = (pounds: number): number => Math.sign(pounds) * Math.round(Number((Math.abs(pounds) * 100).toFixed(4))) + 0;

/** Told for information only: a value that is none says nothing and refuses nobody. */
const wholeOrNull = (item: JsonObject, name: string): number | null => {
  const number = Number(textOf(item, name) ?? Number.NaN);
  return Number.isInteger(number) && Math.abs(number) < 2 ** 31 ? number : null;
};

const payFrequencyOf = (code: string | null): PayFrequency | null =>
  code === null ? null : (PAY_FREQUENCY_SYMBOLS.find((symbol) => symbol === code) ?? 'UNKNOWN');
