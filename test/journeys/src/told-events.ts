import { createHash } from 'node:crypto';
import type { OutgoingRecord } from '@throughline/event-bus';
import { defaultBody, encodeEvent, eventKey, topicOf } from '@throughline/event-contracts';
import type { EventBody, EventOf, EventType, SubjectIdentifier } from '@throughline/event-contracts';

const hash = (bytes: number, ...parts: readonly (string | number)[]): Buffer => createHash('sha256').update(parts.join('/')).digest().subarray(0, bytes);

/** The subject that events are told of under a name. */
export const subjectOf = (deployment: string, name: string): Buffer => hash(16, 'subject', deployment, name);

/** A token as an adapter would make it, of an invented value. */
export const tokenOf = (kind: SubjectIdentifier['kind'], value: string, keyId = 'key-1'): SubjectIdentifier => ({ kind, check: 'PASSED', token: { keyId, value: hash(16, 'token', keyId, kind, value) } });

export interface Telling<T extends EventType> {
  readonly deployment: string;
  /** Of the person, in that deployment. */
  readonly name: string;
  readonly type: T;
  /** Days since 1970; null for what happened on no day. */
  readonly day?: number;
  /** Default 1. */
  readonly revision?: number;
  readonly body?: Partial<EventBody<T>>;
}

/** A record as an adapter would publish it. */
export function told<T extends EventType>({ deployment, name, type, day, revision = 1, body = {} }: Telling<T>): OutgoingRecord {
  const subject = subjectOf(deployment, name);
  const whole = { ...defaultBody(type), ...body };
  const meta: EventOf<T>['meta'] = {
    eventId: hash(16, 'event', deployment, name, type, day ?? 0, revision),
    factId: hash(16, 'fact', deployment, name, type),
    subject,
    revision: { instant: 1_760_000_000_000 + revision * 1_000, sequence: 0 },
    contentHash: hash(8, 'content', JSON.stringify(whole), day ?? 0),
    change: 'STATED',
    occurredOn: day === undefined ? null : { date: day, precision: 'DAY' },
    recordedAt: 1_770_000_000_000,
    source: { partner: `fictional-${deployment}`, system: deployment === 'college' ? 'ilr' : 'rtof', submission: hash(16, 'submission'), record: 1 },
    agreementId: `dsa-${deployment}`,
    programme: null,
    evidence: 'CASE_RECORD',
    place: null,
  };
  return { topic: topicOf(type, deployment), key: eventKey(subject, meta.eventId), value: encodeEvent(type, { meta, ...whole } as unknown as EventOf<T>) };
}
