import { encodeEvent, encodeRecord, eventKey, eventsTopic, identifiersTopic, LINK_DECISIONS } from '@throughline/event-contracts';
import type { EventBody, EventOf, EventType, LinkDecision, SubjectIdentifier } from '@throughline/event-contracts';
import type { FactKind } from '@throughline/outcome-metrics';
import { createHash } from 'node:crypto';
import { EVERY_KIND, FictionalFacts } from './fictional-facts.js';
import { numbers, pick } from './seeded-numbers.js';
import type { Numbers } from './seeded-numbers.js';

const id = (length: number, ...parts: (string | number)[]) => createHash('sha256').update(parts.join('/')).digest().subarray(0, length);
const INSTANT = 1_760_000_000_000;

/** Each source's system, and what it knows people by. */
const SOURCES = {
  council: { system: 'rtof', kinds: ['NINO', 'NAME_DOB_POSTCODE', 'DATE_OF_BIRTH'] },
  college: { system: 'ilr', kinds: ['ULN', 'NINO', 'NAME_DOB_POSTCODE', 'DATE_OF_BIRTH'] },
  nhs: { system: 'bars', kinds: ['NHS_NUMBER', 'NAME_DOB_POSTCODE', 'DATE_OF_BIRTH'] },
  dwp: { system: 'hmrc-rti', kinds: ['NINO', 'ULN', 'NHS_NUMBER', 'NAME_DOB_POSTCODE', 'DATE_OF_BIRTH'] },
} as const;
export type FictionalSource = keyof typeof SOURCES;

/** How many decisions operators come to, each made, and perhaps taken back, in words of their own. */
const DECISIONS = 3;

/** A record as a producer takes it. */
export interface FictionalRecord {
  readonly topic: string;
  readonly key: Buffer;
  readonly value: Buffer;
}

const LATE_IN_APRIL_2025 = 20_200;

export interface FictionalLogOptions {
  /** Whether operators decide who is who, where there are two to be told apart. Default false. */
  readonly isDecided?: boolean;
  /** About which everything happens, days since 1970-01-01; default late in April 2025. */
  readonly firstDay?: number;
  /** What is told of: of fewer kinds each fact is told of more often. Default every kind. */
  readonly kinds?: readonly FactKind[];
}

type Said = Pick<EventOf<'JobStarted'>['meta'], 'occurredOn' | 'programme'>;

/** Makes events of invented people, with repeats, corrections, withdrawals and words out of order. */
export class FictionalLog {
  readonly #random: Numbers;
  readonly #facts: FictionalFacts;
  readonly #sources: readonly FictionalSource[];
  readonly #isDecided: boolean;
  readonly #decisions = new Map<number, Pick<LinkDecision, 'kind' | 'subjects' | 'apartFrom'>>();

  constructor(
    seed: number,
    private readonly people: number,
    /** Deployment of each source that tells. */
    private readonly deployments: Readonly<Partial<Record<FictionalSource, string>>>,
    { isDecided = false, firstDay = LATE_IN_APRIL_2025, kinds = EVERY_KIND }: FictionalLogOptions = {},
  ) {
    this.#random = numbers(seed);
    this.#facts = new FictionalFacts(this.#random, firstDay, kinds);
    this.#isDecided = isDecided && people * Object.keys(deployments).length > 1;
    this.#sources = Object.keys(deployments) as FictionalSource[];
  }

