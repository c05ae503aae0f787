import { AssignedPartitions, isInLog, outsideLog } from './assigned-partitions.js';

const range = { partition: 0, start: 8, end: 10 };

it.each([
  [0, false],
  [7, false],
  [8, true],
  [10, true],
  [11, false],
])('says whether the log holds position %d, that of a store which has read nothing included', (position, held) => {
  expect(isInLog(position, range)).toBe(held);
});

it('says what became of the log, and what to do about it', () => {
  const place = { topic: 'partner-events.nhs', partition: 3 };
  expect(outsideLog(place, 3, range)).toMatchObject({ code: 'POSITION_OUTSIDE_LOG', place: 'partner-events.nhs/3', retryable: false });
  expect(outsideLog(place, 3, range).remedy).toMatch(/deleted that nobody has read/);
  expect(outsideLog(place, 11, range).remedy).toMatch(/made anew or put back/);
});

it('doubts a position by the ends asked for after it, and the beginnings before it', () => {
  const assigned = new AssignedPartitions({ t: [0] }, new Set(), 0);
  const partition = assigned.find('t', 0)!;
  const doubtful = (before: number, next: number) => {
    partition.next = next;
    return assigned.doubtful('t', [{ topic: 't', partition: 0, position: before }], [range]).length;
  };
  // Records came and were read since the ends were asked for.
  expect(doubtful(9, 12)).toBe(0);
  expect(doubtful(11, 11)).toBe(1);
  // What lies before the beginning was read before it was deleted.
  expect(doubtful(7, 9)).toBe(0);
  expect(doubtful(7, 7)).toBe(1);
  partition.positioning = true;
  expect(doubtful(7, 7)).toBe(0);
});
