import { PRIORITY_GROUP_SYMBOLS } from '@throughline/event-contracts';
import { monthOf } from './calendar.js';
import type { EpochDay } from './calendar.js';
import type { CircumstancesFact } from './fact.js';
import { latestOnOrBefore, Precedence } from './precedence.js';
import type { RuleSet } from './rules/index.js';

/** A dimension's value, and the fact it was read from; undefined: no fact says. */
export interface Reading<V extends string = string> {
  readonly value: V;
  readonly fact: CircumstancesFact | undefined;
}

/** In completed years, both ends included. */
export interface Ages {
  readonly least: number;
  readonly most: number;
}
const ANY_AGE: Ages = { least: 0, most: Infinity };

export const UNKNOWN = 'unknown';
/** The priority group of whoever is known to be in none. */
export const NO_GROUP = 'none';

/** A participant's circumstances on any day. Each field is read by itself, from the facts that say it. */
export class Circumstances {
  private readonly withDistrict: readonly CircumstancesFact[];
  private readonly withStatus: readonly CircumstancesFact[];
  private readonly withGroups: readonly CircumstancesFact[];
  private readonly birth: CircumstancesFact | undefined;

  /** @param facts sorted by start, order of sources, factId */
  constructor(
    facts: readonly CircumstancesFact[],
    private readonly rules: RuleSet,
  ) {
    this.withDistrict = facts.filter((fact) => fact.district !== null);
    this.withStatus = facts.filter((fact) => fact.status !== null);
    this.withGroups = facts.filter((fact) => fact.priorityGroups !== null);
    this.birth = bestBirth(facts, rules);
  }

  /** GSS code of the district of residence. */
  districtAt(day: EpochDay): Reading {
    const fact = sayingAt(this.withDistrict, day);
    return { value: fact?.district ?? UNKNOWN, fact };
  }

  /** Labour-market status. */
  statusAt(day: EpochDay): Reading<NonNullable<CircumstancesFact['status']> | typeof UNKNOWN> {
    const fact = sayingAt(this.withStatus, day);
    return { value: fact?.status ?? UNKNOWN, fact };
  }

  /** The one group a person is counted under; `none`: known to be in none. */
  priorityGroupAt(day: EpochDay): Reading {
    const fact = sayingAt(this.withGroups, day);
    return { value: firstGroup(fact?.priorityGroups ?? null, this.rules), fact };
  }

  /** Band of the age in completed years; the dates of the facts play no part. */
  ageBandAt(day: EpochDay): Reading {
    const age = this.ageAt(day);
    if (age === null) return { value: UNKNOWN, fact: undefined };
    const { bands } = this.rules.ageBands;
    let value = bands[0]?.name ?? UNKNOWN;
    for (const band of bands) if (age >= band.from) value = band.name;
    return { value, fact: this.birth };
  }

  /**
   * The ages in completed years that what is told of the birth leaves possible, from the same fact as the band: all where nobody
   * tells, two where the birthday may be still to come.
   */
  agesAt(day: EpochDay): Ages {
    const { birth } = this;
    if (birth === undefined || birth.birthYear === null) return ANY_AGE;
    const { birthYear, birthMonth } = birth;
    const firstBorn = birthYear * 12 + (birthMonth ?? 1) - 1;
    const lastBorn = birthMonth === null ? firstBorn + 11 : firstBorn;
    const most = Math.floor((monthOf(day) - firstBorn) / 12);
    // By the last day of a month whoever was born in such a month has had the birthday.
    const least = Math.floor((monthOf(day + 1) - 1 - lastBorn) / 12);
    return { least: Math.max(0, least), most: Math.max(0, most) };
  }

  /** Completed years; null: nobody tells. Read from the same fact as the band. */
  ageAt(day: EpochDay): number | null {
    const { birth } = this;
    if (birth === undefined || birth.birthYear === null) return null;
    const born = birth.birthYear * 12 + (birth.birthMonth ?? this.rules.ageBands.assumedBirthMonth) - 1;
    return Math.floor((monthOf(day) - born) / 12);
  }
}

/** The latest fact on or before the day; else the earliest after it, which comes first since none is before. */
const sayingAt = (sorted: readonly CircumstancesFact[], day: EpochDay): CircumstancesFact | undefined =>
  latestOnOrBefore(sorted, day) ?? sorted[0];

const bestBirth = (facts: readonly CircumstancesFact[], rules: RuleSet): CircumstancesFact | undefined => {
  const { compare } = Precedence.of(rules);
  let best: CircumstancesFact | undefined;
  for (const fact of facts) {
    if (fact.birthYear === null) continue;
    if (best === undefined) best = fact;
    else if ((fact.birthMonth === null) !== (best.birthMonth === null)) {
      if (best.birthMonth === null) best = fact;
    } else if (compare(fact, best) < 0) best = fact;
  }
  return best;
};

const firstGroup = (bits: number | null, rules: RuleSet): string => {
  if (bits === null) return UNKNOWN;
  if (bits === 0) return NO_GROUP;
  for (const group of rules.priorityGroups.order) {
    if ((bits & (1 << PRIORITY_GROUP_SYMBOLS.indexOf(group))) !== 0) return group;
  }
  return UNKNOWN;
};
