import { FetchedRecords } from '@throughline/event-bus';
import type { ConsumedBatch } from '@throughline/event-bus';
import { createProjection, defaultBody, encodeEvent } from '@throughline/event-contracts';
import type { EventMeta } from '@throughline/event-contracts';
import { CorruptTimeline, decodeEntries, entryFromEvent, FACT_PROJECTION, factsOf, mergeEntry } from '@throughline/outcome-metrics';
import type { Fact, Timeline, TimelineEntry } from '@throughline/outcome-metrics';
import { TIMELINE_BUCKETS } from '@throughline/state-store';
import fc from 'fast-check';
import { BucketTimelines } from './bucket-timelines.js';
import { IdTable } from './id-table.js';
import { PartitionTimelines } from './partition-timelines.js';
import { BatchStager } from './stage-batch.js';

const idText = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes));
/** The first four are in one bucket. */
const SUBJECTS = [1, 65, 129, 193, 2, 70].map((n) => Buffer.alloc(16, n));

/** Events of few facts, so that they meet: repeats, corrections, withdrawals, words that differ in their agreement alone. */
const words = fc.array(
  fc.record({ subject: fc.nat(SUBJECTS.length - 1), fact: fc.nat(2), instant: fc.nat(2), sequence: fc.nat(1), hash: fc.nat(1), agreement: fc.nat(1), withdrawn: fc.boolean() }),
  { maxLength: 40 },
);
type Word = { subject: number; fact: number; instant: number; sequence: number; hash: number; agreement: number; withdrawn: boolean };

const META = {
  eventId: Buffer.alloc(16),
  recordedAt: 0,
  source: { partner: 'p', system: 'rtof', submission: Buffer.alloc(16), record: 1 },
  programme: null,
  evidence: 'CASE_RECORD',
  place: null,
} as const;
const supportStarted = (subject: Buffer, factId: Buffer, instant: number, meta: Partial<EventMeta> = {}): Buffer =>
  encodeEvent('SupportStarted', {
    ...defaultBody('SupportStarted'),
    meta: { ...META, subject, factId, revision: { instant, sequence: 0 }, contentHash: Buffer.alloc(8, 1), change: 'STATED', occurredOn: { date: 20_000, precision: 'DAY' }, agreementId: 'dsa', ...meta },
  });
const valueOf = ({ subject, fact, instant, sequence, hash, agreement, withdrawn }: Word): Buffer =>
  supportStarted(SUBJECTS[subject]!, Buffer.alloc(16, subject * 8 + fact + 1), instant, {
    revision: { instant, sequence },
    contentHash: Buffer.alloc(8, withdrawn ? 0 : hash + 1),
    agreementId: `dsa-${agreement}`,
    ...(withdrawn ? { change: 'WITHDRAWN', occurredOn: null } : { occurredOn: { date: 20_000 + hash, precision: 'DAY' } }),
  });

const stager = new BatchStager();
const batchOf = (values: readonly Buffer[]): ConsumedBatch => ({
  topic: 'partner-events.p',
  partition: 0,
  partitionCount: 1,
  firstOffset: 0,
  lastOffset: values.length - 1,
  nextOffset: values.length,
  highWatermark: values.length,
  records: FetchedRecords.of(values.map((value, offset) => ({ offset, key: null, value, timestamp: 1 }))),
});
/** Takes a batch in, as the store and memory do, and says how many of its words were news. */
const take = (timelines: PartitionTimelines, values: readonly Buffer[], stored: Buffer[] = []): number => {
  const staged = stager.stage(batchOf(values), timelines);
  expect([staged.unreadable, staged.missing]).toEqual([[], []]);
  staged.takeInto(timelines);
  const { entries } = staged;
  for (let at = 0; at < entries.length; ) {
    const end = at + 5 + entries.readUInt32BE(at + 1);
    stored[entries[at]!] = Buffer.concat([stored[entries[at]!] ?? Buffer.alloc(0), entries.subarray(at + 5, end)]);
    at = end;
  }
  return staged.changes;
};
const projection = createProjection(FACT_PROJECTION);
const entryOf = (value: Buffer) => entryFromEvent(projection.decode(value)!);
const byId = (facts: Fact[]) => facts.sort((a, b) => (a.id < b.id ? -1 : 1));
const factsOfSubject = (timelines: PartitionTimelines, subject: Buffer): Fact[] => {
  const facts: Fact[] = [];
  timelines.addFactsOf(subject, facts);
  return byId(facts);
};
const contents = (timelines: PartitionTimelines) => SUBJECTS.map((subject) => factsOfSubject(timelines, subject));
/** As read back from a store that holds these bytes. */
const storedAs = (buckets: readonly Buffer[]): PartitionTimelines => {
  const timelines = new PartitionTimelines();
  for (const [bucket, packed] of buckets.entries()) timelines.put(bucket, BucketTimelines.from(packed));
  return timelines;
};
const everyBucket = (timelines: PartitionTimelines): BucketTimelines[] => [...timelines.known()].map((known) => known.timelines);
const anyBatches = words.chain((all) => fc.tuple(fc.constant(all.map(valueOf)), fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 40 })));
/** Cut into batches of these sizes, over and over. */
const batches = (values: readonly Buffer[], sizes: readonly number[]): Buffer[][] => {
  const cut: Buffer[][] = [];
  for (let at = 0, size = 0; at < values.length; at += sizes[size++ % sizes.length]!) cut.push(values.slice(at, at + sizes[size % sizes.length]!));
  return cut;
};

