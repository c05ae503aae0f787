/** What a file says, read by this package's own readers from `docs/mapping.md` alone. */

export type Status = 'EMPLOYED' | 'UNEMPLOYED' | 'INACTIVE' | 'UNKNOWN';

/** A band of weekly hours in hundredths: at least, and below which; null: no upper end. */
export type Hours = readonly [atLeast: number, below: number | null];

export type Body =
  | { readonly type: 'ReferralMade'; readonly status: string }
  | { readonly type: 'SupportStarted' }
  | {
      readonly type: 'JobStarted';
      readonly employer: string | null;
      readonly hours: Hours | null;
      readonly work: 'EMPLOYED' | 'SELF_EMPLOYED';
      readonly contract: string | null;
      readonly hourlyPence: number | null;
    }
  | { readonly type: 'JobSustained'; readonly job: string | null; readonly hours: Hours | null; readonly hourlyPence: number | null }
  | { readonly type: 'JobEnded' }
  | {
      readonly type: 'EarningsReported';
      readonly job: string | null;
      readonly employer: string | null;
      readonly pence: number;
      readonly afterLeaving: boolean;
      readonly hours: Hours | null;
      readonly frequency: string | null;
      readonly periods: number;
    }
  | { readonly type: 'BenefitClaimChanged'; readonly kind: string; readonly benefit: string; readonly claimStart: string | null }
  | { readonly type: 'LearningStatusChanged'; readonly status: string; readonly aim: string | null; readonly startDate: string | null }
  | {
      readonly type: 'CircumstancesReported';
      readonly birthYear: number | null;
      readonly birthMonth: number | null;
      readonly district: string | null;
      readonly status: Status;
      readonly groups: readonly string[] | null;
    }
  | {
      readonly type: 'SubjectIdentified';
      /** `kind:value` of certain identifiers that passed their check. */
      readonly certain: readonly string[];
      readonly dateOfBirth: string | null;
      /** Name, date of birth and postcode as one text. */
      readonly demographic: readonly string[];
    };

export interface ToldFact {
  /** Where it is not the section's. */
  readonly scope?: string;
  readonly key: readonly string[];
  readonly family?: string;
  /** What it is about, where one thing may be told under several keys. */
  readonly part?: string;
  /** `YYYY-MM-DD`, `YYYY-MM` or `YYYY`. */
  readonly occurredOn: string;
  /** Day by which a snapshot of some dates only covers it; `occurredOn` where left out. */
  readonly coveredOn?: string;
  /** Where the record names its own. */
  readonly programme?: string | null;
  readonly body: Body;
}

/** A fact taken back by name. */
export interface Withdrawal {
  readonly type: Body['type'];
  readonly key: readonly string[];
}

export interface Clock {
  /** UTC milliseconds. */
  readonly instant: number;
  readonly sequence: number;
}

/** What not being mentioned means; null: nothing. */
export interface Coverage {
  /** Null: every family. */
  readonly families: readonly string[] | null;
  /** Null: every date. */
  readonly within: { readonly from: string; readonly to: string } | null;
  /** Beside those: parts told whole, whatever their families and dates. */
  readonly parts?: ReadonlySet<string>;
}

export interface Section {
  readonly scope: string;
  readonly clock: Clock;
  readonly coverage: Coverage | null;
  readonly records: readonly { readonly reference: string; readonly facts: readonly ToldFact[]; readonly withdrawn: readonly Withdrawal[] }[];
  /** References of refused records; null where not even that could be read. */
  readonly refused: readonly (string | null)[];
}

export interface Fates {
  readonly published: number;
  readonly skipped: number;
  readonly refused: number;
}

/** A file as a perfect reader reads it. */
export type Reading =
  | { readonly refusedWhole: true }
  | { readonly refusedWhole: false; readonly sections: readonly Section[]; readonly fates: Fates };

/** A fact's name within its subject; facts of one name are one fact. */
export const factName = (scope: string, type: Body['type'], key: readonly string[]): string => JSON.stringify([scope, type, ...key]);

/** Collects what becomes of the records of one section. */
export class SectionBuilder {
  readonly #records: { reference: string; facts: readonly ToldFact[]; withdrawn: readonly Withdrawal[] }[] = [];
  readonly #refused: (string | null)[] = [];
  constructor(
    readonly scope: string,
    readonly clock: Clock,
    readonly coverage: Coverage | null,
  ) {}
  told(reference: string, facts: readonly ToldFact[], withdrawn: readonly Withdrawal[] = []): void {
    this.#records.push({ reference, facts, withdrawn });
  }
  refuse(reference: string | null): void {
    this.#refused.push(reference);
  }
  build(): Section {
    return { scope: this.scope, clock: this.clock, coverage: this.coverage, records: this.#records, refused: this.#refused };
  }
}

export const fatesOf = (sections: readonly Section[], skipped = 0): Fates => ({
  published: sections.reduce((sum, section) => sum + section.records.length, 0),
  skipped,
  refused: sections.reduce((sum, section) => sum + section.refused.length, 0),
});
