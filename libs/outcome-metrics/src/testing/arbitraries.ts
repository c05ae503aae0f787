import {
  BENEFIT_SYMBOLS,
  CLAIM_CHANGE_SYMBOLS,
  CONTRACT_KIND_SYMBOLS,
  isoDateToEpochDay,
  LEARNING_STATUS_SYMBOLS,
  PAY_FREQUENCY_SYMBOLS,
  REFERRAL_STATUS_SYMBOLS,
  WORK_KIND_SYMBOLS,
} from '@throughline/event-contracts';
import type { WeeklyHours } from '@throughline/event-contracts';
import fc from 'fast-check';
import { firstDay, PRECISIONS } from '../calendar.js';
import type { Fact, FactBase } from '../fact.js';
import { FACT_KINDS } from '../fact.js';
import type { TimelineEntry } from '../timeline.js';
import { idText } from './fact-builders.js';

/** An entry and the subject on whose timeline it stands. */
export interface SubjectEntry {
  readonly subject: string;
  readonly entry: TimelineEntry;
}

/** Text as a partner may write it, also empty and beyond ASCII. */
export const anyText: fc.Arbitrary<string> = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.toWellFormed());

const FIRST = isoDateToEpochDay('2025-01-01');

/** Where values come from: `narrow` ones collide, so that rules have something to decide; `wide` ones fill the packed form. */
interface Values {
  readonly unsaid: number;
  readonly employer: fc.Arbitrary<string>;
  readonly day: fc.Arbitrary<number>;
  readonly id: fc.Arbitrary<string>;
  readonly text: (...likely: string[]) => fc.Arbitrary<string>;
  readonly pence: fc.Arbitrary<number>;
  readonly hourlyPence: fc.Arbitrary<number>;
  readonly band: fc.Arbitrary<WeeklyHours>;
  readonly periods: fc.Arbitrary<number>;
  readonly instant: fc.Arbitrary<number>;
  readonly word: fc.Arbitrary<number>;
}

const FACTS = 36;
const factName = (n: number): string => idText(`fact-${String(n).padStart(2, '0')}`);
const kindOf = (n: number, kinds: readonly Fact['kind'][]): Fact['kind'] => kinds[n % kinds.length] ?? 'JobStarted';

/** @param unsaid one field in so many is left out */
const narrow = (kinds: readonly Fact['kind'][], unsaid: number): Values => ({
  unsaid,
  day: fc.integer({ min: FIRST, max: FIRST + 500 }),
  id: fc.constantFrom(...Array.from({ length: FACTS }, (_, n) => n).filter((n) => kindOf(n, kinds) === 'JobStarted').map(factName)),
  employer: fc.constantFrom(idText('alpha'), idText('beta')),
  text: (...likely) => fc.constantFrom(...likely),
  pence: fc.constantFrom(-100, 0, 1, 50_000, 300_000),
  hourlyPence: fc.constantFrom(1_200, 1_500),
  band: fc.constantFrom({ atLeast: 0, below: 1_600 }, { atLeast: 1_100, below: 2_100 }, { atLeast: 1_600, below: 2_400 }, { atLeast: 3_000, below: null }),
  periods: fc.constantFrom(1, 1, 1, 2),
  instant: fc.integer({ min: 1, max: 3 }),
  word: fc.integer({ min: 0, max: 1 }),
});

const wide: Values = {
  unsaid: 2,
  employer: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  day: fc.integer({ min: -40_000, max: 40_000 }),
  id: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  text: (...likely) => fc.oneof(anyText, fc.constantFrom(...likely)),
  pence: fc.integer({ min: -(2 ** 51), max: 2 ** 51 }),
  hourlyPence: fc.integer(),
  band: fc.nat().chain((atLeast) => fc.record({ atLeast: fc.constant(atLeast), below: fc.option(fc.integer({ min: atLeast + 1, max: 2 ** 31 }), { nil: null }) })),
  periods: fc.integer(),
  instant: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  word: fc.integer({ min: 0, max: 0xffff_ffff }),
};


