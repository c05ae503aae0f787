import fc from 'fast-check';
import type { SubjectIdentifier } from '@throughline/event-contracts';
import { LINKING_RULES_2026_1, linkClosure, participantOf } from '@throughline/identity';
import { UniqueIds } from '@throughline/state-store';
import type { IdentifierMessage } from '../identifiers/identifier-message.js';
import { EMPTY_RECORD, identifiersInForce, packSubjectRecord, unpackSubjectRecord, withFact } from '../identifiers/subject-record.js';
import { MemoryIndex } from '../testing/memory-index.js';
import { Linker } from './linker.js';

const PLATFORM_KEY = Buffer.alloc(32, 7);
const ids = new UniqueIds();
const id16 = (n: number) => Buffer.alloc(16, n);
const SUBJECTS = [1, 2, 3, 4, 5].map(id16);
const DEPLOYMENTS = ['college', 'nhs'] as const;

type Kind = SubjectIdentifier['kind'];
const token = (kind: Kind, value: number): SubjectIdentifier => ({ kind, check: 'PASSED', token: { keyId: 'k1', value: id16(100 + value) } });

/** One word of one source: subject by number, revision, identifiers or null for a withdrawal. */
const word = (subject: number, revision: number, identifiers: readonly SubjectIdentifier[] | null, fact = 0): IdentifierMessage => ({
  subject: SUBJECTS[subject]!,
  fact: {
    factId: Buffer.from([subject, fact, ...Buffer.alloc(14)]).toString('hex'),
    instant: revision,
    sequence: 0,
    contentHash: identifiers === null ? '0000000000000000' : '00000000000000aa',
    identifiers,
  },
});

interface Topic {
  readonly deployment: string;
  readonly messages: readonly IdentifierMessage[];
}

/** Reads a topic to its end in batches of the given size. */
async function readTopic(index: MemoryIndex, { deployment, messages }: Topic, batchSize: number, most = 100): Promise<number> {
  const rules = { ...LINKING_RULES_2026_1, mostSubjectsPerToken: { ...LINKING_RULES_2026_1.mostSubjectsPerToken, value: most } };
  const linker = new Linker({ index, platformKey: PLATFORM_KEY, newId: () => ids.next(), rules });
  let newPlaceholders = 0;
  const partition = `${deployment}.0`;
  for (;;) {
    const firstOffset = index.nexts.get(partition) ?? 0;
    if (firstOffset >= messages.length) return newPlaceholders;
    const nextOffset = Math.min(firstOffset + batchSize, messages.length);
    const result = await linker.link({ deployment, partition, firstOffset, nextOffset, messages: messages.slice(firstOffset, nextOffset) });
    if (result.outcome === 'linked') newPlaceholders += result.newPlaceholders;
  }
}

const read = async (topics: readonly Topic[], batchSize = 1, most = 100) => {
  const index = new MemoryIndex();
  for (const topic of topics) await readTopic(index, topic, batchSize, most);
  return index;
};
const one = (...messages: IdentifierMessage[]): Topic[] => [{ deployment: 'nhs', messages }];
const participant = (subject: number) => participantOf(PLATFORM_KEY, SUBJECTS[subject]!).toString('hex');
const participantIn = (index: MemoryIndex, subject: number) => index.hashes.subject.get(SUBJECTS[subject]!.toString('hex'))?.toString('hex');
const rootsMarked = (index: MemoryIndex) => index.marks.map((roots) => Array.from({ length: roots.length / 16 }, (_, i) => roots[i * 16]!).sort());

