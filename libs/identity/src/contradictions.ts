import type { IdentifierKind } from '@throughline/event-contracts';
import { DisjointSets } from './disjoint-sets.js';
import type { PairVerdicts } from './link-decisions.js';
import type { Holders } from './token-holders.js';

/** Kinds of which a person has one: two values in a closure are a contradiction. In the order in which they are told. */
const SINGLE_VALUED = ['NHS_NUMBER', 'NINO', 'ULN', 'DATE_OF_BIRTH'] as const satisfies readonly IdentifierKind[];

/**
 * What people have to look at: a kind of which one participant has two values, or `SEPARATED`: somebody who stands alone
 * since through them two would meet whom an operator has separated.
 */
export const CONFLICT_KINDS = [...SINGLE_VALUED, 'SEPARATED'] as const;
export type ConflictKind = (typeof CONFLICT_KINDS)[number];

const isSingleValued = (kind: IdentifierKind): kind is (typeof SINGLE_VALUED)[number] => (SINGLE_VALUED as readonly IdentifierKind[]).includes(kind);

/** Roots of the closures in which a person would have two of what a person has one of, or two separated would be one. */
export function contradictedClosures(holders: readonly Holders[], closure: DisjointSets, verdicts: PairVerdicts): Set<number> {
  const contradicted = separatedIn(closure, verdicts);
  const seen = new Set<string>();
  for (const { kind, keyId, members } of holders) {
    if (!isSingleValued(kind)) continue;
    // A date of birth joins nobody, so its holders may stand in many closures; each counts the value once.
    for (const root of new Set(members.map((member) => closure.find(member)))) {
      const key = `${root}|${kind}|${keyId}`;
      if (seen.has(key)) contradicted.add(root);
      seen.add(key);
    }
  }
  return contradicted;
}

/** Roots of the sets that hold two whom an operator has separated. */
export function separatedIn(sets: DisjointSets, verdicts: PairVerdicts): Set<number> {
  const found = new Set<number>();
  for (const [left, right] of verdicts.separated()) if (sets.find(left) === sets.find(right)) found.add(sets.find(left));
  return found;
}

/** What people have to look at in one component: who holds each of the values that meet there, by number; nobody for `SEPARATED`. */
export type Conflicts = Map<ConflictKind, readonly (readonly number[])[]>;

/**
 * Conflicts by root of the component. Two values are none where an operator has said of somebody with the one and somebody
 * with the other that they are one person: that is an answer.
 */
export function conflictsIn(holders: readonly Holders[], componentOf: (member: number) => number, verdicts: PairVerdicts, count: number): Map<number, Conflicts> {
  const conflicts = new Map<number, Conflicts>();
  const values = new Map<string, { readonly root: number; readonly kind: (typeof SINGLE_VALUED)[number]; readonly holders: number[][] }>();
  for (const { kind, keyId, members } of holders) {
    if (!isSingleValued(kind)) continue;
    for (const root of new Set(members.map(componentOf))) {
      const key = `${root}|${kind}|${keyId}`;
      const held = members.filter((member) => componentOf(member) === root);
      const known = values.get(key);
      if (known === undefined) values.set(key, { root, kind, holders: [held] });
      else known.holders.push(held);
    }
  }
  const answers = new Answers(verdicts, count);
  const met = [...values].filter(([, { holders: byValue }]) => byValue.length > 1 && !answers.settle(byValue));
  // Of several keys under which values meet the least tells, so that the order of identifiers tells nothing.
  for (const [, { root, kind, holders: byValue }] of met.sort(([one], [other]) => (one < other ? -1 : 1))) {
    const kinds = conflicts.get(root) ?? (new Map() as Conflicts);
    if (!kinds.has(kind)) kinds.set(kind, answers.open(byValue));
    conflicts.set(root, kinds);
  }
  return conflicts;
}

/** Which values operators have said to be one person's: some holder of each stands in one set of joined subjects. */
class Answers {
  readonly #joined: DisjointSets;
  readonly #named = new Set<number>();

  constructor(verdicts: PairVerdicts, count: number) {
    this.#joined = new DisjointSets(verdicts.size === 0 ? 0 : count);
    for (const [left, right] of verdicts.joined()) {
      this.#joined.union(left, right);
      this.#named.add(left).add(right);
    }
  }

  /** Whether every two of the values have been. */
  settle(byValue: readonly (readonly number[])[]): boolean {
    const [first = new Set<number>(), ...others] = byValue.map((members) => this.#setsOf(members));
    return [...first].some((root) => others.every((roots) => roots.has(root)));
  }

  /** Holders by value, of values that have been said to be one person's taken together; as they are where that leaves no two. */
  open(byValue: readonly (readonly number[])[]): readonly (readonly number[])[] {
    const groups: { readonly sets: Set<number>; readonly members: number[] }[] = [];
    for (const members of byValue) {
      const sets = this.#setsOf(members);
      const [same, ...more] = groups.filter((group) => [...sets].some((root) => group.sets.has(root)));
      if (same === undefined) {
        groups.push({ sets, members: [...members] });
        continue;
      }
      for (const each of [{ sets, members }, ...more]) {
        for (const root of each.sets) same.sets.add(root);
        same.members.push(...each.members);
      }
      for (const each of more) groups.splice(groups.indexOf(each), 1);
    }
    const told = groups.length > 1 ? groups.map(({ members }) => [...new Set(members)].sort((one, other) => one - other)) : [...byValue];
    return told.sort(inOrder);
  }

  #setsOf(members: readonly number[]): Set<number> {
    return new Set(members.filter((member) => this.#named.has(member)).map((member) => this.#joined.find(member)));
  }
}

/** By the least that they do not have in common; the shorter one first where there is none. */
function inOrder(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((member, index) => member !== other[index]);
  return at === -1 || other[at] === undefined ? one.length - other.length : (one[at] ?? 0) - other[at];
}