describe('a partition’s remembered timelines', () => {
  it('are the maps of greatest words that the one rule says, and report a change exactly when there is one', () => {
    fc.assert(
      fc.property(anyBatches, ([values, sizes]) => {
        const timelines = PartitionTimelines.empty();
        const plain = new Map<string, Timeline>();
        for (const batch of batches(values, sizes)) {
          let news = 0;
          for (const { subject, entry } of batch.map(entryOf)) {
            if (!plain.has(subject)) plain.set(subject, new Map() as Timeline);
            if (mergeEntry(plain.get(subject)!, entry)) news += 1;
          }
          expect(take(timelines, batch)).toBe(news);
        }
        expect(contents(timelines)).toEqual(SUBJECTS.map((subject) => byId(factsOf([plain.get(subject.toString('latin1')) ?? new Map<string, TimelineEntry>()]))));
      }),
    );
  });

  it('keep, of words equal but for their agreement, the greater: first or last, together, apart or out of the store', () => {
    const [lesser, greater] = [0, 1].map((agreement) => valueOf({ subject: 0, fact: 0, instant: 1, sequence: 0, hash: 0, withdrawn: false, agreement })) as [Buffer, Buffer];
    const emptyBuckets = () => Array.from({ length: TIMELINE_BUCKETS }, () => Buffer.alloc(0));
    for (const { values, news } of [
      { values: [lesser, greater], news: [1, 1] },
      { values: [greater, lesser], news: [1, 0] },
    ]) {
      const together = PartitionTimelines.empty();
      take(together, values);
      const apart = PartitionTimelines.empty();
      expect(values.map((value) => take(apart, [value]))).toEqual(news);
      const buckets = emptyBuckets();
      // As a store has them where each was news to its writer.
      for (const value of values) take(PartitionTimelines.empty(), [value], buckets);
      const loaded = storedAs(buckets);
      for (const timelines of [together, apart, loaded]) expect(factsOfSubject(timelines, SUBJECTS[0]!).map(({ agreement }) => agreement)).toEqual(['dsa-1']);
    }
  });

  it('have a stored word that cannot be read in force over its equal, so that whoever reads it is told and nobody else', () => {
    const ofAgreement = (agreement: number) => {
      const stored = Array.from({ length: TIMELINE_BUCKETS }, () => Buffer.alloc(0));
      take(PartitionTimelines.empty(), [valueOf({ subject: 0, fact: 0, instant: 1, sequence: 0, hash: 0, withdrawn: false, agreement })], stored);
      return stored[1]!;
    };
    const greater = valueOf({ subject: 0, fact: 0, instant: 1, sequence: 0, hash: 0, withdrawn: false, agreement: 2 });
    const other = Array.from({ length: TIMELINE_BUCKETS }, () => Buffer.alloc(0));
    take(PartitionTimelines.empty(), [valueOf({ subject: 1, fact: 0, instant: 1, sequence: 0, hash: 0, withdrawn: false, agreement: 0 })], other);
    const damaged = ofAgreement(0);
    // The byte after subject, length, head, fact, instant, sequence and hash: its flags.
    damaged[16 + 1 + 1 + 16 + 6 + 1 + 8]! |= 3;
    for (const words of [[damaged, ofAgreement(1)], [ofAgreement(1), damaged], [damaged, damaged]]) {
      const timelines = storedAs([Buffer.alloc(0), Buffer.concat([...words, other[1]!])]);
      expect(() => factsOfSubject(timelines, SUBJECTS[0]!)).toThrow(CorruptTimeline);
      expect(factsOfSubject(timelines, SUBJECTS[1]!)).toHaveLength(1);
      // Nor does an equal that comes later keep its batch waiting, or take the place of what whoever reads it has to be told.
      expect(take(timelines, [greater])).toBe(0);
      expect(() => factsOfSubject(timelines, SUBJECTS[0]!)).toThrow(CorruptTimeline);
    }
  });

  it('come back the same from what was stored, superseded entries and all, and from what compaction leaves', () => {
    fc.assert(
      fc.property(anyBatches, ([values, sizes]) => {
        const timelines = PartitionTimelines.empty();
        const stored = Array.from({ length: TIMELINE_BUCKETS }, () => Buffer.alloc(0));
        for (const batch of batches(values, sizes)) take(timelines, batch, stored);
        const loaded = storedAs(stored);
        expect(contents(loaded)).toEqual(contents(timelines));
        const compacted = everyBucket(loaded).map((bucket) => bucket.inForce());
        const again = storedAs(compacted);
        expect(contents(again)).toEqual(contents(timelines));
        for (const [bucket, bytes] of compacted.entries()) {
          expect([loaded, timelines].map((each) => each.bucket(bucket)!.storedBytes)).toEqual([stored[bucket]!.length, stored[bucket]!.length]);
          expect(loaded.bucket(bucket)!.storedBytesInForce).toBe(bytes.length);
        }
        // Withdrawals are kept as well: nothing that was there is news.
        expect([take(loaded, values), take(again, values)]).toEqual([0, 0]);
      }),
    );
  });

  it('are the same however often they are read again, and whoever is asked for before the next batch', () => {
    const steps = fc.array(fc.record({ isReadAgain: fc.boolean(), asked: fc.subarray(SUBJECTS.map((_, index) => index)), isAskedForAll: fc.boolean() }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(anyBatches, steps, ([values, sizes], asks) => {
        const kept = PartitionTimelines.empty();
        const stored = Array.from({ length: TIMELINE_BUCKETS }, () => Buffer.alloc(0));
        let again = PartitionTimelines.empty();
        for (const [at, batch] of batches(values, sizes).entries()) {
          const { isReadAgain, asked, isAskedForAll } = asks[at % asks.length]!;
          if (isReadAgain) again = storedAs(stored);
          for (const subject of asked) expect(factsOfSubject(again, SUBJECTS[subject]!)).toEqual(factsOfSubject(kept, SUBJECTS[subject]!));
          if (isAskedForAll) expect(everyBucket(again).map(({ facts, subjects }) => [facts, subjects])).toEqual(everyBucket(kept).map(({ facts, subjects }) => [facts, subjects]));
          expect(take(again, batch)).toBe(take(kept, batch, stored));
        }
        for (const bucket of everyBucket(again)) expect(bucket.storedBytesInForce).toBeGreaterThanOrEqual(bucket.inForce().length);
        expect(contents(again)).toEqual(contents(kept));
        expect(everyBucket(again).map(({ storedBytesInForce }) => storedBytesInForce)).toEqual(everyBucket(kept).map(({ storedBytesInForce }) => storedBytesInForce));
      }),
    );
  });

  it('hold many times what they began with, through growing and clearing out what was superseded', () => {
    const timelines = PartitionTimelines.empty();
    const subjects = Array.from({ length: 600 }, (_, i) => Buffer.from(`${i % 7}ubject-${String(i).padStart(8, '0')}`));
    for (let revision = 0; revision < 8; revision += 1) {
      const values = subjects.map((subject, i) => supportStarted(subject, Buffer.from(`fact----${String(i).padStart(8, '0')}`), revision, { occurredOn: { date: 20_000 + revision, precision: 'DAY' } }));
      expect(take(timelines, values)).toBe(600);
    }
    const sum = (of: (bucket: BucketTimelines) => number): number => everyBucket(timelines).reduce((all, bucket) => all + of(bucket), 0);
    expect([sum(({ subjects: count }) => count), sum(({ facts }) => facts), sum((bucket) => bucket.everySubject().length)]).toEqual([600, 600, 600 * 16]);
    for (const subject of subjects) expect(factsOfSubject(timelines, subject).map(({ start }) => start)).toEqual([20_007]);
    let entries = 0;
    for (const bucket of everyBucket(timelines)) decodeEntries(bucket.inForce(), () => (entries += 1));
    expect(entries).toBe(600);
  });

  it('keep a word whole that is longer than what they began with, also where all before it is cleared out', () => {
    const timelines = PartitionTimelines.empty();
    for (const [revision, length] of [500, 520, 480, 900, 300].entries()) {
      const agreementId = 'd'.repeat(length);
      expect(take(timelines, [supportStarted(SUBJECTS[0]!, Buffer.alloc(16, 1), revision, { agreementId })])).toBe(1);
      expect(factsOfSubject(timelines, SUBJECTS[0]!).map(({ agreement }) => agreement)).toEqual([agreementId]);
    }
  });

  it('say nothing of a subject they have not met', () => {
    expect(factsOfSubject(PartitionTimelines.empty(), SUBJECTS[0]!)).toEqual([]);
  });
});

describe('the table of ids', () => {
  it('numbers ids in the order they come, as a map would, wherever they begin, and anew once cleared', () => {
    fc.assert(
      fc.property(fc.array(idText, { maxLength: 700 }), fc.nat(3), fc.integer({ min: 4, max: 16 }), (ids, at, stride) => {
        const table = new IdTable(stride);
        const plain = new Map<string, number>();
        for (const id of [...ids, ...ids]) {
          const bytes = Buffer.concat([Buffer.alloc(at, 9), id]);
          const text = id.toString('latin1');
          expect(table.find(bytes, at)).toBe(plain.get(text) ?? -1);
          if (!plain.has(text)) plain.set(text, plain.size);
          expect(table.numberOf(bytes, at)).toBe(plain.get(text));
        }
        expect(table.size).toBe(plain.size);
        const copied = Buffer.alloc(20);
        for (const [id, number] of plain) {
          table.copy(number, copied, 2);
          expect(copied.toString('latin1', 2, 18)).toBe(id);
        }
      }),
      { numRuns: 30 },
    );
  });
});
