import { dayNumber, given, instantOf, optionalDate, Refused, requiredDate, requiredInstant, scalar } from '../days.js';
import { identified, ninoStem, ninoToken } from '../identifiers.js';
import { factName, SectionBuilder } from '../told.js';
import type { Hours, Reading, Section, ToldFact } from '../told.js';
import { readEnvelopes } from './dwp-citizen.js';
import { at, list } from './json-lines.js';
import type { Json } from './json-lines.js';

interface Item {
  readonly employer: readonly [payeRef: string, sequence: string];
  readonly startDate: string | null;
  readonly endDate: string | null;
  readonly paymentId: string | null;
  readonly paymentDate: string | null;
  readonly pence: number | null;
  readonly afterLeaving: boolean;
  readonly noLongerValid: boolean;
  readonly receipt: number | null;
  readonly received: string | null;
  readonly hours: Hours | null;
  readonly frequency: string | null;
  readonly periods: number;
}

const BANDS: Readonly<Record<string, Hours>> = { A: [0, 1600], B: [1600, 2400], C: [2400, 3000], D: [3000, null] };
const FREQUENCIES = ['W1', 'W2', 'W4', 'M1', 'M3', 'M6', 'MA', 'IO', 'IR'];

export function readHmrcRti(path: string, mediaType: string): Reading {
  return readEnvelopes(path, mediaType, 'throughline.hmrc-rti/1', readDocument);
}

function readDocument(document: Json, seen: Set<string>): Section | 'skipped' {
  const nino = ninoToken(given(at(document, 'request', 'nino')) ?? '');
  const refused = (reference: string | null): Section => ({ scope: reference ?? '', clock: { instant: 0, sequence: 0 }, coverage: null, records: [], refused: [reference] });
  if (nino === null) return refused(null);
  try {
    const request = at(document, 'request');
    const [from, to] = [requiredDate(at(request, 'fromDate')), requiredDate(at(request, 'toDate'))];
    const dateOfBirth = optionalDate(at(request, 'dateOfBirth'));
    const rows = list(at(document, 'response', 'taxYears'));
    const clock = clockOf(rows);
    if (clock !== null || rows.length === 0) {
      const repeat = `${nino} ${clock ?? 'none'}`;
      if (clock !== null && seen.has(repeat)) throw new Refused();
      seen.add(repeat);
    }
    if (rows.length === 0) return 'skipped';
    if (clock === null) throw new Refused();
    const ordered = byReceipt(rows.map((row) => itemOf(row, nino)));
    const payments = latestPayments(ordered);
    const parts = new Set([...payments].filter(([, item]) => item.noLongerValid || isPaid(item)).map(([id]) => id));
    const section = new SectionBuilder(nino, { instant: clock, sequence: 0 }, { families: ['payment'], within: { from, to }, parts });
    const identity: ToldFact = {
      key: ['request'],
      occurredOn: from,
      body: identified({ nino, surname: given(at(request, 'surname')), firstName: given(at(request, 'firstName')), dateOfBirth }),
    };
    section.told(nino, [identity, ...employmentFacts(ordered, payments, nino)]);
    return section.build();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return refused(nino);
  }
}

/** The greatest receipt, else the greatest day of receipt; null: the response says no time. */
function clockOf(rows: readonly Json[]): number | null {
  const receipts = rows.map((row) => instantOf(at(row, 'hmrcReceiptTimestamp'))).filter((instant) => instant !== null);
  if (receipts.length > 0) return Math.max(...receipts);
  const days = rows.map((row) => instantOf(`${given(at(row, 'rtiReceivedDate')) ?? ''}T00:00:00Z`)).filter((instant) => instant !== null);
  return days.length > 0 ? Math.max(...days) : null;
}

