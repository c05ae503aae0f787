import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SubjectIdentifier } from '@throughline/event-contracts';
import { LINK_RULES, linkClosure } from './linking.js';
import type { LinkDecision } from './link-decisions.js';
import type { Component } from './linking.js';
import type { SubjectIdentity } from './token-holders.js';

const subject = (index: number): Buffer => Buffer.alloc(16, index);
const held = (kind: SubjectIdentifier['kind'], value: number): SubjectIdentifier => ({ kind, check: 'PASSED', token: { keyId: 'k1', value: Buffer.alloc(16, value) } });
const nhs = (value: number) => held('NHS_NUMBER', value);
const nino = (value: number) => held('NINO', value);
const name = (value: number) => held('NAME_DOB_POSTCODE', value);
const born = (value: number) => held('DATE_OF_BIRTH', value);
const who = (index: number, ...identifiers: SubjectIdentifier[]): SubjectIdentity => ({ subject: subject(index), identifiers });

const split = (moved: readonly number[], apartFrom: readonly number[], decidedAt = 1, id = '01'): LinkDecision => ({ id, kind: 'SPLIT', decidedAt, subjects: moved.map(subject), apartFrom: apartFrom.map(subject) });
const join = (subjects: readonly number[], decidedAt = 1, id = '02'): LinkDecision => ({ id, kind: 'JOIN', decidedAt, subjects: subjects.map(subject), apartFrom: [] });

const groups = (components: readonly Component[]): number[][] => components.map(({ subjects }) => subjects.map((bytes) => bytes[0] ?? -1));
const link = (subjects: readonly SubjectIdentity[], ...decisions: LinkDecision[]) => groups(linkClosure(subjects, 100, decisions));
const conflicts = (subjects: readonly SubjectIdentity[], ...decisions: LinkDecision[]) =>
  linkClosure(subjects, 100, decisions).flatMap(({ subjects: members, conflicts: kinds }) => (kinds.length === 0 ? [] : [[members.map((bytes) => bytes[0]), ...kinds]]));

describe('a split', () => {
  it('takes from those moved out what they share with those left behind, and nothing else', () => {
    const mistyped = [who(1, nhs(1), nino(1)), who(2, nhs(1)), who(3, nino(1), nhs(3)), who(4, nhs(3))];
    expect(link(mistyped)).toEqual([[1, 2, 3, 4]]);
    expect(link(mistyped, split([3], [1]))).toEqual([[1, 2], [3, 4]]);
    expect(linkClosure(mistyped, 100, [split([3], [1])]).flatMap(({ joins }) => joins.map(({ rule }) => rule))).toEqual(['nhs-number', 'nhs-number']);
  });

  it('has what was given wrongly contradict nobody any longer', () => {
    const subjects = [who(1, nino(1)), who(2, nino(1), name(1)), who(3, nino(3), name(1))];
    expect(link(subjects)).toEqual([[1, 2], [3]]);
    expect(link(subjects, split([2], [1]))).toEqual([[1], [2, 3]]);
  });

  it('leaves a token to whoever else holds it', () => {
    expect(link([who(1, nino(1)), who(2, nino(1)), who(3, nino(1))], split([1], [3]))).toEqual([[1], [2, 3]]);
  });

  it('parts a name shared by twins at one address', () => {
    expect(link([who(1, name(1), born(1)), who(2, name(1), born(1))], split([2], [1]))).toEqual([[1], [2]]);
  });

  it('lets go of those through whom separated subjects would meet all the same, and says so', () => {
    const bridged = [who(1, nhs(1)), who(2, nino(1)), who(3, nhs(1), nino(1)), who(4, nino(1))];
    expect(link(bridged, split([2], [1]))).toEqual([[1], [2], [3], [4]]);
    expect(conflicts(bridged, split([2], [1]))).toEqual([[[3], 'SEPARATED'], [[4], 'SEPARATED']]);
    // Once somebody says whose the third and the fourth are, they are that person's.
    expect(link(bridged, split([2], [1]), split([3], [2, 4], 2, '03'))).toEqual([[1, 3], [2, 4]]);
  });

  it('joins nobody where separated subjects meet through those that are named themselves', () => {
    const subjects = [who(1), who(2), who(3)];
    expect(link(subjects, join([1, 2, 3], 1), split([2], [1], 2))).toEqual([[1], [2], [3]]);
    expect(conflicts(subjects, join([1, 2, 3], 1), split([2], [1], 2))).toEqual([[[1], 'SEPARATED'], [[2], 'SEPARATED'], [[3], 'SEPARATED']]);
  });

  it('keeps a name from joining whom it separates through others, without letting go of anybody', () => {
    expect(link([who(1, name(1)), who(2, name(2)), who(3, name(1), name(2)), who(4, nhs(1)), who(3, nhs(1))], split([2], [1]))).toEqual([[1], [2], [3, 4]]);
  });
});

describe('a join', () => {
  it('makes one person of subjects that share nothing, or contradict each other', () => {
    expect(link([who(1, nhs(1)), who(2, nhs(2)), who(3)], join([1, 2, 3]))).toEqual([[1, 2, 3]]);
    expect(linkClosure([who(1), who(2)], 100, [join([1, 2])])[0]?.joins).toEqual([{ rule: 'operator', subjects: [subject(1), subject(2)] }]);
  });
});

