import { isoDateToEpochDay } from '@throughline/event-contracts';
import { Attribution } from './attribution.js';
import type { Fact } from './fact.js';
import { factsInForce } from './facts-in-force.js';
import { RULES_2026_1 } from './rules/index.js';
import { referral, support } from './testing/index.js';

const programmeAt = (date: string, ...facts: readonly Fact[]): string =>
  new Attribution(factsInForce(facts, RULES_2026_1), RULES_2026_1).programmeAt(isoDateToEpochDay(date)).programme;

const workwell = support('a', '2026-01-01', { programme: 'workwell' });

describe('the programme of an outcome', () => {
  it.each([
    ['before its start', '2025-12-31', 'no programme'],
    ['on its start', '2026-01-01', 'workwell'],
    ['546 days after', '2027-07-01', 'workwell'],
    ['547 days after', '2027-07-02', 'no programme'],
  ])('is that of support open %s: %s', (_, date, programme) => {
    expect(programmeAt(date, workwell)).toBe(programme);
  });

  it('is that of the latest-starting of several', () => {
    expect(programmeAt('2026-04-01', workwell, support('b', '2026-03-01', { programme: 'restart' }))).toBe('restart');
    expect(programmeAt('2026-02-01', workwell, support('b', '2026-03-01', { programme: 'restart' }))).toBe('workwell');
  });

  it('is that of the first source, then of the least id, of several that start together', () => {
    const rtof = support('b', '2026-01-01', { programme: 'restart' });
    const ilr = support('0', '2026-01-01', { system: 'ilr', programme: 'local' });
    expect(programmeAt('2026-04-01', ilr, rtof, workwell)).toBe('workwell');
    expect(programmeAt('2026-04-01', ilr, rtof)).toBe('restart');
  });

  it('passes over support that declares none', () => {
    expect(programmeAt('2026-04-01', workwell, support('b', '2026-03-01'))).toBe('workwell');
  });

  it('is that of support before that of a later referral', () => {
    expect(programmeAt('2026-04-01', workwell, referral('r', '2026-03-01', { programme: 'restart' }))).toBe('workwell');
  });

  it('is that of the latest open referral where no support is open', () => {
    const early = referral('r', '2027-07-01', { programme: 'restart' });
    const late = referral('s', '2027-08-01', { programme: 'local' });
    expect(programmeAt('2027-09-01', workwell, early, late)).toBe('local');
    expect(programmeAt('2029-09-01', workwell, early, late)).toBe('no programme');
  });

  it.each(['REVOKED', 'DRAFT'] as const)('is never that of a %s referral', (status) => {
    expect(programmeAt('2026-04-01', referral('r', '2026-03-01', { programme: 'restart', status }))).toBe('no programme');
  });
});
