import { parseDay, parseInstant, parseMonth, requireCode, unfit } from '@throughline/adapter-kit';
import { BundleEntries } from './bundle-entries.js';
import { codesOf, identifierOf, nodesAt, textAt } from './fhir-node.js';
import type { FhirNode } from './fhir-node.js';

/** One BaRS request message, checked: what it does to the referral, and the referral unless it only takes it back. */
export interface BarsMessage {
  /** `<sender's ODS code>|<case number, or the focus entry's fullUrl>`. */
  readonly reference: string;
  /** Null where the message takes the referral back (reason `delete`, status `entered-in-error`). */
  readonly referral: BarsReferral | null;
}

export interface BarsReferral {
  readonly status: Exclude<RequestStatus, 'entered-in-error'>;
  /** ISO day, month or year, as exact as written. */
  readonly authoredOn: string;
  /** ODS code of the organisation that refers. */
  readonly fromOrganisation: string;
  readonly toService: string | null;
  readonly useCase: string | null;
  readonly patient: BarsPatient;
}

export interface BarsPatient {
  readonly nhsNumber: string | null;
  readonly surname: string | null;
  readonly firstName: string | null;
  /** ISO day, month or year. */
  readonly birthDate: string | null;
  readonly postcode: string | null;
}

/** What tells one message from another before the rest of it is looked at. */
export interface MessageEnvelope {
  readonly timestamp: Date;
  readonly reference: string;
  readonly fromOrganisation: string;
  readonly header: FhirNode;
  readonly focus: FhirNode;
  readonly entries: BundleEntries;
}

const MESSAGE_REASONS = ['new', 'update', 'delete'] as const;
type MessageReason = (typeof MESSAGE_REASONS)[number];

/** FHIR R4 request-status, with what each becomes. */
export const REQUEST_STATUSES = {
  draft: 'DRAFT',
  active: 'ACTIVE',
  'on-hold': 'ON_HOLD',
  revoked: 'REVOKED',
  completed: 'COMPLETED',
  'entered-in-error': null,
  unknown: 'UNKNOWN',
} as const;
export type RequestStatus = keyof typeof REQUEST_STATUSES;

/** The one BaRS event that refers somebody. */
export const REQUEST_EVENT = 'servicerequest-request';

const REASONS_SYSTEM = 'https://fhir.nhs.uk/CodeSystem/message-reason-bars';
const ODS_SYSTEM = 'https://fhir.nhs.uk/Id/ods-organization-code';
const NHS_NUMBER_SYSTEM = 'https://fhir.nhs.uk/Id/nhs-number';
/** BaRS has no use case for employment: a local code goes under the second, which is this platform's own. */
export const USE_CASE_SYSTEMS = ['https://fhir.nhs.uk/CodeSystem/usecases-categories-bars', 'urn:throughline:use-case'] as const;

/** The message's event code, null where its header names none; undefined where the bundle has no header at all. */
export function eventOf(bundle: FhirNode): string | null | undefined {
  const header = headerOf(bundle);
  return header === undefined ? undefined : textAt(header, 'eventCoding', 'code');
}

function headerOf(bundle: FhirNode): FhirNode | undefined {
  return nodesAt(bundle, 'entry', 'resource').find((resource) => textAt(resource, 'resourceType') === 'MessageHeader');
}

/** Ends in `RecordUnfit` where the message does not even say which referral it speaks of, or speaks from the future. */
export function readEnvelope(bundle: FhirNode, latestClock: Date): MessageEnvelope {
  const written = textAt(bundle, 'timestamp') ?? unfit('missing-field', 'Bundle.timestamp', 'an instant', 'Say when the message was assembled.');
  const timestamp = parseInstant(written) ?? unfit('bad-date', 'Bundle.timestamp', 'an instant, as 2026-03-06T09:30:00+00:00', 'Correct it.');
  if (timestamp > latestClock) unfit('date-out-of-range', 'Bundle.timestamp', 'an instant that is not in the future', 'Say when the message was assembled.');
  const header = headerOf(bundle) ?? missing('MessageHeader', 'a MessageHeader');
  const entries = new BundleEntries(bundle);
  const focus = entries.resolve(textAt(header, 'focus', 'reference'), 'ServiceRequest') ?? missing('MessageHeader.focus', 'a reference to a ServiceRequest of the bundle');
  const sender = entries.resolve(textAt(header, 'sender', 'reference'), 'Organization');
  const ods = sender === null ? null : identifierOf(sender, ODS_SYSTEM);
  const sending = ods ?? missing('MessageHeader.sender', 'a reference to an Organization of the bundle with an ODS code');
  const fromOrganisation = requireCode('ReferralMade.fromOrganisation', sending.toUpperCase(), 'MessageHeader.sender');
  const encounter = entries.resolve(textAt(focus, 'encounter', 'reference'), 'Encounter') ?? entries.only('Encounter');
  const caseNumber = encounter === null ? null : textAt(encounter, 'identifier', 'value');
  const number = caseNumber ?? entries.fullUrlOf(focus) ?? missing('MessageHeader.focus', 'an Encounter with an identifier, or a fullUrl of the focus');
  return { timestamp, reference: `${fromOrganisation}|${number}`, fromOrganisation, header, focus, entries };
}

