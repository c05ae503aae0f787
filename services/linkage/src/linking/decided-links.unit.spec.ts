import fc from 'fast-check';
import { encodeRecord } from '@throughline/event-contracts';
import type { LinkDecision, SubjectIdentifier } from '@throughline/event-contracts';
import { linkClosure, participantOf } from '@throughline/identity';
import { UniqueIds } from '@throughline/state-store';
import { decisionsInForce, NotALinkDecision, packDecisionWords, readDecisionWord, subjectsNamed, unpackDecisionWords, withWord } from '../decisions/decision-words.js';
import type { DecisionWord } from '../decisions/decision-words.js';
import type { IdentifierMessage } from '../identifiers/identifier-message.js';
import { EMPTY_RECORD, identifiersInForce, withFact } from '../identifiers/subject-record.js';
import { MemoryIndex } from '../testing/memory-index.js';
import { ClosureTooLarge, readClosure } from './closure.js';
import { unpackConflict } from './conflict-record.js';
import { Linker, newsOf } from './linker.js';

const PLATFORM_KEY = Buffer.alloc(32, 7);
const ids = new UniqueIds();
const subject = (n: number) => Buffer.alloc(16, n);
const token = (kind: SubjectIdentifier['kind'], value: number): SubjectIdentifier => ({ kind, check: 'PASSED', token: { keyId: 'k1', value: subject(100 + value) } });

const identified = (of: number, ...identifiers: SubjectIdentifier[]): IdentifierMessage => revised(of, 1, ...identifiers);
const revised = (of: number, revision: number, ...identifiers: SubjectIdentifier[]): IdentifierMessage => ({
  subject: subject(of),
  fact: { factId: Buffer.alloc(16, of).toString('hex'), instant: revision, sequence: 0, contentHash: '00000000000000aa', identifiers },
});

const record = (id: number, decidedAt: number, kind: LinkDecision['kind'], subjects: readonly number[], apartFrom: readonly number[] = []): LinkDecision => ({
  decision: Buffer.alloc(16, id),
  change: 'MADE',
  kind,
  subjects: subjects.map(subject),
  apartFrom: apartFrom.map(subject),
  decidedAt,
  decidedBy: 'operator',
  reason: 'MISTYPED_IDENTIFIER',
  note: null,
});
const word = (decided: LinkDecision): DecisionWord => readDecisionWord(encodeRecord('LinkDecision', decided));
const withdrawn = (decided: LinkDecision, decidedAt: number): DecisionWord => word({ ...decided, change: 'WITHDRAWN', decidedAt });

/** One partition of identifiers and the one of decisions. */
type Entry = IdentifierMessage | DecisionWord;
const isWord = (entry: Entry): entry is DecisionWord => 'record' in entry;

/** Takes entries in one after the other, each with its own partition's offset. */
async function take(index: MemoryIndex, entries: readonly Entry[]): Promise<void> {
  const linker = new Linker({ index, platformKey: PLATFORM_KEY, newId: () => ids.next() });
  for (const entry of entries) {
    const partition = isWord(entry) ? '@link-decisions.0' : 'nhs.0';
    const firstOffset = index.nexts.get(partition) ?? 0;
    const batch = { deployment: 'nhs', partition, firstOffset, nextOffset: firstOffset + 1 };
    const result = await linker.link({ ...batch, messages: isWord(entry) ? [] : [entry], decisions: isWord(entry) ? [entry] : [] });
    expect(result.outcome).toBe('linked');
  }
}
const read = async (...entries: Entry[]) => {
  const index = new MemoryIndex();
  await take(index, entries);
  return index;
};
const participant = (of: number) => participantOf(PLATFORM_KEY, subject(of)).toString('hex');
const who = (index: MemoryIndex, ...of: number[]) => of.map((n) => index.hashes.subject.get(subject(n).toString('hex'))?.toString('hex'));
const conflicts = (index: MemoryIndex) => [...index.hashes.conflict].map(([key, packed]) => [key, unpackConflict(packed).leastSubject[0], ...unpackConflict(packed).kinds]);
const rootsMarked = (index: MemoryIndex) => index.marks.map((roots) => Array.from({ length: roots.length / 16 }, (_, i) => roots[i * 16]!).sort());

const nino = token('NINO', 1);
const LINKED = [identified(1, nino), identified(2, nino)];
const SPLIT = record(1, 10, 'SPLIT', [2], [1]);

