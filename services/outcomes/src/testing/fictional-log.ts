import { decodeEvent, defaultBody, encodeEvent, eventKey, eventsTopic, identifiersTopic } from '@throughline/event-contracts';
import type { EventBody, EventOf, EventType, SubjectIdentifier } from '@throughline/event-contracts';
import { linkClosure } from '@throughline/identity';
import { contributions, entryFromEvent, factsOf, isFactKind, LATEST_RULES, mergeEntry } from '@throughline/outcome-metrics';
import type { FactKind, RuleSet, Timeline } from '@throughline/outcome-metrics';
import { createHash } from 'node:crypto';

/** Seeded whole numbers below a bound. */
export function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const id = (length: number, ...parts: (string | number)[]) => createHash('sha256').update(parts.join('/')).digest().subarray(0, length);
const DISTRICTS = ['E08000003', 'E08000025', 'E07000008'];
const SYSTEMS = { council: 'rtof', college: 'ilr' } as const;
export type FictionalSource = keyof typeof SYSTEMS;

/** A record as a producer takes it. */
export interface FictionalRecord {
  readonly topic: string;
  readonly key: Buffer;
  readonly value: Buffer;
}

/** Makes events of invented people, with repeats, corrections, withdrawals and words out of order. */
export class FictionalLog {
  readonly #random: (below: number) => number;
  constructor(
    seed: number,
    private readonly people: number,
    /** Deployment of each source. */
    private readonly deployments: Readonly<Record<FictionalSource, string>>,
  ) {
    this.#random = numbers(seed);
  }

  /** So many records, facts and identifiers mixed. */
  *records(count: number): Generator<FictionalRecord> {
    let repeat: FictionalRecord | undefined;
    for (let made = 0; made < count; made += 1) {
      if (repeat !== undefined && this.#random(12) === 0) {
        yield repeat;
        continue;
      }
      const source: FictionalSource = this.#random(2) === 0 ? 'council' : 'college';
      const person = this.#random(this.people);
      const record = this.#random(5) === 0 ? this.#identifiers(source, person) : this.#fact(source, person);
      if (this.#random(3) === 0) repeat = record;
      yield record;
    }
  }

  #identifiers(source: FictionalSource, person: number) {
    const revision = this.#random(3);
    const token = (kind: SubjectIdentifier['kind'], text: string): SubjectIdentifier => ({ kind, check: 'PASSED', token: { keyId: 'k1', value: id(16, kind, text) } });
    // A mistyped number in the first revision links to whoever has it; later ones correct that.
    const nino = revision === 0 ? (person * 7) % this.people : person;
    const identifiers = person % 5 === 0 ? [] : [token('NINO', `${nino}`), token('DATE_OF_BIRTH', `${person}`)];
    return this.#record(source, person, 'SubjectIdentified', 'who', revision, null, { identifiers }, identifiersTopic(this.deployments[source]));
  }

