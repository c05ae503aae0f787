import type { EpochDay } from '../calendar.js';
import type { FactBase } from '../fact.js';
import type { Participant } from '../participant.js';
import type { RuleNumberName, RuleSet, RuleTableName } from '../rules/index.js';

/** One thing counted for one participant. */
export interface Count {
  /** Gives the month, and the day on which the dimensions are read. */
  readonly day: EpochDay;
  /** Every fact read to decide that it counts; their agreements contribute to the cell. */
  readonly facts: readonly FactBase[];
  /** Programme it counts under; absent: attributed by open support or referral on its day. */
  readonly programme?: string;
}

/**
 * A figure partners care about. To add one: a file here, a line in `registry.ts` and its id in a new version of the rules; its documentation, its row in the
 * feed and its place in the rules page follow from this declaration.
 */
export interface OutcomeMetric {
  /** Stable; part of every cell. */
  readonly id: string;
  readonly title: string;
  /** What it counts one for. */
  readonly counts: string;
  /** Which day decides its month. */
  readonly dated: string;
  /** Numbers of the rule set that it reads, besides those of attribution. */
  readonly numbers: readonly RuleNumberName[];
  /** Choices and tables of the rule set that it reads. */
  readonly tables?: readonly RuleTableName[];
  /** Whether its programme is attributed, not a fact's own. */
  readonly attributed: boolean;
  /** Pure; reads no clock; the same facts in any order give the same counts. */
  readonly count: (participant: Participant, rules: RuleSet) => readonly Count[];
}
