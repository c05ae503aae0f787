import { z } from 'zod';
import type { LogEnds } from '../generations/log-ends.js';

const OFFSETS = z.record(z.string(), z.array(z.number()));
const CUT = z.object({
  takenAt: z.string(),
  generation: z.number(),
  content: z.object({
    rulesVersion: z.string(),
    position: z.object({ facts: OFFSETS, identifiers: OFFSETS }),
    cells: z.record(z.string(), z.number()),
  }),
});

/** What a cut is: the same position and rules give the same bytes, whoever takes it and whenever. */
export interface CutContent {
  readonly rulesVersion: string;
  readonly position: LogEnds;
  /** By cell, ascending. */
  readonly cells: Readonly<Record<string, number>>;
}

/** A cut and when it was taken. */
export interface Cut {
  /** ISO instant. */
  readonly takenAt: string;
  readonly generation: number;
  readonly content: CutContent;
}

export function cutContent(cells: ReadonlyMap<string, number>, position: LogEnds, rulesVersion: string): CutContent {
  const ascending = [...cells].sort(([a], [b]) => (a < b ? -1 : 1));
  return { rulesVersion, position, cells: Object.fromEntries(ascending) };
}

export const writeCut = (cut: Cut): string => JSON.stringify(cut);
export const readCut = (text: string): Cut => CUT.parse(JSON.parse(text));
