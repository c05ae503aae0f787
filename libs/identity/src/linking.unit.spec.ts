import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SubjectIdentifier } from '@throughline/event-contracts';
import { linkClosure } from './linking.js';
import type { Component } from './linking.js';
import type { SubjectIdentity } from './token-holders.js';

const subject = (index: number): Buffer => Buffer.alloc(16, index);
const held = (kind: SubjectIdentifier['kind'], value: number, keyId = 'k1'): SubjectIdentifier => ({
  kind,
  check: 'PASSED',
  token: { keyId, value: Buffer.alloc(16, value) },
});
const nhs = (value: number, keyId?: string) => held('NHS_NUMBER', value, keyId);
const nino = (value: number) => held('NINO', value);
const uln = (value: number) => held('ULN', value);
const name = (value: number, keyId?: string) => held('NAME_DOB_POSTCODE', value, keyId);
const born = (value: number) => held('DATE_OF_BIRTH', value);
const who = (index: number, ...identifiers: SubjectIdentifier[]): SubjectIdentity => ({ subject: subject(index), identifiers });

/** As numbers, for reading: `[[1, 2], [3]]`. */
const groups = (components: readonly Component[]): number[][] => components.map(({ subjects }) => subjects.map((bytes) => bytes[0] ?? -1));
const joins = (components: readonly Component[]) =>
  components.flatMap((component) => component.joins.map(({ rule, subjects }) => [rule, subjects.map((bytes) => bytes[0])]));

describe('linkClosure', () => {
  it('joins by each certain identifier, through others, and names every rule', () => {
    const components = linkClosure([who(4, uln(1)), who(2, nhs(1), nino(1)), who(1, nhs(1)), who(3, nino(1), uln(1)), who(5, nhs(2))]);
    expect(groups(components)).toEqual([[1, 2, 3, 4], [5]]);
    expect(components[0]?.leastSubject).toEqual(subject(1));
    expect(joins(components)).toEqual([
      ['nhs-number', [1, 2]],
      ['nino', [2, 3]],
      ['uln', [3, 4]],
    ]);
  });

  it('names joins by rule and then by subjects, whatever order identifiers are in', () => {
    const components = linkClosure([who(1, uln(1), nino(2), nino(3), nino(1), nhs(1)), who(2, nino(3), nino(1), uln(1), nhs(1)), who(3, nino(2), nino(3))]);
    expect(joins(components)).toEqual([
      ['nhs-number', [1, 2]],
      ['nino', [1, 2]],
      ['nino', [1, 2, 3]],
      ['nino', [1, 3]],
      ['uln', [1, 2]],
    ]);
  });

  it('joins by name, date of birth and postcode where nothing contradicts', () => {
    const components = linkClosure([who(1, nhs(1), name(1), born(1)), who(2, uln(1), name(1), born(1))]);
    expect(groups(components)).toEqual([[1, 2]]);
    expect(joins(components)).toEqual([['name-dob-postcode', [1, 2]]]);
  });

  it.each([
    ['NHS numbers', nhs(1), nhs(2)],
    ['NINOs', nino(1), nino(2)],
    ['ULNs', uln(1), uln(2)],
    ['dates of birth', born(1), born(2)],
  ])('does not join by name where %s differ', (_, left, right) => {
    expect(groups(linkClosure([who(1, name(1), left), who(2, name(1), right)]))).toEqual([[1], [2]]);
  });

  it('judges the whole closure: a contradiction far off undoes every join by name in it, and no certain one', () => {
    const components = linkClosure([
      who(1, name(1), nino(1)),
      who(2, name(1)),
      who(3, name(1), name(2)),
      who(4, name(2), nhs(7)),
      who(5, nhs(7), name(3)),
      who(6, name(3), nino(2)),
      who(7, name(4)),
      who(8, name(4)),
    ]);
    expect(groups(components)).toEqual([[1], [2], [3], [4, 5], [6], [7, 8]]);
    expect(joins(components)).toEqual([
      ['nhs-number', [4, 5]],
      ['name-dob-postcode', [7, 8]],
    ]);
  });

  it('counts a contradiction inside one certain component', () => {
    const components = linkClosure([who(1, nhs(1), nino(1)), who(2, nhs(1), nino(2), name(1)), who(3, name(1))]);
    expect(groups(components)).toEqual([[1, 2], [3]]);
  });

  it('counts a contradiction inside one subject', () => {
    expect(groups(linkClosure([who(1, born(1), born(2), name(1)), who(2, name(1))]))).toEqual([[1], [2]]);
  });

  it('never joins by a date of birth, by what is quarantined, or by what it does not know', () => {
    const quarantined: SubjectIdentifier = { kind: 'NINO', check: 'FAILED', token: null };
    expect(groups(linkClosure([who(1, born(1), quarantined, held('UNKNOWN', 1)), who(2, born(1), quarantined, held('UNKNOWN', 1))]))).toEqual([
      [1],
      [2],
    ]);
  });

  it('joins by an identifier that failed its check where a policy let it through', () => {
    const flagged: SubjectIdentifier = { ...nhs(1), check: 'FAILED' };
    expect(groups(linkClosure([who(1, flagged), who(2, flagged)]))).toEqual([[1, 2]]);
  });

  it('keeps tokens of different keys apart', () => {
    expect(groups(linkClosure([who(1, nhs(1, 'k1')), who(2, nhs(1, 'k2'))]))).toEqual([[1], [2]]);
    expect(groups(linkClosure([who(1, name(1, 'k1')), who(2, name(1, 'k2'))]))).toEqual([[1], [2]]);
  });

  it('takes a subject named twice as one with both lists', () => {
    const components = linkClosure([who(2, nino(1)), who(1, nhs(1)), who(2, nhs(1)), who(3, nino(1))]);
    expect(groups(components)).toEqual([[1, 2, 3]]);
  });
});

