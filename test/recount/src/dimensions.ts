import { dayText } from './days.js';
import { byTrust, ofType } from './jobs.js';
import type { AnyFact, Fact } from './jobs.js';
import { RULES } from './rules.js';
import type { Status } from './told.js';

export const NO_PROGRAMME = 'no programme';
export const UNKNOWN = 'unknown';

type Circumstances = Fact<'CircumstancesReported'>;

/** A value with the facts it was read from. */
export interface Chosen<T> {
  readonly value: T;
  readonly read: readonly AnyFact[];
}

/** The latest on or before the day, else the earliest after it. */
function inEffect(facts: readonly Circumstances[], day: number): Circumstances | undefined {
  const before = facts.filter((fact) => fact.start <= day);
  const wanted = before.length > 0 ? Math.max(...before.map((fact) => fact.start)) : Math.min(...facts.map((fact) => fact.start));
  return facts.filter((fact) => fact.start === wanted).sort(byTrust)[0];
}

export function statusAt(facts: readonly AnyFact[], day: number): Chosen<Status> {
  const said = ofType(facts, 'CircumstancesReported').filter((fact) => fact.body.status !== 'UNKNOWN');
  const chosen = inEffect(said, day);
  return chosen === undefined ? { value: 'UNKNOWN', read: [] } : { value: chosen.body.status, read: [chosen] };
}

export function districtAt(facts: readonly Circumstances[], day: number): Chosen<string> {
  const chosen = inEffect(facts.filter((fact) => fact.body.district !== null), day);
  return chosen === undefined ? { value: UNKNOWN, read: [] } : { value: chosen.body.district ?? UNKNOWN, read: [chosen] };
}

function groupAt(facts: readonly Circumstances[], day: number): Chosen<string> {
  const chosen = inEffect(facts.filter((fact) => fact.body.groups !== null), day);
  const groups = chosen?.body.groups;
  if (chosen === undefined || groups === null || groups === undefined) return { value: UNKNOWN, read: [] };
  const first = RULES.priorityGroups.find((group) => groups.includes(group));
  return { value: first ?? (groups.length === 0 ? 'none' : UNKNOWN), read: [chosen] };
}

/** The birth that is told best; undefined: nobody tells. */
function birthOf(facts: readonly Circumstances[]): { readonly year: number; readonly month: number | null; readonly fact: AnyFact } | undefined {
  const [chosen] = facts
    .filter((fact) => fact.body.birthYear !== null)
    .sort((left, right) => Number(left.body.birthMonth === null) - Number(right.body.birthMonth === null) || byTrust(left, right));
  const year = chosen?.body.birthYear;
  return chosen === undefined || year === null || year === undefined ? undefined : { year, month: chosen.body.birthMonth, fact: chosen };
}

/** Completed years; null: nobody tells. */
export function yearsAt(facts: readonly Circumstances[], day: number): { readonly years: number | null; readonly read: readonly AnyFact[] } {
  const born = birthOf(facts);
  if (born === undefined) return { years: null, read: [] };
  const [year, month] = [Number(dayText(day).slice(0, 4)), Number(dayText(day).slice(5, 7))];
  const age = year - born.year - (month < (born.month ?? RULES.assumedBirthMonth) ? 1 : 0);
  return { years: age, read: [born.fact] };
}

/** Every age in completed years that somebody of that birth may have; who tells none may have any. */
export function possibleYearsAt(facts: readonly Circumstances[], day: number): readonly number[] {
  const born = birthOf(facts);
  if (born === undefined) return Array.from({ length: 120 }, (_, years) => years);
  const today = dayText(day);
  // By the last day of a month whoever was born in such a month has had the birthday.
  const monthAndDay = dayText(day + 1).endsWith('-01') ? `${today.slice(5, 7)}-31` : today.slice(5);
  const years = (month: number, birthday: string): number => Math.max(0, Number(today.slice(0, 4)) - born.year - (monthAndDay < `${String(month).padStart(2, '0')}-${birthday}` ? 1 : 0));
  return [...new Set([years(born.month ?? 1, '01'), years(born.month ?? 12, '31')])];
}

function ageAt(facts: readonly Circumstances[], day: number): Chosen<string> {
  const { years, read } = yearsAt(facts, day);
  if (years === null) return { value: UNKNOWN, read };
  const band = RULES.ageBands.findLast((each) => each.from <= years) ?? RULES.ageBands[0];
  return { value: band?.name ?? UNKNOWN, read };
}

export const countedReferrals = (facts: readonly AnyFact[]): Fact<'ReferralMade'>[] =>
  ofType(facts, 'ReferralMade').filter((fact) => fact.body.status !== 'REVOKED' && fact.body.status !== 'DRAFT');

/** With which help began. */
export function baselineOf(facts: readonly AnyFact[]): AnyFact | undefined {
  const first = (candidates: readonly AnyFact[]): AnyFact | undefined => {
    const start = Math.min(...candidates.map((fact) => fact.start));
    return candidates.filter((fact) => fact.start === start).sort(byTrust)[0];
  };
  return first(ofType(facts, 'SupportStarted')) ?? first(countedReferrals(facts));
}

/** The programme an outcome of that day is put down to. */
export function programmeAt(facts: readonly AnyFact[], day: number): Chosen<string> {
  for (const candidates of [ofType(facts, 'SupportStarted'), countedReferrals(facts)] as readonly AnyFact[][]) {
    const [chosen] = candidates
      .filter((fact) => fact.programme !== null && fact.start <= day && day <= fact.start + RULES.openSupportDays)
      .sort((left, right) => right.start - left.start || byTrust(left, right));
    if (chosen !== undefined) return { value: chosen.programme ?? NO_PROGRAMME, read: [chosen] };
  }
  return { value: NO_PROGRAMME, read: [] };
}

/** A cell's dimensions in order, without programme and agreements. */
export function personAt(facts: readonly AnyFact[], day: number): { readonly district: Chosen<string>; readonly age: Chosen<string>; readonly group: Chosen<string> } {
  const told = ofType(facts, 'CircumstancesReported');
  return { district: districtAt(told, day), age: ageAt(told, day), group: groupAt(told, day) };
}
