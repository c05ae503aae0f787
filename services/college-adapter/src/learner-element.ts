import { childrenOf, requireCode, unfit } from '@throughline/adapter-kit';
import type { XmlElement } from '@throughline/adapter-kit';
import { optionalDay, required, requiredCode, requiredDay, text, wholeNumber } from './element-fields.js';
import {
  BENEFITS,
  COMPLETION_STATUSES,
  EMPLOYMENT_INTENSITIES,
  EMPLOYMENT_STATUSES,
  HEALTH_PROBLEMS,
  isCodeOf,
  SELF_EMPLOYED,
} from './ilr-codes.js';
import type { EmploymentStatus, Learner, LearningDelivery } from './learner.js';

const STATUS = 'Learner/LearnerEmploymentStatus';
const MONITORING = `${STATUS}/EmploymentStatusMonitoring`;
const DELIVERY = 'Learner/LearningDelivery';

/** ILR rule DateEmpStatApp_02. */
const EARLIEST_STATUS = '1990-08-01';
/** ILR rule ESMType_15: at most one of each in a status. */
const SINGLE_MONITORING: ReadonlySet<string> = new Set(['SEI', 'EII', 'LOU', 'LOE', 'BSI', 'PEI', 'SEM']);

/**
 * Reads and checks one `Learner` element whose reference is known to be good; ends in `RecordUnfit` at the first fault in
 * the order of the element's own parts.
 * @param lastDayOfYear last day of the file's teaching year, ISO: no employment status applies later (DateEmpStatApp_01).
 */
export function readLearner(element: XmlElement, lastDayOfYear: string): Learner {
  const healthProblem = text(element, 'LLDDHealthProb');
  return {
    uln: required(element, 'Learner', 'ULN'),
    niNumber: text(element, 'NINumber'),
    familyName: text(element, 'FamilyName'),
    givenNames: text(element, 'GivenNames'),
    dateOfBirth: optionalDay(element, 'Learner', 'DateOfBirth'),
    postcode: text(element, 'Postcode'),
    postcodePrior: text(element, 'PostcodePrior'),
    healthProblem: isCodeOf(HEALTH_PROBLEMS, healthProblem) ? healthProblem : null,
    statuses: readStatuses(element, lastDayOfYear),
    deliveries: readDeliveries(element),
  };
}

function readStatuses(learner: XmlElement, lastDayOfYear: string): readonly EmploymentStatus[] {
  const byDate = new Map<string, EmploymentStatus>();
  for (const element of childrenOf(learner, 'LearnerEmploymentStatus')) {
    const code = requiredCode(element, STATUS, 'EmpStat', EMPLOYMENT_STATUSES);
    const appliesFrom = requiredDay(element, STATUS, 'DateEmpStatApp');
    if (appliesFrom < EARLIEST_STATUS || appliesFrom > lastDayOfYear) {
      unfit('date-out-of-range', `${STATUS}/DateEmpStatApp`, `a day from ${EARLIEST_STATUS} to ${lastDayOfYear}`, 'Give the day from which the status applies.');
    }
    if (byDate.has(appliesFrom)) {
      unfit('conflicting-fields', `${STATUS}/DateEmpStatApp`, 'one employment status for any date', 'Keep the status that is right for the date.');
    }
    const monitoring = readMonitoring(element);
    const intensity = monitoredCode(monitoring, 'EII', EMPLOYMENT_INTENSITIES);
    const benefit = monitoredCode(monitoring, 'BSI', BENEFITS);
    checkMonitoring(code, monitoring);
    byDate.set(appliesFrom, {
      code,
      appliesFrom,
      employerId: text(element, 'EmpId'),
      intensity,
      selfEmployed: monitoring.get('SEI') === SELF_EMPLOYED,
      benefit,
    });
  }
  return [...byDate.values()].sort((a, b) => (a.appliesFrom < b.appliesFrom ? -1 : 1));
}

function readMonitoring(status: XmlElement): ReadonlyMap<string, string | null> {
  const codes = new Map<string, string | null>();
  for (const element of childrenOf(status, 'EmploymentStatusMonitoring')) {
    const type = text(element, 'ESMType') ?? '';
    if (!SINGLE_MONITORING.has(type)) continue;
    if (codes.has(type)) unfit('conflicting-fields', `${MONITORING}/ESMType`, `${type} once in a status`, 'Keep the one that is right.');
    codes.set(type, text(element, 'ESMCode'));
  }
  return codes;
}

function monitoredCode<C extends string>(monitoring: ReadonlyMap<string, string | null>, type: string, list: Readonly<Record<C, unknown>>): C | null {
  const code = monitoring.get(type);
  if (code === undefined) return null;
  if (isCodeOf(list, code)) return code;
  return unfit('bad-code', `${MONITORING}/ESMCode`, `for ${type} one of ${Object.keys(list).join(', ')}`, 'Use a code of the list.');
}

/** ILR rules ESMType_02, 05, 10 and 12: what goes with being in work and what with being out of it. */
function checkMonitoring(status: EmploymentStatus['code'], monitoring: ReadonlyMap<string, string | null>): void {
  const forbid = (types: readonly string[]): void => {
    const found = types.find((type) => monitoring.has(type));
    if (found === undefined) return;
    unfit('conflicting-fields', `${MONITORING}/ESMType`, `no ${found} where EmpStat is ${status}`, 'Correct the status or remove what does not go with it.');
  };
  if (status === '10') {
    if (!monitoring.has('EII')) unfit('missing-field', `${MONITORING}/ESMType`, 'EII where EmpStat is 10', 'Add the hours band (EII) of the job.');
    forbid(['LOU']);
  } else if (status !== '98') {
    forbid(['LOE', 'EII', 'SEI']);
  }
}

function readDeliveries(learner: XmlElement): readonly LearningDelivery[] {
  const deliveries = childrenOf(learner, 'LearningDelivery').map(readDelivery);
  if (deliveries.length === 0) unfit('missing-field', DELIVERY, 'at least one', 'Add the learning that the learner is enrolled on.');
  return deliveries;
}

function readDelivery(element: XmlElement): LearningDelivery {
  const aim = requireCode('LearningStatusChanged.aim', required(element, DELIVERY, 'LearnAimRef'), `${DELIVERY}/LearnAimRef`);
  const startDate = requiredDay(element, DELIVERY, 'LearnStartDate');
  const originalStartDate = optionalDay(element, DELIVERY, 'OrigLearnStartDate');
  const completion = requiredCode(element, DELIVERY, 'CompStatus', COMPLETION_STATUSES);
  const actualEndDate = optionalDay(element, DELIVERY, 'LearnActEndDate');
  if (actualEndDate === null && COMPLETION_STATUSES[completion].becomes !== null) {
    unfit('missing-field', `${DELIVERY}/LearnActEndDate`, `the day the learning ended where CompStatus is ${completion}`, 'Add it.');
  }
  if (actualEndDate !== null && actualEndDate < startDate) {
    unfit('conflicting-fields', `${DELIVERY}/LearnActEndDate`, 'a day on or after LearnStartDate', 'Correct the start or the end.');
  }
  return {
    aim,
    startDate,
    originalStartDate,
    completion,
    actualEndDate,
    fundModel: wholeNumber(element, DELIVERY, 'FundModel'),
    outcome: wholeNumber(element, DELIVERY, 'Outcome'),
  };
}
