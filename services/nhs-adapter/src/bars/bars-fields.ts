import type { FieldDeclaration } from '@throughline/adapter-kit';
import { REQUEST_EVENT, USE_CASE_SYSTEMS } from './bars-message.js';
import type { RequestStatus } from './bars-message.js';

const STATUS_MEANINGS: Readonly<Record<RequestStatus, string>> = {
  draft: 'DRAFT: not made yet, stated but not counted',
  active: 'ACTIVE: made',
  'on-hold': 'ON_HOLD: paused',
  revoked: 'REVOKED: cancelled, stays stated but is not counted',
  completed: 'COMPLETED: dealt with',
  'entered-in-error': 'takes back what was stated: it never was',
  unknown: 'UNKNOWN: not known',
};

/** Elements that are read; all others are read over. */
export const BARS_FIELDS: readonly FieldDeclaration[] = [
  { path: 'Bundle.type', meaning: 'must be message', required: true, feeds: [] },
  { path: 'Bundle.timestamp', meaning: "the message's clock", required: true, feeds: ['meta.revision'] },
  {
    path: 'MessageHeader.eventCoding.code',
    meaning: 'what the message is about',
    required: true,
    feeds: [],
    codes: [{ code: REQUEST_EVENT, meaning: 'a referral; responses and bookings are not taken' }],
  },
  {
    path: 'MessageHeader.reason.coding.code',
    meaning: 'what the message does (message-reason-bars)',
    required: true,
    feeds: [],
    codes: [
      { code: 'new', meaning: 'states the referral' },
      { code: 'update', meaning: 'states it anew' },
      { code: 'delete', meaning: 'takes back what was stated' },
    ],
  },
  { path: 'MessageHeader.sender', meaning: 'Organization that refers, by its ODS code', required: true, feeds: ['meta.subject', 'ReferralMade.fromOrganisation'] },
  { path: 'MessageHeader.destination[0].endpoint', meaning: 'service referred to, after the bar', required: false, feeds: ['ReferralMade.toService'] },
  { path: 'MessageHeader.focus', meaning: 'the ServiceRequest', required: true, feeds: [] },
  {
    path: 'ServiceRequest.status',
    meaning: 'status of the referral',
    required: true,
    feeds: ['ReferralMade.status'],
    codes: Object.entries(STATUS_MEANINGS).map(([code, meaning]) => ({ code, meaning })),
  },
  {
    path: 'ServiceRequest.category.coding.code',
    meaning:
      'use case. Profile gap: the national list has none for employment support, so a local code is taken under the second system; agree it with the sender',
    required: false,
    feeds: ['ReferralMade.useCase'],
    codes: USE_CASE_SYSTEMS.map((system) => ({ code: `${system}|*`, meaning: 'any code of that shape, as written' })),
  },
  { path: 'ServiceRequest.authoredOn', meaning: "when the referral was made; its day in the writer's own calendar", required: true, feeds: ['meta.occurredOn'] },
  { path: 'Encounter.identifier[0].value', meaning: "the sender's case number; where there is none, the fullUrl of the ServiceRequest", required: false, feeds: ['meta.subject'] },
  { path: 'Patient.identifier.value', meaning: 'NHS number, under https://fhir.nhs.uk/Id/nhs-number', required: false, feeds: ['SubjectIdentified.identifiers'] },
  { path: 'Patient.name', meaning: 'the official one, else the first: family and first given', required: false, feeds: ['SubjectIdentified.identifiers'] },
  { path: 'Patient.birthDate', meaning: 'identifies where it is a day; year and month are stated', required: false, feeds: ['SubjectIdentified.identifiers', 'CircumstancesReported.birthYear', 'CircumstancesReported.birthMonth'] },
  { path: 'Patient.address.postalCode', meaning: 'home address, else the first that is not old', required: false, feeds: ['SubjectIdentified.identifiers', 'CircumstancesReported.district', 'CircumstancesReported.ward'] },
];
