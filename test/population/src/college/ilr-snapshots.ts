import type { Day } from '../calendar.js';

/** A return that every college makes. */
export interface IlrSnapshot {
  /** From 0, over both years. */
  readonly index: number;
  /** As the header's `Year` has it. */
  readonly year: string;
  /** As the namespace has it. */
  readonly years: string;
  readonly yearBegins: Day;
  readonly yearEnds: Day;
  readonly prepared: Day;
  readonly serial: number;
}

const RETURNS: readonly (readonly [years: string, prepared: Day, serial: number])[] = [
  ['2024-25', '2025-02-06', 1],
  ['2024-25', '2025-06-05', 1],
  ['2024-25', '2025-10-16', 2],
  ['2025-26', '2025-12-04', 1],
  ['2025-26', '2026-02-05', 1],
  ['2025-26', '2026-04-16', 1],
  ['2025-26', '2026-06-25', 3],
];

export const ILR_SNAPSHOTS: readonly IlrSnapshot[] = RETURNS.map(([years, prepared, serial], index) => ({
  index,
  years,
  year: years.slice(2, 4) + years.slice(5),
  yearBegins: `${years.slice(0, 4)}-08-01`,
  yearEnds: `20${years.slice(5)}-07-31`,
  prepared,
  serial,
}));
