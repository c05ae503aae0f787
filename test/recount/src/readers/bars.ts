import { readFileSync } from 'node:fs';

import { codeOf, isCode } from '../codes.js';
import { dayNumber, given, instantOf, Refused } from '../days.js';
import { identified } from '../identifiers.js';
import type { SentFile } from '../manifest.js';
import type { Places } from '../places.js';
import { fatesOf, SectionBuilder } from '../told.js';
import type { Reading, Section } from '../told.js';
import { birth, circumstances } from './circumstances.js';
import { all, first, resourceFromJson, resourceFromXml, value } from './fhir-tree.js';
import type { Element } from './fhir-tree.js';
import { jsonDocuments } from './json-lines.js';

const USE_CASES = ['https://fhir.nhs.uk/CodeSystem/usecases-categories-bars', 'urn:throughline:use-case'];
const STATUSES = ['draft', 'active', 'on-hold', 'revoked', 'completed', 'entered-in-error', 'unknown'];

/** Systems are one whatever their case and whether they say `http` or `https`. */
const sameSystem = (left: string | null, right: string): boolean => (left ?? '').toLowerCase().replace(/^https?:/, '') === right.toLowerCase().replace(/^https?:/, '');

const identifier = (resource: Element | undefined, system: string): string | null =>
  all(resource, 'identifier').flatMap((each) => (sameSystem(value(each, 'system'), system) ? [value(each, 'value')] : [])).find((each) => each !== null) ?? null;

interface Entry {
  readonly fullUrl: string | null;
  readonly resource: Element;
}

class Bundle {
  readonly entries: readonly Entry[];
  constructor(readonly root: Element) {
    this.entries = all(root, 'entry').flatMap((entry) => {
      const resource = first(entry, 'resource')?.children[0];
      return resource === undefined ? [] : [{ fullUrl: value(entry, 'fullUrl'), resource }];
    });
  }
  resolve(reference: string | null, type: string): Entry | undefined {
    if (reference === null) return undefined;
    return this.entries.find(({ fullUrl, resource }) => resource.name === type && (fullUrl === reference || `${type}/${value(resource, 'id') ?? ''}` === reference));
  }
  ofType(type: string): Element[] {
    return this.entries.filter(({ resource }) => resource.name === type).map(({ resource }) => resource);
  }
}

/** A FHIR date or date-time as exact as it is written; its day is the first ten characters. */
function fhirDate(text: string | null): string {
  const day = text?.slice(0, 10) ?? '';
  const whole = day.length === 10 ? day : day.length === 7 ? `${day}-01` : `${day}-01-01`;
  if (Number.isNaN(dayNumber(whole)) || ![4, 7, 10].includes(day.length)) throw new Refused();
  return day;
}

export function readBars(path: string, sent: SentFile, places: Places): Reading {
  const many = sent.mediaType.includes('ndjson');
  const roots = sent.mediaType.includes('xml')
    ? [resourceFromXml(readFileSync(path, 'utf8'))]
    : (jsonDocuments(path, sent.mediaType)?.map((document) => (document === undefined ? 'unreadable' : resourceFromJson(document))) ?? [null]);
  const sections: Section[] = [];
  const seen = new Set<string>();
  let skipped = 0;
  for (const root of roots) {
    if (root === 'unreadable') {
      sections.push(unreadable());
      continue;
    }
    const bundle = root === null ? undefined : new Bundle(root);
    const header = bundle?.ofType('MessageHeader')[0];
    const isRequest = root?.name === 'Bundle' && value(root, 'type') === 'message' && (header === undefined || value(header, 'eventCoding', 'code') === 'servicerequest-request');
    if (bundle === undefined || !isRequest) {
      if (!many) return { refusedWhole: true };
      skipped += 1;
      continue;
    }
    sections.push(readMessage(bundle, header, seen, places));
  }
  return { refusedWhole: false, sections, fates: fatesOf(sections, skipped) };
}

const unreadable = (): Section => ({ scope: 'bars', clock: { instant: 0, sequence: 0 }, coverage: null, records: [], refused: [null] });

