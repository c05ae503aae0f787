import { defaultBody, encodeEvent, eventKey, eventsTopic } from '@throughline/event-contracts';
import type { EventBody, EventOf, FactEventType } from '@throughline/event-contracts';
import { createHash } from 'node:crypto';

/** Whose topics the facts go on. */
export const DEPLOYMENTS = ['college', 'council', 'dwp'] as const;
type Deployment = (typeof DEPLOYMENTS)[number];

/** One event as a producer takes it. */
export interface FactRecord {
  readonly topic: string;
  readonly key: Buffer;
  readonly value: Buffer;
}

/** A source system that tells of every n-th person. */
interface Source {
  readonly deployment: Deployment;
  readonly system: string;
  readonly every: number;
  /** What it says of a person in a round (a month's files). */
  readonly says: (person: number, round: number) => readonly Saying[];
}

interface Saying {
  readonly type: FactEventType;
  /** What tells the fact from the others of its subject and type. */
  readonly key: number;
  /** Days since 1970. */
  readonly day: number;
  readonly body: EventBody<FactEventType>;
}

/** Rounds in which all sources send. */
export const ROUNDS = 8;

const FIRST_DAY = 20_000;
const MONTH = 30;
const DISTRICTS = ['E08000003', 'E08000025', 'E07000008', 'E06000001', 'E08000035', 'E06000023'];
const PROGRAMMES = ['workwell', 'connect-to-work', 'restart', 'local'];
/** One word in so many is a correction of what was said a round before; one in so many is sent again as it was. */
const CORRECTED_EVERY = 16;
const REPEATED_EVERY = 32;

const digest = (...parts: readonly (string | number)[]): Buffer => createHash('sha256').update(parts.join('/')).digest();
const joined = (person: number): number => FIRST_DAY + (person % 300);
const startedWork = (person: number): number => joined(person) + MONTH + (person % 20);
const employerOf = (person: number): Buffer => digest('employer', person % 997).subarray(0, 16);

const saying = <T extends FactEventType>(type: T, key: number, day: number, body: Partial<EventBody<T>>): Saying => ({
  type,
  key,
  day,
  body: { ...defaultBody(type), ...body },
});

const circumstances = (person: number, key: number, day: number): Saying =>
  saying('CircumstancesReported', key, day, {
    birthYear: 1958 + (person % 48),
    birthMonth: 1 + (person % 12),
    district: DISTRICTS[person % DISTRICTS.length]!,
    labourMarketStatus: person % 3 === 0 ? 'INACTIVE' : 'UNEMPLOYED',
    priorityGroups: person % 4 === 0 ? ['DISABILITY_OR_HEALTH'] : [],
  });

const COUNCIL: Source = {
  deployment: 'council',
  system: 'rtof',
  every: 1,
  says(person, round) {
    if (round === 0) return [circumstances(person, 0, joined(person)), saying('SupportStarted', 0, joined(person), {})];
    if (round === 1) return [saying('JobStarted', 0, startedWork(person), { employer: employerOf(person) })];
    if (round === 4 || round === 7) {
      return [saying('JobSustained', round, startedWork(person) + 7 * (round === 4 ? 13 : 26), { job: factIdOf(COUNCIL, person, 'JobStarted', 0) })];
    }
    return [];
  },
};

const COLLEGE: Source = {
  deployment: 'college',
  system: 'ilr',
  every: 2,
  says(person, round) {
    const day = joined(person) + 5;
    if (round === 0) return [circumstances(person, 0, day), saying('LearningStatusChanged', 0, day, { status: 'STARTED', aim: '60313246', startDate: day })];
    if (round === 2) return [saying('JobStarted', 0, startedWork(person) + 3, {})];
    if (round === 5) return [saying('LearningStatusChanged', 1, day + 5 * MONTH, { status: 'COMPLETED', aim: '60313246', startDate: day })];
    return [];
  },
};

