import type { Decision, PairsDecided } from './decisions.js';
import { pairsDecided } from './decisions.js';
import type { InForce } from './in-force.js';
import { RULES } from './rules.js';

/** What one source says of one person. */
export interface Subject {
  /** As decisions name it, hexadecimal; null where nobody asks. */
  readonly id: string | null;
  readonly facts: readonly InForce[];
}

class Groups {
  readonly #parent: number[];
  constructor(size: number) {
    this.#parent = Array.from({ length: size }, (_, index) => index);
  }
  of(member: number): number {
    let root = member;
    while ((this.#parent[root] ?? root) !== root) root = this.#parent[root] ?? root;
    let walk = member;
    while (walk !== root) [walk, this.#parent[walk]] = [this.#parent[walk] ?? root, root];
    return root;
  }
  join(left: number, right: number): void {
    this.#parent[this.of(left)] = this.of(right);
  }
}

interface Identity {
  readonly certain: ReadonlySet<string>;
  readonly demographic: ReadonlySet<string>;
  readonly birth: ReadonlySet<string>;
}

function identityOf(subject: Subject): Identity {
  const [certain, demographic, birth] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { body } of subject.facts) {
    if (body.type !== 'SubjectIdentified') continue;
    for (const token of body.certain) certain.add(token);
    for (const token of body.demographic) demographic.add(token);
    if (body.dateOfBirth !== null) birth.add(body.dateOfBirth);
  }
  return { certain, demographic, birth };
}

/** What too many subjects share is nobody's identifier: without it. */
function withoutFillers(identities: readonly Identity[], most: number): Identity[] {
  const holders = new Map<string, number>();
  for (const { certain, demographic } of identities) for (const token of [...certain, ...demographic]) holders.set(token, (holders.get(token) ?? 0) + 1);
  const kept = (tokens: ReadonlySet<string>) => new Set([...tokens].filter((token) => (holders.get(token) ?? 0) <= most));
  return identities.map(({ certain, demographic, birth }) => ({ certain: kept(certain), demographic: kept(demographic), birth }));
}

/** Without what somebody who was moved out shares with those left behind: it was never theirs. */
function withoutMoved(identities: readonly Identity[], { movedFrom }: PairsDecided): Identity[] {
  if (movedFrom.size === 0) return [...identities];
  return identities.map((identity, index) => {
    const others = movedFrom.get(index);
    if (others === undefined) return identity;
    const left = (tokensOf: (identity: Identity) => ReadonlySet<string>): ReadonlySet<string> =>
      new Set([...tokensOf(identity)].filter((token) => ![...others].some((other) => tokensOf(identities[other] as Identity).has(token))));
    return { ...identity, certain: left(({ certain }) => certain), demographic: left(({ demographic }) => demographic) };
  });
}

/** Joins all that share a token, but for those who are joined to nobody. */
function joinByToken(groups: Groups, identities: readonly Identity[], loose: ReadonlySet<number>, tokensOf: (identity: Identity) => ReadonlySet<string>): void {
  const first = new Map<string, number>();
  identities.forEach((identity, index) => {
    if (loose.has(index)) return;
    for (const token of tokensOf(identity)) {
      const other = first.get(token);
      if (other === undefined) first.set(token, index);
      else groups.join(other, index);
    }
  });
}

function joinByOperators(groups: Groups, { joined }: PairsDecided, loose: ReadonlySet<number>): void {
  for (const [one, other] of joined) if (!loose.has(one) && !loose.has(other)) groups.join(one, other);
}

/** Those through whom separated subjects meet: whoever no decision names, and where that is nobody, all who meet there. */
function letGo(groups: Groups, count: number, { separated, named }: PairsDecided): number[] {
  const met = new Set(separated.filter(([one, other]) => groups.of(one) === groups.of(other)).map(([one]) => groups.of(one)));
  return [...met].flatMap((root) => {
    const members = Array.from({ length: count }, (_, index) => index).filter((index) => groups.of(index) === root);
    const unnamed = members.filter((index) => !named.has(index));
    return unnamed.length > 0 ? unnamed : members;
  });
}

/** Whether one person could have all of these identifiers. */
function agree(identities: readonly Identity[]): boolean {
  if (new Set(identities.flatMap((identity) => [...identity.birth])).size > 1) return false;
  const certain = new Set(identities.flatMap((identity) => [...identity.certain]));
  const kinds = [...certain].map((token) => token.slice(0, token.indexOf(':')));
  return new Set(kinds).size === kinds.length;
}

/**
 * Who is who, by decisions 0005 and 0010: certain identifiers and operators join; name, date of birth and postcode join what
 * is left, unless anything within everything they would join contradicts itself; what more than `most` subjects share counts
 * for nothing. Where separated subjects meet all the same, nobody is joined who may belong to either.
 */
export function peopleOf(subjects: readonly Subject[], decisions: readonly Decision[] = [], most = RULES.mostSubjectsPerToken): Subject[][] {
  const told = subjects.map(identityOf);
  // Of somebody whom no source identifies nobody can decide anything.
  const known = new Map(subjects.flatMap(({ id, facts }, index) => (id !== null && facts.some(({ body }) => body.type === 'SubjectIdentified') ? [[id, index] as const] : [])));
  const decided = pairsDecided(decisions, known);
  const identities = withoutMoved(withoutFillers(told, most), decided);
  const loose = new Set<number>();
  const certainGroups = (): Groups => {
    const groups = new Groups(subjects.length);
    joinByToken(groups, identities, loose, (identity) => identity.certain);
    joinByOperators(groups, decided, loose);
    return groups;
  };
  let certain = certainGroups();
  for (let met = letGo(certain, subjects.length, decided); met.length > 0; met = letGo(certain, subjects.length, decided)) {
    for (const member of met) loose.add(member);
    certain = certainGroups();
  }
  const closure = certainGroups();
  joinByToken(closure, identities, loose, (identity) => identity.demographic);
  const apart = new Set(decided.separated.filter(([one, other]) => closure.of(one) === closure.of(other)).map(([one]) => closure.of(one)));
  const members = new Map<number, number[]>();
  subjects.forEach((_, index) => {
    const root = closure.of(index);
    members.set(root, [...(members.get(root) ?? []), index]);
  });
  const people = new Map<string, Subject[]>();
  for (const [root, indexes] of members) {
    const whole = !apart.has(root) && agree(indexes.map((index) => identities[index] as Identity));
    for (const index of indexes) {
      const person = whole ? `closure ${root}` : `certain ${certain.of(index)}`;
      people.set(person, [...(people.get(person) ?? []), subjects[index] as Subject]);
    }
  }
  return [...people.values()];
}
