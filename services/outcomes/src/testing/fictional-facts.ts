import { defaultBody, PRIORITY_GROUP_SYMBOLS } from '@throughline/event-contracts';
import type { DatePrecision, EventBody, WeeklyHours } from '@throughline/event-contracts';
import type { FactKind } from '@throughline/outcome-metrics';
import { pick } from './seeded-numbers.js';
import type { Numbers } from './seeded-numbers.js';

/** What a source says now of one of a person's facts. */
export interface FictionalFact<K extends FactKind = FactKind> {
  readonly kind: K;
  /** The source's own key: what it says under one kind and key is one fact. */
  readonly key: string;
  readonly on: { readonly date: number; readonly precision: DatePrecision };
  readonly programme: string | null;
  readonly body: EventBody<K>;
}

/** Ids as the source of a person makes them. */
export interface FictionalIds {
  readonly fact: (kind: FactKind, key: string) => Buffer;
  readonly employer: (number: number) => Buffer;
}

/** From one of a person's jobs to the next: further than sources differ about one start. */
const DAYS_BETWEEN_JOBS = 150;

/** Of which one source tells. */
const JOBS = 2;

const BANDS: readonly (WeeklyHours | null)[] = [
  null,
  { atLeast: 0, below: 700 },
  { atLeast: 600, below: 1_100 },
  { atLeast: 700, below: 1_600 },
  { atLeast: 1_600, below: 2_400 },
  { atLeast: 3_000, below: null },
  // Holds no hour.
  { atLeast: 1_600, below: 1_600 },
];
const HOURLY_PENCE = [null, 1_100, 1_300, 1_500];
const PROGRAMMES = [null, 'restart', 'workwell'];
/** One is in London, whose living wage is another. */
const DISTRICTS = [null, 'E08000003', 'E08000025', 'E09000007'];

/** Jobs and how they went are told of most: more of them have to meet for something to count. */
export const EVERY_KIND: readonly FactKind[] = [
  'ReferralMade',
  'SupportStarted',
  'JobStarted',
  'JobStarted',
  'JobStarted',
  'JobSustained',
  'JobSustained',
  'JobSustained',
  'EarningsReported',
  'EarningsReported',
  'EarningsReported',
  'JobEnded',
  'BenefitClaimChanged',
  'LearningStatusChanged',
  'CircumstancesReported',
  'CircumstancesReported',
];

/** Invents facts of every kind, in every field that a metric reads, near enough to each other to meet in every rule. */
export class FictionalFacts {
  /**
   * @param firstDay before it somebody is referred; jobs start from it on. Days since 1970-01-01
   * @param kinds each as likely; the same one several times: as many times as likely
   */
  constructor(
    private readonly random: Numbers,
    private readonly firstDay: number,
    private readonly kinds: readonly FactKind[],
  ) {}

