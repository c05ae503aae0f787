import { cellKey, RULES_2026_1 } from '@throughline/outcome-metrics';
import { cutContent } from '../cuts/cut.js';
import type { Cut } from '../cuts/cut.js';

/** A cut of so many invented cells; `seed` makes it another. */
export function fictionalCut(cells: number, seed = 0): Cut {
  const counted = Array.from({ length: cells }, (_, index): [string, number] => [
    cellKey({
      metric: 'job_starts',
      month: `${2000 + (index % 40)}-0${1 + (index % 9)}`,
      district: `E0${7_000_000 + index}`,
      programme: 'no programme',
      ageBand: '25-49',
      priorityGroup: 'none',
      agreements: ['dsa-ilr-2026', 'dsa-rtof-2026'],
    }),
    1 + ((index + seed) % 90),
  ]);
  const position = { facts: { 'partner-events.nhs': [seed, 2] }, identifiers: { 'subject-identifiers.nhs': [1] } };
  return { takenAt: 1_790_000_000_000 + seed, generation: 1, content: cutContent(new Map(counted), position, RULES_2026_1) };
}
