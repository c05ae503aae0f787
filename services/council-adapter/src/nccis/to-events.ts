import { defaultBody, isoDateToEpochDay } from '@throughline/event-contracts';
import type { LabourMarketStatus, WorkKind } from '@throughline/event-contracts';
import type { FactDraft, FactKey, MappingContext, RecordOutcome } from '@throughline/adapter-kit';
import type { ActivityGroup } from './activity-codes.js';
import type { NccisRecord } from './nccis-record.js';
import { ACTIVITY_FAMILY } from './partner-file.js';

const WORK: Partial<Readonly<Record<ActivityGroup, WorkKind>>> = { employment: 'EMPLOYED', 'self-employment': 'SELF_EMPLOYED' };

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

/** Every fact of an activity is known, and covered, by the day it began. */
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
  // The day it was last made sure of moves on from extract to extract; the activity it is about does not.
  return [started, { ...keyed('JobSustained', startedOn), occurredOn: verifiedOn, body: { ...defaultBody('JobSustained'), job: context.factId(key), basis: 'LATER_STATUS' } }];
}

function learningStarted({ startedOn }: NccisRecord): FactDraft {
  const body = { ...defaultBody('LearningStatusChanged'), status: 'STARTED', startDate: isoDateToEpochDay(startedOn) } as const;
  return { ...keyed('LearningStatusChanged', startedOn), occurredOn: startedOn, body };
}
