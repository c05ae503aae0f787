import { defaultBody } from '@throughline/event-contracts';
import type { FactDraft, FactKey, MappingContext, RecordOutcome } from '@throughline/adapter-kit';
import { DESTINATIONS } from './ilr-codes.js';
import type { DestinationOutcome, Destinations } from './learner.js';

/** Maps what became of a learner who left to the facts the file states of it. */
export function destinationsToEvents({ uln, outcomes }: Destinations, context: MappingContext): RecordOutcome {
  const had = outcomes.filter(({ startDate, collectedOn }) => startDate <= collectedOn);
  // An intention is no fact: what was still ahead when the learner was asked says nothing.
  if (had.length === 0) return { fate: 'skipped', reason: 'nothing-to-say' };
  const first = had.reduce((least, { startDate }) => (startDate < least ? startDate : least), '9999-12-31');
  return {
    fate: 'facts',
    identity: { recordKind: 'destination', occurredOn: first, uln },
    facts: had.flatMap((outcome) => outcomeFacts(outcome, context)),
  };
}

function outcomeFacts(outcome: DestinationOutcome, context: MappingContext): readonly FactDraft[] {
  const { code, startDate, endDate, collectedOn } = outcome;
  const { becomes: labourMarketStatus, job: known } = DESTINATIONS[code];
  const naturalKey = ['destination', code, startDate];
  const status: FactDraft = {
    type: 'CircumstancesReported',
    naturalKey,
    occurredOn: startDate,
    body: { ...defaultBody('CircumstancesReported'), labourMarketStatus },
  };
  if (known === null) return [status];
  const key: FactKey = { type: 'JobStarted', naturalKey };
  const facts: FactDraft[] = [status, { type: 'JobStarted', naturalKey, occurredOn: startDate, body: { ...defaultBody('JobStarted'), ...known } }];
  const job = context.factId(key);
  // An end after the day of asking was expected, not seen.
  const ended = endDate !== null && endDate <= collectedOn ? endDate : null;
  const seenUntil = ended ?? collectedOn;
  if (seenUntil > startDate) {
    const { hours } = known;
    facts.push({ type: 'JobSustained', naturalKey, occurredOn: seenUntil, body: { ...defaultBody('JobSustained'), job, basis: 'LATER_STATUS', hours } });
  }
  if (ended !== null) {
    facts.push({ type: 'JobEnded', naturalKey, occurredOn: ended, body: { ...defaultBody('JobEnded'), job } });
  }
  return facts;
}
