import { InvalidCellKey } from './cell-key.js';
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

const VERSION = 1;
/** Parts of a cell before its agreements. */
const HEAD = 6;

/**
 * A participant's contributions in few bytes: parts that recur over cells (district, programme, each agreement) stand once
 * and cells point to them. Equal contributions give equal bytes, whatever their order. None at all: no bytes.
 *
 * @throws {InvalidCellKey}
 */
export const encodeContributions = (cells: ReadonlyMap<CellKey, number>): Buffer => {
  if (cells.size === 0) return Buffer.alloc(0);
  const parts = new Map<string, number>();
  const body = new ByteWriter();
  const refer = (part: string): void => {
    let index = parts.get(part);
    if (index === undefined) {
      index = parts.size;
      parts.set(part, index);
    }
    body.unsigned(index);
  };
  for (const key of [...cells.keys()].sort()) {
    const head = key.split('|');
    const agreements = head.pop()?.split(',') ?? [];
    if (head.length !== HEAD) throw new InvalidCellKey();
    head.forEach(refer);
    body.unsigned(agreements.length);
    agreements.forEach(refer);
    body.signed(cells.get(key) ?? 0);
  }
  const writer = new ByteWriter();
  writer.byte(VERSION);
  writer.unsigned(parts.size);
  for (const part of parts.keys()) writer.text(part);
  writer.bytes(body);
  return writer.take();
};

/**
 * Contributions from their bytes.
 *
 * @throws {CorruptContributions}
 */
export const decodeContributions = (buffer: Buffer): Contributions => {
  const cells: Contributions = new Map();
  if (buffer.length === 0) return cells;
  const reader = new ByteReader(buffer);
  const parts: string[] = [];
  const referred = (count: number, separator: string): string => {
    const found: string[] = [];
    for (let left = count; left > 0; left -= 1) {
      const part = parts[reader.unsigned()];
      if (part === undefined) throw new CorruptBytes('a reference to nothing');
      found.push(part);
    }
    return found.join(separator);
  };
  try {
    const version = reader.byte();
    if (version !== VERSION) throw new CorruptBytes(`version ${version}`);
    for (let left = reader.unsigned(); left > 0; left -= 1) parts.push(reader.text());
    while (!reader.done) {
      const head = referred(HEAD, '|');
      const agreements = referred(reader.unsigned(), ',');
      cells.set(`${head}|${agreements}`, reader.signed());
    }
  } catch (error) {
    if (error instanceof CorruptBytes) throw new CorruptContributions(error.found);
    throw error;
  }
  return cells;
};

/** Thrown when a participant's stored contributions cannot be read. */
export class CorruptContributions extends Error {
  override readonly name = 'CorruptContributions';
  readonly code = 'corrupt-contributions';
  readonly remedy = 'Rebuild the view from the log: what this participant added to the figures is not known.';
  constructor(found: string) {
    super(`Stored contributions cannot be read: found ${found}. Rebuild the view from the log.`);
  }
}
