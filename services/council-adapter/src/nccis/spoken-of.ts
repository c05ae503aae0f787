import type { Absence } from '@throughline/adapter-kit';
import { WORK } from './activity-codes.js';
import type { NccisRecord } from './nccis-record.js';

/** Family of what a row tells of its person's time from the activity's start on. Who the person is, is never found absent. */
export const ACTIVITY_FAMILY = 'activity';

/** Family of the days on which a council made sure that a job was still held. */
export const PROOF_FAMILY = 'proof';

/**
 * What a row leaves no room for, of older extracts; the last is what it speaks of by what it tells itself. A row in work
 * takes back proofs only from the day on which it was last made sure of: the days before may well have been such days, and
 * a row that names none says nothing of them.
 * @param until last day of which the row speaks.
 */
export const spokenOf = ({ activity, startedOn, verifiedOn }: NccisRecord, until: string): readonly Absence[] => {
  const within = { from: startedOn, to: until };
  if (WORK[activity] === undefined) return [{ speaks: true, within, families: [ACTIVITY_FAMILY, PROOF_FAMILY] }];
  const own: Absence = { speaks: true, within, families: [ACTIVITY_FAMILY] };
  if (verifiedOn === null || verifiedOn > until) return [own];
  return [{ speaks: true, within: { from: verifiedOn, to: until }, families: [PROOF_FAMILY] }, own];
};
