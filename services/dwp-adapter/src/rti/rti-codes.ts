import type { WeeklyHours } from '@throughline/event-contracts';

/** HMRC's bands of normal weekly hours (numberOfNormalHoursWorked). */
export const HOURS_BANDS: Readonly<Record<string, { readonly meaning: string; readonly becomes: WeeklyHours | null }>> = {
  A: { meaning: 'up to 15.99 hours', becomes: { atLeast: 0, below: 1600 } },
  B: { meaning: '16 to 23.99 hours', becomes: { atLeast: 1600, below: 2400 } },
  C: { meaning: '24 to 29.99 hours', becomes: { atLeast: 2400, below: 3000 } },
  D: { meaning: '30 hours or more', becomes: { atLeast: 3000, below: null } },
  E: { meaning: 'other, no regular hours', becomes: null },
};
