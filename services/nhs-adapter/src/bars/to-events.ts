import { defaultBody } from '@throughline/event-contracts';
import type { FactDraft, FactKey, IdentityDraft, MappingContext, RecordOutcome } from '@throughline/adapter-kit';
import { statedCircumstances } from '../circumstances.js';
import { REQUEST_STATUSES } from './bars-message.js';
import type { BarsReferral } from './bars-message.js';
import type { BarsRecord } from './partner-file.js';

/** Maps one message to the referral it states, or to what it takes back. */
export function barsToEvents(record: BarsRecord, context: MappingContext): RecordOutcome {
  if (record === 'not-in-scope') return { fate: 'skipped', reason: 'not-in-scope' };
  const { reference, referral } = record;
  if (referral === null) return { fate: 'facts', identity: null, facts: [], withdrawn: keysOf(reference) };
  return {
    fate: 'facts',
    identity: identityOf(referral),
    facts: [
      referralMade(reference, referral),
      ...statedCircumstances([reference], referral.authoredOn, referral.patient.birthDate, referral.patient.postcode, context),
    ],
  };
}

function keysOf(reference: string): readonly FactKey[] {
  return [
    { type: 'ReferralMade', naturalKey: [reference] },
    { type: 'CircumstancesReported', naturalKey: [reference] },
    { type: 'SubjectIdentified', naturalKey: ['patient'] },
  ];
}

function identityOf({ authoredOn, patient }: BarsReferral): IdentityDraft {
  return {
    recordKind: 'patient',
    occurredOn: authoredOn,
    nhsNumber: patient.nhsNumber,
    surname: patient.surname,
    firstName: patient.firstName,
    dateOfBirth: patient.birthDate,
    postcodes: patient.postcode === null ? [] : [patient.postcode],
  };
}

function referralMade(reference: string, { status, authoredOn, fromOrganisation, toService, useCase }: BarsReferral): FactDraft {
  return {
    type: 'ReferralMade',
    naturalKey: [reference],
    occurredOn: authoredOn,
    body: { ...defaultBody('ReferralMade'), status: REQUEST_STATUSES[status], fromOrganisation, toService, useCase },
  };
}