describe('two decisions on one pair', () => {
  const subjects = [who(1, nino(1)), who(2, nino(1))];
  it.each([
    ['the later', split([2], [1], 5), join([1, 2], 6), [[1, 2]]],
    ['the later', split([2], [1], 7), join([1, 2], 6), [[1], [2]]],
    ['of one instant that of the greater id', split([2], [1], 5, '09'), join([1, 2], 5, '08'), [[1], [2]]],
    ['of one instant that of the greater id', split([2], [1], 5, '07'), join([1, 2], 5, '08'), [[1, 2]]],
  ])('%s holds, whichever is read first', (_, left, right, expected) => {
    expect(link(subjects, left, right)).toEqual(expected);
    expect(link(subjects, right, left)).toEqual(expected);
  });
});

describe('conflicts', () => {
  it('are two values of what a person has one of, where they are joined', () => {
    expect(conflicts([who(1, nhs(1), nino(1), born(1)), who(2, nhs(2), nino(1), born(2)), who(3, nhs(2))])).toEqual([[[1, 2, 3], 'NHS_NUMBER', 'DATE_OF_BIRTH']]);
    expect(conflicts([who(1, nhs(1), name(1)), who(2, nhs(2), name(1))])).toEqual([]);
    expect(conflicts([who(1, nino(1), name(1)), who(2, nino(1), name(2))])).toEqual([]);
  });

  it('are answered by a join of somebody with the one and somebody with the other, or by a split', () => {
    const subjects = [who(1, nhs(1), nino(1)), who(2, nhs(2), nino(1))];
    expect(conflicts(subjects, join([1, 2]))).toEqual([]);
    expect(conflicts(subjects, split([2], [1]))).toEqual([]);
    expect(conflicts([...subjects, who(3, nhs(3), nino(1))], join([1, 2]))).toEqual([[[1, 2, 3], 'NHS_NUMBER']]);
  });
});

const identifier = fc
  .tuple(fc.constantFrom<SubjectIdentifier['kind']>('NHS_NUMBER', 'NINO', 'NAME_DOB_POSTCODE', 'DATE_OF_BIRTH'), fc.integer({ min: 0, max: 3 }))
  .map(([kind, value]) => held(kind, value));
const population = fc
  .array(fc.array(identifier, { maxLength: 4 }), { minLength: 1, maxLength: 8 })
  .map((all) => all.map((identifiers, index) => who(index, ...identifiers)));
const numbers = fc.subarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 1, maxLength: 3 });
const decisions = fc.array(
  fc.tuple(fc.boolean(), numbers, numbers, fc.nat(3)).map(([isSplit, left, right, at]) => (isSplit ? split(left.filter((each) => !right.includes(each)), right, at) : join([...left, ...right], at))),
  { maxLength: 4 },
).map((all) => all.map((decision, i) => ({ ...decision, id: `0${i}` })));

/** Of each pair the decision that holds. */
const verdictOn = (all: readonly LinkDecision[], left: number, right: number): LinkDecision['kind'] | undefined =>
  all
    .filter(({ kind, subjects, apartFrom }) => {
      const has = (list: readonly Buffer[], each: number) => list.some((bytes) => bytes[0] === each);
      return kind === 'JOIN' ? has(subjects, left) && has(subjects, right) : (has(subjects, left) && has(apartFrom, right)) || (has(subjects, right) && has(apartFrom, left));
    })
    .sort((a, b) => a.decidedAt - b.decidedAt || (a.id < b.id ? -1 : 1))
    .at(-1)?.kind;

describe('for any population and any decisions', () => {
  it('nobody is one person with somebody from whom they are separated', () => {
    fc.assert(
      fc.property(population, decisions, (subjects, all) => {
        for (const members of link(subjects, ...all)) for (const left of members) for (const right of members) if (left < right) expect(verdictOn(all, left, right)).not.toBe('SPLIT');
      }),
      { numRuns: 2000 },
    );
  });

  it('the order of subjects and of decisions is nothing', () => {
    fc.assert(
      fc.property(population, decisions, fc.func(fc.integer()), (subjects, all, rank) => {
        const shuffled = <T>(list: readonly T[]): T[] => list.map((each, i) => ({ each, key: rank(i) })).sort((a, b) => a.key - b.key).map(({ each }) => each);
        expect(linkClosure(shuffled(subjects), 100, shuffled(all))).toEqual(linkClosure(subjects, 100, all));
      }),
      { numRuns: 1000 },
    );
  });

  it('one moved out from everybody else is linked as if what they share had never been given for them', () => {
    fc.assert(
      fc.property(population, fc.nat(7), (subjects, at) => {
        const moved = at % subjects.length;
        const others = subjects.filter((_, index) => index !== moved);
        const shared = new Set(others.flatMap(({ identifiers }) => identifiers.map(keyOf)));
        const without = subjects.map((identity, index) => (index === moved ? { ...identity, identifiers: identity.identifiers.filter((each) => LINK_RULES[each.kind] === undefined || !shared.has(keyOf(each))) } : identity));
        const decided = [split([moved], others.map(({ subject: bytes }) => bytes[0] ?? -1))];
        if (others.length > 0) expect(linkClosure(subjects, 100, decided)).toEqual(linkClosure(without, 100));
      }),
      { numRuns: 1000 },
    );
  });
});

const keyOf = ({ kind, token }: SubjectIdentifier): string => `${kind} ${token?.value.toString('hex') ?? ''}`;
