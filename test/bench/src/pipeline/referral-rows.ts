import { checkNhsNumber } from '@throughline/identity';

/** Columns of the NHS list of referrals. */
const HEADER = 'row_reference,event,date,nhs_number,first_name,last_name,date_of_birth,postcode,from_ods,to_service,programme,status';

/** A file of rows. */
export const referralsFile = (rows: readonly string[]): string => `${[HEADER, ...rows].join('\n')}\n`;

/** A referral that says nothing of who was referred: every one of a day counts in the same cell. */
export const bareReferral = (reference: string, day: string): string => `${reference},referral,${day},,,,,,X9Z02,X9Z77,workwell,active`;

/** A referral of a person whom no other place tells of, with all by which linkage finds people. */
export function fullReferral(place: number, day: string): string {
  const birth = new Date(Date.UTC(1960, 0, 1 + (place % 16_000))).toISOString().slice(0, 10);
  return `L-${place},referral,${day},${nhsNumberAt(place)},${nameAt(place, 4)},${nameAt(place * 7 + 3, 6)},${birth},ZA1 1AA,X9Z02,X9Z77,workwell,active`;
}

/** Another one for every place below ten million: in each row of ten places, numbers whose check digit there is. */
export function nhsNumberAt(place: number): string {
  for (let last = 0; last < 10; last += 1) {
    const nine = `7${String(place).padStart(7, '0')}${last}`;
    for (let check = 0; check < 10; check += 1) if (checkNhsNumber(`${nine}${check}`) === 'PASSED') return `${nine}${check}`;
  }
  throw new RangeError(`No NHS number begins with 7 and ${place}.`);
}

function nameAt(place: number, length: number): string {
  let letters = '';
  for (let rest = place + 1; letters.length < length; rest = Math.floor(rest / 26) + rest) letters += String.fromCharCode(97 + (rest % 26));
  return letters;
}