function readMessage(bundle: Bundle, header: Element | undefined, seen: Set<string>, places: Places): Section {
  const instant = instantOf(value(bundle.root, 'timestamp'));
  const focus = bundle.resolve(value(header, 'focus', 'reference'), 'ServiceRequest');
  const sender = bundle.resolve(value(header, 'sender', 'reference'), 'Organization');
  const ods = identifier(sender?.resource, 'https://fhir.nhs.uk/Id/ods-organization-code');
  if (instant === null || focus === undefined || ods === null || !isCode('organisation', ods.toUpperCase())) return unreadable();
  const section = new SectionBuilder('bars', { instant, sequence: 0 }, null);
  const named = bundle.resolve(value(focus.resource, 'encounter', 'reference'), 'Encounter')?.resource;
  const encounters = bundle.ofType('Encounter');
  const encounter = named ?? (encounters.length === 1 ? encounters[0] : undefined);
  const number = all(encounter, 'identifier', 'value').map((each) => each.value?.trim() ?? '').find((each) => each !== '');
  const reference = `${ods.toUpperCase()}|${number ?? focus.fullUrl ?? ''}`;
  try {
    if (seen.has(`${reference} ${instant}`)) throw new Refused();
    seen.add(`${reference} ${instant}`);
    tellMessage(section, reference, bundle, header, focus.resource, places);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    section.refuse(reference);
  }
  return section.build();
}

function tellMessage(section: SectionBuilder, reference: string, bundle: Bundle, header: Element | undefined, request: Element, places: Places): void {
  const reasons = all(header, 'reason', 'coding').filter((coding) => sameSystem(value(coding, 'system'), 'https://fhir.nhs.uk/CodeSystem/message-reason-bars'));
  const reason = value(reasons[0], 'code');
  if (reason === null || !['new', 'update', 'delete'].includes(reason)) throw new Refused();
  const status = value(request, 'status');
  if (status === null || !STATUSES.includes(status)) throw new Refused();
  if (reason === 'delete' || status === 'entered-in-error') {
    section.told(reference, [], [
      { type: 'ReferralMade', key: [reference] },
      { type: 'CircumstancesReported', key: [reference] },
      { type: 'SubjectIdentified', key: ['patient'] },
    ]);
    return;
  }
  const authoredOn = fhirDate(value(request, 'authoredOn'));
  const patient = bundle.resolve(value(request, 'subject', 'reference'), 'Patient')?.resource;
  if (patient === undefined) throw new Refused();
  const birthText = value(patient, 'birthDate');
  const birthDate = birthText === null ? null : fhirDate(birthText);
  const [, ...service] = (value(all(header, 'destination')[0], 'endpoint') ?? '').split('|');
  codeOf('service', given(service.join('|')));
  const useCase = all(request, 'category', 'coding').find((coding) => USE_CASES.some((system) => sameSystem(value(coding, 'system'), system)) && value(coding, 'code') !== null);
  codeOf('useCase', value(useCase, 'code'));
  const names = all(patient, 'name');
  const name = names.find((each) => value(each, 'use') === 'official') ?? names[0];
  const addresses = all(patient, 'address');
  const address = addresses.find((each) => value(each, 'use') === 'home') ?? addresses.find((each) => value(each, 'use') !== 'old');
  const postcode = value(address, 'postalCode');
  section.told(reference, [
    {
      key: ['patient'],
      occurredOn: authoredOn,
      body: identified({
        nhsNumber: identifier(patient, 'https://fhir.nhs.uk/Id/nhs-number'),
        surname: value(name, 'family'),
        firstName: value(name, 'given'),
        dateOfBirth: birthDate,
        postcodes: [postcode],
      }),
    },
    { key: [reference], occurredOn: authoredOn, body: { type: 'ReferralMade', status: status.toUpperCase() } },
    ...circumstances([reference], authoredOn, { ...birth(birthDate), district: places.districtOf(postcode) }),
  ]);
}