  /** So many records, facts, identifiers and decisions mixed. */
  *records(count: number): Generator<FictionalRecord> {
    let repeat: FictionalRecord | undefined;
    for (let made = 0; made < count; made += 1) {
      if (repeat !== undefined && this.#random(12) === 0) {
        yield repeat;
        continue;
      }
      const record = this.#record();
      if (this.#random(3) === 0) repeat = record;
      yield record;
    }
  }

  #record(): FictionalRecord {
    if (this.#isDecided && this.#random(12) === 0) return this.#decision(this.#random(DECISIONS));
    const source = pick(this.#random, this.#sources);
    const person = this.#random(this.people);
    return this.#random(5) === 0 ? this.#identifiers(source, person) : this.#fact(source, person);
  }

  #identifiers(source: FictionalSource, person: number): FictionalRecord {
    const revision = this.#random(3);
    const identifiers = this.#random(8) === 0 ? [] : SOURCES[source].kinds.filter(() => this.#random(3) > 0).map((kind) => this.#identifier(kind, person, revision));
    return this.#event(source, person, 'SubjectIdentified', 'who', revision, null, { identifiers }, identifiersTopic(this.deployments[source]!));
  }

  /** Now and then quarantined, a namesake's, or mistyped; certain numbers in the first revision are another's. */
  #identifier(kind: SubjectIdentifier['kind'], person: number, revision: number): SubjectIdentifier {
    if (this.#random(12) === 0) return { kind, check: 'FAILED', token: null };
    const isCertain = kind !== 'NAME_DOB_POSTCODE' && kind !== 'DATE_OF_BIRTH';
    const other = (person % 2 === 0 ? person + 1 : person - 1) % this.people;
    const whose = (isCertain ? revision === 0 : this.#random(6) === 0) ? other : person;
    return { kind, check: 'PASSED', token: { keyId: 'k1', value: id(16, kind, whose) } };
  }

  #decision(number: number): FictionalRecord {
    const random = this.#random;
    let decided = this.#decisions.get(number);
    if (decided === undefined) this.#decisions.set(number, (decided = this.#whoIsWho()));
    const decision = id(16, 'decision', number);
    const isWithdrawn = random(3) === 0;
    const record: LinkDecision = {
      ...decided,
      decision,
      change: isWithdrawn ? 'WITHDRAWN' : 'MADE',
      decidedAt: INSTANT + random(4),
      decidedBy: 'operator',
      reason: 'MISTYPED_IDENTIFIER',
      note: null,
    };
    return { topic: LINK_DECISIONS, key: decision, value: encodeRecord('LinkDecision', record) };
  }

  #whoIsWho(): Pick<LinkDecision, 'kind' | 'subjects' | 'apartFrom'> {
    const everybody = this.#sources.flatMap((source) => Array.from({ length: this.people }, (_, person) => subjectOf(source, person)));
    const some = Array.from({ length: Math.min(2 + this.#random(2), everybody.length) }, () => everybody.splice(this.#random(everybody.length), 1)[0]!);
    return this.#random(2) === 0 ? { kind: 'JOIN', subjects: some, apartFrom: [] } : { kind: 'SPLIT', subjects: some.slice(1), apartFrom: some.slice(0, 1) };
  }

  #fact(source: FictionalSource, person: number): FictionalRecord {
    const { kind, key, on, programme, body } = this.#facts.next({
      fact: (of, itsKey) => factIdOf(source, person, of, itsKey),
      employer: (number) => id(16, 'employer', number),
    });
    return this.#event(source, person, kind, key, this.#random(4), { occurredOn: on, programme }, body, eventsTopic(this.deployments[source]!));
  }

  #event<T extends EventType>(source: FictionalSource, person: number, type: T, key: string, revision: number, said: Said | null, body: EventBody<T>, topic: string): FictionalRecord {
    const subject = subjectOf(source, person);
    const withdrawn = this.#random(8) === 0;
    const content = JSON.stringify([said, body]);
    const meta: EventOf<T>['meta'] = {
      eventId: id(16, source, person, type, key, revision, content, `${withdrawn}`),
      factId: factIdOf(source, person, type, key),
      subject,
      revision: { instant: INSTANT + revision * 1_000, sequence: 0 },
      contentHash: withdrawn ? Buffer.alloc(8) : id(8, content),
      change: withdrawn ? 'WITHDRAWN' : 'STATED',
      occurredOn: withdrawn ? null : (said?.occurredOn ?? null),
      recordedAt: 1_770_000_000_000,
      source: { partner: `fictional-${source}`, system: SOURCES[source].system, submission: id(16, 'submission'), record: 1 },
      agreementId: `dsa-${source}`,
      programme: withdrawn ? null : (said?.programme ?? null),
      evidence: 'CASE_RECORD',
      place: null,
    };
    return { topic, key: eventKey(subject, meta.eventId), value: encodeEvent(type, { meta, ...body } as unknown as EventOf<T>) };
  }
}

const subjectOf = (source: FictionalSource, person: number): Buffer => id(16, 'subject', source, person);
const factIdOf = (source: FictionalSource, person: number, type: EventType, key: string): Buffer => id(16, 'fact', source, person, type, key);
