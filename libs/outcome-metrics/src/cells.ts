import { CELL_ID_LENGTH } from './cell-ids.js';
import type { CellIds } from './cell-ids.js';
import type { CellKey } from './cell-key.js';
import type { Contributions } from './contributions.js';
import { ByteReader, ByteWriter, CorruptBytes } from './packed-bytes.js';

/** What must be added to the cells when a participant's contributions change; cells that stay are left out. */
export const difference = (
  before: ReadonlyMap<CellKey, number>,
  after: ReadonlyMap<CellKey, number>,
): Map<CellKey, number> => {
  const changes = new Map<CellKey, number>();
  for (const [key, count] of after) {
    const change = count - (before.get(key) ?? 0);
    if (change !== 0) changes.set(key, change);
  }
  for (const [key, count] of before) if (!after.has(key) && count !== 0) changes.set(key, -count);
  return changes;
};

const VERSION = 2;

/**
 * A participant's contributions in few bytes: the id and the count of each cell, least id first. Equal contributions give
 * equal bytes, whatever their order. None at all: no bytes.
 */
export const encodeContributions = (cells: ReadonlyMap<CellKey, number>, ids: CellIds): Buffer => {
  if (cells.size === 0) return NOTHING;
  writer.byte(VERSION);
  const counted: [string, number][] = [];
  for (const [key, count] of cells) counted.push([ids.idOf(key), count]);
  if (counted.length > 1) counted.sort(byId);
  for (const [id, count] of counted) {
    writer.latin1(id);
    writer.signed(count);
  }
  return writer.take();
};

const NOTHING = Buffer.alloc(0);
const writer = new ByteWriter();
const byId = ([a]: readonly [string, number], [b]: readonly [string, number]): number => (a < b ? -1 : 1);

/**
 * Contributions from their bytes.
 *
 * @throws {UnknownCell} where an id's cell was not met yet; learn the cells that are counted, and read again
 * @throws {CorruptContributions}
 */
export const decodeContributions = (buffer: Buffer, ids: CellIds): Contributions => {
  const cells: Contributions = new Map();
  if (buffer.length === 0) return cells;
  const reader = new ByteReader(buffer);
  try {
    const version = reader.byte();
    if (version !== VERSION) throw new CorruptBytes(`version ${version}`);
    while (!reader.done) {
      const id = reader.latin1(CELL_ID_LENGTH);
      const count = reader.signed();
      const key = ids.keyOf(id);
      if (key === undefined) throw new UnknownCell();
      cells.set(key, count);
    }
  } catch (error) {
    if (error instanceof CorruptBytes) throw new CorruptContributions(error.found);
    throw error;
  }
  return cells;
};

/** Thrown when stored contributions name a cell that this process has not met. */
export class UnknownCell extends Error {
  override readonly name = 'UnknownCell';
  readonly code = 'unknown-cell';
  readonly remedy = 'Read which cells are counted, and read the contributions again; if that does not help, rebuild the view from the log.';
  constructor() {
    super('Stored contributions name a cell that is not known here.');
  }
}

/** Thrown when a participant's stored contributions cannot be read. */
export class CorruptContributions extends Error {
  override readonly name = 'CorruptContributions';
  readonly code = 'corrupt-contributions';
  readonly remedy = 'Rebuild the view from the log: what this participant added to the figures is not known.';
  constructor(found: string) {
    super(`Stored contributions cannot be read: found ${found}. Rebuild the view from the log.`);
  }
}
