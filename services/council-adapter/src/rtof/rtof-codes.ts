import type { ContractKind, LabourMarketStatus, WeeklyHours, WorkKind } from '@throughline/event-contracts';

type CodeList<T> = Readonly<Record<string, { readonly meaning: string; readonly becomes: T }>>;

/** `primary_employment_entry_status`, `employment_sustain_status`. */
export const CONTRACTS: CodeList<ContractKind> = {
  PC: { meaning: 'employee, permanent contract', becomes: 'PERMANENT' },
  TC: { meaning: 'employee, temporary contract', becomes: 'TEMPORARY' },
  ZHC: { meaning: 'employee, zero-hours contract', becomes: 'ZERO_HOURS' },
  CIH: { meaning: 'employee, cash in hand', becomes: 'CASH_IN_HAND' },
  SE: { meaning: 'self-employed or freelance', becomes: 'SELF_EMPLOYED' },
  Other: { meaning: 'other', becomes: 'OTHER' },
};

/** `employment_status` of the baseline. */
export const BASELINE_STATUSES: CodeList<LabourMarketStatus> = {
  PC: { meaning: 'employee, permanent contract', becomes: 'EMPLOYED' },
  TC: { meaning: 'employee, temporary contract', becomes: 'EMPLOYED' },
  ZHC: { meaning: 'employee, zero-hours contract', becomes: 'EMPLOYED' },
  CIH: { meaning: 'employee, cash in hand', becomes: 'EMPLOYED' },
  SE: { meaning: 'self-employed or freelance', becomes: 'EMPLOYED' },
  ULA: { meaning: 'not in work, looking and available', becomes: 'UNEMPLOYED' },
  UNLA: { meaning: 'not in work, not looking or not available', becomes: 'INACTIVE' },
  Other: { meaning: 'other', becomes: 'UNKNOWN' },
};

/** `employment_entry_outcome_type`. */
export const OUTCOME_TYPES: CodeList<WorkKind> = {
  Employment: { meaning: 'employed', becomes: 'EMPLOYED' },
  'Self-employment': { meaning: 'self-employed', becomes: 'SELF_EMPLOYED' },
};

/** `hours_of_employment_entry`, `hours_of_employment_sustain`: weekly hours; hundredths of an hour. */
export const HOURS: CodeList<WeeklyHours | null> = {
  '0 to 7 hours': { meaning: 'under 8 hours', becomes: { atLeast: 0, below: 800 } },
  '8 to 15 hours': { meaning: '8 and under 16 hours', becomes: { atLeast: 800, below: 1600 } },
  '16 to 30 hours': { meaning: '16 and under 31 hours', becomes: { atLeast: 1600, below: 3100 } },
  '31 to 48 hours': { meaning: '31 and under 49 hours', becomes: { atLeast: 3100, below: 4900 } },
  '49 or more hours': { meaning: '49 hours or more', becomes: { atLeast: 4900, below: null } },
  "Don't know": { meaning: 'not known', becomes: null },
};

export const codesOf = (list: CodeList<unknown>) => Object.entries(list).map(([code, { meaning }]) => ({ code, meaning }));
export const lookUp = <T>(list: CodeList<T>, code: string): { readonly becomes: T } | undefined => (Object.hasOwn(list, code) ? list[code] : undefined);
