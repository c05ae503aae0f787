import { isoDateToEpochDay } from '@throughline/event-contracts';
import { Circumstances } from './circumstances.js';
import type { CircumstancesFact } from './fact.js';
import { factsInForce } from './facts-in-force.js';
import { RULES_2026_1 } from './rules/index.js';
import { circumstances } from './testing/index.js';

const of = (...facts: readonly CircumstancesFact[]): Circumstances =>
  new Circumstances(factsInForce(facts, RULES_2026_1).circumstances, RULES_2026_1);
const day = isoDateToEpochDay;

const MANCHESTER = 'E08000003';
const BIRMINGHAM = 'E08000025';

describe('circumstances on a day', () => {
  const moved = [
    circumstances('first', '2026-01-10', { district: MANCHESTER }),
    circumstances('second', '2026-06-10', { district: BIRMINGHAM }),
  ];

  it.each([
    ['the latest before it', '2026-06-09', MANCHESTER],
    ['the one of that day', '2026-06-10', BIRMINGHAM],
    ['the latest of several before it', '2027-01-01', BIRMINGHAM],
    ['the earliest after it, where none is before', '2026-01-09', MANCHESTER],
  ])('are %s', (_, date, district) => {
    expect(of(...moved).districtAt(day(date)).value).toBe(district);
  });

  it('are read field by field, from facts that say the field', () => {
    const read = of(
      circumstances('a', '2026-01-01', { district: MANCHESTER, status: 'INACTIVE', priorityGroups: ['CARER'] }),
      circumstances('b', '2026-02-01', { status: 'UNEMPLOYED' }),
      circumstances('c', '2026-03-01', { priorityGroups: [] }),
    );
    const at = day('2026-04-01');
    expect([read.districtAt(at).value, read.statusAt(at).value, read.priorityGroupAt(at).value]).toEqual([MANCHESTER, 'UNEMPLOYED', 'none']);
  });

  it('are unknown, of no fact, where none says', () => {
    const read = of(circumstances('a', '2026-01-01'));
    const at = day('2026-04-01');
    for (const reading of [read.districtAt(at), read.statusAt(at), read.priorityGroupAt(at), read.ageBandAt(at)]) {
      expect(reading).toEqual({ value: 'unknown', fact: undefined });
    }
  });

  it.each(['2026-01-01', '2025-01-01'])('are the first source\'s, then the least id\'s, of facts of one start (asked on %s)', (at) => {
    const [bars, ilrB, ilrA] = [
      circumstances('a', '2026-01-01', { system: 'bars', district: 'E07000061' }),
      circumstances('c', '2026-01-01', { system: 'ilr', district: BIRMINGHAM }),
      circumstances('b', '2026-01-01', { system: 'ilr', district: MANCHESTER }),
    ];
    expect(of(bars, ilrB, ilrA).districtAt(day(at)).fact).toBe(ilrA);
  });

  it('begin on the first day of a month known only as such', () => {
    const read = of(circumstances('a', '2026-01-01', { district: MANCHESTER }), circumstances('b', '2026-05', { district: BIRMINGHAM }));
    expect(read.districtAt(day('2026-05-01')).value).toBe(BIRMINGHAM);
  });
});

describe('the priority group', () => {
  it('is the first in the stated order of those the chosen fact names', () => {
    const order = RULES_2026_1.priorityGroups.order;
    for (const [index, group] of order.entries()) {
      const read = of(circumstances('a', '2026-01-01', { priorityGroups: [...order.slice(index)].reverse() }));
      expect(read.priorityGroupAt(day('2026-01-01')).value).toBe(group);
    }
  });

  it('is unknown where the list holds only what this version does not know', () => {
    const fact = circumstances('a', '2026-01-01', { priorityGroups: ['UNKNOWN'] });
    expect(of(fact).priorityGroupAt(day('2026-01-01'))).toEqual({ value: 'unknown', fact });
  });
});

describe('the age band', () => {
  const born = (birthYear: number, birthMonth?: number) =>
    of(circumstances('a', '2030-01-01', birthMonth === undefined ? { birthYear } : { birthYear, birthMonth }));

  it.each([
    [2010, 5, '2026-04-30', 'under-16'],
    [2010, 5, '2026-05-01', '16-24'],
    [2001, 5, '2026-04-30', '16-24'],
    [2001, 5, '2026-05-01', '25-49'],
    [1976, 12, '2026-11-30', '25-49'],
    [1976, 12, '2026-12-01', '50-plus'],
    [1976, 1, '2026-01-01', '50-plus'],
    [2030, 1, '2026-01-01', 'under-16'],
    [2001, undefined, '2026-06-30', '16-24'],
    [2001, undefined, '2026-07-01', '25-49'],
  ])('of one born in %s, month %s, is on %s %s', (year, month, date, band) => {
    expect(born(year, month).ageBandAt(day(date)).value).toBe(band);
  });

  it('is read from a fact with a month before one without, whatever their sources and dates', () => {
    const year = circumstances('a', '2020-01-01', { system: 'hmrc-rti', birthYear: 2001 });
    const month = circumstances('b', '2029-01-01', { system: 'nhs-csv', birthYear: 1990, birthMonth: 3 });
    for (const read of [of(year, month), of(month, year)]) expect(read.ageBandAt(day('2026-01-01')).fact).toBe(month);
  });

  it('is read from the first source, then the least id, not from the earliest fact', () => {
    const early = circumstances('c', '2020-01-01', { system: 'bars', birthYear: 1990, birthMonth: 3 });
    const second = circumstances('b', '2026-01-01', { system: 'ilr', birthYear: 1990, birthMonth: 3 });
    const first = circumstances('a', '2027-01-01', { system: 'ilr', birthYear: 1990, birthMonth: 3 });
    expect(of(early, second, first).ageBandAt(day('2026-01-01')).fact).toBe(first);
  });

  it('reads nothing from a month without a year', () => {
    expect(of(circumstances('a', '2026-01-01', { birthMonth: 3 })).ageBandAt(day('2026-01-01')).value).toBe('unknown');
  });
});