const PAYROLL: Source = {
  deployment: 'dwp',
  system: 'hmrc-rti',
  every: 1,
  says(person, round) {
    if (round === 0) return [];
    const paid = saying('EarningsReported', round, startedWork(person) + MONTH * round, {
      job: factIdOf(PAYROLL, person, 'JobStarted', 0),
      amountPence: 120_000 + (person % 500) * 100,
      payFrequency: 'M1',
    });
    return round === 1 ? [saying('JobStarted', 0, startedWork(person), { employer: employerOf(person) }), paid] : [paid];
  },
};

const CLAIMS: Source = {
  deployment: 'dwp',
  system: 'dwp-citizen',
  every: 2,
  says(person, round) {
    const claimStart = joined(person) - 100;
    const claim = { benefit: 'UNIVERSAL_CREDIT' as const, claimStart };
    if (round === 0) return [saying('BenefitClaimChanged', 0, claimStart, { ...claim, kind: 'STARTED' })];
    if (round === 3) return [saying('BenefitClaimChanged', 1, startedWork(person) + 40, { ...claim, kind: 'ENDED' })];
    return [];
  },
};

const SOURCES = [COUNCIL, COLLEGE, PAYROLL, CLAIMS];

function subjectOf({ system }: Source, person: number): Buffer {
  return digest('subject', system, person).subarray(0, 16);
}

function factIdOf({ system }: Source, person: number, type: FactEventType, key: number): Buffer {
  return digest('fact', system, person, type, key).subarray(0, 16);
}

/** Subjects that are one person, each with the deployment that tells of it; least subject first. */
export function subjectsOf(person: number): { readonly subject: Buffer; readonly deployment: string }[] {
  return SOURCES.filter(({ every }) => person % every === 0)
    .map((source) => ({ subject: subjectOf(source, person), deployment: source.deployment }))
    .sort((a, b) => a.subject.compare(b.subject));
}

/** What all sources say of one person in one round, corrections of the round before and repeats included. */
export function* recordsOf(person: number, round: number): Generator<FactRecord> {
  for (const source of SOURCES) {
    if (person % source.every !== 0) continue;
    for (const said of source.says(person, round)) {
      yield recordOf(source, person, said, round, 0);
      if ((person + round) % REPEATED_EVERY === 0) yield recordOf(source, person, said, round, 0);
    }
    if (round === 0 || (person + round) % CORRECTED_EVERY !== 0) continue;
    for (const said of source.says(person, round - 1)) yield recordOf(source, person, { ...said, day: said.day + 1 }, round, 1);
  }
}

/** The log as it is appended: round after round, person after person, as monthly files list them. */
export function* factLog(people: number): Generator<FactRecord> {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let person = 0; person < people; person += 1) yield* recordsOf(person, round);
  }
}

function recordOf(source: Source, person: number, { type, key, day, body }: Saying, round: number, sequence: number): FactRecord {
  const subject = subjectOf(source, person);
  const word = digest('word', source.system, person, type, key, round, sequence, day);
  const meta: EventOf<FactEventType>['meta'] = {
    eventId: word.subarray(0, 16),
    factId: factIdOf(source, person, type, key),
    subject,
    revision: { instant: 1_760_000_000_000 + round * MONTH * 86_400_000, sequence: sequence * 2 },
    contentHash: word.subarray(16, 24),
    change: 'STATED',
    occurredOn: { date: day, precision: 'DAY' },
    recordedAt: 1_790_000_000_000,
    source: { partner: source.deployment, system: source.system, submission: digest('submission', source.system, round).subarray(0, 16), record: person + 1 },
    agreementId: `dsa-${source.system}-2026`,
    programme: source.system === 'rtof' ? PROGRAMMES[person % PROGRAMMES.length]! : null,
    evidence: source.system === 'hmrc-rti' ? 'PAYROLL' : 'CASE_RECORD',
    place: { scope: digest('scope', source.system).subarray(0, 16), days: null, family: null },
  };
  return { topic: eventsTopic(source.deployment), key: eventKey(subject, meta.eventId), value: encodeEvent(type, { meta, ...body } as unknown as EventOf<FactEventType>) };
}