const factOf = (kind: Fact['kind'], id: string, values: Values): fc.Arbitrary<Fact> => {
  const orNull = <T>(said: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(said, { nil: null, freq: values.unsaid });
  const base: fc.Arbitrary<FactBase> = fc
    .record({
      day: values.day,
      precision: fc.constantFrom(...PRECISIONS),
      system: values.text('hmrc-rti', 'ilr', 'rtof', 'nccis', 'new-one'),
      agreement: values.text('dsa-a', 'dsa-b', 'dsa-c'),
      programme: orNull(values.text('workwell', 'restart')),
    })
    .map(({ day, ...rest }) => ({ id, start: firstDay(day, rest.precision), ...rest }));
  const withOwn = <O extends object>(own: fc.Arbitrary<O>): fc.Arbitrary<Fact> =>
    fc.tuple(base, own).map(([shared, fields]) => ({ kind, ...shared, ...fields }) as unknown as Fact);
  const { employer } = values;
  switch (kind) {
    case 'SupportStarted':
    case 'JobEnded':
      return withOwn(fc.constant({}));
    case 'ReferralMade':
      return withOwn(fc.record({ status: fc.constantFrom(...REFERRAL_STATUS_SYMBOLS) }));
    case 'JobStarted':
      return withOwn(
        fc.record({
          employer: orNull(fc.record({ partner: values.text('north', 'south'), key: employer })),
          hours: orNull(values.band),
          work: fc.constantFrom(...WORK_KIND_SYMBOLS),
          contract: fc.constantFrom(...CONTRACT_KIND_SYMBOLS),
          hourlyPayPence: orNull(values.hourlyPence),
        }),
      );
    case 'JobSustained':
      return withOwn(fc.record({ job: orNull(values.id), hours: orNull(values.band), hourlyPayPence: orNull(values.hourlyPence) }));
    case 'EarningsReported':
      return withOwn(
        fc.record({
          job: orNull(values.id),
          employer: orNull(employer),
          amountPence: values.pence,
          afterLeaving: fc.boolean(),
          hours: orNull(values.band),
          frequency: fc.constantFrom(...PAY_FREQUENCY_SYMBOLS),
          periods: values.periods,
        }),
      );
    case 'BenefitClaimChanged':
      return withOwn(
        fc.record({
          change: fc.constantFrom(...CLAIM_CHANGE_SYMBOLS),
          benefit: fc.constantFrom(...BENEFIT_SYMBOLS),
          claimStart: orNull(values.day),
        }),
      );
    case 'LearningStatusChanged':
      return withOwn(
        fc.record({
          status: fc.constantFrom(...LEARNING_STATUS_SYMBOLS),
          aim: orNull(values.text('aim-1', 'aim-2')),
          startDate: orNull(values.day),
        }),
      );
    case 'CircumstancesReported':
      return withOwn(
        fc.record({
          birthYear: orNull(fc.integer({ min: 1930, max: 2015 })),
          birthMonth: orNull(fc.integer({ min: 1, max: 12 })),
          district: orNull(values.text('E08000003', 'E08000025', 'E07000061')),
          status: fc.constantFrom('EMPLOYED', 'UNEMPLOYED', 'INACTIVE', null),
          priorityGroups: orNull(fc.nat({ max: 511 })),
        }),
      );
  }
};

const wordOf = (fact: fc.Arbitrary<Fact | null>, factId: string, values: Values): fc.Arbitrary<TimelineEntry> =>
  fc
    .record({ instant: values.instant, sequence: fc.nat({ max: 2 }), hashHigh: values.word, hashLow: values.word, fact })
    .map((word) => ({ factId, ...word, ...(word.fact === null ? { hashHigh: 0, hashLow: 0 } : {}) }));

/** Any entry the packed form must carry. */
export const anyEntry: fc.Arbitrary<SubjectEntry> = fc
  .record({ subject: wide.id, factId: wide.id, kind: fc.constantFrom(...FACT_KINDS) })
  .chain(({ subject, factId, kind }) =>
    wordOf(fc.option(factOf(kind, factId, wide), { nil: null, freq: 2 }), factId, wide).map((entry) => ({ subject, entry })),
  );

const historyOf = (kinds: readonly Fact['kind'][], unsaid: number): fc.Arbitrary<readonly SubjectEntry[]> => {
  const values = narrow(kinds, unsaid);
  return fc
    .array(
      fc.nat({ max: FACTS - 1 }).chain((n) => {
        const id = factName(n);
        const fact = fc.option(factOf(kindOf(n, kinds), id, values), { nil: null, freq: unsaid });
        return wordOf(fact, id, values).map((entry) => ({ subject: idText(`subject-${n % 4}`), entry }));
      }),
      { maxLength: 60 },
    )
    .map((history) => {
      const words = new Map<string, SubjectEntry>();
      return history.map((said) => {
        const { factId, instant, sequence, hashHigh, hashLow } = said.entry;
        const word = [factId, instant, sequence, hashHigh, hashLow].join(' ');
        const first = words.get(word) ?? said;
        words.set(word, first);
        return first;
      });
    });
};

const WORK = ['JobStarted', 'JobSustained', 'EarningsReported', 'JobSustained', 'EarningsReported', 'SupportStarted'] as const;

/**
 * What sources say of one participant over time, in order of arrival: few facts, each of one kind and one subject, stated,
 * corrected and withdrawn, near enough to each other to meet in every rule: of every kind, or of a few jobs and how they went.
 * Two words of one clock and content hash are one word, as a hash over the content makes them.
 */
export const anyHistory: fc.Arbitrary<readonly SubjectEntry[]> = fc.oneof(historyOf(FACT_KINDS, 2), historyOf(WORK, 6));
