import { seedOf } from '../random.js';

/** A referral message before it is written as JSON or XML. */
export interface BarsMessage {
  /** Makes the message's ids: the same key, the same ids. */
  readonly key: string;
  /** Instant with a zone. */
  readonly timestamp: string;
  readonly event: 'servicerequest-request' | 'servicerequest-response';
  readonly reason: 'new' | 'update' | 'delete';
  readonly status: 'active' | 'revoked' | 'completed' | 'entered-in-error';
  readonly authoredOn: string | null;
  readonly caseNumber: string;
  readonly sender: string;
  readonly service: string;
  readonly patient: PatientView | null;
  /** Systems in the lower-case spelling that some suppliers use. */
  readonly loose: boolean;
}

export interface PatientView {
  readonly nhsNumber: string | null;
  readonly family: string;
  readonly given: string;
  readonly birthDate: string;
  readonly postcode: string | null;
  /** An address lived at before, marked `old`. */
  readonly oldPostcode: string | null;
  readonly gender: string;
}

/** A JSON value as FHIR has them here; an object's entries stand in the order of FHIR's elements. */
export type FhirValue = string | boolean | readonly FhirValue[] | { readonly [name: string]: FhirValue };
type Resource = { readonly resourceType: string; readonly [name: string]: FhirValue };

const hex = (text: string): string => seedOf(text).toString(16).padStart(8, '0');

/** A UUID that is the same for the same text. */
export function uuidOf(text: string): string {
  const digits = ['1', '2', '3', '4'].map((part) => hex(`${part}${text}`)).join('');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}

const coded = (system: string, code: string): FhirValue => ({ coding: [{ system, code }] });

/** The bundle as FHIR JSON has it. Employment has no use case of its own in BaRS: the category carries a local one. */
export function barsBundle(message: BarsMessage): Resource {
  const urn = (name: string): string => `urn:uuid:${uuidOf(`${message.key} ${name}`)}`;
  const reference = (name: string): FhirValue => ({ reference: urn(name) });
  const ods = message.loose ? 'https://fhir.nhs.uk/id/ods-organization-code' : 'https://fhir.nhs.uk/Id/ods-organization-code';
  const dos = message.loose ? 'http://fhir.nhs.uk/Id/dos-service-id' : 'https://fhir.nhs.uk/Id/dos-service-id';
  const { patient } = message;
  const entry = (name: string, resource: Resource): FhirValue => ({ fullUrl: urn(name), resource });
  return {
    resourceType: 'Bundle',
    id: uuidOf(message.key),
    meta: { profile: ['https://fhir.nhs.uk/StructureDefinition/BARSBundleMessage'] },
    type: 'message',
    timestamp: message.timestamp,
    entry: [
      entry('header', {
        resourceType: 'MessageHeader',
        eventCoding: { system: 'https://fhir.nhs.uk/CodeSystem/message-events-bars', code: message.event },
        destination: [{ endpoint: `${dos}|${message.service}`, receiver: reference('receiver') }],
        sender: reference('sender'),
        source: { name: 'Fictional practice system', endpoint: `${dos}|990009999` },
        reason: coded('https://fhir.nhs.uk/CodeSystem/message-reason-bars', message.reason),
        focus: [reference('request')],
        definition: 'https://fhir.nhs.uk/MessageDefinition/bars-message-servicerequest-request-referral',
      }),
      entry('request', {
        resourceType: 'ServiceRequest',
        status: message.status,
        intent: 'plan',
        category: [
          {
            coding: [
              { system: 'https://fhir.nhs.uk/CodeSystem/message-category-servicerequest', code: 'referral' },
              { system: 'urn:throughline:use-case', code: 'work-and-health' },
            ],
          },
        ],
        subject: reference('patient'),
        encounter: reference('encounter'),
        ...(message.authoredOn === null ? {} : { authoredOn: message.authoredOn }),
        performer: [reference('service')],
      }),
      entry('encounter', {
        resourceType: 'Encounter',
        identifier: [{ system: 'https://practice.example/Id/case-number', value: message.caseNumber }],
        status: 'finished',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
        subject: reference('patient'),
      }),
      ...(patient === null ? [] : [entry('patient', patientOf(patient))]),
      entry('sender', { resourceType: 'Organization', identifier: [{ system: ods, value: message.sender }], name: 'Fictional practice' }),
      entry('receiver', { resourceType: 'Organization', identifier: [{ system: ods, value: 'Z9901' }], name: 'Fictional service' }),
      entry('service', { resourceType: 'HealthcareService', identifier: [{ system: dos, value: message.service }], name: 'Work and health' }),
    ],
  };
}

function patientOf(patient: PatientView): Resource {
  const address = (use: string, postalCode: string): FhirValue => ({ use, type: 'both', postalCode });
  const addresses = [
    ...(patient.oldPostcode === null ? [] : [address('old', patient.oldPostcode)]),
    ...(patient.postcode === null ? [] : [address('home', patient.postcode)]),
  ];
  return {
    resourceType: 'Patient',
    ...(patient.nhsNumber === null ? {} : { identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: patient.nhsNumber }] }),
    name: [{ use: 'official', family: patient.family, given: [patient.given] }],
    gender: patient.gender,
    birthDate: patient.birthDate,
    ...(addresses.length === 0 ? {} : { address: addresses }),
  };
}

const attribute = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '&quot;');

const isResource = (value: FhirValue): value is Resource => typeof value === 'object' && 'resourceType' in value;

function elements(name: string, value: FhirValue): string {
  if (Array.isArray(value)) return (value as readonly FhirValue[]).map((each) => elements(name, each)).join('');
  if (typeof value !== 'object') return `<${name} value="${attribute(String(value))}"/>`;
  return `<${name}>${isResource(value) ? fhirXmlBody(value) : content(value as { readonly [name: string]: FhirValue })}</${name}>`;
}

const content = (value: { readonly [name: string]: FhirValue }): string =>
  Object.entries(value)
    .filter(([name]) => name !== 'resourceType')
    .map(([name, each]) => elements(name, each))
    .join('');

const fhirXmlBody = (resource: Resource): string => `<${resource.resourceType}>${content(resource)}</${resource.resourceType}>`;

/** The same resource as FHIR XML. */
export const fhirXml = (resource: Resource): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${resource.resourceType} xmlns="http://hl7.org/fhir">${content(resource)}</${resource.resourceType}>\n`;
