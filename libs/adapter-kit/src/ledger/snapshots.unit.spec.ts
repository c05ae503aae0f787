import fc from 'fast-check';
import { asPayload, TestAdapter } from '../testing/test-adapter.js';
import { TOY_ADAPTER, toyPayload } from '../testing/toy-adapter.js';
import type { ToyFact, ToyRecord, ToySection } from '../testing/toy-adapter.js';

const REQUEST = { feed: 'toy', mediaType: 'application/x-ndjson' };
const DAYS = ['2026-01-10', '2026-02-10', '2026-03-10'] as const;
const FAMILIES = ['uc', 'jsa'] as const;
const PARTS = ['one', 'two'] as const;

// A fact's day, family and part belong to its key, as coverage asks of adapters.
const toFact = ([day, family, part, value]: readonly [number, number, number, number]): ToyFact => ({
  key: `${day}-${family}-${part}`,
  day: DAYS[day]!,
  family: FAMILIES[family]!,
  part: PARTS[part]!,
  value,
});

const record: fc.Arbitrary<ToyRecord> = fc.record({
  reference: fc.constantFrom('a', 'b', 'c', null),
  facts: fc
    .uniqueArray(fc.tuple(fc.nat(2), fc.nat(1), fc.nat(1), fc.nat(2)), { selector: ([day, family, part]) => `${day}-${family}-${part}`, maxLength: 4 })
    .map((facts) => facts.map(toFact)),
  fault: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constantFrom('reading' as const, 'mapping' as const) }),
}) as fc.Arbitrary<ToyRecord>;

const absence: fc.Arbitrary<ToySection['absence']> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ speaks: true } as const) },
  { weight: 1, arbitrary: fc.constant({ speaks: false } as const) },
  {
    weight: 2,
    arbitrary: fc
      .record({
        within: fc.constantFrom({ from: '2026-01-01', to: '2026-02-28' }, { from: '2026-02-01', to: '2026-12-31' }),
        families: fc.constantFrom(['uc'], ['uc', 'jsa']),
        parts: fc.constantFrom([], ['one']),
      })
      .map((coverage) => ({ speaks: true as const, ...coverage })),
  },
);

const section = (clock: number): fc.Arbitrary<ToySection> =>
  fc.record({
    at: fc.constant(new Date(Date.UTC(2026, 5, 1 + clock)).toISOString()),
    scope: fc.constantFrom('s', 's', 't'),
    absence,
    records: fc.array(record, { maxLength: 4 }),
  });

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
      .chain((count) => fc.tuple(...Array.from({ length: count }, (_, clock) => section(clock))))
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
      fc.asyncProperty(fc.tuple(section(0), section(1), section(2)), async (sections) => {
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
