import fc from 'fast-check';
import { anyHistory, idText, jobStart, stated, timelineOf, withdrawn } from './testing/index.js';
import { mergeEntry } from './timeline.js';
import type { Timeline } from './timeline.js';

const started = (agreement = 'dsa-a') => jobStart('job', '2026-05-01', { agreement });

describe('the latest word on a fact', () => {
  it.each([
    ['a later instant', { instant: 1, sequence: 9, hash: [9, 9] }, { instant: 2, sequence: 0, hash: [0, 1] }],
    ['a greater sequence of one instant', { sequence: 0, hash: [9, 9] }, { sequence: 2, hash: [0, 1] }],
    ['a greater content hash of one clock', { hash: [1, 9] }, { hash: [2, 0] }],
    ['a content hash greater in its second half', { hash: [1, 1] }, { hash: [1, 2] }],
    ['a content hash whose first bit is set', { hash: [0x7fff_ffff, 0] }, { hash: [0x8000_0000, 0] }],
  ] as const)('is %s, whichever arrives first', (_, earlier, later) => {
    const [before, after] = [stated(started(), earlier), stated(started(), later)];
    expect(timelineOf(before, after).get(idText('job'))).toBe(after);
    expect(timelineOf(after, before).get(idText('job'))).toBe(after);
  });

  it('is the statement where a withdrawal has the same clock', () => {
    const statement = stated(started());
    expect(timelineOf(statement, withdrawn('job')).get(idText('job'))).toBe(statement);
    expect(timelineOf(withdrawn('job'), statement).get(idText('job'))).toBe(statement);
  });

  it('keeps a withdrawal as a mark that an older statement cannot undo', () => {
    const timeline = timelineOf(withdrawn('job', { instant: 2 }));
    expect(mergeEntry(timeline, stated(started(), { instant: 1 }))).toBe(false);
    expect(timeline.get(idText('job'))?.fact).toBeNull();
  });

  it('lets a withdrawn fact be stated again later', () => {
    const again = stated(started(), { instant: 3 });
    const timeline = timelineOf(stated(started()), withdrawn('job', { instant: 2 }));
    expect(mergeEntry(timeline, again)).toBe(true);
    expect(timeline.get(idText('job'))).toBe(again);
  });

  it('says that a repeated word changes nothing', () => {
    const timeline = timelineOf(started());
    expect(mergeEntry(timeline, stated(started()))).toBe(false);
  });

  it('does not depend on arrival where one content was sent under two agreements', () => {
    const [a, b] = [stated(started('dsa-a')), stated(started('dsa-b'))];
    expect(timelineOf(a, b).get(idText('job'))).toBe(b);
    expect(timelineOf(b, a).get(idText('job'))).toBe(b);
  });
});

describe('a timeline', () => {
  it('is the same for the same words in any order, any number of times', () => {
    fc.assert(
      fc.property(
        anyHistory.chain((history) => fc.tuple(fc.constant(history), fc.shuffledSubarray([...history, ...history], { minLength: history.length * 2 }))),
        ([history, delivered]) => {
          const merged = (entries: typeof history): Timeline => timelineOf(...entries.map(({ entry }) => entry));
          const sorted = (timeline: Timeline) => [...timeline].sort(([a], [b]) => (a < b ? -1 : 1));
          expect(sorted(merged(delivered))).toEqual(sorted(merged(history)));
        },
      ),
    );
  });
});
