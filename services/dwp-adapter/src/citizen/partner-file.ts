import { expectedCode, isCode, parseInstant, readRecord, requireCode, unfit } from '@throughline/adapter-kit';
import type { Absence, ReadContext, ReadItem, SectionHeader } from '@throughline/adapter-kit';
import { readEnvelopes, repeats, unreadable } from '../envelopes.js';
import { asObject, isGiven, objectsOf, optionalCode, optionalDay, optionalNumber, requiredDay, requiredText, textOf } from '../json-fields.js';
import type { JsonObject } from '../json-fields.js';
import { subjectNino } from '../national-insurance.js';
import { BENEFIT_TYPES } from './benefit-types.js';
import { PERSON } from './citizen-record.js';
import type { Award, CitizenRecord, Claim } from './citizen-record.js';

export const CITIZEN_ENVELOPE = 'throughline.dwp-citizen/1';

/** Bounds where the request names none: dates as every feed allows them. */
const EARLIEST = '1900-01-01';
const LATEST = '2099-12-31';

/** Reads envelopes around Citizen API v2 documents; each document is a section of its own, about one person. */
export function readCitizens(payload: AsyncIterable<Uint8Array>, context: ReadContext): AsyncGenerator<ReadItem<CitizenRecord>, void, void> {
  const seen = new Set<string>();
  return readEnvelopes(payload, context, CITIZEN_ENVELOPE, (envelope, ordinal) => readCitizen(envelope, ordinal, seen, context.latestClock));
}

function* readCitizen(envelope: JsonObject, ordinal: number, seen: Set<string>, latestClock: Date): Generator<ReadItem<CitizenRecord>, void, void> {
  const citizen = asObject(asObject(asObject(envelope['citizen'])['data'])['attributes']);
  const who = readRecord(() => {
    const asOf = requiredText(envelope, 'asOf', 'asOf');
    const instant = parseInstant(asOf) ?? unfit('bad-date', 'asOf', 'a date-time, for example 2026-05-01T09:30:00Z', 'Correct asOf.');
    if (instant > latestClock) unfit('date-out-of-range', 'asOf', 'an instant that is not in the future', 'Say when DWP gave the documents.');
    return { asOf: instant, askedOn: asOf.slice(0, 10), nino: subjectNino(textOf(citizen, 'nino'), 'citizen.data.attributes.nino') };
  });
  if (who.fault !== null) return yield* unreadable<CitizenRecord>(ordinal, who.fault);

  const { asOf, askedOn, nino } = who.record;
  const section = (absence: Absence): SectionHeader => ({ clock: { instant: asOf, serial: 0 }, scope: nino, absence });
  const read = readRecord(() => {
    if (repeats(seen, `${nino} ${asOf.getTime()}`)) {
      unfit('duplicate-record', 'citizen', 'one document for a person and asOf', 'Send the document once, or with its own asOf.');
    }
    return readDocument(envelope, citizen, nino, askedOn);
  });
  if (read.fault !== null) {
    yield { kind: 'section', header: section({ speaks: false }) };
    return yield { kind: 'unreadable', ordinal, reference: nino, fault: read.fault };
  }
  yield { kind: 'section', header: section(read.record.absence) };
  yield { kind: 'record', ordinal, reference: nino, record: read.record.citizen };
}

function readDocument(envelope: JsonObject, citizen: JsonObject, nino: string, askedOn: string): { readonly citizen: CitizenRecord; readonly absence: Absence } {
  const request = asObject(envelope['request']);
  const from = optionalDay(request, 'effectiveFromDate', 'request.effectiveFromDate');
  const to = optionalDay(request, 'effectiveToDate', 'request.effectiveToDate');
  const dateOfBirth = optionalDay(asObject(citizen['dateOfBirth']), 'date', 'citizen.data.attributes.dateOfBirth.date');
  const claims = readClaims(asObject(envelope['claims'])['data']);
  const name = asObject(citizen['name']);
  const match = asObject(asObject(asObject(envelope['match'])['data'])['attributes']);
  return {
    citizen: {
      nino,
      firstName: textOf(name, 'firstName'),
      lastName: textOf(name, 'lastName'),
      dateOfBirth,
      postcode: textOf(match, 'postcode'),
      askedOn,
      claims,
    },
    absence: {
      speaks: true,
      within: { from: from ?? EARLIEST, to: to ?? LATEST },
      families: familiesAsked(request['benefitTypes'], claims),
    },
  };
}

/**
 * Benefit types that absence speaks for. Who the person is has a family of its own, which no claims document takes back; a
 * list that is none asks for nothing, so that nothing is taken back by mistake; what is no type is kept nowhere.
 */
function familiesAsked(asked: unknown, claims: readonly Claim[]): readonly string[] {
  const types = isGiven(asked)
    ? (Array.isArray(asked) ? asked : []).flatMap((type: unknown) => (typeof type === 'string' ? [type.trim()] : []))
    : [...Object.keys(BENEFIT_TYPES), ...claims.map(({ benefitType }) => benefitType)];
  return [...new Set(types)].filter((type) => type !== PERSON && isCode('meta.place.family', type));
}

function readClaims(data: unknown): readonly Claim[] {
  if (!Array.isArray(data)) return unfit('missing-field', 'claims.data', 'the list of claims, empty where there are none', 'Put the claims document into the envelope unchanged.');
  const seen = new Set<string>();
  return objectsOf(data).flatMap((item, index) => {
    if (item['type'] !== 'Claim') return [];
    const path = `claims.data[${index}].attributes`;
    return [readClaim(asObject(item['attributes']), path, seen)];
  });
}

function readClaim(attributes: JsonObject, path: string, seen: Set<string>): Claim {
  const benefitType = requireCode('meta.place.family', requiredText(attributes, 'benefitType', `${path}.benefitType`), `${path}.benefitType`);
  const startDate = requiredDay(attributes, 'startDate', `${path}.startDate`);
  if (repeats(seen, `${benefitType} ${startDate}`)) {
    unfit('duplicate-record', path, 'one claim of a benefit type and start', 'Ask DWP for the document again.');
  }
  return {
    benefitType,
    startDate,
    awards: objectsOf(attributes['awards']).map((award, index) => readAward(award, `${path}.awards[${index}]`)),
  };
}

function readAward(award: JsonObject, path: string): Award {
  const startDate = requiredDay(award, 'startDate', `${path}.startDate`);
  const endDate = optionalDay(award, 'endDate', `${path}.endDate`);
  const endReason = optionalCode(award, 'endReason', `${path}.endReason`, (code) => isCode('BenefitClaimChanged.reason', code), expectedCode('BenefitClaimChanged.reason'));
  return {
    startDate,
    endDate,
    endReason,
    amountPence: optionalNumber(award, 'amount', `${path}.amount`, 'whole'),
    takeHomePayPence: optionalNumber(asObject(award['assessmentAttributes']), 'takeHomePay', `${path}.assessmentAttributes.takeHomePay`, 'whole'),
  };
}
