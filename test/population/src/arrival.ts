import { plusDays } from './calendar.js';
import { randomOf } from './random.js';
import type { DraftSubmission, ManifestEntry } from './submission.js';
import type { Untidiness } from './untidiness.js';

/** Longest that a late file takes. */
const LATE_DAYS = 300;

/** The order in which files arrive: by the day they were due, some of them late, some of them twice. */
export function inArrivalOrder(drafts: readonly DraftSubmission[], seed: string, untidiness: Untidiness): ManifestEntry[] {
  const arrivals = drafts.flatMap((draft) => {
    const random = randomOf(seed, 'arrival', draft.file);
    const late = random.chance(untidiness.late) ? random.between(30, LATE_DAYS) : 0;
    const again = random.chance(untidiness.resent) ? [late + random.between(1, LATE_DAYS)] : [];
    return [late, ...again].map((delay) => ({ draft, day: plusDays(draft.due, delay) }));
  });
  const key = ({ day, draft }: (typeof arrivals)[number]): string => `${day} ${draft.file}`;
  arrivals.sort((left, right) => (key(left) < key(right) ? -1 : 1));
  return arrivals.map(({ draft: { due: _due, ...draft } }, index) => ({ order: index + 1, refusedWhole: false, ...draft }));
}
