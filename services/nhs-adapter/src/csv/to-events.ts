import { defaultBody } from '@throughline/event-contracts';
import type { FactDraft, FactKey, IdentityDraft, MappingContext, RecordOutcome } from '@throughline/adapter-kit';
import { statedCircumstances } from '../circumstances.js';
import { ROW_STATUSES } from './partner-file.js';
import type { NhsRow } from './partner-file.js';

/** Maps one row to the referral or support start it reports, or to what it takes back. */
export function rowToEvents(row: NhsRow, context: MappingContext): RecordOutcome {
  const status = ROW_STATUSES[row.status];
  if (status === null) return { fate: 'facts', identity: null, facts: [], withdrawn: keysOf(row) };
  const circumstances = statedCircumstances([row.rowReference, row.event], row.date, row.dateOfBirth, row.postcode, context);
  const facts = [reported(row, status), ...circumstances];
  return {
    fate: 'facts',
    identity: identityOf(row),
    facts: row.programme === null ? facts : facts.map((fact) => ({ ...fact, programme: row.programme })),
  };
}

function keysOf({ rowReference, event }: NhsRow): readonly FactKey[] {
  return [
    { type: event === 'referral' ? 'ReferralMade' : 'SupportStarted', naturalKey: [rowReference, event] },
    { type: 'CircumstancesReported', naturalKey: [rowReference, event] },
    { type: 'SubjectIdentified', naturalKey: [event] },
  ];
}

function identityOf(row: NhsRow): IdentityDraft {
  return {
    recordKind: row.event,
    occurredOn: row.date,
    nhsNumber: row.nhsNumber,
    surname: row.lastName,
    firstName: row.firstName,
    dateOfBirth: row.dateOfBirth,
    postcodes: row.postcode === null ? [] : [row.postcode],
  };
}

type StatedStatus = NonNullable<(typeof ROW_STATUSES)[keyof typeof ROW_STATUSES]>;

function reported({ rowReference, event, date, fromOds, toService }: NhsRow, status: StatedStatus): FactDraft {
  const naturalKey = [rowReference, event];
  return event === 'referral'
    ? { type: 'ReferralMade', naturalKey, occurredOn: date, body: { ...defaultBody('ReferralMade'), status, fromOrganisation: fromOds, toService } }
    : { type: 'SupportStarted', naturalKey, occurredOn: date, body: { ...defaultBody('SupportStarted'), provider: toService } };
}