describe('linking', () => {
  it('makes one participant of two subjects that share a certain token: that of the least subject', async () => {
    const index = await read(one(word(1, 1, [token('NINO', 1)]), word(0, 1, [token('NINO', 1)])));
    expect([participantIn(index, 0), participantIn(index, 1)]).toEqual([participant(0), participant(0)]);
  });

  it('marks who lost and who gained a subject, and nobody when nothing changes', async () => {
    const index = await read(
      one(word(1, 1, [token('NINO', 1)]), word(0, 1, [token('NINO', 1)]), word(0, 1, [token('NINO', 1)]), word(0, 2, [token('NINO', 2)])),
    );
    expect(rootsMarked(index)).toEqual([[2], [1, 2], [1, 2]]);
  });

  it('marks a subject that was its own participant until the index heard of it', async () => {
    const index = await read(one(word(0, 1, [token('NINO', 1)]), word(1, 1, [token('NINO', 1)])));
    expect(rootsMarked(index)).toEqual([[1], [1, 2]]);
  });

  it('lets the content decide between two words of one revision, whichever comes first', async () => {
    const [less, greater] = [token('NINO', 1), token('NINO', 2)].map((identifier, i) => {
      const said = word(0, 1, [identifier]);
      return { ...said, fact: { ...said.fact, contentHash: `00000000000000b${i}` } };
    }) as [IdentifierMessage, IdentifierMessage];
    const other = word(1, 1, [token('NINO', 2)]);
    for (const messages of [[other, less, greater], [other, greater, less]]) expect(participantIn(await read(one(...messages)), 1)).toBe(participant(0));
  });

  it('leaves no link behind when a mistyped identifier is corrected, nor when it is withdrawn', async () => {
    const corrected = await read(one(word(0, 1, [token('NINO', 1)]), word(1, 1, [token('NINO', 1)]), word(1, 2, [token('NINO', 2)])));
    expect([participantIn(corrected, 0), participantIn(corrected, 1)]).toEqual([participant(0), participant(1)]);
    expect(corrected.hashes.token.size).toBe(2);
    const withdrawn = await read(one(word(0, 1, [token('NINO', 1)]), word(1, 1, [token('NINO', 1)]), word(1, 2, null)));
    expect([participantIn(withdrawn, 0), participantIn(withdrawn, 1)]).toEqual([participant(0), participant(1)]);
  });

  it('lets a third subject dissolve a demographic link by contradicting it, and restores it when that is withdrawn', async () => {
    const name = token('NAME_DOB_POSTCODE', 9);
    const joined = [word(0, 1, [name]), word(1, 1, [name, token('NINO', 1)])];
    const contradicted = [...joined, word(2, 1, [name, token('NINO', 2)])];
    expect(participantIn(await read(one(...joined)), 1)).toBe(participant(0));
    expect(participantIn(await read(one(...contradicted)), 1)).toBe(participant(1));
    expect(participantIn(await read(one(...contradicted, word(2, 2, null))), 1)).toBe(participant(0));
  });

  it('lets go of everybody when one subject too many comes to share an identifier, and joins them again when it leaves', async () => {
    const nino = token('NINO', 1);
    const held = [word(0, 1, [nino]), word(1, 1, [nino]), word(2, 1, [nino])];
    const who = (index: MemoryIndex) => [0, 1, 2, 3].map((subject) => participantIn(index, subject));
    expect(who(await read(one(...held), 1, 3))).toEqual([participant(0), participant(0), participant(0), undefined]);
    const [shared] = [one(...held, word(3, 1, [nino]))];
    expect(who(await read(shared, 1, 3))).toEqual([0, 1, 2, 3].map(participant));
    const left = one(...held, word(3, 1, [nino]), word(1, 2, null));
    expect(who(await read(left, 1, 3))).toEqual([participant(0), participant(1), participant(0), participant(0)]);
    expect(await readTopic(new MemoryIndex(), left[0]!, 1, 3)).toBe(1);
  });

  it('reads nobody because of an identifier that links nobody', async () => {
    const index = new MemoryIndex();
    const topic = { deployment: 'nhs', messages: [0, 1, 2, 3].map((subject) => word(subject, 1, [token('NINO', 1)])) };
    await readTopic(index, topic, 1, 2);
    const read: number[] = [];
    const watched = Object.assign(Object.create(index) as MemoryIndex, {
      read: async (hash: 'identity' | 'token' | 'subject', fields: readonly Buffer[]) => {
        if (hash === 'identity') read.push(...fields.map((field) => field[0]!));
        return index.read(hash, fields);
      },
    });
    await readTopic(watched, { ...topic, messages: [...topic.messages, word(4, 1, [token('NINO', 1)])] }, 1, 2);
    expect(read).toEqual([5]);
  });

  it('never links on an identifier that was quarantined', async () => {
    const failed: SubjectIdentifier = { kind: 'NHS_NUMBER', check: 'FAILED', token: null };
    const index = await read(one(word(0, 1, [failed]), word(1, 1, [failed])));
    expect(participantIn(index, 1)).toBe(participant(1));
  });

  it('remembers every deployment on which a subject was named', async () => {
    const index = await read([
      { deployment: 'nhs', messages: [word(0, 1, [])] },
      { deployment: 'college', messages: [word(0, 1, [])] },
    ]);
    expect(unpackSubjectRecord(index.hashes.identity.get(SUBJECTS[0]!.toString('hex'))!).deployments).toEqual(['college', 'nhs']);
    expect(index.marks).toHaveLength(2);
  });

  it('keeps a subject whole through its packed form', () => {
    const record = withFact(withFact(EMPTY_RECORD, word(0, 5, [token('ULN', 3), { kind: 'NINO', check: 'FAILED', token: null }]).fact, 'nhs'), word(0, 6, null, 1).fact, 'dwp');
    expect(unpackSubjectRecord(packSubjectRecord(record))).toEqual(record);
  });
});

