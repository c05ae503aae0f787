import type { IdentifierKind } from '@throughline/event-contracts';
import { conflictsIn, contradictedClosures, CONFLICT_KINDS, separatedIn } from './contradictions.js';
import type { ConflictKind, Conflicts } from './contradictions.js';
import { DisjointSets } from './disjoint-sets.js';
import { PairVerdicts } from './link-decisions.js';
import type { LinkDecision } from './link-decisions.js';
import { LINKING_RULES_2026_1 } from './linking-rules.js';
import { distinctSubjects, holdersByToken, withoutMoved } from './token-holders.js';
import type { Holders, SubjectIdentity } from './token-holders.js';

/** Why two subjects are held to be one person. */
export type LinkRule = 'operator' | 'nhs-number' | 'nino' | 'uln' | 'name-dob-postcode';

/** Kinds whose tokens join, and the rule each is. A date of birth joins nobody. */
export const LINK_RULES: Readonly<Partial<Record<IdentifierKind, LinkRule>>> = {
  NHS_NUMBER: 'nhs-number',
  NINO: 'nino',
  ULN: 'uln',
  NAME_DOB_POSTCODE: 'name-dob-postcode',
};

/** One token that several subjects of a component share; or two whom an operator has joined. */
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
  /** What people have to look at, in the order of {@link CONFLICT_KINDS}; mostly none. */
  readonly conflicts: readonly ConflictKind[];
  /** Of each kind in conflict, in that order, who holds each of the values that nobody has answered; none of `SEPARATED`. */
  readonly contested: readonly ContestedKind[];
}

/** Values of one kind that meet in a component. */
export interface ContestedKind {
  readonly kind: ConflictKind;
  /** Two or more; by value, or by values that an operator has said to be one person's. */
  readonly holders: readonly (readonly Buffer[])[];
}

const NO_DECISIONS: readonly LinkDecision[] = [];

/**
 * Who is who among a closed set of subjects: one that holds, with any subject, every subject sharing a joining token with
 * it, and every subject that a decision names beside it. The result depends on identifiers and decisions alone, not on their
 * order, nor on what else is in the set.
 *
 * Shared certain tokens (NHS number, NINO, ULN) join subjects into certain components. A shared demographic token then
 * joins components, judged on their whole closure under demographic tokens: where any one certain kind or the date of
 * birth has two different values within it, none of its demographic joins hold. That holds for two values inside one
 * certain component as well: what contradicts itself is joined to nobody on a name.
 * Tokens are compared with their key id. A subject named twice is one subject with both lists of identifiers.
 *
 * A joining token of more than `mostSubjects` subjects is a placeholder: it joins nobody and contradicts nothing. Whoever
 * gives a part of its holders only, since the rest cannot be reached without it, leaves it out of their identifiers.
 *
 * Operators' decisions come before all of this. Joined, two subjects are in one certain component. Separated, the one moved
 * out is taken not to hold what it shares with the other: all is as if it had never been given for them. Where separated
 * subjects meet all the same, through others, these others are joined to nobody; where they meet even so, nobody in their
 * component is: who belongs to whom is for people to say, not to be guessed.
 */
