import { defaultBody, encodeEvent, eventKey, eventsTopic } from '@throughline/event-contracts';
import type { EventBody, EventOf, FactEventType } from '@throughline/event-contracts';
import { fictionalId } from './fictional-ids.js';
import { AIMS, deploymentsOf, PARTNERS, partnerPlaceOf, PROGRAMMES, subjectCount, subjectId } from './workload.js';
import type { Workload } from './workload.js';
import { wordAt } from './words.js';
import type { Word } from './words.js';

/** One event as a producer takes it. */
export interface TimelineRecord {
  readonly topic: string;
  readonly key: Buffer;
  readonly value: Buffer;
}

const NO_HASH = Buffer.alloc(8);
/** The source system of each partner. */
const SYSTEMS = ['bars', 'ilr', 'rtof', 'dwp-citizen'] as const;

/** The log as it is appended: round after round, subject after subject, as monthly files list them. */
export function* timelineLog(workload: Workload): Generator<TimelineRecord> {
  const topics = deploymentsOf(workload).map(eventsTopic);
  const subjects = subjectCount(workload);
  for (let round = 0; round < workload.events; round += 1) {
    for (let subject = 0; subject < subjects; subject += 1) {
      yield recordOf(subject, wordAt(workload, subject, round), topics[partnerPlaceOf(subject)]!);
    }
  }
}

/** A number of the fact and a day that no log has. */
const LATER_FACT = 1_000;
const LATER_DAY = 30_000;
const DAYS_APART = 40;

/** One more referral about each of the first subjects, made in a month that the log does not have. */
export function* laterReferrals(workload: Workload, subjects: number, turn: number): Generator<TimelineRecord> {
  const topics = deploymentsOf(workload).map(eventsTopic);
  const day = LATER_DAY + turn * DAYS_APART;
  const referral: Word = { fact: LATER_FACT + turn, type: 'ReferralMade', instant: day * 86_400_000, sequence: 0, stated: true, day, programme: 0, aim: 0, revoked: false };
  for (let subject = 0; subject < subjects; subject += 1) yield recordOf(subject, referral, topics[partnerPlaceOf(subject)]!);
}

/** Of those referrals: the cell that counts them. */
export const laterCell = (turn: number): string => `referrals|${new Date((LATER_DAY + turn * DAYS_APART) * 86_400_000).toISOString().slice(0, 7)}`;

function recordOf(subject: number, word: Word, topic: string): TimelineRecord {
  const partner = partnerPlaceOf(subject);
  const id = subjectId(subject);
  // A day and a sequence tell the words about one fact apart; there are fewer of them than 65,536.
  const eventId = fictionalId('event', subject, word.fact * 65_536 + ((word.day - 20_000) * 2 + word.sequence));
  const meta: EventOf<FactEventType>['meta'] = {
    eventId,
    factId: fictionalId('fact', subject, word.fact),
    subject: id,
    revision: { instant: word.instant, sequence: word.sequence },
    contentHash: word.stated ? fictionalId('content', subject, word.fact * 65_536 + word.day, 8) : NO_HASH,
    change: word.stated ? 'STATED' : 'WITHDRAWN',
    occurredOn: word.stated ? { date: word.day, precision: 'DAY' } : null,
    recordedAt: 1_790_000_000_000,
    source: { partner: PARTNERS[partner]!, system: SYSTEMS[partner]!, submission: fictionalId('submission', partner, word.instant % 65_521), record: subject + 1 },
    agreementId: `dsa-${SYSTEMS[partner]!}-2026`,
    programme: word.stated && word.type === 'SupportStarted' ? PROGRAMMES[word.programme]! : null,
    evidence: 'CASE_RECORD',
    place: { scope: fictionalId('scope', partner), days: null, family: null },
  };
  return { topic, key: eventKey(id, eventId), value: encodeEvent(word.type, { meta, ...bodyOf(word) } as unknown as EventOf<FactEventType>) };
}

function bodyOf({ type, stated, revoked, aim, day }: Word): EventBody<FactEventType> {
  const body = defaultBody(type);
  if (!stated) return body;
  if (type === 'ReferralMade') return { ...body, status: revoked ? 'REVOKED' : 'ACTIVE' };
  if (type === 'LearningStatusChanged') return { ...body, status: 'STARTED', aim: AIMS[aim]!, startDate: day };
  return body;
}