const identifiers = fc.subarray([token('NINO', 1), token('NINO', 2), token('ULN', 3), token('NAME_DOB_POSTCODE', 4), token('NAME_DOB_POSTCODE', 5), token('DATE_OF_BIRTH', 6), token('DATE_OF_BIRTH', 7)]);
/** A revision says one thing: what it says is chosen once per (subject, kind of record, revision). */
const story = fc
  .tuple(
    fc.array(fc.option(identifiers, { freq: 5 }), { minLength: 60, maxLength: 60 }),
    fc.array(fc.record({ subject: fc.nat(4), fact: fc.nat(1), revision: fc.nat(5), topic: fc.nat(1) }), { minLength: 1, maxLength: 14 }),
  )
  .map(([says, picks]) =>
    DEPLOYMENTS.map((deployment, number) => ({
      deployment,
      messages: picks.filter(({ topic }) => topic === number).map(({ subject, fact, revision }) => word(subject, revision, says[(subject * 2 + fact) * 6 + revision] ?? null, fact)),
    })),
  );

/** Straight from the rule: everybody's identifiers in force, linked at once. */
function linkedAtOnce(topics: readonly Topic[], most: number): [string, string][] {
  const records = new Map<string, typeof EMPTY_RECORD>();
  for (const { deployment, messages } of topics) {
    for (const { subject, fact } of messages) {
      const key = subject.toString('hex');
      records.set(key, withFact(records.get(key) ?? EMPTY_RECORD, fact, deployment));
    }
  }
  const everybody = [...records].map(([key, record]) => ({ subject: Buffer.from(key, 'hex'), identifiers: identifiersInForce(record) }));
  return linkClosure(everybody, most)
    .flatMap(({ leastSubject, subjects }) =>
      subjects.map((subject): [string, string] => [subject.toString('hex'), participantOf(PLATFORM_KEY, leastSubject).toString('hex')]),
    )
    .sort();
}

describe('the index', () => {
  it('is what the identifiers in force say, whatever the order, the batches and the repeats', async () => {
    await fc.assert(
      fc.asyncProperty(story, fc.integer({ min: 1, max: 5 }), fc.func(fc.integer()), fc.constantFrom(2, 3, 100), async (topics, batchSize, rank, most) => {
        const index = await read(topics, batchSize, most);
        expect([...index.hashes.subject].map(([subject, value]) => [subject, value.toString('hex')]).sort()).toEqual(linkedAtOnce(topics, most));
        const shuffled = topics.map(({ deployment, messages }) => ({
          deployment,
          messages: [...messages, ...messages].map((message, i) => ({ message, key: rank(i) })).sort((a, b) => a.key - b.key).map(({ message }) => message),
        }));
        expect((await read([...shuffled].reverse(), 6 - batchSize, most)).contents()).toBe(index.contents());
      }),
      { numRuns: 600 },
    );
  });

  it('is the same when workers race between any two calls, and one dies at any of them', async () => {
    await fc.assert(
      fc.asyncProperty(story, fc.scheduler(), fc.nat(30), async (topics, scheduler, death) => {
        const index = new MemoryIndex();
        let calls = 0;
        index.beforeCall = async () => {
          if (++calls === death) throw new Error('killed');
          await scheduler.schedule(Promise.resolve());
        };
        // Two workers on each topic: one of each pair is a zombie that does not know it.
        const running = [...topics, ...topics].map((topic, i) => readTopic(index, topic, 1 + (i % 3)).catch(() => undefined));
        await scheduler.waitFor(Promise.all(running));
        index.beforeCall = async () => undefined;
        for (const topic of topics) await readTopic(index, topic, 2);
        expect(index.contents()).toBe((await read(topics)).contents());
      }),
      { numRuns: 300 },
    );
  });

  it('marks every participant whose subjects changed, by its root', async () => {
    await fc.assert(
      fc.asyncProperty(story, fc.constantFrom(2, 100), async (topics, most) => {
        const index = new MemoryIndex();
        for (const { deployment, messages } of topics) {
          for (let count = 1; count <= messages.length; count += 1) {
            const before = new Map([...index.hashes.participant].map(([id, members]) => [id, members.toString('hex')]));
            const marked = index.marks.length;
            await readTopic(index, { deployment, messages: messages.slice(0, count) }, 1, most);
            const roots = index.marks.slice(marked).flatMap((all) => Array.from({ length: all.length / 16 }, (_, i) => all.subarray(i * 16, i * 16 + 16)));
            const told = new Set(roots.map((root) => participantOf(PLATFORM_KEY, root).toString('hex')));
            for (const id of new Set([...before.keys(), ...index.hashes.participant.keys()])) {
              if (before.get(id) !== index.hashes.participant.get(id)?.toString('hex')) expect(told).toContain(id);
            }
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
