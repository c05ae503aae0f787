import { join } from 'node:path';

import { cellText } from './cell-text.js';
import { dayNumber, dayText } from './days.js';
import { linesOf } from './manifest.js';
import { livedWorkOutcomes } from './lived-work-outcomes.js';
import { RULES } from './rules.js';

interface Terms {
  readonly weeklyHours: number;
  readonly hourlyPence: number;
}

export interface TrueJob extends Terms {
  readonly start: string;
  readonly end: string | null;
  readonly selfEmployed: boolean;
  readonly contract: string;
  readonly changed: (Terms & { readonly from: string }) | null;
}

/** A line of `truth.jsonl`, as far as figures go. */
export interface TrueLife {
  readonly dateOfBirth: string;
  readonly homes: readonly { readonly from: string; readonly home: { readonly district: string } }[];
  readonly groups: readonly string[];
  readonly baseline: string;
  readonly referral: { readonly date: string; readonly programme: string; readonly revokedOn: string | null } | null;
  readonly support: { readonly date: string; readonly programme: string } | null;
  readonly learning: readonly { readonly aim: string; readonly start: string }[];
  readonly jobs: readonly TrueJob[];
  readonly claims: readonly { readonly start: string; readonly end: string | null }[];
}

/**
 * What truly happened, from the lives themselves: no partner's view, no linking, no evidence. Agreements have no
 * meaning here and are empty.
 */
export function livedCells(directory: string): Map<string, number> {
  const ends = dayNumber((JSON.parse(linesOf(join(directory, 'story.json'))[0] ?? '{}') as { ends: string }).ends);
  const cells = new Map<string, number>();
  for (const line of linesOf(join(directory, 'truth.jsonl'))) {
    const life = JSON.parse(line) as TrueLife;
    for (const [metric, day, programme] of outcomesOf(life, ends)) {
      const cell = cellText({ metric, ...personOn(life, day), programme: programme ?? programmeOn(life, day), agreements: [] });
      cells.set(cell, (cells.get(cell) ?? 0) + 1);
    }
  }
  return cells;
}

function outcomesOf(life: TrueLife, ends: number): (readonly [metric: string, day: string, programme?: string])[] {
  const { jobs, referral, support } = life;
  const counted = referral !== null && referral.revokedOn === null ? referral : null;
  const baseline = support?.date ?? counted?.date;
  const statusThen = baseline !== undefined && jobs.some((job) => job.start <= baseline && (job.end === null || job.end >= baseline)) ? 'EMPLOYED' : life.baseline === 'EMPLOYED' ? 'UNEMPLOYED' : life.baseline;
  const intoWork = baseline === undefined || statusThen === 'EMPLOYED' ? undefined : jobs.find((job) => job.start >= baseline);
  return [
    ...(counted === null ? [] : [['referrals', counted.date, counted.programme] as const]),
    ...(support === null ? [] : [['support_starts', support.date, support.programme] as const]),
    ...life.learning.map(({ start }) => ['learning_starts', start] as const),
    ...jobs.map(({ start }) => ['job_starts', start] as const),
    ...jobs.flatMap(({ start, end }) =>
      RULES.sustainedWeeks
        .map((weeks) => ({ weeks, day: dayNumber(start) + weeks * 7 }))
        .filter(({ day }) => day <= (end === null ? ends : dayNumber(end)))
        .map(({ weeks, day }) => [`sustained_${weeks}_weeks`, dayText(day)] as const),
    ),
    ...life.claims.flatMap(({ start, end }) => {
      if (end === null) return [];
      const from = Math.max(dayNumber(start), dayNumber(end) - RULES.claimEndWindowDays);
      return jobs.some((job) => dayNumber(job.start) >= from && job.start <= end) ? [['claims_ended_after_job_start', end] as const] : [];
    }),
    ...(intoWork === undefined ? [] : [['into_work', intoWork.start] as const]),
    ...livedWorkOutcomes(life, ends, baseline ?? null),
  ];
}

function personOn(life: TrueLife, day: string): { month: string; district: string; ageBand: string; priorityGroup: string } {
  const home = life.homes.findLast(({ from }) => from <= day) ?? life.homes[0];
  const age = Number(day.slice(0, 4)) - Number(life.dateOfBirth.slice(0, 4)) - (day.slice(5, 7) < life.dateOfBirth.slice(5, 7) ? 1 : 0);
  return {
    month: day.slice(0, 7),
    district: home?.home.district ?? 'unknown',
    ageBand: RULES.ageBands.findLast((band) => band.from <= age)?.name ?? 'unknown',
    priorityGroup: RULES.priorityGroups.find((group) => life.groups.includes(group)) ?? 'none',
  };
}

function programmeOn(life: TrueLife, day: string): string {
  const open = [life.support, life.referral?.revokedOn === null ? life.referral : null].find(
    (each) => each !== null && each !== undefined && each.date <= day && dayNumber(day) <= dayNumber(each.date) + RULES.openSupportDays,
  );
  return open?.programme ?? 'no programme';
}
