import { PAY_FREQUENCY_SYMBOLS, PRIORITY_GROUP_SYMBOLS } from '@throughline/event-contracts';
import { z } from 'zod';

/** Where a number or an order comes from, and whether anybody could check it there. */
const provenance = {
  meaning: z.string().min(1),
  citation: z.string().min(1),
  /** False: nobody could verify it at its source; the feed says so beside every figure that it decides. */
  verified: z.boolean(),
};

const number = (unit: 'days' | 'weeks' | 'months' | 'hours') =>
  z.strictObject({ value: z.int().positive(), unit: z.literal(unit), ...provenance });

/** By age in completed years, from 0 on; each entry reaches to the next one's `from`. */
const byAge = <T extends z.ZodType<{ readonly from: number }>>(entry: T) =>
  z
    .array(entry)
    .min(1)
    .refine((list) => list[0]?.from === 0, 'the first band starts at age 0')
    .refine((list) => list.every((band, i) => i === 0 || band.from > (list[i - 1]?.from ?? 0)), 'bands stand in order of age');

const completedYears = z.int().nonnegative();

const order = <T extends z.ZodType>(item: T) =>
  z.array(item).min(1).refine((list) => new Set(list).size === list.length, 'nothing stands twice in an order');

const ascending = (list: readonly { readonly from: string }[]): boolean => list.every(({ from }, i) => i === 0 || from > (list[i - 1]?.from ?? ''));

/** Rates that hold from their day until the next one's. */
const dated = <T extends z.ZodType<{ readonly from: string }>>(rate: T) =>
  z.array(rate).min(1).refine((list) => ascending(list), 'rates stand in order of their first day');

const pencePerHour = z.int().positive();

const bands = byAge(z.strictObject({ name: z.string().regex(/^[0-9a-z-]+$/), from: completedYears }));

/** A rule set as data. Everything in it may change with a new version; the code that reads it does not. */
export const RULE_SET = z.strictObject({
  version: z.string().regex(/^\d{4}\.\d+$/),
  /** Ids of the outcome metrics that it counts. */
  metrics: order(z.string().regex(/^[a-z0-9_]+$/)),
  numbers: z.strictObject({
    sameJobWindowDays: number('days'),
    paymentGapDays: number('days'),
    shortSustainmentWeeks: number('weeks'),
    longSustainmentWeeks: number('weeks'),
    claimEndWindowDays: number('days'),
    openSupportDays: number('days'),
    // A version that counts no metric which reads one of these need not state it.
    earningsWindowDays: number('days').optional(),
    earningsHoursPerWeek: number('hours').optional(),
    earningsWeeks: number('weeks').optional(),
    lowerHoursPerWeek: number('hours').optional(),
    lowerHoursWeeks: number('weeks').optional(),
    lowerHoursOfWeeks: number('weeks').optional(),
    higherHoursPerWeek: number('hours').optional(),
    higherHoursWeeks: number('weeks').optional(),
    higherHoursOfWeeks: number('weeks').optional(),
    selfEmploymentMonths: number('months').optional(),
    firstProgressionMonths: number('months').optional(),
    secondProgressionMonths: number('months').optional(),
    progressionWindowDays: number('days').optional(),
  }),
  /** Whether self-employment and employment are never one job. */
  selfEmploymentApart: z.strictObject({ value: z.boolean(), ...provenance }),
  /** `source.system` of events, most trusted first: breaks ties between facts of one start. */
  sources: z.strictObject({ order: order(z.string().min(1)), ...provenance }),
  /** Which group a person in several is counted under: the first. */
  priorityGroups: z.strictObject({ order: order(z.enum(PRIORITY_GROUP_SYMBOLS).exclude(['UNKNOWN'])), ...provenance }),
  /** Age in completed years; a band reaches to the next one's `from`. */
  ageBands: z.strictObject({ bands, assumedBirthMonth: z.int().min(1).max(12), ...provenance }),
  /** What hours are held to have been on a day of which a source that tells of others says nothing. */
  hoursUntold: z.strictObject({ value: z.enum(['as-next-told', 'not-known']), ...provenance }).optional(),
  /** Most days of one pay period, by frequency: what is paid sooner after a start may be for less than one. */
  payPeriods: z.strictObject({ days: z.partialRecord(z.enum(PAY_FREQUENCY_SYMBOLS), z.int().positive()), ...provenance }).optional(),
  /** Which ages a wage is looked up for where what is told of a birth leaves more than one. */
  uncertainAge: z.strictObject({ value: z.enum(['assumed', 'all-possible']), ...provenance }).optional(),
  /** Which day's wage an earnings outcome is measured by: that of the job's start, or of each payment. */
  earningsRateDate: z.strictObject({ value: z.enum(['job-start', 'payment']), ...provenance }).optional(),
  /** Statutory hourly rates: the National Living Wage and the National Minimum Wage below it. */
  minimumWage: z
    .strictObject({
      /** The oldest band's is the adult rate. */
      rates: dated(z.strictObject({ from: z.iso.date(), byAge: byAge(z.strictObject({ from: completedYears, pence: pencePerHour })) })),
      ...provenance,
    })
    .optional(),
  /** Voluntary hourly rates that cover the cost of living. */
  realLivingWage: z.strictObject({ rates: dated(z.strictObject({ from: z.iso.date(), london: pencePerHour, elsewhere: pencePerHour })), ...provenance }).optional(),
});

