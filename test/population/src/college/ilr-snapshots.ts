import type { Day } from '../calendar.js';

/** A return that every college makes. */
export interface IlrSnapshot {
  /** From 0 for the first of the story's two years; those of the year before are below. */
  readonly index: number;
  /** As the header's `Year` has it. */
  readonly year: string;
  /** As the namespace has it. */
  readonly years: string;
  /** Whether the year's files tell what became of those who left. */
  readonly destinations: boolean;
  readonly yearBegins: Day;
  readonly yearEnds: Day;
  readonly prepared: Day;
  readonly serial: number;
}

/** Returns of the year before, the last that has destinations. */
const BEFORE: readonly Return[] = [
  ['2023-24', '2024-09-12', 1],
  ['2023-24', '2024-10-17', 1],
];

type Return = readonly [years: string, prepared: Day, serial: number];

const RETURNS: readonly Return[] = [
  ['2024-25', '2025-02-06', 1],
  ['2024-25', '2025-06-05', 1],
  ['2024-25', '2025-10-16', 2],
  ['2025-26', '2025-12-04', 1],
  ['2025-26', '2026-02-05', 1],
  ['2025-26', '2026-04-16', 1],
  ['2025-26', '2026-06-25', 3],
];

export const ILR_SNAPSHOTS: readonly IlrSnapshot[] = [...BEFORE, ...RETURNS].map(([years, prepared, serial], place) => ({
  index: place - BEFORE.length,
  years,
  destinations: years <= '2023-24',
  year: years.slice(2, 4) + years.slice(5),
  yearBegins: `${years.slice(0, 4)}-08-01`,
  yearEnds: `20${years.slice(5)}-07-31`,
  prepared,
  serial,
}));
