// Labels take their values from closed sets: never a person, never a free string. There are three kinds of set.

/** A set known here. */
interface FixedSet {
  readonly values: readonly string[];
}
/** A set that a process states at start, from its configuration or its declarations. */
interface DeclaredSet {
  readonly declared: true;
}
/** Whole numbers from 0 up to, not including, a bound. */
interface NumberSet {
  readonly below: number;
}
export type LabelSet = FixedSet | DeclaredSet | NumberSet;

/** Every label of every series. */
export const LABELS = {
  feed: { declared: true },
  deployment: { declared: true },
  partner: { declared: true },
  /** Codes of faults, refusals and skips; `none` where there is nothing to say. */
  code: { declared: true },
  version: { declared: true },
  revision: { declared: true },
  partition: { below: 256 },
  outcome: { values: ['accepted', 'repeated', 'validated', 'refused', 'busy'] },
  fate: { values: ['published', 'skipped', 'refused'] },
  kind: { values: ['facts', 'identifiers'] },
  stage: { values: ['intake', 'consume', 'link', 'reconcile'] },
  guard: { values: ['offset', 'version'] },
  volume: { values: ['spool', 'state'] },
} as const satisfies Record<string, LabelSet>;

export type LabelName = keyof typeof LABELS;
type OfKind<K> = { [L in LabelName]: (typeof LABELS)[L] extends K ? L : never }[LabelName];
/** Labels whose values a process declares. */
export type DeclaredLabel = OfKind<DeclaredSet>;

/** What a caller may give for a label. */
export type LabelValue<L extends LabelName> = (typeof LABELS)[L] extends { readonly values: readonly (infer V)[] }
  ? V
  : (typeof LABELS)[L] extends NumberSet
    ? number
    : string;

/** Stands for every value that is in no set. */
export const OTHER = 'other';
/** Always in a declared set. */
export const NONE = 'none';