export function linkClosure(
  subjects: readonly SubjectIdentity[],
  mostSubjects = LINKING_RULES_2026_1.mostSubjectsPerToken.value,
  decisions: readonly LinkDecision[] = NO_DECISIONS,
): Component[] {
  const ordered = distinctSubjects(subjects);
  const verdicts = verdictsOn(ordered, decisions);
  const holders = holdersByToken(ordered)
    .filter(({ kind, members }) => LINK_RULES[kind] === undefined || members.length <= mostSubjects)
    .map((held) => (LINK_RULES[held.kind] === undefined ? held : withoutMoved(held, verdicts)));
  const loose = new Set<number>();
  for (;;) {
    const edges = edgesOf(holders, verdicts, loose);
    const certain = new DisjointSets(ordered.length);
    const closure = new DisjointSets(ordered.length);
    for (const { rule, members } of edges) {
      const [first = 0, ...others] = members;
      for (const other of others) {
        if (rule !== 'name-dob-postcode') certain.union(first, other);
        closure.union(first, other);
      }
    }
    if (letGo(separatedIn(certain, verdicts), certain, ordered.length, verdicts, loose)) continue;
    const contradicted = contradictedClosures(holders, closure, verdicts);
    const holds = ({ rule, members: [first = 0] }: Edge): boolean => rule !== 'name-dob-postcode' || !contradicted.has(closure.find(first));
    const componentOf = (member: number): number => (contradicted.has(closure.find(member)) ? certain.find(member) : closure.find(member));
    const conflicts = conflictsIn(holders, componentOf, verdicts, ordered.length);
    for (const member of loose) conflicts.set(componentOf(member), (conflicts.get(componentOf(member)) ?? (new Map() as Conflicts)).set('SEPARATED', []));
    return componentsOf(ordered, componentOf, edges.filter(holds), conflicts);
  }
}

function verdictsOn(ordered: readonly SubjectIdentity[], decisions: readonly LinkDecision[]): PairVerdicts {
  if (decisions.length === 0) return new PairVerdicts(decisions, () => undefined);
  const numbers = new Map(ordered.map(({ subject }, member) => [subject.toString('hex'), member]));
  return new PairVerdicts(decisions, (subject) => numbers.get(subject.toString('hex')));
}

/** Subjects, by number, that something joins. */
interface Edge {
  readonly rule: LinkRule;
  readonly members: readonly number[];
}

function edgesOf(holders: readonly Holders[], verdicts: PairVerdicts, loose: ReadonlySet<number>): Edge[] {
  const edges: Edge[] = [];
  const add = (rule: LinkRule, all: readonly number[]): void => {
    const members = loose.size === 0 ? all : all.filter((member) => !loose.has(member));
    if (members.length > 1) edges.push({ rule, members });
  };
  for (const pair of verdicts.joined()) add('operator', pair);
  for (const { kind, members } of holders) {
    const rule = LINK_RULES[kind];
    if (rule !== undefined) add(rule, members);
  }
  return edges;
}

/** Lets go of those through whom separated subjects meet: whoever no decision names; where that is nobody, everybody. */
function letGo(met: ReadonlySet<number>, certain: DisjointSets, count: number, verdicts: PairVerdicts, loose: Set<number>): boolean {
  for (const root of met) {
    const members = Array.from({ length: count }, (_, member) => member).filter((member) => certain.find(member) === root);
    const unnamed = members.filter((member) => !verdicts.named.has(member));
    for (const member of unnamed.length > 0 ? unnamed : members) loose.add(member);
  }
  return met.size > 0;
}

function componentsOf(
  ordered: readonly SubjectIdentity[],
  componentOf: (member: number) => number,
  edges: readonly Edge[],
  conflicts: ReadonlyMap<number, Conflicts>,
): Component[] {
  const components = new Map<number, { subjects: Buffer[]; joins: Join[] }>();
  ordered.forEach(({ subject }, member) => {
    const root = componentOf(member);
    const component = components.get(root);
    if (component === undefined) components.set(root, { subjects: [subject], joins: [] });
    else component.subjects.push(subject);
  });
  for (const { rule, members } of edges) {
    components.get(componentOf(members[0] ?? 0))?.joins.push({ rule, subjects: members.flatMap((member) => ordered[member]?.subject ?? []) });
  }
  return [...components].flatMap(([root, { subjects: members, joins }]) => {
    const [leastSubject] = members;
    const kinds = conflicts.get(root);
    const told = kinds === undefined ? [] : CONFLICT_KINDS.filter((kind) => kinds.has(kind));
    const contested = told.flatMap((kind): ContestedKind[] => {
      const holders = (kinds?.get(kind) ?? []).map((held) => held.flatMap((member) => ordered[member]?.subject ?? []));
      return holders.length === 0 ? [] : [{ kind, holders }];
    });
    return leastSubject === undefined ? [] : [{ leastSubject, subjects: members, joins: joins.sort(compareJoins), conflicts: told, contested }];
  });
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
