import { FetchedRecords } from '@throughline/event-bus';
import { defaultBody, encodeEvent, eventsTopic } from '@throughline/event-contracts';
import { LATEST_RULES } from '@throughline/outcome-metrics';
import { EVERY_TIMELINE_BUCKET, LinkIndex, PARTICIPANT_BUCKETS, ParticipantStore, PartitionStore, TopicLayout, UniqueIds } from '@throughline/state-store';
import type { StoreConnection } from '@throughline/state-store';
import { randomBytes } from 'node:crypto';
import { RememberedTimelines } from '../consume/remembered-timelines.js';
import { BatchStager } from '../consume/stage-batch.js';
import { ImplicitParticipants } from '../reconcile/participants.js';
import { Reconciler } from '../reconcile/reconciler.js';
import type { ReconcilerOptions } from '../reconcile/reconciler.js';

export const EVERY_BUCKET: ReadonlySet<number> = new Set(Array.from({ length: PARTICIPANT_BUCKETS }, (_, bucket) => bucket));

export interface ReconcilingWorld {
  readonly connection: StoreConnection;
  readonly generation: number;
  readonly platformKey: Buffer;
}

export type ReconcilingOptions = Pick<ReconcilerOptions, 'participantsPerScript' | 'participantsPerStep' | 'participantsPerPass' | 'now'> & {
  /** The deployment whose one partition it reads. */
  readonly deployment?: string;
  readonly buckets?: ReadonlySet<number>;
  /** Memory for timelines; default: as much as they take. */
  readonly timelineBytes?: number;
};

/** What one process has that takes events in and computes whom they are about: all it knows it has read from the store. */
export function reconcilingProcess({ connection, generation, platformKey }: ReconcilingWorld, { deployment = 'college', buckets = EVERY_BUCKET, timelineBytes = 1 << 30, now = () => 0, ...bounds }: ReconcilingOptions = {}) {
  const ids = new UniqueIds();
  const topic = eventsTopic(deployment);
  const location = `${deployment}.0`;
  const partitions = new PartitionStore(connection, generation);
  const participants = new ParticipantStore(connection, generation);
  const link = new LinkIndex(connection, generation);
  const layout = new TopicLayout(connection, generation);
  const remembered = new RememberedTimelines(partitions, timelineBytes);
  const reconciler = new Reconciler({ partitions, participants, remembered, link, implicit: new ImplicitParticipants(platformKey), rules: LATEST_RULES, newId: () => ids.next(), layout, now, ...bounds });
  return {
    location,
    partitions,
    participants,
    link,
    unreadable: () => reconciler.unreadable,
    pass: () => reconciler.pass([location], buckets),
    /** Takes one event in, as the next of the log. */
    async hear(value: Buffer): Promise<void> {
      await layout.fix(topic, 1);
      const { next } = await remembered.current(location);
      const records = FetchedRecords.of([{ offset: next, key: null, value, timestamp: 1 }]);
      const timelines = await remembered.load(location, EVERY_TIMELINE_BUCKET);
      const { subjects, entries } = new BatchStager().stage({ topic, partition: 0, partitionCount: 1, firstOffset: next, lastOffset: next, nextOffset: next + 1, highWatermark: next + 1, records }, timelines);
      await partitions.write(location, { read: timelines.state, next: next + 1, news: { id: ids.next(), subjects, entries } });
    },
  };
}

/** All cells of a generation. */
export async function cellsIn(participants: Pick<ParticipantStore, 'cells'>): Promise<Map<string, number>> {
  const cells = new Map<string, number>();
  for (const bucket of EVERY_BUCKET) for (const [cell, count] of await participants.cells(bucket)) cells.set(cell, (cells.get(cell) ?? 0) + count);
  return cells;
}

/** What a source says of a person's referral. @param date days since 1970-01-01 */
export const referral = (subject: Buffer, revision: number, date: number): Buffer =>
  encodeEvent('ReferralMade', {
    ...defaultBody('ReferralMade'),
    status: 'ACTIVE',
    meta: {
      eventId: randomBytes(16),
      factId: Buffer.concat([subject.subarray(0, 8), Buffer.alloc(8, 1)]),
      subject,
      revision: { instant: revision, sequence: 0 },
      contentHash: Buffer.alloc(8, revision),
      change: 'STATED',
      occurredOn: { date, precision: 'DAY' },
      recordedAt: 0,
      source: { partner: 'p', system: 'bars', submission: Buffer.alloc(16), record: 1 },
      agreementId: 'dsa',
      programme: null,
      evidence: 'CASE_RECORD',
      place: null,
    },
  });

/** Cell of such a referral. @param month as 2026-01 */
export const referralsIn = (month: string): string => `referrals|${month}|unknown|no programme|unknown|unknown|dsa`;
