import { decodeRecord, encodeRecord, EventContractError } from '@throughline/event-contracts';
import type { CutCell, OutcomeCut, TopicPosition } from '@throughline/event-contracts';
import type { LogPosition } from '@throughline/state-store';
import { digestOf } from './cut.js';
import type { Cut, NumberedCut } from './cut.js';

/** Bytes of cells in one record: a quarter of what a broker takes by default. */
const PART_BYTES = 256 * 1024;
/** More than two varints and a length take. */
const BYTES_BESIDE_CELL = 16;

/** A cut as it is written: all parts, then the record that makes it stand. */
export interface CutRecords {
  readonly parts: readonly Buffer[];
  readonly whole: Buffer;
}

/** @param attempt 16 random bytes, other ones each time. */
export function cutRecords({ takenAt, generation, content }: Cut, number: number, attempt: Buffer): CutRecords {
  const parts = partsOf(content.cells).map((cells, index) => encodeRecord('OutcomeCutCells', { number, attempt, part: index + 1, cells }));
  const { rulesVersion, unverified, position } = content;
  const whole = encodeRecord('OutcomeCut', {
    number,
    attempt,
    parts: parts.length,
    takenAt,
    generation,
    rulesVersion,
    unverified,
    facts: positionsOf(position.facts),
    identifiers: positionsOf(position.identifiers),
    digest: digestOf(content),
  });
  return { parts, whole };
}

function partsOf(cells: ReadonlyMap<string, number>): CutCell[][] {
  const parts: CutCell[][] = [];
  let room = 0;
  for (const [cell, count] of cells) {
    const size = Buffer.byteLength(cell) + BYTES_BESIDE_CELL;
    if (size > room) {
      parts.push([]);
      room = PART_BYTES;
    }
    room -= size;
    parts.at(-1)!.push({ cell, count });
  }
  return parts;
}

const positionsOf = (position: LogPosition): TopicPosition[] => Object.entries(position).map(([topic, offsets]) => ({ topic, offsets }));
const positionFrom = (positions: readonly TopicPosition[]): LogPosition => Object.fromEntries(positions.map(({ topic, offsets }) => [topic, offsets]));

/**
 * What a record did.
 * - `part`: kept until the record that makes its cut stand.
 * - `cut`: a cut stands from here on.
 * - `late`: of a number that another attempt had been given before, or a repeat.
 * - `unfit`: not a record of a cut, or a cut that is not whole; it counts for nothing.
 */
export type FoldStep =
  | { readonly step: 'part' | 'late' }
  | { readonly step: 'cut'; readonly cut: NumberedCut }
  | { readonly step: 'unfit'; readonly code: string };

/**
 * The cuts that a log says, record by record. Which attempt gets a number is decided by the order of the log alone: the
 * first that is whole. So whoever reads it comes to the same cuts, and no number is given twice.
 */
export class CutFold {
  readonly #numbers = new Map<string, number>();
  readonly #pending = new Map<string, { readonly number: number; readonly parts: Map<number, readonly CutCell[]> }>();
  #last: NumberedCut | null = null;

  /** The cut of the greatest number. */
  get last(): NumberedCut | null {
    return this.#last;
  }

  /** Number that an attempt was given; undefined: none, or not yet. */
  numberOf(attempt: Buffer): number | undefined {
    return this.#numbers.get(attempt.toString('hex'));
  }

  take(value: Buffer): FoldStep {
    let record;
    try {
      record = decodeRecord(value);
    } catch (error) {
      if (error instanceof EventContractError) return { step: 'unfit', code: error.code };
      throw error;
    }
    if (record.type === 'LinkDecision') return { step: 'unfit', code: 'NOT_A_CUT' };
    const { number } = record.value;
    const attempt = record.value.attempt.toString('hex');
    if (number <= (this.#last?.number ?? 0)) return { step: 'late' };
    if (record.type === 'OutcomeCut') return this.#complete(record.value, attempt);
    const pending = this.#pending.get(attempt) ?? { number, parts: new Map() };
    this.#pending.set(attempt, pending);
    pending.parts.set(record.value.part, record.value.cells);
    return { step: 'part' };
  }

  #complete(whole: OutcomeCut, attempt: string): FoldStep {
    const { number, takenAt, generation, rulesVersion, unverified, facts, identifiers } = whole;
    const parts = this.#pending.get(attempt)?.parts ?? new Map<number, readonly CutCell[]>();
    const cells = new Map<string, number>();
    for (let part = 1; part <= whole.parts; part += 1) {
      const found = parts.get(part);
      if (found === undefined) return { step: 'unfit', code: 'CUT_INCOMPLETE' };
      for (const { cell, count } of found) cells.set(cell, count);
    }
    const content = { rulesVersion, unverified, position: { facts: positionFrom(facts), identifiers: positionFrom(identifiers) }, cells };
    if (!digestOf(content).equals(whole.digest)) return { step: 'unfit', code: 'CUT_DAMAGED' };
    const cut = { number, takenAt, generation, content, digest: whole.digest.toString('hex') };
    this.#last = cut;
    this.#numbers.set(attempt, number);
    // Whatever else was being written under this number or a lesser one can no longer stand.
    for (const [other, pending] of this.#pending) if (pending.number <= number) this.#pending.delete(other);
    return { step: 'cut', cut };
  }
}
