import { given } from '../days.js';
import type { Body, ToldFact } from '../told.js';

type Circumstances = Extract<Body, { type: 'CircumstancesReported' }>;

const SILENT: Circumstances = { type: 'CircumstancesReported', birthYear: null, birthMonth: null, district: null, status: 'UNKNOWN', groups: null };

/** Year and month of a date of birth, as exact as it is written. */
export const birth = (date: string | null): { readonly birthYear: number | null; readonly birthMonth: number | null } => ({
  birthYear: date === null ? null : Number(date.slice(0, 4)),
  birthMonth: date === null || given(date.slice(5, 7)) === null ? null : Number(date.slice(5, 7)),
});

/** A circumstances fact; none where there is nothing to say. */
export function circumstances(key: readonly string[], occurredOn: string, said: Partial<Circumstances>): ToldFact[] {
  const body = { ...SILENT, ...said };
  const silent = body.birthYear === null && body.district === null && body.groups === null && body.status === 'UNKNOWN';
  return silent ? [] : [{ key, occurredOn, body }];
}
