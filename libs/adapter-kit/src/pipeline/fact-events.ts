import { defaultBody, encodeBody, encodeEvent, eventKey } from '@throughline/event-contracts';
import type { EventBody, EventMeta, EventOf, EventType } from '@throughline/event-contracts';
import { identify, WITHDRAWN_CONTENT_HASH } from '@throughline/identity';
import type { IdentifierPolicies, ReferenceHasher, Tokeniser } from '@throughline/identity';
import type { FactDraft, FactKey, FeedDeclaration, IdentityDraft, RecordFault, SectionHeader } from '../adapter-declaration.js';
import { daysOf, familyText } from '../ledger/coverage.js';
import type { Coverable, DayInterval } from '../ledger/coverage.js';
import type { Withdrawal } from '../ledger/ledger-draft.js';
import { revisionOf } from '../ledger/revision.js';
import type { Revision } from '../ledger/revision.js';
import type { FactPlace } from '../ledger/stored-word.js';

/** What all events of a submission share. */
export interface EventOrigin {
  readonly feed: FeedDeclaration;
  readonly hasher: ReferenceHasher;
  readonly tokeniser: Tokeniser;
  readonly agreementId: string;
  /** Programme the submission declares; null: none. */
  readonly programme: string | null;
  /** 16 bytes. */
  readonly submission: Buffer;
  /** The receipt's instant: the same whenever the events are made again. */
  readonly recordedAt: number;
}

/** One entry of the outbox: an event ready to send. */
export interface OutboxEvent {
  readonly type: EventType;
  readonly key: Buffer;
  readonly value: Buffer;
}

/** A fact with all that the ledger judges it by. Its event is only encoded if the log must hear it. */
export interface StatedFact {
  readonly place: FactPlace & Coverable;
  readonly contentHash: Buffer;
  readonly encode: (ordinal: number) => OutboxEvent;
}

/** Makes facts and events of one submission. Deterministic: the same submission gives the same bytes. */
export class FactEvents {
  readonly #origin: EventOrigin;
  readonly #policies: IdentifierPolicies;
  readonly #fields: ReadonlyMap<string, string>;
  /** What facts that follow each other have in common, hashed once for them. */
  readonly #last = new Map<'scope' | 'part', { readonly text: string; readonly hash: Buffer }>();

  constructor(origin: EventOrigin) {
    this.#origin = origin;
    const certain = origin.feed.identifiers.filter(({ kind }) => kind !== 'NAME_DOB_POSTCODE');
    this.#policies = Object.fromEntries(certain.map(({ kind, policy }) => [kind, policy]));
    this.#fields = new Map(certain.map(({ kind, field }) => [kind, field]));
  }

  scope(scope: string): Buffer {
    return this.#shared('scope', scope);
  }

  /** A part of what the source tells, as the ledger knows it. */
  part(part: string): Buffer {
    return this.#shared('part', part);
  }

