import fc from 'fast-check';
import { anyEntry, anyHistory, idText, jobStart, stated, thrownBy, timelineOf } from './testing/index.js';
import { mergeEntry } from './timeline.js';
import type { Timeline } from './timeline.js';
import { CorruptTimeline, decodeEntries } from './entry-reader.js';
import { encodeEntry, EntryWriter } from './entry-writer.js';

const subject = idText('subject');
const packed = encodeEntry(subject, stated(jobStart('job', '2026-05-01', { employer: 'alpha', programme: 'workwell' })));

const timelinesFrom = (bytes: Buffer): [string, [string, unknown][]][] => {
  const timelines = new Map<string, Timeline>();
  decodeEntries(bytes, (owner, entry) => {
    const timeline = timelines.get(owner) ?? timelineOf();
    timelines.set(owner, timeline);
    mergeEntry(timeline, entry);
  });
  const byKey = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);
  return [...timelines].map(([owner, timeline]): [string, [string, unknown][]] => [owner, [...timeline].sort(byKey)]).sort(byKey);
};

describe('packed timeline entries', () => {
  it('hold every entry whole', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 8 }), (entries) => {
        const writer = new EntryWriter();
        for (const { subject: owner, entry } of entries) writer.append(owner, entry);
        const read: unknown[] = [];
        decodeEntries(writer.take(), (owner, entry) => read.push({ subject: owner, entry }));
        expect(read).toEqual(entries);
      }),
      { numRuns: 1000 },
    );
  });

  it('make the same timelines concatenated in any order, with repeats', () => {
    fc.assert(
      fc.property(
        anyHistory.chain((history) => fc.tuple(fc.constant(history), fc.shuffledSubarray([...history, ...history], { minLength: history.length }))),
        ([history, order]) => {
          const bytes = (entries: typeof history) => Buffer.concat(entries.map(({ subject: owner, entry }) => encodeEntry(owner, entry)));
          expect(timelinesFrom(bytes([...order, ...history]))).toEqual(timelinesFrom(bytes(history)));
        },
      ),
    );
  });

  it('begin with the subject, so that a bucket can be searched without reading facts', () => {
    expect(packed.toString('latin1', 0, 16)).toBe(subject);
    expect(packed.length).toBe(16 + 1 + (packed[16] ?? 0));
  });

  it('are refused cut short anywhere, with the place and what to do', () => {
    for (let length = 1; length < packed.length; length += 1) {
      const bytes = Buffer.concat([packed, packed.subarray(0, length)]);
      const read: string[] = [];
      expect(thrownBy(() => decodeEntries(bytes, (owner) => read.push(owner)))).toMatchObject({
        code: 'corrupt-timeline',
        offset: packed.length,
        remedy: 'Rebuild the view from the log: the stored timelines cannot be trusted.',
      });
      expect(read).toHaveLength(1);
    }
  });

  it.each([
    ['a newer version', (bytes: Buffer) => (bytes[17] = 0x60 | (bytes[17] ?? 0))],
    ['a kind that does not exist', (bytes: Buffer) => (bytes[17] = 0x3f)],
    ['a length that is not its own', (bytes: Buffer) => (bytes[16] = (bytes[16] ?? 0) + 1)],
  ])('are refused with %s', (_, damage) => {
    const bytes = Buffer.concat([packed, packed]);
    damage(bytes);
    expect(() => decodeEntries(bytes, () => undefined)).toThrow(CorruptTimeline);
  });

  it('never fail in another way, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat({ max: packed.length - 1 }), (noise, at) => {
        const bytes = Buffer.from(packed);
        bytes.set(noise.subarray(0, bytes.length - at), at);
        try {
          decodeEntries(bytes, () => undefined);
        } catch (error) {
          expect(error).toBeInstanceOf(CorruptTimeline);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
