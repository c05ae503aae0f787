import { decodeEntries, encodeEntry, factsOf, mergeEntry } from '@throughline/outcome-metrics';
import type { Fact, Timeline, TimelineEntry } from '@throughline/outcome-metrics';
import { TIMELINE_BUCKETS, timelineBucketOf } from '@throughline/state-store';
import fc from 'fast-check';
import { IdTable } from './id-table.js';
import { PartitionTimelines } from './partition-timelines.js';

const idText = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const SUBJECTS = [1, 2, 3, 70].map((n) => Buffer.alloc(16, n).toString('latin1'));

/** Entries of few facts, so that they meet: repeats, corrections, withdrawals, words that differ in their agreement alone. */
const words = fc.array(
  fc.record({ subject: fc.nat(SUBJECTS.length - 1), fact: fc.nat(2), instant: fc.nat(2), sequence: fc.nat(1), hash: fc.nat(1), agreement: fc.nat(1), withdrawn: fc.boolean() }),
  { maxLength: 40 },
);
type Word = { subject: number; fact: number; instant: number; sequence: number; hash: number; agreement: number; withdrawn: boolean };

const entryOf = ({ subject, fact, instant, sequence, hash, agreement, withdrawn }: Word): { subject: string; entry: TimelineEntry } => {
  const factId = Buffer.alloc(16, subject * 8 + fact + 1).toString('latin1');
  return {
    subject: SUBJECTS[subject]!,
    entry: {
      factId,
      instant,
      sequence,
      hashHigh: 0,
      hashLow: withdrawn ? 0 : hash + 1,
      fact: withdrawn
        ? null
        : { kind: 'SupportStarted', id: factId, start: 20_000 + hash, precision: 'DAY', system: 'rtof', agreement: `dsa-${agreement}`, programme: null },
    },
  };
};

const take = (timelines: PartitionTimelines, { subject, entry }: { subject: string; entry: TimelineEntry }): boolean => {
  if (!timelines.isNews(entry)) return false;
  const packed = Buffer.concat([Buffer.from('before'), encodeEntry(subject, entry), Buffer.from('after')]);
  timelines.put({ subject, entry, packed, from: 6, to: packed.length - 5 }, timelineBucketOf(Buffer.from(subject, 'latin1')));
  return true;
};
const byId = (facts: Fact[]) => facts.sort((a, b) => (a.id < b.id ? -1 : 1));
const factsOfSubject = (timelines: PartitionTimelines, subject: string): Fact[] => {
  const facts: Fact[] = [];
  timelines.addFactsOf(subject, facts);
  return byId(facts);
};
const contents = (timelines: PartitionTimelines) => SUBJECTS.map((subject) => factsOfSubject(timelines, subject));

describe('a partition’s remembered timelines', () => {
  it('are the maps of greatest words that the one rule says, and report a change exactly when there is one', () => {
    fc.assert(
      fc.property(words, (all) => {
        const timelines = new PartitionTimelines();
        const plain = new Map<string, Timeline>();
        for (const word of all.map(entryOf)) {
          if (!plain.has(word.subject)) plain.set(word.subject, new Map() as Timeline);
          expect(take(timelines, word)).toBe(mergeEntry(plain.get(word.subject)!, word.entry));
        }
        expect(contents(timelines)).toEqual(SUBJECTS.map((subject) => byId(factsOf([plain.get(subject) ?? new Map<string, TimelineEntry>()]))));
      }),
    );
  });

  it('come back the same from what was stored, superseded entries and all, and from what compaction leaves', () => {
    fc.assert(
      fc.property(words, (all) => {
        const timelines = new PartitionTimelines();
        const stored = Array.from({ length: TIMELINE_BUCKETS }, () => Buffer.alloc(0));
        for (const word of all.map(entryOf)) {
          const bucket = timelineBucketOf(Buffer.from(word.subject, 'latin1'));
          if (take(timelines, word)) stored[bucket] = Buffer.concat([stored[bucket]!, encodeEntry(word.subject, word.entry)]);
        }
        const loaded = PartitionTimelines.from({ next: 7, buckets: stored });
        expect(loaded.next).toBe(7);
        expect(contents(loaded)).toEqual(contents(timelines));
        const compacted = stored.map((_, bucket) => loaded.bucketInForce(bucket, timelineBucketOf));
        expect(contents(PartitionTimelines.from({ next: 7, buckets: compacted }))).toEqual(contents(timelines));
        for (const [bucket, bytes] of compacted.entries()) {
          expect(loaded.bucketBytes[bucket]).toBe(stored[bucket]!.length);
          expect(loaded.bucketBytesInForce[bucket]).toBe(bytes.length);
        }
      }),
    );
  });

  it('hold many times what they began with, through growing and clearing out what was superseded', () => {
    const timelines = new PartitionTimelines();
    const subjects = Array.from({ length: 600 }, (_, i) => Buffer.from(`subject-${String(i).padStart(8, '0')}`).toString('latin1'));
    for (let revision = 0; revision < 8; revision += 1) {
      for (const [i, subject] of subjects.entries()) {
        const factId = Buffer.from(`fact----${String(i).padStart(8, '0')}`).toString('latin1');
        const fact = { kind: 'SupportStarted', id: factId, start: 20_000 + revision, precision: 'DAY', system: 'rtof', agreement: 'dsa', programme: null } as const;
        expect(take(timelines, { subject, entry: { factId, instant: revision, sequence: 0, hashHigh: 1, hashLow: 1, fact } })).toBe(true);
      }
    }
    expect([timelines.subjects, timelines.facts, timelines.everySubject().length]).toEqual([600, 600, 600 * 16]);
    for (const subject of subjects) {
      expect(factsOfSubject(timelines, subject).map(({ start }) => start)).toEqual([20_007]);
    }
    let entries = 0;
    for (let bucket = 0; bucket < TIMELINE_BUCKETS; bucket += 1) decodeEntries(timelines.bucketInForce(bucket, timelineBucketOf), () => (entries += 1));
    expect(entries).toBe(600);
  });

  it('say nothing of a subject they have not met', () => {
    expect(factsOfSubject(new PartitionTimelines(), SUBJECTS[0]!)).toEqual([]);
  });
});

describe('the table of ids', () => {
  it('numbers ids in the order they come, as a map would', () => {
    fc.assert(
      fc.property(fc.array(idText, { maxLength: 700 }), (ids) => {
        const table = new IdTable();
        const plain = new Map<string, number>();
        for (const id of [...ids, ...ids]) {
          expect(table.find(id)).toBe(plain.get(id) ?? -1);
          if (!plain.has(id)) plain.set(id, plain.size);
          expect(table.numberOf(id)).toBe(plain.get(id));
        }
        expect(table.size).toBe(plain.size);
        for (const [id, number] of plain) expect(table.idOf(number).toString('latin1')).toBe(id);
      }),
      { numRuns: 30 },
    );
  });
});