/** Ends in `RecordUnfit` at the first fault of what the message says of its referral. */
export function readMessage(envelope: MessageEnvelope): BarsMessage {
  const { reference, header, focus, entries } = envelope;
  const reason = reasonOf(header);
  const status = statusOf(focus);
  if (reason === 'delete' || status === 'entered-in-error') return { reference, referral: null };
  const written = textAt(focus, 'authoredOn') ?? unfit('missing-field', 'ServiceRequest.authoredOn', 'when the referral was made', 'Add it.');
  const authoredOn = dateOf(written) ?? unfit('bad-date', 'ServiceRequest.authoredOn', 'a FHIR dateTime from 1900 to 2099', 'Correct it.');
  const patient = entries.resolve(textAt(focus, 'subject', 'reference'), 'Patient') ?? missing('ServiceRequest.subject', 'a reference to a Patient of the bundle');
  return {
    reference,
    referral: {
      status,
      authoredOn,
      fromOrganisation: envelope.fromOrganisation,
      toService: toServiceOf(header),
      useCase: codesOf(nodesAt(focus, 'category', 'coding'), USE_CASE_SYSTEMS)[0] ?? null,
      patient: patientOf(patient),
    },
  };
}

function reasonOf(header: FhirNode): MessageReason {
  const path = 'MessageHeader.reason.coding.code';
  const [code] = codesOf(nodesAt(header, 'reason', 'coding'), [REASONS_SYSTEM]);
  if (code === undefined) return unfit('missing-field', path, 'a code of message-reason-bars', 'Say whether the referral is new, updated or deleted.');
  return MESSAGE_REASONS.find((reason) => reason === code) ?? unfit('bad-code', path, MESSAGE_REASONS.join(', '), 'Use a code of message-reason-bars.');
}

function statusOf(focus: FhirNode): RequestStatus {
  const path = 'ServiceRequest.status';
  const code = textAt(focus, 'status') ?? unfit('missing-field', path, 'a FHIR request-status', 'Add it.');
  return isStatus(code) ? code : unfit('bad-code', path, Object.keys(REQUEST_STATUSES).join(', '), 'Use a code of FHIR request-status.');
}

const isStatus = (code: string): code is RequestStatus => Object.hasOwn(REQUEST_STATUSES, code);

function patientOf(patient: FhirNode): BarsPatient {
  const names = nodesAt(patient, 'name');
  const name = names.find((each) => textAt(each, 'use') === 'official') ?? names[0];
  const addresses = nodesAt(patient, 'address');
  const address = addresses.find((each) => textAt(each, 'use') === 'home') ?? addresses.find((each) => textAt(each, 'use') !== 'old');
  const birthDate = textAt(patient, 'birthDate');
  return {
    nhsNumber: identifierOf(patient, NHS_NUMBER_SYSTEM),
    surname: name === undefined ? null : textAt(name, 'family'),
    firstName: name === undefined ? null : textAt(name, 'given'),
    birthDate: birthDate === null ? null : (partialDate(birthDate) ?? unfit('bad-date', 'Patient.birthDate', 'a FHIR date from 1900 to 2099', 'Correct it.')),
    postcode: address === undefined ? null : textAt(address, 'postalCode'),
  };
}

const YEAR = /^(?:19|20)\d{2}$/;

/** A FHIR date: a day, a month or a year. */
const partialDate = (text: string): string | null => parseDay(text) ?? parseMonth(text) ?? (YEAR.test(text) ? text : null);

/** The date of a FHIR dateTime, as its writer's own calendar had it. */
const dateOf = (text: string): string | null => partialDate(text) ?? (parseInstant(text) === null ? null : text.slice(0, 10));

/** The service id in a destination `<system>|<id>`. */
function toServiceOf(header: FhirNode): string | null {
  const [destination] = nodesAt(header, 'destination');
  const endpoint = (destination && textAt(destination, 'endpoint')) ?? '';
  const service = endpoint.includes('|') ? endpoint.slice(endpoint.indexOf('|') + 1).trim() : '';
  return service === '' ? null : service;
}

const missing = (path: string, expected: string): never => unfit('missing-resource', path, expected, 'Add the resource to the bundle, or correct the reference.');
