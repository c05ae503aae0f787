import { checkRuleSet, InvalidRuleSet, RULE_SETS, RULES_2026_1, RULES_2026_3 } from './index.js';

const changed = (change: (rules: Record<string, Record<string, never>>) => void, rules = RULES_2026_1): unknown => {
  const copy = structuredClone(rules) as unknown as Record<string, Record<string, never>>;
  change(copy);
  return copy;
};

const faultsOf = (data: unknown): readonly string[] => {
  try {
    checkRuleSet(data);
  } catch (error) {
    if (error instanceof InvalidRuleSet) return error.faults.map(({ place }) => place);
    throw error;
  }
  return [];
};

describe('a rule set', () => {
  it('is accepted as it ships', () => {
    for (const rules of RULE_SETS) expect(faultsOf(rules)).toEqual([]);
  });

  it.each([
    ['of no day', 'minimumWage.rates', []],
    ['out of order', 'minimumWage.rates', [{ from: '2025-04-01', byAge: [{ from: 0, pence: 755 }] }, { from: '2024-04-01', byAge: [{ from: 0, pence: 640 }] }]],
    ['that leave the youngest out', 'minimumWage.rates.0.byAge', [{ from: '2024-04-01', byAge: [{ from: 18, pence: 860 }] }]],
    ['of ages out of order', 'minimumWage.rates.0.byAge', [{ from: '2024-04-01', byAge: [{ from: 0, pence: 640 }, { from: 21, pence: 1_144 }, { from: 18, pence: 860 }] }]],
  ])('is refused with wages %s', (_, place, rates) => {
    expect(faultsOf(changed((r) => void Object.assign(r['minimumWage']!, { rates }), RULES_2026_3))).toEqual([place]);
  });

  it.each([
    ['a number without citation', 'numbers.paymentGapDays.citation', (r) => Object.assign(r['numbers']!['paymentGapDays']!, { citation: '' })],
    ['a number that does not say whether it was verified', 'numbers.paymentGapDays.verified', (r) => Object.assign(r['numbers']!['paymentGapDays']!, { verified: undefined })],
    ['a number in another unit', 'numbers.paymentGapDays.unit', (r) => Object.assign(r['numbers']!['paymentGapDays']!, { unit: 'weeks' })],
    ['a number below one', 'numbers.openSupportDays.value', (r) => Object.assign(r['numbers']!['openSupportDays']!, { value: 0 })],
    ['a source twice', 'sources.order', (r) => Object.assign(r['sources']!, { order: ['ilr', 'ilr'] })],
    ['a group that the contract lacks', 'priorityGroups.order.0', (r) => Object.assign(r['priorityGroups']!, { order: ['UNKNOWN'] })],
    ['bands out of order', 'ageBands.bands', (r) => Object.assign(r['ageBands']!, { bands: [{ name: 'a', from: 0 }, { name: 'b', from: 0 }] })],
    ['bands that leave the youngest out', 'ageBands.bands', (r) => Object.assign(r['ageBands']!, { bands: [{ name: 'a', from: 16 }] })],
  ] as [string, string, (rules: Record<string, Record<string, never>>) => void][])('is refused with %s', (_, place, change) => {
    expect(faultsOf(changed(change))).toEqual([place]);
  });

  it('is refused with every fault at once', () => {
    expect(faultsOf(changed((r) => {
      Object.assign(r['numbers']!['paymentGapDays']!, { citation: '', value: -1 });
    }))).toEqual(['numbers.paymentGapDays.value', 'numbers.paymentGapDays.citation']);
  });
});
