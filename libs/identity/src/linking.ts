import type { IdentifierKind, SubjectIdentifier } from '@throughline/event-contracts';
import { LINKING_RULES_2026_1 } from './linking-rules.js';

/** Why two subjects are held to be one person. */
export type LinkRule = 'nhs-number' | 'nino' | 'uln' | 'name-dob-postcode';

/** Kinds whose tokens join, and the rule each is. A date of birth joins nobody. */
export const LINK_RULES: Readonly<Partial<Record<IdentifierKind, LinkRule>>> = {
  NHS_NUMBER: 'nhs-number',
  NINO: 'nino',
  ULN: 'uln',
  NAME_DOB_POSTCODE: 'name-dob-postcode',
};

/** Kinds of which a person has one: two values in a closure are a contradiction. */
const SINGLE_VALUED: ReadonlySet<IdentifierKind> = new Set<IdentifierKind>(['NHS_NUMBER', 'NINO', 'ULN', 'DATE_OF_BIRTH']);

/** A subject with its identifiers in force, over all kinds of record that name it. */
export interface SubjectIdentity {
  /** 16 bytes. */
  readonly subject: Buffer;
  readonly identifiers: readonly SubjectIdentifier[];
}

/** One token that several subjects of a component share. */
export interface Join {
  readonly rule: LinkRule;
  /** Two or more, ascending. */
  readonly subjects: readonly Buffer[];
}

/** Subjects that are one person. */
export interface Component {
  /** What the participant is a hash of. */
  readonly leastSubject: Buffer;
  /** All of them, ascending. */
  readonly subjects: readonly Buffer[];
  /** Every join that holds, by rule and then by subjects. */
  readonly joins: readonly Join[];
}

/** Union and find over subject numbers, halving paths. */
class DisjointSets {
  readonly #parent: number[];
  constructor(count: number) {
    this.#parent = Array.from({ length: count }, (_, index) => index);
  }
  find(member: number): number {
    let current = member;
    for (;;) {
      const parent = this.#parent[current] ?? current;
      if (parent === current) return current;
      const grandparent = this.#parent[parent] ?? parent;
      this.#parent[current] = grandparent;
      current = grandparent;
    }
  }
  union(left: number, right: number): void {
    this.#parent[this.find(left)] = this.find(right);
  }
}

interface Holders {
  readonly kind: IdentifierKind;
  /** Subject numbers, ascending, each once. */
  readonly members: number[];
}

/**
 * Who is who among a closed set of subjects: one that holds, with any subject, every subject sharing a joining token with
 * it. The result depends on the identifiers alone, not on their order, nor on what else is in the set.
 *
 * Shared certain tokens (NHS number, NINO, ULN) join subjects into certain components. A shared demographic token then
 * joins components, judged on their whole closure under demographic tokens: where any one certain kind or the date of
 * birth has two different values within it, none of its demographic joins hold. That holds for two values inside one
 * certain component as well: what contradicts itself is joined to nobody on a name.
 * Tokens are compared with their key id. A subject named twice is one subject with both lists of identifiers.
 *
 * A joining token of more than `mostSubjects` subjects is a placeholder: it joins nobody and contradicts nothing. Whoever
 * gives a part of its holders only, since the rest cannot be reached without it, leaves it out of their identifiers.
 */
export function linkClosure(subjects: readonly SubjectIdentity[], mostSubjects = LINKING_RULES_2026_1.mostSubjectsPerToken.value): Component[] {
  const ordered = distinctSubjects(subjects);
  const holders = holdersByToken(ordered).filter(({ kind, members }) => LINK_RULES[kind] === undefined || members.length <= mostSubjects);
  const certain = new DisjointSets(ordered.length);
  const closure = new DisjointSets(ordered.length);
  for (const { kind, members } of holders) {
    const rule = LINK_RULES[kind];
    if (rule === undefined) continue;
    const [first = 0, ...others] = members;
    for (const other of others) {
      if (rule !== 'name-dob-postcode') certain.union(first, other);
      closure.union(first, other);
    }
  }
  const contradicted = contradictedClosures(holders, closure);
  const componentOf = (member: number): number => {
    const root = closure.find(member);
    return contradicted.has(root) ? certain.find(member) : root;
  };

  const components = new Map<number, { subjects: Buffer[]; joins: Join[] }>();
  ordered.forEach(({ subject }, member) => {
    const root = componentOf(member);
    const component = components.get(root);
    if (component === undefined) components.set(root, { subjects: [subject], joins: [] });
    else component.subjects.push(subject);
  });
  for (const { kind, members } of holders) {
    const rule = LINK_RULES[kind];
    const [first] = members;
    if (rule === undefined || first === undefined || members.length < 2) continue;
    if (rule === 'name-dob-postcode' && contradicted.has(closure.find(first))) continue;
    components.get(componentOf(first))?.joins.push({ rule, subjects: members.flatMap((member) => ordered[member]?.subject ?? []) });
  }
  return [...components.values()].flatMap(({ subjects: members, joins }) => {
    const [leastSubject] = members;
    return leastSubject === undefined ? [] : [{ leastSubject, subjects: members, joins: joins.sort(compareJoins) }];
  });
}

/** Ascending by subject, each subject once with all its identifiers. */
function distinctSubjects(subjects: readonly SubjectIdentity[]): SubjectIdentity[] {
  const sorted = [...subjects].sort((left, right) => left.subject.compare(right.subject));
  const distinct: SubjectIdentity[] = [];
  for (const identity of sorted) {
    const last = distinct.at(-1);
    if (last?.subject.equals(identity.subject)) {
      distinct[distinct.length - 1] = { subject: last.subject, identifiers: [...last.identifiers, ...identity.identifiers] };
    } else {
      distinct.push(identity);
    }
  }
  return distinct;
}

function holdersByToken(ordered: readonly SubjectIdentity[]): Holders[] {
  const holders = new Map<string, Holders>();
  ordered.forEach(({ identifiers }, member) => {
    for (const { kind, token } of identifiers) {
      if (token === null) continue;
      // The value is of fixed length and stands last, so a key id cannot run into it.
      const key = `${kind}|${token.keyId}|${token.value.toString('hex')}`;
      const known = holders.get(key);
      if (known === undefined) holders.set(key, { kind, members: [member] });
      else if (known.members.at(-1) !== member) known.members.push(member);
    }
  });
  return [...holders.values()];
}

/** Roots of the closures in which a person would have two of what a person has one of. */
function contradictedClosures(holders: readonly Holders[], closure: DisjointSets): Set<number> {
  const contradicted = new Set<number>();
  const seen = new Set<string>();
  for (const { kind, members } of holders) {
    if (!SINGLE_VALUED.has(kind)) continue;
    // A date of birth joins nobody, so its holders may stand in many closures; each counts the value once.
    for (const root of new Set(members.map((member) => closure.find(member)))) {
      const key = `${root}|${kind}`;
      if (seen.has(key)) contradicted.add(root);
      seen.add(key);
    }
  }
  return contradicted;
}

function compareJoins(left: Join, right: Join): number {
  if (left.rule !== right.rule) return left.rule < right.rule ? -1 : 1;
  for (const [index, subject] of left.subjects.entries()) {
    const other = right.subjects[index];
    if (other === undefined) return 1;
    const order = subject.compare(other);
    if (order !== 0) return order;
  }
  return left.subjects.length - right.subjects.length;
}
