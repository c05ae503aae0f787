import { defaultBody, epochDayToIsoDate, isoDateToEpochDay } from '@throughline/event-contracts';
import type { FactDraft, FactKey, IdentityDraft, MappingContext, RecordOutcome } from '@throughline/adapter-kit';
import { destinationsToEvents } from './destinations-to-events.js';
import { BENEFITS, COMPLETION_STATUSES, EMPLOYER_NOT_LISTED, EMPLOYMENT_INTENSITIES, EMPLOYMENT_STATUSES, HEALTH_PROBLEMS } from './ilr-codes.js';
import type { EmploymentStatus, IlrRecord, Learner, LearningDelivery } from './learner.js';

/** Maps a record of a file to who it is about and the facts the file states of them. */
export const ilrToEvents = (record: IlrRecord, context: MappingContext): RecordOutcome =>
  'outcomes' in record ? destinationsToEvents(record, context) : learnerToEvents(record, context);

function learnerToEvents(learner: Learner, context: MappingContext): RecordOutcome {
  const firstStart = learner.deliveries.reduce((first, { startDate }) => (startDate < first ? startDate : first), '9999-12-31');
  return {
    fate: 'facts',
    identity: identityOf(learner, firstStart),
    facts: [
      ...circumstances(learner, firstStart, context),
      ...employment(learner.statuses, context),
      ...learning(learner.deliveries),
    ],
  };
}

function identityOf(learner: Learner, firstStart: string): IdentityDraft {
  return {
    recordKind: 'learner',
    occurredOn: firstStart,
    uln: learner.uln,
    nino: learner.niNumber,
    surname: learner.familyName,
    firstName: learner.givenNames,
    dateOfBirth: learner.dateOfBirth,
    postcodes: [learner.postcode, learner.postcodePrior].filter((postcode) => postcode !== null),
  };
}

function circumstances(learner: Learner, firstStart: string, context: MappingContext): readonly FactDraft[] {
  const facts: FactDraft[] = [];
  const nothing = defaultBody('CircumstancesReported');
  const home = learner.postcode === null ? null : context.locate(learner.postcode);
  const priorityGroups = learner.healthProblem === null ? null : HEALTH_PROBLEMS[learner.healthProblem].becomes;
  if (learner.dateOfBirth !== null || home !== null || priorityGroups !== null) {
    facts.push({
      type: 'CircumstancesReported',
      naturalKey: ['home'],
      occurredOn: firstStart,
      body: { ...nothing, ...birth(learner.dateOfBirth), ...home, priorityGroups },
    });
  }
  const prior = learner.postcodePrior === null ? null : context.locate(learner.postcodePrior);
  if (prior !== null) {
    facts.push({ type: 'CircumstancesReported', naturalKey: ['prior'], occurredOn: dayBefore(firstStart), body: { ...nothing, ...prior } });
  }
  for (const status of learner.statuses.filter(isKnown)) {
    facts.push({
      type: 'CircumstancesReported',
      naturalKey: ['status', status.appliesFrom],
      occurredOn: status.appliesFrom,
      body: {
        ...nothing,
        labourMarketStatus: EMPLOYMENT_STATUSES[status.code].becomes,
        benefit: status.benefit === null ? null : BENEFITS[status.benefit].becomes,
      },
    });
  }
  return facts;
}

function birth(dateOfBirth: string | null): { readonly birthYear: number | null; readonly birthMonth: number | null } {
  return dateOfBirth === null
    ? { birthYear: null, birthMonth: null }
    : { birthYear: Number(dateOfBirth.slice(0, 4)), birthMonth: Number(dateOfBirth.slice(5, 7)) };
}

function dayBefore(day: string): string {
  return epochDayToIsoDate(isoDateToEpochDay(day) - 1);
}

const isKnown = ({ code }: EmploymentStatus): boolean => code !== '98';

/**
 * What the statuses tell of jobs. A status says what holds from its date; it is a start only where the one before says that
 * there was no job, so the first status starts nothing.
 */