  #shared(kind: 'scope' | 'part', text: string): Buffer {
    let last = this.#last.get(kind);
    if (last?.text !== text) this.#last.set(kind, (last = { text, hash: this.keyed(kind, [text]) }));
    return last.hash;
  }

  subject(reference: string): Buffer {
    return this.#origin.hasher.subject(this.#origin.feed.system, reference);
  }

  /** Comparable within this source only: other systems of the partner number employers in their own way. */
  keyed(kind: string, parts: readonly string[]): Buffer {
    return this.#origin.hasher.keyed(kind, this.#origin.feed.system, ...parts);
  }

  factId(key: FactKey, section: SectionHeader, subject: Buffer): Buffer {
    return this.#origin.hasher.factId(this.#origin.feed.system, key.scope ?? section.scope, subject, key.type, ...key.naturalKey);
  }

  /** Place of a fact that is known by its key alone. */
  place(key: FactKey, section: SectionHeader, subject: Buffer): FactPlace {
    return {
      fact: this.factId(key, section, subject),
      scope: this.scope(key.scope ?? section.scope),
      subject,
      type: key.type,
      days: key.coveredOn === undefined ? null : daysOf(key.coveredOn),
      family: familyText(key.family, key.part === undefined ? undefined : this.part(key.part)),
    };
  }

  fact(draft: FactDraft, section: SectionHeader, subject: Buffer): StatedFact {
    const { precision, first } = daysOf(draft.occurredOn);
    const programme = draft.programme === undefined ? this.#origin.programme : draft.programme;
    return this.#stated(draft, { date: first, precision }, programme, draft.evidence ?? this.#origin.feed.evidence, draft.body, section, subject, draft.occurredOn);
  }

  /** The fact that says who the subject is; a fault where the feed's policy refuses the record for it. */
  identity(draft: IdentityDraft, section: SectionHeader, subject: Buffer): StatedFact | RecordFault {
    const { identifiers, refused } = identify(this.#origin.tokeniser, this.#policies, draft);
    if (refused !== undefined) {
      return {
        code: 'identifier-check-failed',
        path: this.#fields.get(refused.kind) ?? refused.kind,
        expected: `a ${refused.kind.replace('_', ' ')} that passes its own check`,
        remedy: 'Check the number against its source and send the record again.',
      };
    }
    const key: FactKey = { type: 'SubjectIdentified', naturalKey: [draft.recordKind] };
    // Has no day of its own: the draft's only says where partial coverage counts it.
    return this.#stated(key, null, null, this.#origin.feed.evidence, { identifiers }, section, subject, draft.occurredOn);
  }

  /** The event that takes a word back. @param ordinal 0 where no record says so. */
  withdrawal({ revision, ...place }: Withdrawal, ordinal: number, recordedAt = this.#origin.recordedAt): OutboxEvent {
    const { fact, subject, type } = place;
    const eventId = this.#origin.hasher.eventId(fact, revision, WITHDRAWN_CONTENT_HASH, 'WITHDRAWN');
    const meta: EventMeta = {
      ...this.#common(ordinal, recordedAt),
      eventId,
      factId: fact,
      subject,
      revision,
      contentHash: WITHDRAWN_CONTENT_HASH,
      change: 'WITHDRAWN',
      occurredOn: null,
      programme: null,
      evidence: this.#origin.feed.evidence,
      place: placeOf(place, null),
    };
    return { type, key: eventKey(subject, eventId), value: encodeEvent(type, { meta, ...defaultBody(type) } as EventOf<typeof type>) };
  }

  #stated(
    key: FactKey,
    occurredOn: EventMeta['occurredOn'],
    programme: string | null,
    evidence: EventMeta['evidence'],
    body: EventBody<EventType>,
    section: SectionHeader,
    subject: Buffer,
    day: string,
  ): StatedFact {
    const { hasher } = this.#origin;
    const place = { ...this.place(key, section, subject), days: daysOf(key.coveredOn ?? day) };
    const contentHash = hasher.contentHash(key.type, encodeBody(key.type, body), occurredOn, programme);
    const encode = (ordinal: number): OutboxEvent => {
      const revision: Revision = revisionOf(section.clock);
      const eventId = hasher.eventId(place.fact, revision, contentHash, 'STATED');
      const meta: EventMeta = {
        ...this.#common(ordinal, this.#origin.recordedAt),
        eventId,
        factId: place.fact,
        subject,
        revision,
        contentHash,
        change: 'STATED',
        occurredOn,
        programme,
        evidence,
        place: placeOf(place, occurredOn === null ? null : daysOf(day)),
      };
      return { type: key.type, key: eventKey(subject, eventId), value: encodeEvent(key.type, { meta, ...body } as EventOf<EventType>) };
    };
    return { place, contentHash, encode };
  }

  #common(ordinal: number, recordedAt: number): Pick<EventMeta, 'recordedAt' | 'source' | 'agreementId'> {
    const { hasher, feed, submission, agreementId } = this.#origin;
    return { recordedAt, source: { partner: hasher.partner, system: feed.system, submission, record: ordinal }, agreementId };
  }
}

/** As the event carries it. @param occurred the days of its occurredOn, which need not be said twice; null: it has none */
const placeOf = ({ scope, days, family }: FactPlace, occurred: DayInterval | null): EventMeta['place'] => {
  const said = days !== null && days.first === occurred?.first && days.last === occurred.last;
  return { scope, days: days === null || said ? null : { first: days.first, last: days.last }, family };
};
