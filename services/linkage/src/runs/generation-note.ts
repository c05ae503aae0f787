import type { LogPosition } from '@throughline/state-store';
import { z } from 'zod';

const NOTE = z.object({ until: z.record(z.string(), z.array(z.number())) });

/** Where a generation is to stay, as outcomes noted when it began it; null: it follows the log. */
export function positionOf(note: string): LogPosition | null {
  try {
    return NOTE.parse(JSON.parse(note)).until;
  } catch {
    return null;
  }
}

/** Of the first generation where linkage is the one that begins it, in the form that outcomes writes and shows. Its rules are left to outcomes. */
export const firstNote = (now: number): string => JSON.stringify({ reason: 'first', startedAt: new Date(now).toISOString() });
