import { isoDateToEpochDay } from '@throughline/event-contracts';
import type { EpochDay } from './calendar.js';
import type { Ages } from './circumstances.js';
import type { RuleSet } from './rules/index.js';

/** Statutory pence an hour where the age is not certain. */
export interface Minima {
  readonly lowest: number;
  readonly highest: number;
}

/** Hourly rates of a rule set by day; made once per rule set. */
export class Wages {
  private readonly minimum: readonly { readonly from: EpochDay; readonly byAge: readonly { readonly from: number; readonly pence: number }[] }[];
  private readonly living: readonly { readonly from: EpochDay; readonly london: number; readonly elsewhere: number }[];

  private constructor(rules: RuleSet) {
    const { minimumWage, realLivingWage } = rules;
    this.minimum = (minimumWage?.rates ?? []).map((rate) => ({ ...rate, from: isoDateToEpochDay(rate.from) }));
    this.living = (realLivingWage?.rates ?? []).map((rate) => ({ ...rate, from: isoDateToEpochDay(rate.from) }));
  }

  private static readonly known = new WeakMap<RuleSet, Wages>();

  /** Those a rule set states; of a table that it does not state there is no rate. */
  static of(rules: RuleSet): Wages {
    let wages = Wages.known.get(rules);
    if (wages === undefined) {
      wages = new Wages(rules);
      Wages.known.set(rules, wages);
    }
    return wages;
  }

  /** Statutory pence an hour; an unknown age is held to the adult rate. Null: before the first rate. */
  minimumAt(day: EpochDay, age: number | null): number | null {
    const byAge = this.minimum.findLast(({ from }) => from <= day)?.byAge;
    // Ages below 0, of births told wrongly, are the youngest's.
    return byAge?.findLast(({ from }) => from <= Math.max(0, age ?? Infinity))?.pence ?? null;
  }

  /** The lowest and the highest statutory pence an hour of such ages. Null: before the first rate. */
  minimaAt(day: EpochDay, { least, most }: Ages): Minima | null {
    const byAge = this.minimum.findLast(({ from }) => from <= day)?.byAge;
    if (byAge === undefined) return null;
    const possible = byAge.filter(({ from }, index) => from <= most && least < (byAge[index + 1]?.from ?? Infinity)).map(({ pence }) => pence);
    return { lowest: Math.min(...possible), highest: Math.max(...possible) };
  }

  /** Pence an hour that cover the cost of living. Null: before the first rate. */
  livingAt(day: EpochDay, inLondon: boolean): number | null {
    const rate = this.living.findLast(({ from }) => from <= day);
    return rate === undefined ? null : inLondon ? rate.london : rate.elsewhere;
  }
}
