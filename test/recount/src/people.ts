import type { InForce } from './in-force.js';
import { RULES } from './rules.js';

/** What one source says of one person. */
export interface Subject {
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

/** Joins all that share a token. */
function joinByToken(groups: Groups, identities: readonly Identity[], tokensOf: (identity: Identity) => ReadonlySet<string>): void {
  const first = new Map<string, number>();
  identities.forEach((identity, index) => {
    for (const token of tokensOf(identity)) {
      const other = first.get(token);
      if (other === undefined) first.set(token, index);
      else groups.join(other, index);
    }
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
 * Who is who, by decision 0005: certain identifiers join; name, date of birth and postcode join what is left, unless anything
 * within everything they would join contradicts itself; what more than `most` subjects share counts for nothing.
 */
export function peopleOf(subjects: readonly Subject[], most = RULES.mostSubjectsPerToken): Subject[][] {
  const identities = withoutFillers(subjects.map(identityOf), most);
  const certain = new Groups(subjects.length);
  joinByToken(certain, identities, (identity) => identity.certain);
  const closure = new Groups(subjects.length);
  joinByToken(closure, identities, (identity) => identity.certain);
  joinByToken(closure, identities, (identity) => identity.demographic);
  const members = new Map<number, number[]>();
  subjects.forEach((_, index) => {
    const root = closure.of(index);
    members.set(root, [...(members.get(root) ?? []), index]);
  });
  const people = new Map<string, Subject[]>();
  for (const indexes of members.values()) {
    const whole = agree(indexes.map((index) => identities[index] as Identity));
    for (const index of indexes) {
      const person = whole ? `closure ${closure.of(index)}` : `certain ${certain.of(index)}`;
      people.set(person, [...(people.get(person) ?? []), subjects[index] as Subject]);
    }
  }
  return [...people.values()];
}
