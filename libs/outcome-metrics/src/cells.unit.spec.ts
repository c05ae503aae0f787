import fc from 'fast-check';
import { CellIds } from './cell-ids.js';
import { CorruptContributions, decodeContributions, difference, encodeContributions, UnknownCell } from './cells.js';
import { cellKey, parseCellKey } from './cell-key.js';
import { anyText, thrownBy } from './testing/index.js';

const anyCell = fc.record({
  metric: fc.constantFrom('job_starts', 'into_work'),
  month: fc.constantFrom('2026-05', '2026-06'),
  district: fc.constantFrom('E08000003', 'unknown'),
  programme: fc.oneof(anyText, fc.constantFrom('a|b', '100%', 'x,y', '%7C')),
  ageBand: fc.constantFrom('16-24', 'unknown'),
  priorityGroup: fc.constantFrom('none', 'unknown'),
  agreements: fc.uniqueArray(
    anyText.filter((text) => text !== ''),
    { maxLength: 3 },
  ),
});
const anyCells = fc.array(fc.tuple(anyCell.map(cellKey), fc.integer({ min: 1, max: 9 })), { maxLength: 12 }).map((cells) => new Map(cells));

describe('the text of a cell', () => {
  it('is read back as the cell it was made of', () => {
    fc.assert(fc.property(anyCell, (cell) => expect(parseCellKey(cellKey(cell))).toEqual(cell)), { numRuns: 1000 });
  });

  it('has the stated form', () => {
    const cell = { metric: 'job_starts', month: '2026-05', district: 'E08000003', programme: 'a|b,100%', ageBand: '16-24', priorityGroup: 'none' };
    expect(cellKey({ ...cell, agreements: ['dsa,1', 'dsa-2'] })).toBe('job_starts|2026-05|E08000003|a%7Cb%2C100%25|16-24|none|dsa%2C1,dsa-2');
  });

  it.each(['', 'job_starts', 'a|b|c|d|e|f', 'a|b|c|d|e|f|g|h'])('is refused as "%s"', (text) => {
    expect(thrownBy(() => parseCellKey(text))).toMatchObject({ code: 'invalid-cell-key' });
  });
});

describe('the difference of two contributions', () => {
  it('holds what came, went, rose and fell, and not what stays', () => {
    const before = new Map([['went', 2], ['rose', 1], ['fell', 5], ['stays', 3]]);
    const after = new Map([['rose', 4], ['fell', 1], ['stays', 3], ['came', 1]]);
    expect(difference(before, after)).toEqual(new Map([['rose', 3], ['fell', -4], ['came', 1], ['went', -2]]));
  });

  it('leads from the one to the other, with no cell that stays', () => {
    fc.assert(
      fc.property(anyCells, anyCells, (before, after) => {
        const changes = difference(before, after);
        const reached = new Map(before);
        for (const [key, change] of changes) {
          const count = (reached.get(key) ?? 0) + change;
          if (count === 0) reached.delete(key);
          else reached.set(key, count);
        }
        expect(reached).toEqual(after);
        expect([...changes.values()]).not.toContain(0);
      }),
    );
  });
});

describe('packed contributions', () => {
  it('hold every cell whole, in bytes that do not depend on its order', () => {
    fc.assert(
      fc.property(anyCells, (cells) => {
        const bytes = encodeContributions(cells, new CellIds());
        // Another process: it has met the cells in another order, or not yet.
        const others = new CellIds();
        if (cells.size > 0) expect(() => decodeContributions(bytes, others)).toThrow(UnknownCell);
        others.learn([...cells.keys()].reverse());
        expect(decodeContributions(bytes, others)).toEqual(cells);
        expect(encodeContributions(new Map([...cells].reverse()), others)).toEqual(bytes);
      }),
    );
  });

  it('are no bytes for nothing', () => {
    expect(encodeContributions(new Map(), new CellIds()).length).toBe(0);
  });

  it('are refused damaged, and never fail in another way', () => {
    const ids = new CellIds();
    const bytes = encodeContributions(new Map([['job_starts|2026-05|E08000003|workwell|16-24|none|dsa-1', 1]]), ids);
    expect(thrownBy(() => decodeContributions(Buffer.concat([Buffer.of(9), bytes.subarray(1)]), ids))).toMatchObject({
      code: 'corrupt-contributions',
      message: 'Stored contributions cannot be read: found version 9. Rebuild the view from the log.',
    });
    expect(() => decodeContributions(bytes.subarray(0, -1), ids)).toThrow(CorruptContributions);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        try {
          decodeContributions(Buffer.from([2, ...noise]), ids);
        } catch (error) {
          expect([CorruptContributions, UnknownCell]).toContain((error as Error).constructor);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
