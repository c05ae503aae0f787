import type { FactBase, IdText } from './fact.js';
import type { RuleSet } from './rules/index.js';

/**
 * The order in which facts of one start are heard: order of sources, then factId as unsigned bytes, least first. A system
 * that the rules do not name comes after all that they do; two such by name.
 */
export class Precedence {
  private readonly ranks: ReadonlyMap<string, number>;

  private constructor(order: readonly string[]) {
    this.ranks = new Map(order.map((system, index) => [system, index]));
  }

  private static readonly known = new WeakMap<RuleSet, Precedence>();

  /** The precedence a rule set states; made once per rule set. */
  static of(rules: RuleSet): Precedence {
    let precedence = Precedence.known.get(rules);
    if (precedence === undefined) {
      precedence = new Precedence(rules.sources.order);
      Precedence.known.set(rules, precedence);
    }
    return precedence;
  }

  /** Negative: `a` is heard before `b`. Never 0 for two different facts. */
  readonly compare = (a: FactBase, b: FactBase): number => {
    if (a.system !== b.system) {
      const least = this.ranks.get(a.system) ?? Infinity;
      const other = this.ranks.get(b.system) ?? Infinity;
      if (least !== other) return least - other;
      return a.system < b.system ? -1 : 1;
    }
    return compareIds(a.id, b.id);
  };

  /** By start, earliest first, then as `compare`. */
  readonly compareByStart = (a: FactBase, b: FactBase): number => a.start - b.start || this.compare(a, b);
}

const compareIds = (a: IdText, b: IdText): number => (a === b ? 0 : a < b ? -1 : 1);

/**
 * Of facts sorted by `compareByStart`: the latest-starting on or before `day`, of several the first heard.
 *
 * @returns undefined where every fact starts later
 */
export const latestOnOrBefore = <F extends FactBase>(sorted: readonly F[], day: number): F | undefined => {
  let latest: F | undefined;
  for (const fact of sorted) {
    if (fact.start > day) break;
    if (latest === undefined || fact.start > latest.start) latest = fact;
  }
  return latest;
};
