import type { LogPosition } from '@throughline/state-store';
import { z } from 'zod';

const NOTE = z.object({
  reason: z.enum(['first', 'rebuild', 'repair', 'rules', 'position']),
  startedAt: z.string(),
  until: z.record(z.string(), z.array(z.number().int().nonnegative())).optional(),
  rules: z.string().optional(),
});

/** Why a generation was begun. Written once, beside its number; linkage reads `until` as well. */
export interface GenerationNote {
  /** `repair`: what was stored of the one before could not be read; `rules`: it was counted under other rules. */
  readonly reason: 'first' | 'rebuild' | 'repair' | 'rules' | 'position';
  /** ISO instant. */
  readonly startedAt: string;
  /** The position it is built to and stays at; absent: it follows the log. */
  readonly until?: LogPosition;
  /** Version of the rules it is counted under; absent: begun by linkage, which has none. */
  readonly rules?: string;
}

export const writeNote = (note: GenerationNote): string => JSON.stringify(note);

/** A note that cannot be read, or none, is that of a generation which follows the log. */
export function readNote(text: string): GenerationNote {
  try {
    const { reason, startedAt, until, rules } = NOTE.parse(JSON.parse(text));
    return { reason, startedAt, ...(until === undefined ? {} : { until }), ...(rules === undefined ? {} : { rules }) };
  } catch {
    return { reason: 'first', startedAt: '' };
  }
}
