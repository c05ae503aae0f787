import { encodeRecord } from '@throughline/event-contracts';
import fc from 'fast-check';
import { fictionalCut } from '../testing/fictional-cuts.js';
import { digestOf } from './cut.js';
import type { Cut } from './cut.js';
import { CutFold, cutRecords } from './cut-records.js';

const attempt = (byte: number): Buffer => Buffer.alloc(16, byte);
const recordsOf = (cut: Cut, number: number, by: number): Buffer[] => {
  const { parts, whole } = cutRecords(cut, number, attempt(by));
  return [...parts, whole];
};
const folded = (records: readonly Buffer[]): CutFold => {
  const fold = new CutFold();
  for (const record of records) fold.take(record);
  return fold;
};

const small = fictionalCut(3);
const large = fictionalCut(20_000);

describe('the records of a cut', () => {
  it('give the cut back, to the byte of its digest', () => {
    const fold = folded(recordsOf(large, 1, 1));
    expect(fold.last).toEqual({ ...large, number: 1, digest: digestOf(large.content).toString('hex') });
    expect(digestOf(fold.last!.content)).toEqual(digestOf(large.content));
    expect([...fold.last!.content.cells.keys()]).toEqual([...large.content.cells.keys()]);
  });

  it('are many, and none is near what a broker refuses', () => {
    const records = recordsOf(large, 1, 1);
    expect(records.length).toBeGreaterThan(5);
    expect(Math.max(...records.map(({ length }) => length))).toBeLessThan(400_000);
  });

  it('are one alone where nothing was counted', () => {
    expect(folded(recordsOf(fictionalCut(0), 1, 1)).last?.content.cells.size).toBe(0);
  });

  it('show nothing until the last of them is there', () => {
    const before = recordsOf(small, 1, 1);
    const records = recordsOf(large, 2, 2);
    for (let length = 0; length < records.length; length += 1) {
      expect(folded([...before, ...records.slice(0, length)]).last?.number).toBe(1);
    }
    expect(folded([...before, ...records]).last?.number).toBe(2);
  });

  it('make no cut where a part is missing or another than was written', () => {
    const [first, ...rest] = recordsOf(large, 1, 1);
    const fold = folded(rest.slice(0, -1));
    expect(fold.take(rest.at(-1)!)).toEqual({ step: 'unfit', code: 'CUT_INCOMPLETE' });
    const other = encodeRecord('OutcomeCutCells', { number: 1, attempt: attempt(1), part: 1, cells: [{ cell: 'a', count: 1 }] });
    const damaged = folded([other, ...rest.slice(0, -1)]);
    expect(damaged.take(rest.at(-1)!)).toEqual({ step: 'unfit', code: 'CUT_DAMAGED' });
    expect(damaged.last).toBeNull();
    // The number is free for the next attempt.
    expect(folded([first!, ...rest.slice(1), ...recordsOf(small, 1, 2)]).last?.number).toBe(1);
  });

  it('that are not of a cut are passed over', () => {
    expect(new CutFold().take(Buffer.from('none'))).toEqual({ step: 'unfit', code: 'NOT_FRAMED' });
  });
});

describe('the number of a cut', () => {
  it('goes to the attempt that is whole first, however two are mixed and repeated', () => {
    const cuts = [fictionalCut(6_000), fictionalCut(6_000, 7)];
    const written = cuts.map((cut, index) => recordsOf(cut, 1, index + 1));
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(1)), fc.array(fc.nat(40), { maxLength: 6 }), (choices, repeats) => {
        const left = written.map((records) => [...records]);
        const log: Buffer[] = [];
        let first: number | undefined;
        for (const choice of choices) {
          const from = left[choice]!.length > 0 ? choice : 1 - choice;
          const record = left[from]!.shift();
          if (record === undefined) break;
          log.push(record);
          if (left[from]!.length === 0) first ??= from;
        }
        // A request whose answer was lost is sent again, at any later time.
        const whole = folded([...log, ...repeats.map((at) => log[at % log.length]!)]);
        expect(whole.last?.takenAt).toBe(cuts[first!]!.takenAt);
        expect(whole.numberOf(attempt(first! + 1))).toBe(1);
        expect(whole.numberOf(attempt(2 - first!))).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  it('never goes back, nor to another once it is taken', () => {
    const fold = folded([...recordsOf(small, 1, 1), ...recordsOf(small, 2, 2)]);
    for (const record of [...recordsOf(large, 1, 3), ...recordsOf(large, 2, 4)]) expect(fold.take(record)).toEqual({ step: 'late' });
    expect(fold.last).toMatchObject({ number: 2, takenAt: small.takenAt });
  });
});