describe('a token of more subjects than one person can be', () => {
  it('joins nobody and contradicts nothing, and one subject fewer makes it an identifier again', () => {
    const shared = [who(1, nhs(1)), who(2, nhs(1)), who(3, nhs(1)), who(4, nhs(1), nhs(2), name(1)), who(5, name(1))];
    expect(groups(linkClosure(shared, 4))).toEqual([[1, 2, 3, 4], [5]]);
    expect(groups(linkClosure(shared, 3))).toEqual([[1], [2], [3], [4, 5]]);
    expect(groups(linkClosure([who(1, name(1)), who(2, name(1)), who(3, name(1))], 2))).toEqual([[1], [2], [3]]);
  });

  it('does not make a date of birth one', () => {
    const twins = [who(1, born(1), name(1)), who(2, born(1), name(1)), who(3, born(1)), who(4, born(2), name(2)), who(5, born(1), name(2))];
    expect(groups(linkClosure(twins, 2))).toEqual([[1, 2], [3], [4], [5]]);
  });
});

/** The same rules told naively: sets merged until nothing changes. */
const CERTAIN = ['NHS_NUMBER', 'NINO', 'ULN'];
const JOINING = [...CERTAIN, 'NAME_DOB_POSTCODE'];
function naive(subjects: readonly SubjectIdentity[], most: number): number[][] {
  const all = new Map<number, SubjectIdentifier[]>();
  for (const { subject: bytes, identifiers } of subjects) {
    const index = bytes[0] ?? -1;
    all.set(index, [...(all.get(index) ?? []), ...identifiers]);
  }
  const held = (members: Iterable<number>, kinds: readonly string[]): string[] =>
    [...members].flatMap((member) =>
      (all.get(member) ?? []).flatMap(({ kind, token }) => (token !== null && kinds.includes(kind) ? [`${kind} ${token.keyId} ${token.value.toString('hex')}`] : [])),
    );
  const holders = (token: string) => [...all.keys()].filter((member) => held([member], JOINING).includes(token)).length;
  const tokens = (members: Iterable<number>, kinds: readonly string[]): string[] => held(members, kinds).filter((token) => token.startsWith('DATE') || holders(token) <= most);
  const merge = (start: ReadonlySet<number>[], kinds: readonly string[]): ReadonlySet<number>[] => {
    const sets = [...start];
    for (;;) {
      const pair = sets.flatMap((left, at) =>
        sets.slice(at + 1).flatMap((right) => (tokens(left, kinds).some((token) => tokens(right, kinds).includes(token)) ? [[left, right] as const] : [])),
      )[0];
      if (pair === undefined) return sets;
      const [left, right] = pair;
      sets.splice(sets.indexOf(left), 1);
      sets.splice(sets.indexOf(right), 1);
      sets.push(new Set([...left, ...right]));
    }
  };
  const certain = merge([...all.keys()].map((member) => new Set([member])), CERTAIN);
  const closures = merge(certain, JOINING);
  const components = closures.flatMap((closure) => {
    const ofOneKey = (kind: string, keyId: string) => new Set(tokens(closure, [kind]).filter((token) => token.startsWith(`${kind} ${keyId} `)));
    const contradicted = [...CERTAIN, 'DATE_OF_BIRTH'].some((kind) => ['k1', 'k2'].some((keyId) => ofOneKey(kind, keyId).size > 1));
    return contradicted ? certain.filter((component) => [...component].every((member) => closure.has(member))) : [closure];
  });
  return components.map((component) => [...component].sort((a, b) => a - b)).sort(([a = 0], [b = 0]) => a - b);
}

const identifier = fc
  .tuple(
    fc.constantFrom<SubjectIdentifier['kind']>('NHS_NUMBER', 'NINO', 'ULN', 'NAME_DOB_POSTCODE', 'NAME_DOB_POSTCODE', 'DATE_OF_BIRTH', 'UNKNOWN'),
    fc.integer({ min: 0, max: 3 }),
    fc.constantFrom('k1', 'k1', 'k1', 'k2'),
    fc.integer({ min: 0, max: 9 }),
  )
  .map(([kind, value, keyId, lottery]): SubjectIdentifier => (lottery === 0 ? { kind, check: 'FAILED', token: null } : held(kind, value, keyId)));
