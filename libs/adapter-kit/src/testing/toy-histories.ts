import fc from 'fast-check';
import type { ToyFact, ToyRecord, ToySection } from './toy-adapter.js';

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

/** Any snapshot, or section that is none, at that clock: untidy, partial, of one of two scopes. */
export const toySection = (clock: number): fc.Arbitrary<ToySection> =>
  fc.record({
    at: fc.constant(new Date(Date.UTC(2026, 5, 1 + clock)).toISOString()),
    scope: fc.constantFrom('s', 's', 't'),
    absence,
    records: fc.array(record, { maxLength: 4 }),
  });
