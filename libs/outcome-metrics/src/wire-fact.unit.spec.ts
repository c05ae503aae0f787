import { createProjection, encodeEvent, EVENT_TYPES, FieldLocator } from '@throughline/event-contracts';
import { anyEvent } from '@throughline/event-contracts/testing';
import fc from 'fast-check';
import { ByteWriter } from './packed-bytes.js';
import { entryFromEvent, FACT_PROJECTION, FactOutOfRange } from './projected-event.js';
import { thrownBy } from './testing/index.js';
import { decodeEntries, decodeFactAt } from './entry-reader.js';
import { encodeEntry, EntryWriter } from './entry-writer.js';
import { WireFact } from './wire-fact.js';

const projection = createProjection(FACT_PROJECTION);
const anyOf = fc.constantFrom(...EVENT_TYPES).chain((type) => anyEvent(type).map((event) => ({ type, value: encodeEvent(type, event) })));

describe('an event taken into a timeline from the wire', () => {
  it('says what the decoded event says, to the byte', () => {
    const fact = new WireFact();
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(anyOf, ({ type, value }) => {
        const event = projection.decode(value);
        if (event === undefined) {
          expect(fact.read(value)).toBe(false);
          return;
        }
        let expected: ReturnType<typeof entryFromEvent>;
        try {
          expected = entryFromEvent(event);
        } catch (error) {
          expect(error).toBeInstanceOf(FactOutOfRange);
          expect(thrownBy(() => fact.read(value))).toBeInstanceOf(FactOutOfRange);
          return;
        }
        expect(fact.read(value)).toBe(true);
        const { subject, entry } = expected;
        expect(value.toString('latin1', fact.subjectAt, fact.subjectAt + 16)).toBe(subject);
        expect(value.toString('latin1', fact.factAt, fact.factAt + 16)).toBe(entry.factId);
        const { instant, sequence, hashHigh, hashLow } = fact;
        expect({ instant, sequence, hashHigh, hashLow }).toEqual({ instant: entry.instant, sequence: entry.sequence, hashHigh: entry.hashHigh, hashLow: entry.hashLow });
        const writer = new EntryWriter();
        writer.appendWire(fact);
        const packed = writer.take();
        expect(packed).toEqual(encodeEntry(subject, entry));
        expect(decodeFactAt(packed, 0)).toEqual(entry.fact);
        seen.set(`${type} ${entry.fact === null ? 'withdrawn' : 'stated'}`, 1);
      }),
      { numRuns: 1_500 },
    );
    // Every kind of fact was met, in force and not.
    expect(seen.size).toBe(18);
  });

  it.each([
    // 2^52 and 2^60, as a writer of 64 bits would send them; the packed form would keep them and never give them back.
    ['an amount of too many bits', 'amountPence', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10], 'FACT_OUT_OF_RANGE'],
    ['an amount of many more', 'amountPence', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20], 'MALFORMED_EVENT'],
    ['an amount that no number of 64 bits is', 'amountPence', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], 'MALFORMED_EVENT'],
    ['a sequence of more than 32 bits', 'meta.revision.sequence', [0xff, 0xff, 0xff, 0xff, 0x1f], 'MALFORMED_EVENT'],
  ] as const)('is put aside with %s', (_, path, bytes, code) => {
    const [sample] = fc.sample(anyEvent('EarningsReported'), 1);
    const value = encodeEvent('EarningsReported', { ...sample!, amountPence: 0, meta: { ...sample!.meta, revision: { instant: 1, sequence: 0 }, occurredOn: null } });
    const locator = new FieldLocator({ EarningsReported: [path] });
    locator.locate(value);
    const [at] = locator.at as unknown as [number];
    const fact = new WireFact();
    expect(fact.read(value)).toBe(true);
    expect(thrownBy(() => fact.read(Buffer.concat([value.subarray(0, at), Buffer.from(bytes), value.subarray(at + 1)])))).toMatchObject({ code });
  });

  it('is told from one that is cut short', () => {
    const fact = new WireFact();
    const [event] = fc.sample(anyEvent('JobStarted'), 1);
    expect(thrownBy(() => fact.read(encodeEvent('JobStarted', event!).subarray(0, -1)))).toMatchObject({ code: expect.stringMatching(/_EVENT$/) as string });
  });
});

describe('a length written before what it measures', () => {
  it.each([0, 1, 127, 128, 300, 16_383, 16_384, 40_000])('of %d bytes', (length) => {
    const writer = new ByteWriter();
    const plain = new ByteWriter();
    const bytes = Buffer.alloc(length, 7);
    writer.byte(1);
    const begun = writer.beginLength();
    writer.slice(bytes, 0, length);
    writer.endLength(begun);
    writer.byte(2);
    plain.byte(1);
    plain.unsigned(length);
    plain.slice(bytes, 0, length);
    plain.byte(2);
    expect(writer.take().equals(plain.take())).toBe(true);
  });
});

it('facts are read one by one as all together', () => {
  const fact = new WireFact();
  fc.assert(
    fc.property(fc.array(anyOf, { maxLength: 8 }), (events) => {
      const writer = new EntryWriter();
      const begins: number[] = [];
      for (const { value } of events) {
        try {
          if (!fact.read(value)) continue;
        } catch (error) {
          expect(error).toBeInstanceOf(FactOutOfRange);
          continue;
        }
        begins.push(writer.length);
        writer.appendWire(fact);
      }
      const packed = writer.take();
      const all: unknown[] = [];
      decodeEntries(packed, (_, entry) => all.push(entry.fact));
      expect(begins.map((at) => decodeFactAt(packed, at))).toEqual(all);
    }),
  );
});
