import { childrenOf, unfit } from '@throughline/adapter-kit';
import type { XmlElement } from '@throughline/adapter-kit';
import { optionalDay, required, requiredCode, requiredDay } from './element-fields.js';
import { DESTINATION_TYPES, DESTINATIONS, isCodeOf } from './ilr-codes.js';
import type { DestinationCode } from './ilr-codes.js';
import type { DestinationOutcome, Destinations } from './learner.js';

const LEFT = 'LearnerDestinationandProgression';
const OUTCOME = `${LEFT}/DPOutcome`;

/** Types whose codes say something of work. */
const TYPES_READ: ReadonlySet<string> = new Set(Object.keys(DESTINATIONS).map((code) => code.slice(0, 3)));

/** Days, ISO, that a file allows. */
export interface DestinationDays {
  /** First and last day on which a destination may begin: ILR rules OutStartDate_01 and 02. */
  readonly startsFrom: string;
  readonly startsUntil: string;
  /** Day of the file: nothing was collected later (OutCollDate_01). */
  readonly preparedOn: string;
}

/**
 * Reads and checks one `LearnerDestinationandProgression` element whose reference is known to be good; ends in `RecordUnfit`
 * at the first fault in the order of the element's own parts.
 */
export function readDestinations(element: XmlElement, days: DestinationDays): Destinations {
  const uln = required(element, LEFT, 'ULN');
  const elements = childrenOf(element, 'DPOutcome');
  if (elements.length === 0) unfit('missing-field', OUTCOME, 'at least one', 'Add what became of the learner, or leave the element out.');
  const told = new Set<string>();
  const outcomes = elements.flatMap((each) => {
    const outcome = readOutcome(each, days);
    checkBeside(told, outcome);
    const code = `${outcome.type}${outcome.code}`;
    return isCodeOf(DESTINATIONS, code) ? [kept(outcome, code)] : [];
  });
  return { uln, outcomes };
}

interface OutcomeAsTold extends Omit<DestinationOutcome, 'code'> {
  readonly type: keyof typeof DESTINATION_TYPES;
  readonly code: string;
}

const kept = ({ startDate, endDate, collectedOn }: OutcomeAsTold, code: DestinationCode): DestinationOutcome => ({ code, startDate, endDate, collectedOn });

function readOutcome(element: XmlElement, { startsFrom, startsUntil, preparedOn }: DestinationDays): OutcomeAsTold {
  const type = requiredCode(element, OUTCOME, 'OutType', DESTINATION_TYPES);
  const code = required(element, OUTCOME, 'OutCode');
  if (TYPES_READ.has(type) && !isCodeOf(DESTINATIONS, `${type}${code}`)) {
    const known = Object.keys(DESTINATIONS).filter((each) => each.startsWith(type)).map((each) => each.slice(3));
    unfit('bad-code', `${OUTCOME}/OutCode`, `for ${type} one of ${known.join(', ')}`, 'Use a code of the list.');
  }
  const startDate = requiredDay(element, OUTCOME, 'OutStartDate');
  if (startDate < startsFrom || startDate > startsUntil) {
    unfit('date-out-of-range', `${OUTCOME}/OutStartDate`, `a day from ${startsFrom} to ${startsUntil}`, 'Give the day on which the destination began.');
  }
  const endDate = optionalDay(element, OUTCOME, 'OutEndDate');
  if (endDate !== null && endDate < startDate) {
    unfit('conflicting-fields', `${OUTCOME}/OutEndDate`, 'a day on or after OutStartDate', 'Correct the start or the end.');
  }
  const collectedOn = requiredDay(element, OUTCOME, 'OutCollDate');
  if (collectedOn > preparedOn) {
    unfit('date-out-of-range', `${OUTCOME}/OutCollDate`, 'a day not after that of the file', 'Give the day on which the learner was asked.');
  }
  return { type, code, startDate, endDate, collectedOn };
}

/** ILR rules R69 and OutType_04: each destination once, and nobody in and out of work from one day. */
function checkBeside(told: Set<string>, { type, code, startDate }: OutcomeAsTold): void {
  const itself = `${type}${code} ${startDate}`;
  if (told.has(itself)) {
    unfit('conflicting-fields', `${OUTCOME}/OutStartDate`, 'one DPOutcome for a type, code and start', 'Keep the one that was collected last.');
  }
  const opposite = type === 'EMP' ? 'NPE' : type === 'NPE' ? 'EMP' : null;
  if (opposite !== null && told.has(`${opposite} ${startDate}`)) {
    unfit('conflicting-fields', `${OUTCOME}/OutType`, 'EMP or NPE from one day, not both', 'Keep the one that is right for the day.');
  }
  told.add(itself).add(`${type} ${startDate}`);
}