describe('a split in the log', () => {
  it('parts whom it names whether it is read before or after what links them, and marks both', async () => {
    const after = await read(...LINKED, word(SPLIT));
    expect(who(after, 1, 2)).toEqual([participant(1), participant(2)]);
    expect(rootsMarked(after)).toEqual([[1], [1, 2], [1, 2]]);
    expect((await read(word(SPLIT), ...LINKED)).contents()).toBe(after.contents());
    expect(after.hashes.token.size).toBe(1);
  });

  it('is as if it had never been made once it is withdrawn, also where the withdrawal comes first', async () => {
    const joined = await read(...LINKED, word(SPLIT), withdrawn(SPLIT, 11));
    expect(who(joined, 1, 2)).toEqual([participant(1), participant(1)]);
    expect((await read(withdrawn(SPLIT, 11), word(SPLIT), ...LINKED)).contents()).toBe(joined.contents());
    expect(who(await read(...LINKED, word(SPLIT), withdrawn(SPLIT, 9)), 2)).toEqual([participant(2)]);
  });

  it('stands when the identifiers are said anew, and is nothing once they are corrected', async () => {
    const again = await read(...LINKED, word(SPLIT), revised(2, 2, nino, token('ULN', 3)));
    expect(who(again, 1, 2)).toEqual([participant(1), participant(2)]);
    expect(who(await read(...LINKED, word(SPLIT), revised(1, 2, token('ULN', 3)), revised(2, 2, token('ULN', 3))), 2)).toEqual([participant(2)]);
  });
});

describe('a join in the log', () => {
  it('waits for a subject that nobody has told of yet', async () => {
    const join = word(record(1, 10, 'JOIN', [1, 2]));
    expect(who(await read(identified(1), join), 1, 2)).toEqual([participant(1), undefined]);
    expect(who(await read(identified(1), join, identified(2)), 1, 2)).toEqual([participant(1), participant(1)]);
  });
});

describe('the list of conflicts', () => {
  const two = [identified(1, nino, token('NHS_NUMBER', 1)), identified(2, nino, token('NHS_NUMBER', 2))];

  it('names a participant with two of what a person has one of, until a source corrects it or an operator decides', async () => {
    const open = await read(...two);
    expect(conflicts(open)).toEqual([[participant(1), 1, 'NHS_NUMBER']]);
    expect(conflicts(await read(...two, revised(2, 2, nino, token('NHS_NUMBER', 1))))).toEqual([]);
    expect(conflicts(await read(...two, revised(1, 2, token('NHS_NUMBER', 1))))).toEqual([]);
    expect(conflicts(await read(...two, word(SPLIT)))).toEqual([]);
    expect(conflicts(await read(...two, word(record(1, 10, 'JOIN', [1, 2]))))).toEqual([]);
  });

  it('goes with a participant that is somebody else now', async () => {
    const joined = await read(identified(3, nino, token('NHS_NUMBER', 3)), identified(2, nino, token('NHS_NUMBER', 2)));
    expect(conflicts(joined)).toEqual([[participant(2), 2, 'NHS_NUMBER']]);
    await take(joined, [identified(1, nino)]);
    expect(conflicts(joined)).toEqual([[participant(1), 1, 'NHS_NUMBER']]);
  });

  it('holds no token', async () => {
    const index = await read(...two);
    const stored = [...index.hashes.conflict].flatMap(([key, value]) => [key, value.toString('hex')]).join();
    for (const field of index.hashes.token.keys()) expect(stored).not.toContain(field.slice(2, 34));
    expect([...index.hashes.conflict.values()].map((value) => value.length)).toEqual([17]);
  });
});

describe('what is no decision', () => {
  it.each<[string, Partial<LinkDecision>]>([
    ['a kind that is not known', { kind: 'UNKNOWN' }],
    ['a change that is not known', { change: 'UNKNOWN' }],
    ['a split from nobody', { apartFrom: [] }],
    ['a split from oneself', { apartFrom: [subject(2)] }],
    ['a join of one', { kind: 'JOIN', apartFrom: [] }],
    ['a join apart from somebody', { kind: 'JOIN', subjects: [subject(2), subject(3)] }],
    ['an instant in microseconds', { decidedAt: 1_763_000_000_000_000 }],
    ['more subjects than a person can be', { subjects: Array.from({ length: 101 }, (_, i) => subject(2 + i)) }],
  ])('%s is refused', (_, change) => {
    expect(() => word({ ...SPLIT, ...change })).toThrow(NotALinkDecision);
  });
});

