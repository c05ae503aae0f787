import type { IlrSnapshot } from './ilr-snapshots.js';
import type { DestinationsView, OutcomeView } from './ilr-destinations.js';
import type { DeliveryView, LearnerView, StatusView } from './ilr-learner.js';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const xmlText = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);

const element = (name: string, value: string | number | null): string =>
  value === null ? '' : `<${name}>${xmlText(String(value))}</${name}>`;

/** Everything before the first learner. Odd snapshots write the instant without a zone, as some software does. */
export const ilrHead = (ukprn: string, snapshot: IlrSnapshot): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n<Message xmlns="ESFA/ILR/${snapshot.years}">\n` +
  `  <Header><CollectionDetails>${element('Collection', 'ILR')}${element('Year', snapshot.year)}${element('FilePreparationDate', snapshot.prepared)}</CollectionDetails>` +
  `<Source>${element('ProtectiveMarking', 'OFFICIAL-SENSITIVE-Personal')}${element('UKPRN', ukprn)}${element('SoftwareSupplier', 'Fictional Software')}` +
  `${element('SoftwarePackage', 'Register')}${element('Release', '7')}${element('SerialNo', String(snapshot.serial).padStart(2, '0'))}` +
  `${element('DateTime', `${snapshot.prepared}T17:30:00${snapshot.index % 2 === 0 ? 'Z' : ''}`)}</Source></Header>\n` +
  `  <LearningProvider>${element('UKPRN', ukprn)}</LearningProvider>\n`;

export const ILR_TAIL = '</Message>\n';

const status = (view: StatusView): string =>
  `<LearnerEmploymentStatus>${element('EmpStat', view.code)}${element('DateEmpStatApp', view.date)}${element('EmpId', view.empId)}` +
  view.monitoring
    .map(([type, code]) => `<EmploymentStatusMonitoring>${element('ESMType', type)}${element('ESMCode', code)}</EmploymentStatusMonitoring>`)
    .join('') +
  '</LearnerEmploymentStatus>';

const delivery = (view: DeliveryView, index: number, postcode: string): string =>
  `<LearningDelivery>${element('LearnAimRef', view.aim)}${element('AimType', 4)}${element('AimSeqNumber', index + 1)}` +
  `${element('LearnStartDate', view.start)}${element('LearnPlanEndDate', view.plannedEnd)}${element('FundModel', 38)}` +
  `${element('DelLocPostCode', postcode)}${element('CompStatus', view.completion)}${element('LearnActEndDate', view.end)}` +
  `${element('WithdrawReason', view.completion === 3 ? 98 : null)}${element('Outcome', view.end === null ? null : view.completion === 2 ? 1 : 3)}</LearningDelivery>`;

/** One `Learner`, its elements in the order of the schema. */
export const ilrLearnerXml = (view: LearnerView): string =>
  `  <Learner>${element('LearnRefNumber', view.learnRef)}${element('ULN', view.uln)}${element('FamilyName', view.familyName)}` +
  `${element('GivenNames', view.givenNames)}${element('DateOfBirth', view.dateOfBirth)}${element('Ethnicity', 99)}${element('Sex', view.sex)}` +
  `${element('LLDDHealthProb', view.healthProblem)}${element('NINumber', view.nino)}${element('PostcodePrior', view.postcodePrior)}` +
  `${element('Postcode', view.postcode)}${view.statuses.map(status).join('')}` +
  `${view.deliveries.map((each, index) => delivery(each, index, view.postcode)).join('')}</Learner>\n`;

const outcome = (view: OutcomeView): string =>
  `<DPOutcome>${element('OutType', view.type)}${element('OutCode', view.code)}${element('OutStartDate', view.start)}` +
  `${element('OutEndDate', view.end)}${element('OutCollDate', view.collected)}</DPOutcome>`;

/** One `LearnerDestinationandProgression`; they follow all learners. */
export const ilrDestinationsXml = (view: DestinationsView): string =>
  `  <LearnerDestinationandProgression>${element('LearnRefNumber', view.learnRef)}${element('ULN', view.uln)}` +
  `${view.outcomes.map(outcome).join('')}</LearnerDestinationandProgression>\n`;
