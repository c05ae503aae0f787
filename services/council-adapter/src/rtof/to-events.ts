import { defaultBody } from '@throughline/event-contracts';
import type { PriorityGroup } from '@throughline/event-contracts';
import type { FactDraft, FactKey, MappingContext, RecordOutcome } from '@throughline/adapter-kit';
import type { RtofRecord } from './rtof-record.js';

/** A person has one entry: the specification's key is `unique_id` alone. The scope is that of its file. */
const ENTRY: FactKey = { type: 'JobStarted', scope: 'employment_entry', naturalKey: ['entry'] };

/** Maps one row to the facts that its file states of a person. */
export function rtofToEvents(record: RtofRecord, context: MappingContext): RecordOutcome {
  switch (record.part) {
    case 'person':
      return personFacts(record);
    case 'baseline':
      return baselineFacts(record);
    case 'employment_entry':
      return { fate: 'facts', identity: null, facts: [jobStarted(record)] };
    case 'employment_sustain':
      return { fate: 'facts', identity: null, facts: [jobSustained(record, context)] };
  }
}

type Of<P extends RtofRecord['part']> = Extract<RtofRecord, { part: P }>;

function personFacts({ firstName, lastName, birthYear, district, startedService }: Of<'person'>): RecordOutcome {
  const circumstances: FactDraft = {
    type: 'CircumstancesReported',
    naturalKey: ['person'],
    occurredOn: startedService,
    body: { ...defaultBody('CircumstancesReported'), birthYear, district },
  };
  return {
    fate: 'facts',
    // A year of birth makes no demographic token; the names are given so that every subject says what it holds.
    identity: { recordKind: 'person', occurredOn: startedService, surname: lastName, firstName },
    facts: [
      // Who supports is not stated: the provider's field may hold a person's reference.
      { type: 'SupportStarted', naturalKey: ['support'], occurredOn: startedService, body: defaultBody('SupportStarted') },
      ...(birthYear === null && district === null ? [] : [circumstances]),
    ],
  };
}

function baselineFacts({ nino, statusGranted, labourMarketStatus, homeless }: Of<'baseline'>): RecordOutcome {
  const priorityGroups: readonly PriorityGroup[] = homeless ? ['REFUGEE', 'HOMELESS'] : ['REFUGEE'];
  return {
    fate: 'facts',
    identity: { recordKind: 'baseline', occurredOn: statusGranted, nino },
    facts: [
      {
        type: 'CircumstancesReported',
        naturalKey: ['baseline'],
        occurredOn: statusGranted,
        body: { ...defaultBody('CircumstancesReported'), labourMarketStatus, priorityGroups },
      },
    ],
  };
}

function jobStarted({ date, work, terms }: Of<'employment_entry'>): FactDraft {
  return { type: 'JobStarted', naturalKey: ENTRY.naturalKey, occurredOn: date, body: { ...defaultBody('JobStarted'), work, ...terms } };
}

function jobSustained({ date, terms }: Of<'employment_sustain'>, context: MappingContext): FactDraft {
  return {
    type: 'JobSustained',
    naturalKey: ['sustain'],
    occurredOn: date,
    // Whether or not the entry has been heard of: files come in any order.
    body: { ...defaultBody('JobSustained'), job: context.factId(ENTRY), basis: 'SUSTAIN_RECORD', ...terms },
  };
}