function itemOf(row: Json, nino: string): Item {
  const [payeRef, sequence] = [given(at(row, 'employerPayeRef')), given(at(row, 'uniqueEmploymentSequenceNumber'))];
  if (payeRef === null || sequence === null) throw new Refused();
  const other = scalar(at(row, 'nationalInsuranceNumber'));
  if (other !== null && ninoStem(other) !== nino) throw new Refused();
  const receipt = scalar(at(row, 'hmrcReceiptTimestamp'));
  const pay = at(row, 'taxablePayInPeriod');
  if (scalar(pay) !== null && !(typeof pay === 'number' && Math.abs(pay) <= 1e12)) throw new Refused();
  const hours = scalar(at(row, 'numberOfNormalHoursWorked'));
  if (hours !== null && !/^[A-E]$/.test(hours)) throw new Refused();
  const [frequency, periods] = [given(at(row, 'payFrequency')), Number(given(at(row, 'earningsPeriodsCovered')) ?? Number.NaN)];
  return {
    employer: [payeRef, sequence],
    startDate: optionalDate(at(row, 'employmentStartDate')),
    endDate: optionalDate(at(row, 'employmentEndDate')),
    paymentDate: optionalDate(at(row, 'paymentDate')),
    received: optionalDate(at(row, 'rtiReceivedDate')),
    receipt: receipt === null ? null : requiredInstant(receipt),
    paymentId: given(at(row, 'uniquePaymentId')),
    pence: typeof pay === 'number' ? Math.sign(pay) * Math.round(Math.abs(pay) * 100) : null,
    afterLeaving: given(at(row, 'paymentAfterLeaving')) === 'Y',
    noLongerValid: given(at(row, 'paymentNoLongerValid')) !== null,
    hours: hours === null ? null : (BANDS[hours] ?? null),
    frequency: frequency !== null && FREQUENCIES.includes(frequency) ? frequency : null,
    periods: Number.isInteger(periods) && Math.abs(periods) < 2 ** 31 ? periods : 1,
  };
}

/** By receipt, then as in the document. */
const byReceipt = (items: readonly Item[]): Item[] =>
  items.map((item, position) => ({ item, position })).sort((left, right) => (left.item.receipt ?? 0) - (right.item.receipt ?? 0) || left.position - right.position).map(({ item }) => item);

/** The latest word of each payment that has an id. */
const latestPayments = (ordered: readonly Item[]): ReadonlyMap<string, Item> =>
  new Map(ordered.flatMap((item) => (item.paymentId === null ? [] : [[item.paymentId, item] as const])));

const isPaid = (item: Item): item is Item & { readonly paymentDate: string; readonly pence: number } =>
  !item.noLongerValid && item.paymentDate !== null && item.pence !== null;

function employmentFacts(ordered: readonly Item[], payments: ReadonlyMap<string, Item>, nino: string): ToldFact[] {
  const facts: ToldFact[] = [];
  const jobs = new Map<string, string | null>();
  const ends = new Map<string, string | null>();
  for (const key of new Set(ordered.map((item) => JSON.stringify(item.employer)))) {
    const own = ordered.filter((item) => JSON.stringify(item.employer) === key);
    const [payeRef, sequence] = own[0]?.employer ?? ['', ''];
    const started = own.findLast((item) => item.startDate !== null);
    const start = started?.startDate ?? null;
    const end = own.findLast((item) => item.endDate !== null)?.endDate ?? null;
    jobs.set(key, start === null ? null : factName(nino, 'JobStarted', [payeRef, sequence]));
    if (start !== null) facts.push({ key: [payeRef, sequence], occurredOn: start, body: { type: 'JobStarted', employer: key, hours: started?.hours ?? null, work: 'EMPLOYED', contract: null, hourlyPence: null } });
    ends.set(key, end);
    if (end !== null) facts.push({ key: [payeRef, sequence], occurredOn: end, body: { type: 'JobEnded' } });
  }
  for (const [id, item] of payments) {
    if (!isPaid(item)) continue;
    const { employer, paymentDate, pence, hours, frequency, periods } = item;
    const afterLeaving = item.afterLeaving || (item.endDate !== null && dayNumber(paymentDate) > dayNumber(item.endDate));
    const key = JSON.stringify(employer);
    const [job, end] = [jobs.get(key) ?? null, ends.get(key) ?? null];
    const told = { key: [id, paymentDate], family: 'payment', part: id, coveredOn: paymentDate };
    facts.push({ ...told, occurredOn: paymentDate, body: { type: 'EarningsReported', job, employer: key, pence, afterLeaving, hours, frequency, periods } });
    const isLast = end !== null && item.endDate !== null && !item.afterLeaving && pence > 0 && dayNumber(paymentDate) > dayNumber(end);
    if (isLast && job !== null) facts.push({ ...told, occurredOn: end, body: { type: 'JobSustained', job, hours, hourlyPence: null } });
  }
  return facts;
}