  next(ids: FictionalIds): FictionalFact {
    switch (this.#of(this.kinds)) {
      case 'ReferralMade':
        return this.#fact('ReferralMade', 2, this.#near(-60), { status: this.#of(['ACTIVE', 'ACTIVE', 'COMPLETED', 'ON_HOLD', 'REVOKED', 'DRAFT', 'UNKNOWN'] as const) });
      case 'SupportStarted':
        return this.#fact('SupportStarted', 2, this.#near(-30), {});
      case 'JobStarted':
        return this.#fact('JobStarted', JOBS, this.#near(this.#job(), [0, 0, 3, 10, 27, 29, 60]), {
          hours: this.#of(BANDS),
          work: this.#of(['UNKNOWN', 'EMPLOYED', 'EMPLOYED', 'SELF_EMPLOYED'] as const),
          contract: this.#of(['UNKNOWN', 'PERMANENT', 'TEMPORARY', 'ZERO_HOURS'] as const),
          employer: this.#of([null, ids.employer(0), ids.employer(1)]),
          hourlyPayPence: this.#of(HOURLY_PENCE),
        });
      case 'JobSustained':
        return this.#fact('JobSustained', 5, this.#near(this.#job(), [40, 91, 182, 200, 220, 260, 375, 400, 430]), {
          job: this.#jobOrNull(ids),
          basis: this.#of(['SUSTAIN_RECORD', 'LATER_STATUS', 'LENGTH_OF_EMPLOYMENT'] as const),
          hours: this.#of(BANDS),
          hourlyPayPence: this.#of(HOURLY_PENCE),
        });
      case 'EarningsReported':
        return this.#fact('EarningsReported', 9, this.#near(this.#job(), [7, 35, 40, 70, 105, 110, 140, 175, 190, 205, 370]), {
          job: this.#jobOrNull(ids),
          employer: this.#of([null, ids.employer(0), ids.employer(1)]),
          amountPence: this.#of([-5_000, 0, 90_000, 150_000, 180_000, 600_000]),
          payFrequency: this.#of([null, 'M1', 'M1', 'M1', 'W4', 'W1', 'IO'] as const),
          periodsCovered: this.#of([null, 1, 1, 2, 0]),
          hours: this.#of(BANDS),
          afterLeaving: this.random(8) === 0,
        });
      case 'JobEnded':
        return this.#fact('JobEnded', 2, this.#near(this.#job(), [20, 100, 300]), { job: this.#jobOrNull(ids), employer: this.#of([null, ids.employer(0)]) });
      case 'BenefitClaimChanged':
        return this.#fact('BenefitClaimChanged', 3, this.#near(this.#job(), [-40, 20, 60, 120, 181, 183, 250]), {
          benefit: this.#of(['UNIVERSAL_CREDIT', 'UNIVERSAL_CREDIT', 'JOBSEEKERS_ALLOWANCE'] as const),
          kind: this.#of(['ENDED', 'ENDED', 'STARTED', 'AWARD_CHANGED', 'ASSESSMENT_PERIOD', 'UNKNOWN'] as const),
          claimStart: this.#of([null, this.firstDay - 90, this.firstDay - 60, this.firstDay + 30]),
        });
      case 'LearningStatusChanged':
        return this.#fact('LearningStatusChanged', 3, this.#near(0), {
          status: this.#of(['STARTED', 'STARTED', 'COMPLETED', 'WITHDRAWN', 'BREAK'] as const),
          aim: this.#of([null, 'aim-1', 'aim-2']),
          startDate: this.#of([null, this.firstDay - 20, this.firstDay + 40]),
        });
      case 'CircumstancesReported':
        return this.#fact('CircumstancesReported', 3, this.#near(-80, [0, 20, 60, 100, 300, 500]), {
          birthYear: this.#of([null, 1958, 1975, 1985, 2004, 2008]),
          birthMonth: this.#of([null, 1, 5, 12]),
          district: this.#of(DISTRICTS),
          labourMarketStatus: this.#of(['UNKNOWN', 'UNEMPLOYED', 'UNEMPLOYED', 'INACTIVE', 'EMPLOYED'] as const),
          priorityGroups: this.random(3) === 0 ? null : PRIORITY_GROUP_SYMBOLS.filter(() => this.random(6) === 0),
        });
    }
  }

  /** @param keys how many facts of the kind a person has at a source @param says whatever is not at its default */
  #fact<K extends FactKind>(kind: K, keys: number, on: FictionalFact['on'], says: Partial<EventBody<K>>): FictionalFact {
    const programme = this.random(3) === 0 ? this.#of(PROGRAMMES) : null;
    return { kind, key: `${kind}${this.random(keys)}`, on, programme, body: { ...defaultBody(kind), ...says } };
  }

  /** Days from the first to the start of one of a person's jobs. */
  #job(): number {
    return this.random(2) * DAYS_BETWEEN_JOBS;
  }

  #jobOrNull(ids: FictionalIds): Buffer | null {
    const number = this.random(2 * JOBS + 1);
    return number === 2 * JOBS ? null : ids.fact('JobStarted', `JobStarted${number % JOBS}`);
  }

  /** @param days after the first @param later by as many days */
  #near(days: number, later: readonly number[] = [0, 5, 20, 50, 200]): FictionalFact['on'] {
    return { date: this.firstDay + days + this.#of(later), precision: this.#of(['DAY', 'DAY', 'DAY', 'DAY', 'DAY', 'DAY', 'MONTH', 'YEAR'] as const) };
  }

  #of<T>(items: readonly T[]): T {
    return pick(this.random, items);
  }
}
