/** A span of days that a partner's files are made for. */
export interface Year {
  /** As the files write it. */
  readonly code: string;
  /** First ISO day. */
  readonly from: string;
  /** Last ISO day, included. */
  readonly to: string;
}

const twoDigits = (year: number): string => String(year % 100).padStart(2, '0');
const yearOf = (date: string): number => Number(date.slice(0, 4));

/** The ILR teaching year that begins in August of a calendar year: 2025 is `2526`, 1 August 2025 to 31 July 2026. */
export function teachingYear(startsIn: number): Year {
  return { code: `${twoDigits(startsIn)}${twoDigits(startsIn + 1)}`, from: `${startsIn}-08-01`, to: `${startsIn + 1}-07-31` };
}

/** The teaching year an ISO day lies in. */
export const teachingYearOf = (date: string): Year => teachingYear(date.slice(5) >= '08-01' ? yearOf(date) : yearOf(date) - 1);

/** The teaching year an ILR file names by its four digits (`2526`); null: not two years that follow each other. Years are of 2000 to 2099. */
export function teachingYearByCode(code: string): Year | null {
  const match = /^(\d{2})(\d{2})$/.exec(code);
  if (match === null || Number(match[1]) + 1 !== Number(match[2])) return null;
  return teachingYear(2000 + Number(match[1]));
}

/** The tax year an ISO day lies in, as HMRC writes it: `25-26` is 6 April 2025 to 5 April 2026. */
export function taxYearOf(date: string): Year {
  const startsIn = date.slice(5) >= '04-06' ? yearOf(date) : yearOf(date) - 1;
  return { code: `${twoDigits(startsIn)}-${twoDigits(startsIn + 1)}`, from: `${startsIn}-04-06`, to: `${startsIn + 1}-04-05` };
}
