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

/**
 * Kinds in conflict, by root of the component. Two values are none where an operator has said of somebody with the one and
 * somebody with the other that they are one person: that is an answer.
 */
export function conflictsIn(holders: readonly Holders[], componentOf: (member: number) => number, verdicts: PairVerdicts, count: number): Map<number, Set<ConflictKind>> {
  const conflicts = new Map<number, Set<ConflictKind>>();
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
  const answered = answeredBy(verdicts, count);
  for (const { root, kind, holders: byValue } of values.values()) {
    if (byValue.length < 2 || answered(byValue)) continue;
    const kinds = conflicts.get(root) ?? new Set();
    conflicts.set(root, kinds.add(kind));
  }
  return conflicts;
}

/** Whether every two values have been said to be one person's: some holder of each stands in one set of joined subjects. */
function answeredBy(verdicts: PairVerdicts, count: number): (byValue: readonly (readonly number[])[]) => boolean {
  if (verdicts.size === 0) return () => false;
  const joined = new DisjointSets(count);
  const named = new Set<number>();
  for (const [left, right] of verdicts.joined()) {
    joined.union(left, right);
    named.add(left).add(right);
  }
  return (byValue) => {
    const [first = [], ...others] = byValue.map((members) => new Set(members.filter((member) => named.has(member)).map((member) => joined.find(member))));
    return [...first].some((root) => others.every((roots) => roots.has(root)));
  };
}
