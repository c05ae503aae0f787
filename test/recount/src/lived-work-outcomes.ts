import { dayNumber, dayText, monthsLater } from './days.js';
import type { TrueJob, TrueLife } from './lived.js';
import { RULES } from './rules.js';
import { wageOfAge } from './work-outcomes.js';

type Outcome = readonly [metric: string, day: string];

const termsOn = (job: TrueJob, day: string): { readonly weeklyHours: number; readonly hourlyPence: number } => (job.changed !== null && job.changed.from <= day ? job.changed : job);

/** Work from Monday to Sunday alike: what a day earns is a seventh of the week. */
const earnedOn = (job: TrueJob, day: string): number => {
  const { weeklyHours, hourlyPence } = termsOn(job, day);
  return (weeklyHours * hourlyPence) / 7;
};

const ageOn = (life: TrueLife, day: string): number => Number(day.slice(0, 4)) - Number(life.dateOfBirth.slice(0, 4)) - (day.slice(5) < life.dateOfBirth.slice(5) ? 1 : 0);

/** What truly came of work, by the aims of the rules and without their limits of evidence: who worked, how much, for how much. */
export function livedWorkOutcomes(life: TrueLife, storyEnds: number, baseline: string | null): Outcome[] {
  const worksOn = (job: TrueJob, day: number): boolean => dayNumber(job.start) <= day && day <= (job.end === null ? storyEnds : dayNumber(job.end));
  const lasts = (job: TrueJob, day: number): boolean => worksOn(job, day);

  const hoursOutcome = (metric: string, { hours, weeks, ofWeeks }: { readonly hours: number; readonly weeks: number; readonly ofWeeks: number }): Outcome[] => {
    for (const { start } of life.jobs) {
      const first = dayNumber(start);
      let worked = 0;
      for (let week = 0; week < ofWeeks; week += 1) {
        const [begins, ends] = [first + 7 * week, first + 7 * week + 6];
        const held = life.jobs.filter((job) => worksOn(job, begins) && worksOn(job, ends));
        if (held.length === 0 || held.reduce((sum, job) => sum + termsOn(job, dayText(ends)).weeklyHours, 0) < hours) continue;
        worked += 1;
        if (worked === weeks) return [[metric, dayText(ends + 1)]];
      }
    }
    return [];
  };

  const earningsOutcome = (): Outcome[] => {
    if (baseline === null) return [];
    const from = dayNumber(baseline);
    const until = Math.min(storyEnds, from + RULES.earnings.windowDays);
    const first = life.jobs.find(({ start }) => dayNumber(start) >= from && dayNumber(start) <= until);
    const rateDay = first?.start ?? baseline;
    const rates = RULES.minimumWage.rates.filter((rate) => rate.from <= rateDay).at(-1);
    const age = ageOn(life, rateDay);
    const rate = rates === undefined ? undefined : wageOfAge(rates, age);
    if (rate === undefined) return [];
    let pence = 0;
    for (let day = from; day <= until; day += 1) {
      for (const job of life.jobs) if (!job.selfEmployed && worksOn(job, day)) pence += earnedOn(job, dayText(day));
      if (pence >= rate * RULES.earnings.hours) return [['earnings_outcome', dayText(day)]];
    }
    return [];
  };

  const ofJob = (job: TrueJob): Outcome[] => {
    const start = dayNumber(job.start);
    const home = life.homes.findLast(({ from }) => from <= job.start) ?? life.homes[0];
    const living = RULES.realLivingWage.rates.filter((rate) => rate.from <= job.start).at(-1);
    const rate = home?.home.district.startsWith('E09') === true ? living?.london : living?.elsewhere;
    const halfYear = monthsLater(start, RULES.selfEmploymentMonths);
    return [
      ...(job.contract === 'PERMANENT' ? [['permanent_job_starts', job.start] as const] : []),
      ...(rate !== undefined && job.hourlyPence >= rate ? [['job_starts_at_real_living_wage', job.start] as const] : []),
      ...(job.selfEmployed && lasts(job, halfYear) ? [[`self_employed_${RULES.selfEmploymentMonths}_months`, dayText(halfYear)] as const] : []),
      ...RULES.progressionMonths.flatMap((months): Outcome[] => {
        const day = monthsLater(start, months);
        if (!lasts(job, day)) return [];
        const then = termsOn(job, dayText(day));
        return [
          ...(then.weeklyHours * then.hourlyPence > job.weeklyHours * job.hourlyPence ? [[`pay_progressed_${months}_months`, dayText(day)] as const] : []),
          ...(then.weeklyHours > job.weeklyHours ? [[`hours_progressed_${months}_months`, dayText(day)] as const] : []),
        ];
      }),
    ];
  };

  return [...hoursOutcome('lower_hours_outcome', RULES.lowerHours), ...hoursOutcome('higher_hours_outcome', RULES.higherHours), ...earningsOutcome(), ...life.jobs.flatMap(ofJob)];
}