  #fact(source: FictionalSource, person: number) {
    const random = this.#random;
    const day = 20_200 + random(400);
    const revision = random(4);
    const number = random(2);
    const topic = eventsTopic(this.deployments[source]);
    const on = { date: day, precision: 'DAY' as const };
    switch (random(4)) {
      case 0:
        return this.#record(source, person, 'SupportStarted', `support${number}`, revision, on, defaultBody('SupportStarted'), topic);
      case 1:
        return this.#record(source, person, 'JobStarted', `job${number}`, revision, on, { ...defaultBody('JobStarted'), employer: id(16, 'employer', random(3)) }, topic);
      case 2:
        return this.#record(source, person, 'JobSustained', `sustained${number}`, revision, on, { ...defaultBody('JobSustained'), job: this.#factId(source, person, 'JobStarted', `job${number}`) }, topic);
      default:
        return this.#record(
          source,
          person,
          'CircumstancesReported',
          'circumstances',
          revision,
          on,
          { ...defaultBody('CircumstancesReported'), birthYear: 1960 + random(45), birthMonth: 1 + random(12), district: DISTRICTS[random(3)]!, labourMarketStatus: 'UNEMPLOYED', priorityGroups: [] },
          topic,
        );
    }
  }

  #subject(source: FictionalSource, person: number): Buffer {
    return id(16, 'subject', source, person);
  }

  #factId(source: FictionalSource, person: number, type: EventType, key: string): Buffer {
    return id(16, 'fact', source, person, type, key);
  }

  #record<T extends EventType>(
    source: FictionalSource,
    person: number,
    type: T,
    key: string,
    revision: number,
    occurredOn: { readonly date: number; readonly precision: 'DAY' } | null,
    body: EventBody<T>,
    topic: string,
  ): FictionalRecord {
    const subject = this.#subject(source, person);
    const withdrawn = this.#random(8) === 0;
    const content = JSON.stringify([occurredOn, body]);
    const meta: EventOf<T>['meta'] = {
      eventId: id(16, source, person, type, key, revision, content, `${withdrawn}`),
      factId: this.#factId(source, person, type, key),
      subject,
      revision: { instant: 1_760_000_000_000 + revision * 1_000, sequence: 0 },
      contentHash: withdrawn ? Buffer.alloc(8) : id(8, content),
      change: withdrawn ? 'WITHDRAWN' : 'STATED',
      occurredOn: withdrawn ? null : occurredOn,
      recordedAt: 1_770_000_000_000,
      source: { partner: `fictional-${source}`, system: SYSTEMS[source], submission: id(16, 'submission'), record: 1 },
      agreementId: `dsa-${source}`,
      programme: null,
      evidence: 'CASE_RECORD',
      place: null,
    };
    return { topic, key: eventKey(subject, meta.eventId), value: encodeEvent(type, { meta, ...body } as unknown as EventOf<T>) };
  }
}

type DecodedFact = Extract<ReturnType<typeof decodeEvent>, { readonly type: FactKind }>;
const isFactEvent = (event: ReturnType<typeof decodeEvent>): event is DecodedFact => isFactKind(event.type);

/** The cells that records add up to, straight from the rules, without any of the service's machinery. */
export function cellsOf(records: Iterable<{ readonly value: Buffer | null }>, rules: RuleSet = LATEST_RULES): Map<string, number> {
  const timelines = new Map<string, Timeline>();
  const words = new Map<string, { subject: Buffer; instant: number; hash: string; identifiers: readonly SubjectIdentifier[] | null }>();
  for (const { value } of records) {
    if (value === null) continue;
    const event = decodeEvent(value);
    if (event.type === 'SubjectIdentified') {
      const { meta, identifiers } = event.value;
      const factId = meta.factId.toString('hex');
      const word = { subject: meta.subject, instant: meta.revision.instant, hash: meta.contentHash.toString('hex'), identifiers: meta.change === 'STATED' ? identifiers : null };
      const known = words.get(factId);
      if (known === undefined || word.instant > known.instant || (word.instant === known.instant && word.hash > known.hash)) words.set(factId, word);
    } else if (isFactEvent(event)) {
      const { subject, entry } = entryFromEvent(event);
      let timeline = timelines.get(subject);
      if (timeline === undefined) timelines.set(subject, (timeline = new Map() as Timeline));
      mergeEntry(timeline, entry);
    }
  }
  const roots = new Map<string, string>();
  for (const { leastSubject, subjects } of linkClosure([...words.values()].map(({ subject, identifiers }) => ({ subject, identifiers: identifiers ?? [] })))) {
    for (const subject of subjects) roots.set(subject.toString('latin1'), leastSubject.toString('latin1'));
  }
  const people = new Map<string, Timeline[]>();
  for (const [subject, timeline] of timelines) {
    const root = roots.get(subject) ?? subject;
    people.set(root, [...(people.get(root) ?? []), timeline]);
  }
  const cells = new Map<string, number>();
  for (const person of people.values()) {
    for (const [cell, count] of contributions(factsOf(person), rules)) cells.set(cell, (cells.get(cell) ?? 0) + count);
  }
  return cells;
}
