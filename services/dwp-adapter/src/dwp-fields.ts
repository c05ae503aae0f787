import type { FieldDeclaration } from '@throughline/adapter-kit';
import { BENEFIT_TYPES } from './citizen/benefit-types.js';
import { HOURS_BANDS } from './rti/rti-codes.js';

const codesOf = (list: Readonly<Record<string, { readonly meaning: string }>>) =>
  Object.entries(list).map(([code, { meaning }]) => ({ code, meaning }));

const claim = (name: string): string => `claims.data[].attributes.${name}`;
const item = (name: string): string => `response.taxYears[].${name}`;

export const CITIZEN_FIELDS: readonly FieldDeclaration[] = [
  { path: 'type', meaning: 'throughline.dwp-citizen/1', required: true, feeds: [] },
  { path: 'asOf', meaning: "when DWP gave the documents; the document's clock", required: true, feeds: ['meta.revision'] },
  { path: 'request.benefitTypes', meaning: 'benefit types asked for; absent: all. Only these can be found absent', required: false, feeds: [] },
  { path: 'request.effectiveFromDate', meaning: 'first day asked for; absent: no lower bound', required: false, feeds: [] },
  { path: 'request.effectiveToDate', meaning: 'last day asked for; absent: no upper bound', required: false, feeds: [] },
  { path: 'match.data.attributes.postcode', meaning: 'postcode DWP was asked with', required: false, feeds: ['SubjectIdentified.identifiers', 'CircumstancesReported.district', 'CircumstancesReported.ward'] },
  { path: 'citizen.data.attributes.nino', meaning: 'National Insurance number: who the document is about', required: true, feeds: ['meta.subject', 'SubjectIdentified.identifiers'] },
  { path: 'citizen.data.attributes.name.firstName', meaning: 'identifies', required: false, feeds: ['SubjectIdentified.identifiers'] },
  { path: 'citizen.data.attributes.name.lastName', meaning: 'identifies', required: false, feeds: ['SubjectIdentified.identifiers'] },
  { path: 'citizen.data.attributes.dateOfBirth.date', meaning: 'identifies; year and month are stated', required: false, feeds: ['SubjectIdentified.identifiers', 'CircumstancesReported.birthYear', 'CircumstancesReported.birthMonth'] },
  { path: claim('benefitType'), meaning: 'benefit claimed; a type not listed is stated as OTHER_STATE_BENEFIT', required: true, feeds: ['BenefitClaimChanged.benefit', 'meta.place.family'], codes: codesOf(BENEFIT_TYPES) },
  { path: claim('startDate'), meaning: 'day the claim started', required: true, feeds: ['BenefitClaimChanged.claimStart', 'meta.occurredOn'] },
  { path: claim('awards[].startDate'), meaning: 'day the award started; for Universal Credit the assessment period', required: true, feeds: ['meta.occurredOn'] },
  { path: claim('awards[].endDate'), meaning: 'day the award ended; with endReason, on the latest award, the end of the claim', required: false, feeds: ['meta.occurredOn'] },
  { path: claim('awards[].endReason'), meaning: 'why the award ended', required: false, feeds: ['BenefitClaimChanged.reason'] },
  { path: claim('awards[].amount'), meaning: 'amount of the award, pence', required: false, feeds: ['BenefitClaimChanged.amountPence'] },
  { path: claim('awards[].assessmentAttributes.takeHomePay'), meaning: 'take-home pay of the period, pence (unit unverified)', required: false, feeds: ['BenefitClaimChanged.takeHomePayPence'] },
];

export const RTI_FIELDS: readonly FieldDeclaration[] = [
  { path: 'type', meaning: 'throughline.hmrc-rti/1', required: true, feeds: [] },
  { path: 'request.nino', meaning: 'National Insurance number: who the answer is about', required: true, feeds: ['meta.subject', 'SubjectIdentified.identifiers'] },
  { path: 'request.fromDate', meaning: 'first payment date asked for', required: true, feeds: [] },
  { path: 'request.toDate', meaning: 'last payment date asked for', required: true, feeds: [] },
  { path: 'request.surname', meaning: 'read; without a postcode it cannot link', required: false, feeds: [] },
  { path: 'request.firstName', meaning: 'read; without a postcode it cannot link', required: false, feeds: [] },
  { path: 'request.dateOfBirth', meaning: 'identifies; states no circumstances, it is the asker\'s word', required: false, feeds: ['SubjectIdentified.identifiers'] },
  { path: item('employerPayeRef'), meaning: 'employer; with the next field the employment', required: true, feeds: ['JobStarted.employer', 'JobEnded.employer', 'EarningsReported.employer'] },
  { path: item('uniqueEmploymentSequenceNumber'), meaning: "the employer's number of the employment", required: true, feeds: ['JobStarted.employer', 'JobEnded.employer', 'EarningsReported.employer'] },
  { path: item('nationalInsuranceNumber'), meaning: 'must be the number asked for', required: false, feeds: [] },
  { path: item('employmentStartDate'), meaning: 'day the employment started', required: false, feeds: ['JobStarted', 'meta.occurredOn'] },
  { path: item('employmentEndDate'), meaning: 'day the employment ended', required: false, feeds: ['JobEnded', 'JobSustained', 'meta.occurredOn', 'EarningsReported.afterLeaving'] },
  { path: item('uniquePaymentId'), meaning: 'the payment; an item without one states no payment', required: false, feeds: ['EarningsReported'] },
  { path: item('paymentDate'), meaning: 'day of the payment', required: false, feeds: ['meta.occurredOn'] },
  { path: item('taxablePayInPeriod'), meaning: 'taxable pay, pounds', required: false, feeds: ['EarningsReported.amountPence'] },
  { path: item('numberOfNormalHoursWorked'), meaning: 'band of normal weekly hours', required: false, feeds: ['JobStarted.hours', 'JobSustained.hours', 'EarningsReported.hours'], codes: codesOf(HOURS_BANDS) },
  { path: item('payFrequency'), meaning: 'how often the employer pays', required: false, feeds: ['EarningsReported.payFrequency'] },
  { path: item('earningsPeriodsCovered'), meaning: 'periods the payment covers', required: false, feeds: ['EarningsReported.periodsCovered'] },
  { path: item('paymentAfterLeaving'), meaning: 'Y: paid after the employment ended, as is what is dated after the end of its own item', required: false, feeds: ['EarningsReported.afterLeaving'] },
  { path: item('paymentNoLongerValid'), meaning: 'given: the payment is no longer linked to the employment and is not stated', required: false, feeds: [] },
  { path: item('paymentConfidenceStatus'), meaning: 'how sure HMRC is of the payment, 1 to 5', required: false, feeds: ['EarningsReported.confidence'] },
  { path: item('hmrcReceiptTimestamp'), meaning: "when HMRC received the item; the greatest is the document's clock", required: false, feeds: ['meta.revision'] },
  { path: item('rtiReceivedDate'), meaning: 'day of receipt; the clock where no item has a time', required: false, feeds: ['meta.revision'] },
];