const population = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 11 }), fc.array(identifier, { maxLength: 4 })).map(([index, identifiers]) => who(index, ...identifiers)),
  { maxLength: 12 },
);

describe('linkClosure, for any population', () => {
  it('equals the rules told naively', () => {
    fc.assert(
      fc.property(population, fc.constantFrom(2, 3, 100), (subjects, most) => expect(groups(linkClosure(subjects, most))).toEqual(naive(subjects, most))),
      { numRuns: 3000 },
    );
  });

  it('gives the same for every order of subjects and of identifiers', () => {
    const shuffled = population.chain((subjects) =>
      fc.tuple(
        fc.constant(subjects),
        fc.shuffledSubarray(subjects, { minLength: subjects.length }),
        fc.infiniteStream(fc.nat()),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([subjects, reordered, lots]) => {
        const turned = reordered.map((identity) => {
          const turn = lots.next().value % (identity.identifiers.length + 1);
          return { ...identity, identifiers: [...identity.identifiers.slice(turn), ...identity.identifiers.slice(0, turn)] };
        });
        expect(linkClosure(turned)).toEqual(linkClosure(subjects));
      }),
      { numRuns: 1000 },
    );
  });

  it('forgets an identifier that is removed: no trace of its links stays', () => {
    fc.assert(
      fc.property(population, identifier, fc.nat(), (subjects, typo, at) => {
        const chosen = subjects[at % Math.max(subjects.length, 1)];
        const before = linkClosure(subjects);
        const mistyped = subjects.map((identity) => (identity === chosen ? { ...identity, identifiers: [...identity.identifiers, typo] } : identity));
        linkClosure(mistyped);
        const corrected = mistyped.map((identity) => (identity.subject === chosen?.subject ? { ...identity, identifiers: chosen.identifiers } : identity));
        expect(linkClosure(corrected)).toEqual(before);
        // Alone without its tokens, a subject is joined to nobody.
        const bare = subjects.map((identity) => (identity.subject[0] === chosen?.subject[0] ? { ...identity, identifiers: [] } : identity));
        const component = linkClosure(bare).find(({ subjects: members }) => members.some((member) => member[0] === chosen?.subject[0]));
        expect(component?.subjects.length ?? 1).toBe(1);
        expect(component?.joins ?? []).toEqual([]);
      }),
    );
  });

  it('depends on a closed set alone: each part linked by itself gives the parts of the whole', () => {
    fc.assert(
      fc.property(population, (subjects) => {
        const stripped = subjects.map((identity) => ({ ...identity, identifiers: identity.identifiers.filter(({ kind }) => !['DATE_OF_BIRTH', 'UNKNOWN'].includes(kind)) }));
        // The whole by joining tokens alone, without any contradiction, is the least closed set of each subject.
        const parts = naiveClosures(stripped);
        const separate = parts.flatMap((part) => linkClosure(subjects.filter(({ subject: bytes }) => part.includes(bytes[0] ?? -1))));
        separate.sort((left, right) => left.leastSubject.compare(right.leastSubject));
        expect(separate).toEqual(linkClosure(subjects));
      }),
    );
  });

  it('holds every subject once, least first, and lists a join only where its subjects are one', () => {
    fc.assert(
      fc.property(population, (subjects) => {
        const components = linkClosure(subjects);
        const members = groups(components).flat();
        expect([...members].sort((a, b) => a - b)).toEqual([...new Set(subjects.map(({ subject: bytes }) => bytes[0]))].sort((a, b) => Number(a) - Number(b)));
        for (const component of components) {
          expect(component.leastSubject).toEqual(component.subjects[0]);
          for (const join of component.joins) {
            expect(join.subjects.length).toBeGreaterThan(1);
            for (const joined of join.subjects) expect(component.subjects).toContainEqual(joined);
          }
        }
      }),
    );
  });
});

function naiveClosures(subjects: readonly SubjectIdentity[]): number[][] {
  const tokens = subjects.map(({ identifiers }) => identifiers.flatMap(({ kind, token }) => (token === null ? [] : [`${kind} ${token.keyId} ${token.value[0]}`])));
  const part = subjects.map((_, at) => at);
  for (let changed = true; changed; ) {
    changed = false;
    subjects.forEach((left, a) => {
      subjects.forEach((right, b) => {
        const together = left.subject.equals(right.subject) || tokens[a]?.some((token) => tokens[b]?.includes(token));
        if (together && part[a] !== part[b]) {
          const low = Math.min(part[a] ?? 0, part[b] ?? 0);
          part[a] = low;
          part[b] = low;
          changed = true;
        }
      });
    });
  }
  return [...new Set(part)].map((label) => [...new Set(subjects.flatMap(({ subject: bytes }, at) => (part[at] === label ? [bytes[0] ?? -1] : [])))]);
}
