import type { LogPosition } from '@throughline/state-store';
import { z } from 'zod';

const NOTE = z.object({
  reason: z.enum(['first', 'rebuild', 'repair', 'position']),
  startedAt: z.string(),
  until: z.record(z.string(), z.array(z.number().int().nonnegative())).optional(),
});

/** Why a generation was begun. Written once, beside its number; linkage reads `until` as well. */
export interface GenerationNote {
  /** `repair`: what was stored of the one before could not be read. */
  readonly reason: 'first' | 'rebuild' | 'repair' | 'position';
  /** ISO instant. */
  readonly startedAt: string;
  /** The position it is built to and stays at; absent: it follows the log. */
  readonly until?: LogPosition;
}

export const writeNote = (note: GenerationNote): string => JSON.stringify(note);

/** A note that cannot be read, or none, is that of a generation which follows the log. */
export function readNote(text: string): GenerationNote {
  try {
    const { reason, startedAt, until } = NOTE.parse(JSON.parse(text));
    return until === undefined ? { reason, startedAt } : { reason, startedAt, until };
  } catch {
    return { reason: 'first', startedAt: '' };
  }
}
