import { defaultBody, isoDateToEpochDay } from '@throughline/event-contracts';
import type { LabourMarketStatus } from '@throughline/event-contracts';
import type { FactDraft, FactKey, MappingContext, RecordOutcome } from '@throughline/adapter-kit';
import { WORK } from './activity-codes.js';
import type { ActivityGroup } from './activity-codes.js';
import type { NccisRecord } from './nccis-record.js';
import { ACTIVITY_FAMILY, PROOF_FAMILY } from './spoken-of.js';

const STATUSES: Partial<Readonly<Record<ActivityGroup, LabourMarketStatus>>> = {
  employment: 'EMPLOYED',
  'self-employment': 'EMPLOYED',
  'neet-available': 'UNEMPLOYED',
  'neet-not-available': 'INACTIVE',
};

/** Maps one row to what its activity code says of the time from the activity's start on. */
export function nccisToEvents(record: NccisRecord, context: MappingContext): RecordOutcome {
  const { activity, startedOn, client } = record;
  const { postcode, ...who } = client;
  return {
    fate: 'facts',
    // Also where nothing is known: the person is then somebody whom nobody can link.
    identity: { recordKind: 'client', family: 'client', occurredOn: startedOn, ...who, postcodes: postcode === null ? [] : [postcode] },
    facts: [...circumstances(record, context), ...jobFacts(record, context), ...(activity === 'education' ? [learningStarted(record)] : [])],
  };
}

/** What holds from an activity's start on is known, and covered, by that day. */
const keyed = <T extends FactKey['type']>(type: T, startedOn: string) => ({ type, naturalKey: ['activity', startedOn], family: ACTIVITY_FAMILY, coveredOn: startedOn }) as const;

function circumstances({ activity, startedOn, client }: NccisRecord, { locate }: MappingContext): FactDraft[] {
  const labourMarketStatus = STATUSES[activity] ?? 'UNKNOWN';
  const place = client.postcode === null ? null : locate(client.postcode);
  if (labourMarketStatus === 'UNKNOWN' && client.dateOfBirth === null && place === null) return [];
  const birth = client.dateOfBirth === null ? {} : { birthYear: Number(client.dateOfBirth.slice(0, 4)), birthMonth: Number(client.dateOfBirth.slice(5, 7)) };
  return [{ ...keyed('CircumstancesReported', startedOn), occurredOn: startedOn, body: { ...defaultBody('CircumstancesReported'), labourMarketStatus, ...birth, ...place } }];
}

function jobFacts({ activity, startedOn, verifiedOn }: NccisRecord, context: MappingContext): FactDraft[] {
  const work = WORK[activity];
  if (work === undefined) return [];
  const key = keyed('JobStarted', startedOn);
  const started: FactDraft = { ...key, occurredOn: startedOn, body: { ...defaultBody('JobStarted'), work } };
  if (verifiedOn === null) return [started];
  // One month's row may be drawn again after another month's told a later day: each day is a proof of its own.
  const proof = { type: 'JobSustained', naturalKey: [...key.naturalKey, verifiedOn], family: PROOF_FAMILY, coveredOn: verifiedOn } as const;
  return [started, { ...proof, occurredOn: verifiedOn, body: { ...defaultBody('JobSustained'), job: context.factId(key), basis: 'LATER_STATUS' } }];
}

function learningStarted({ startedOn }: NccisRecord): FactDraft {
  const body = { ...defaultBody('LearningStatusChanged'), status: 'STARTED', startDate: isoDateToEpochDay(startedOn) } as const;
  return { ...keyed('LearningStatusChanged', startedOn), occurredOn: startedOn, body };
}