function employment(statuses: readonly EmploymentStatus[], context: MappingContext): readonly FactDraft[] {
  const facts: FactDraft[] = [];
  let before: EmploymentStatus | null = null;
  /** The status that started the job still held. */
  let open: EmploymentStatus | null = null;
  for (const status of statuses.filter(isKnown)) {
    if (before !== null && status.code === '10') {
      if (before.code !== '10') {
        open = status;
        facts.push(jobStarted(status, context));
      } else if (open !== null && namesAnother(status, open)) {
        open = null;
      } else if (open !== null) {
        facts.push(jobSustained(status, open, context));
      }
    } else if (before?.code === '10') {
      facts.push(jobEnded(status, before, open, context));
      open = null;
    }
    before = status;
  }
  return facts;
}

const jobKey = (status: EmploymentStatus): FactKey => ({ type: 'JobStarted', naturalKey: ['job', status.appliesFrom] });

function jobStarted(status: EmploymentStatus, context: MappingContext): FactDraft {
  return {
    type: 'JobStarted',
    naturalKey: jobKey(status).naturalKey,
    occurredOn: status.appliesFrom,
    body: {
      ...defaultBody('JobStarted'),
      hours: hoursOf(status),
      work: status.selfEmployed ? 'SELF_EMPLOYED' : 'EMPLOYED',
      employer: employerOf(status, context),
    },
  };
}

function jobSustained(status: EmploymentStatus, open: EmploymentStatus, context: MappingContext): FactDraft {
  return {
    type: 'JobSustained',
    naturalKey: ['sustained', status.appliesFrom],
    occurredOn: status.appliesFrom,
    body: { ...defaultBody('JobSustained'), job: context.factId(jobKey(open)), basis: 'LATER_STATUS', hours: hoursOf(status) },
  };
}

function jobEnded(status: EmploymentStatus, before: EmploymentStatus, open: EmploymentStatus | null, context: MappingContext): FactDraft {
  return {
    type: 'JobEnded',
    naturalKey: ['ended', status.appliesFrom],
    occurredOn: status.appliesFrom,
    body: {
      ...defaultBody('JobEnded'),
      job: open === null ? null : context.factId(jobKey(open)),
      employer: employerOf(before, context),
    },
  };
}

const hoursOf = ({ intensity }: EmploymentStatus) => (intensity === null ? null : EMPLOYMENT_INTENSITIES[intensity].becomes);

function employerOf(status: EmploymentStatus, context: MappingContext): Buffer | null {
  const employer = namedEmployer(status);
  return employer === null ? null : context.keyed('employer', employer);
}

const namedEmployer = ({ employerId }: EmploymentStatus): string | null => (employerId === EMPLOYER_NOT_LISTED ? null : employerId);

function namesAnother(status: EmploymentStatus, open: EmploymentStatus): boolean {
  const [now, then] = [namedEmployer(status), namedEmployer(open)];
  return now !== null && then !== null && now !== then;
}

/** Two deliveries of one aim and start are one learning; the last in the file speaks. */
function learning(deliveries: readonly LearningDelivery[]): readonly FactDraft[] {
  const byLearning = new Map(deliveries.map((delivery) => [`${delivery.startDate} ${delivery.aim}`, delivery]));
  return [...byLearning.values()].flatMap(learningFacts);
}

function learningFacts(delivery: LearningDelivery): readonly FactDraft[] {
  const { aim, startDate, originalStartDate, fundModel } = delivery;
  const start = originalStartDate !== null && originalStartDate < startDate ? originalStartDate : startDate;
  const key = ['learning', aim, startDate] as const;
  const said = { ...defaultBody('LearningStatusChanged'), aim, startDate: isoDateToEpochDay(start), fundModel };
  const started: FactDraft = {
    type: 'LearningStatusChanged',
    naturalKey: [...key, 'started'],
    occurredOn: start,
    body: { ...said, status: 'STARTED' },
  };
  const status = COMPLETION_STATUSES[delivery.completion].becomes;
  if (status === null || delivery.actualEndDate === null) return [started];
  return [
    started,
    {
      type: 'LearningStatusChanged',
      naturalKey: [...key, 'ended'],
      occurredOn: delivery.actualEndDate,
      body: { ...said, status, outcome: delivery.outcome },
    },
  ];
}