it('links no more subjects at once than memory holds, and says what to do', async () => {
  const chain = Array.from({ length: 6 }, (_, n) => identified(n + 1, token('ULN', n), token('ULN', n + 1)));
  const index = await read(...chain);
  const again = newsOf({ deployment: 'nhs', messages: [revised(1, 2, token('ULN', 1))] });
  await expect(readClosure(index, again, 100, 5)).rejects.toThrow(ClosureTooLarge);
  expect((await readClosure(index, again, 100, 6)).subjects.size).toBe(6);
});

const identifiers = fc.subarray([token('NINO', 1), token('NINO', 2), token('ULN', 3), token('NAME_DOB_POSTCODE', 4), token('DATE_OF_BIRTH', 6), token('DATE_OF_BIRTH', 7)]);
const some = fc.subarray([1, 2, 3, 4, 5], { minLength: 1, maxLength: 3 });
/** Decisions 1 to 3, each made once and perhaps withdrawn, and identifiers. */
const story = fc.tuple(
  fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat(1), identifiers), { maxLength: 8 }),
  fc.array(fc.tuple(fc.boolean(), some, some, fc.nat(3), fc.option(fc.nat(4))), { maxLength: 3 }),
).map(([facts, decided]): Entry[] => [
  ...new Map(facts.map(([of, revision, held]) => [`${of}/${revision}`, revised(of, revision, ...held)] as const)).values(),
  ...decided.flatMap(([isSplit, left, right, at, withdrawnAt], i) => {
    const moved = isSplit ? left.filter((each) => !right.includes(each)) : [...new Set([...left, ...right])];
    if (moved.length < (isSplit ? 1 : 2)) return [];
    const made = record(i + 1, at, isSplit ? 'SPLIT' : 'JOIN', moved, isSplit ? right : []);
    return [word(made), ...(withdrawnAt === null ? [] : [withdrawn(made, withdrawnAt)])];
  }),
]);

/** Straight from the rule: everybody's identifiers in force and every decision in force, linked at once. */
function linkedAtOnce(entries: readonly Entry[]): unknown {
  const records = new Map<string, typeof EMPTY_RECORD>();
  for (const entry of entries) if (!isWord(entry)) records.set(entry.subject.toString('hex'), withFact(records.get(entry.subject.toString('hex')) ?? EMPTY_RECORD, entry.fact, 'nhs'));
  const everybody = [...records].map(([key, known]) => ({ subject: Buffer.from(key, 'hex'), identifiers: identifiersInForce(known) }));
  return linkClosure(everybody, 100, decisionsInForce(entries.filter(isWord)))
    .flatMap(({ leastSubject, subjects, conflicts: kinds }) => subjects.map((each) => [each.toString('hex'), participantOf(PLATFORM_KEY, leastSubject).toString('hex'), ...kinds]))
    .sort();
}
const indexed = (index: MemoryIndex) =>
  [...index.hashes.subject].map(([each, id]) => {
    const conflict = index.hashes.conflict.get(id.toString('hex'));
    return [each, id.toString('hex'), ...(conflict === undefined ? [] : unpackConflict(conflict).kinds)];
  }).sort();

describe('the index with decisions', () => {
  it('is what identifiers and decisions in force say, whatever the order and the repeats', async () => {
    await fc.assert(
      fc.asyncProperty(story, fc.func(fc.integer()), async (entries, rank) => {
        const index = await read(...entries);
        expect(indexed(index)).toEqual(linkedAtOnce(entries));
        const standing = new Set(index.hashes.participant.keys());
        for (const participantListed of index.hashes.conflict.keys()) expect(standing).toContain(participantListed);
        const shuffled = [...entries, ...entries].map((entry, i) => ({ entry, key: rank(i) })).sort((a, b) => a.key - b.key).map(({ entry }) => entry);
        expect((await read(...shuffled)).contents()).toBe(index.contents());
      }),
      { numRuns: 300 },
    );
  });

  it('keeps words whole through their packed form', () => {
    fc.assert(
      fc.property(story, (entries) => {
        const words = entries.filter(isWord).reduce(withWord, [] as readonly DecisionWord[]);
        expect(unpackDecisionWords(packDecisionWords(words))).toEqual(words);
        for (const each of words) expect(subjectsNamed(each).length).toBeGreaterThan(1);
      }),
    );
  });
});