/** A checked rule set. */
export type RuleSet = z.infer<typeof RULE_SET>;

/** Name of a number in a rule set. */
export type RuleNumberName = keyof RuleSet['numbers'];

/** Name of a choice or a table in a rule set that a metric may read. */
export type RuleTableName = 'selfEmploymentApart' | 'hoursUntold' | 'payPeriods' | 'uncertainAge' | 'earningsRateDate' | 'minimumWage' | 'realLivingWage';

/** A number with its unit, what it decides, its citation, and whether that was verified. */
export type RuleNumber = NonNullable<RuleSet['numbers'][RuleNumberName]>;

/** Thrown when a rule set is not one: each fault with its place, and what was expected there. */
export class InvalidRuleSet extends Error {
  override readonly name = 'InvalidRuleSet';
  readonly code = 'invalid-rule-set';
  readonly remedy = 'Correct the rule set at the places named; every number needs a unit, a citation and whether it was verified.';
  constructor(readonly faults: readonly { readonly place: string; readonly expected: string }[]) {
    super(`Rule set refused: ${faults.map(({ place, expected }) => `${place}: ${expected}`).join('; ')}.`);
  }
}

/**
 * Checks a rule set, naming every fault at once.
 *
 * @throws {InvalidRuleSet}
 */
export const checkRuleSet = (data: unknown): RuleSet => {
  const result = RULE_SET.safeParse(data);
  if (result.success) return result.data;
  throw new InvalidRuleSet(
    result.error.issues.map((issue) => ({ place: issue.path.join('.') || '(whole)', expected: issue.message })),
  );
};

const STATED = 'stated, since a metric that this version counts reads it';

/** A number's value. @throws {InvalidRuleSet} where the version does not state it */
export const numberOf = (rules: RuleSet, name: RuleNumberName): number => {
  const number = rules.numbers[name];
  if (number === undefined) throw new InvalidRuleSet([{ place: `numbers.${name}`, expected: STATED }]);
  return number.value;
};

/** A choice or a table. @throws {InvalidRuleSet} where the version does not state it */
export const tableOf = <N extends RuleTableName>(rules: RuleSet, name: N): NonNullable<RuleSet[N]> => {
  const table = rules[name];
  if (table === undefined) throw new InvalidRuleSet([{ place: name, expected: STATED }]);
  return table;
};
