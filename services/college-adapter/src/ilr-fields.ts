import type { FieldDeclaration } from '@throughline/adapter-kit';
import { BENEFITS, COMPLETION_STATUSES, DESTINATION_TYPES, DESTINATIONS, EMPLOYMENT_INTENSITIES, EMPLOYMENT_STATUSES, HEALTH_PROBLEMS, SELF_EMPLOYED } from './ilr-codes.js';

/** Element of a learner who left. */
const LEFT = 'LearnerDestinationandProgression';

type Code = NonNullable<FieldDeclaration['codes']>[number];

/** Codes of a list with their meaning and, where it is one word of the contract, what they become. */
const codesOf = (list: Readonly<Record<string, { readonly meaning: string; readonly becomes: unknown }>>, prefix = ''): readonly Code[] =>
  Object.entries(list).map(([code, { meaning, becomes }]) => ({
    code: `${prefix}${code}`,
    meaning: typeof becomes === 'string' ? `${becomes}: ${meaning}` : meaning,
  }));

/** Fields that are read, in the order of the file; all others are read over. */
export const ILR_FIELDS: readonly FieldDeclaration[] = [
  { path: 'Header/CollectionDetails/Collection', meaning: 'must be ILR', required: true, feeds: [] },
  { path: 'Header/CollectionDetails/Year', meaning: 'teaching year, that of the namespace (2526 for ESFA/ILR/2025-26); with the UKPRN the scope of the snapshot', required: true, feeds: [] },
  { path: 'Header/Source/UKPRN', meaning: 'provider, the same as in LearningProvider', required: true, feeds: [] },
  { path: 'Header/Source/SerialNo', meaning: 'orders files of one DateTime', required: true, feeds: ['meta.revision'] },
  { path: 'Header/Source/DateTime', meaning: "the file's clock; without a zone it is UTC", required: true, feeds: ['meta.revision'] },
  { path: 'LearningProvider/UKPRN', meaning: 'provider', required: true, feeds: ['meta.subject'] },
  { path: 'Learner/LearnRefNumber', meaning: "the provider's own reference of the learner, once in a file", required: true, feeds: ['meta.subject'] },
  { path: 'Learner/ULN', meaning: 'unique learner number; 9999999999 is temporary and identifies nobody', required: true, feeds: ['SubjectIdentified.identifiers'] },
  { path: 'Learner/FamilyName', meaning: 'identifies, with first name, date of birth and postcode', required: false, feeds: ['SubjectIdentified.identifiers'] },
  { path: 'Learner/GivenNames', meaning: 'identifies; its first word', required: false, feeds: ['SubjectIdentified.identifiers'] },
  { path: 'Learner/DateOfBirth', meaning: 'identifies; year and month are stated', required: false, feeds: ['SubjectIdentified.identifiers', 'CircumstancesReported.birthYear', 'CircumstancesReported.birthMonth'] },
  { path: 'Learner/LLDDHealthProb', meaning: 'learning difficulty, disability or health problem', required: false, feeds: ['CircumstancesReported.priorityGroups'], codes: codesOf(HEALTH_PROBLEMS) },
  { path: 'Learner/NINumber', meaning: 'identifies', required: false, feeds: ['SubjectIdentified.identifiers'] },
  { path: 'Learner/PostcodePrior', meaning: 'home before the first learning start; ZZ99 9ZZ: not known', required: false, feeds: ['SubjectIdentified.identifiers', 'CircumstancesReported.district', 'CircumstancesReported.ward'] },
  { path: 'Learner/Postcode', meaning: 'home from the first learning start on; ZZ99 9ZZ: not known', required: false, feeds: ['SubjectIdentified.identifiers', 'CircumstancesReported.district', 'CircumstancesReported.ward'] },
  { path: 'Learner/LearnerEmploymentStatus/EmpStat', meaning: 'employment status; 10 after 11 or 12 starts a job, 10 after 10 sustains it, 11 or 12 after 10 ends it', required: true, feeds: ['CircumstancesReported.labourMarketStatus', 'JobStarted', 'JobSustained', 'JobEnded'], codes: codesOf(EMPLOYMENT_STATUSES) },
  { path: 'Learner/LearnerEmploymentStatus/DateEmpStatApp', meaning: 'day from which the status applies, one status a day', required: true, feeds: ['meta.occurredOn'] },
  { path: 'Learner/LearnerEmploymentStatus/EmpId', meaning: 'employer; 999999999 names nobody', required: false, feeds: ['JobStarted.employer', 'JobEnded.employer'] },
  {
    path: 'Learner/LearnerEmploymentStatus/EmploymentStatusMonitoring',
    meaning: 'EII hours band (required with EmpStat 10), SEI self-employed, BSI benefit; LOE and LOU are only checked',
    required: false,
    feeds: ['JobStarted.hours', 'JobStarted.work', 'JobSustained.hours', 'CircumstancesReported.benefit'],
    codes: [...codesOf(EMPLOYMENT_INTENSITIES, 'EII '), { code: `SEI ${SELF_EMPLOYED}`, meaning: 'self-employed' }, ...codesOf(BENEFITS, 'BSI ')],
  },
  { path: 'Learner/LearningDelivery/LearnAimRef', meaning: 'learning aim; with its start it identifies the learning', required: true, feeds: ['LearningStatusChanged.aim'] },
  { path: 'Learner/LearningDelivery/LearnStartDate', meaning: 'start of the learning', required: true, feeds: ['LearningStatusChanged.startDate'] },
  { path: 'Learner/LearningDelivery/OrigLearnStartDate', meaning: 'start of the learning that this delivery carries on', required: false, feeds: ['LearningStatusChanged.startDate'] },
  { path: 'Learner/LearningDelivery/FundModel', meaning: 'funding model', required: false, feeds: ['LearningStatusChanged.fundModel'] },
  { path: 'Learner/LearningDelivery/CompStatus', meaning: 'completion status', required: true, feeds: ['LearningStatusChanged.status'], codes: codesOf(COMPLETION_STATUSES) },
  { path: 'Learner/LearningDelivery/LearnActEndDate', meaning: 'day the learning ended; required unless it continues', required: false, feeds: ['meta.occurredOn'] },
  { path: 'Learner/LearningDelivery/Outcome', meaning: 'what was achieved', required: false, feeds: ['LearningStatusChanged.outcome'] },
  { path: `${LEFT}/LearnRefNumber`, meaning: 'up to 2023-24: the learner who left, once in a file; there may be no Learner of that reference', required: true, feeds: ['meta.subject'] },
  { path: `${LEFT}/ULN`, meaning: 'unique learner number; 9999999999 is temporary and identifies nobody', required: true, feeds: ['SubjectIdentified.identifiers'] },
  { path: `${LEFT}/DPOutcome/OutType`, meaning: 'type of destination; EMP and NPE are read, the others say nothing here', required: true, feeds: [], codes: Object.entries(DESTINATION_TYPES).map(([code, meaning]) => ({ code, meaning })) },
  {
    path: `${LEFT}/DPOutcome/OutCode`,
    meaning: 'destination, with its type; EMP starts a job; one type, code and start once for a learner, and EMP and NPE never from one day',
    required: true,
    feeds: ['CircumstancesReported.labourMarketStatus', 'JobStarted.hours', 'JobStarted.work', 'JobSustained.hours'],
    codes: codesOf(DESTINATIONS).map(({ code, meaning }) => ({ code: `${code.slice(0, 3)} ${code.slice(3)}`, meaning })),
  },
  { path: `${LEFT}/DPOutcome/OutStartDate`, meaning: 'start of the destination; after OutCollDate it was still ahead, and says nothing', required: true, feeds: ['meta.occurredOn', 'JobStarted'] },
  { path: `${LEFT}/DPOutcome/OutEndDate`, meaning: 'its end; a job is proved until then and ended', required: false, feeds: ['JobSustained', 'JobEnded'] },
  { path: `${LEFT}/DPOutcome/OutCollDate`, meaning: 'day on which the learner was asked; a job without end is proved until then', required: true, feeds: ['JobSustained'] },
];
