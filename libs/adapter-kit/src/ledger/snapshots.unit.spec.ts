import fc from 'fast-check';
import { asPayload, TestAdapter } from '../testing/test-adapter.js';
import { TOY_ADAPTER, toyPayload } from '../testing/toy-adapter.js';
import type { ToyFact, ToySection } from '../testing/toy-adapter.js';
import { toySection } from '../testing/toy-histories.js';

const REQUEST = { feed: 'toy', mediaType: 'application/x-ndjson' };
/** The rules as they are written, over all snapshots at once and in no order. */
const inForce = (sections: readonly ToySection[]): Set<string> => {
  const readable = ({ records }: ToySection, person: string): boolean =>
    records.some(({ reference, fault }) => reference === person && fault === undefined);
  const refused = ({ records }: ToySection, person: string): boolean =>
    records.some(({ reference, fault }) => reference === person && fault !== undefined);
  const complete = ({ records }: ToySection): boolean => records.every(({ reference }) => reference !== null);
  const speaksFor = (snapshot: ToySection, person: string): boolean =>
    snapshot.absence.speaks && !refused(snapshot, person) && (readable(snapshot, person) || complete(snapshot));
  const covered = ({ absence: { speaks, ...coverage } }: ToySection, { day, family, part }: ToyFact): boolean => {
    const { within, families, parts } = coverage as { within?: { from: string; to: string }; families?: string[]; parts?: string[] };
    const asked = (within === undefined || (within.from <= day && day <= within.to)) && (families === undefined || families.includes(family ?? ''));
    return speaks && (asked || (parts?.includes(part ?? '') ?? false));
  };

  const statements = sections.flatMap((snapshot) =>
    snapshot.records.flatMap(({ reference, fault, facts }) =>
      reference === null || fault !== undefined ? [] : facts.map((fact) => ({ snapshot, person: reference, fact })),
    ),
  );
  const standing = statements.filter(({ snapshot, person, fact }) => {
    const newer = sections.filter((other) => other.scope === snapshot.scope && other.at > snapshot.at);
    const restated = statements.some(
      (other) => other.person === person && other.fact.key === fact.key && other.snapshot.scope === snapshot.scope && other.snapshot.at > snapshot.at,
    );
    return !restated && !newer.some((other) => speaksFor(other, person) && covered(other, fact));
  });
  return new Set(standing.map(({ snapshot, person, fact }) => `${snapshot.scope}/${person}/${fact.key}`));
};

/** Publishes the sections in that order, one submission each, restarting after those of `restarts`. */
const factsAfter = async (sections: readonly ToySection[], restarts: ReadonlySet<number>) => {
  const adapter = new TestAdapter(TOY_ADAPTER);
  try {
    await adapter.restart();
    for (const [index, each] of sections.entries()) {
      const { submissionId } = await adapter.open.intake.accept(asPayload(toyPayload(each)), REQUEST);
      if (restarts.has(index)) await adapter.restart();
      await adapter.open.intake.settled(submissionId);
    }
    return adapter.sink.factsInForce();
  } finally {
    await adapter.dispose();
  }
};

describe('snapshots of a scope', () => {
  it('give the same facts in every order, whatever could not be read and however little each covers, across restarts', async () => {
    const histories = fc
      .integer({ min: 2, max: 5 })
      .chain((count) => fc.tuple(...Array.from({ length: count }, (_, clock) => toySection(clock))))
      .chain((sections) =>
        fc.record({
          sections: fc.constant(sections),
          order: fc.shuffledSubarray(sections, { minLength: sections.length }),
          restarts: fc.uniqueArray(fc.nat(4), { maxLength: 2 }),
        }),
      );
    await fc.assert(
      fc.asyncProperty(histories, async ({ sections, order, restarts }) => {
        const inOrder = await factsAfter(sections, new Set());
        const shuffled = await factsAfter(order, new Set(restarts));
        expect(shuffled).toEqual(inOrder);
        // And it is what the rules say, not merely the same each time.
        expect(inOrder.size).toBe(inForce(sections).size);
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('in one submission or in several are the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(toySection(0), toySection(1), toySection(2)), async (sections) => {
        const apart = await factsAfter(sections, new Set());
        const adapter = new TestAdapter(TOY_ADAPTER);
        try {
          await adapter.restart();
          const { submissionId } = await adapter.open.intake.accept(asPayload(toyPayload(sections[2], sections[0], sections[1])), REQUEST);
          await adapter.open.intake.settled(submissionId);
          expect(adapter.sink.factsInForce()).toEqual(apart);
        } finally {
          await adapter.dispose();
        }
      }),
      { numRuns: 8 },
    );
  }, 120_000);
});
