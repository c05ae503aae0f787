import { HttpException } from '@nestjs/common';
import { RULES_2026_1, RULES_2026_2 } from '@throughline/outcome-metrics';
import type { RuleSet } from '@throughline/outcome-metrics';
import { cellFilters, refuseUnknownValues } from './cell-query.js';

const refusalOf = (query: Record<string, unknown>, rules: RuleSet = RULES_2026_2): unknown => {
  try {
    refuseUnknownValues(cellFilters(query), rules);
    return null;
  } catch (error) {
    return error instanceof HttpException ? error.getResponse() : error;
  }
};

it.each([
  {},
  { metric: 'earnings_outcome', month: '2026-12', district: 'E08000003' },
  { district: 'unknown', programme: 'no programme', age_band: 'unknown', priority_group: 'none' },
  { programme: 'restart', age_band: '16-24', priority_group: 'CARE_LEAVER', agreement: 'any that there may be' },
])('cells may be asked for by %j', (query) => {
  expect(refusalOf(query)).toBeNull();
});

it.each([{ geography: 'E08000003' }, { Metric: 'job_starts' }, { metric: ['job_starts', 'referrals'] }])('not by %j', (query) => {
  expect(refusalOf(query)).toMatchObject({ status: 400, code: 'UNKNOWN_FILTER', place: 'query', known: expect.arrayContaining(['metric', 'agreement']) as unknown });
});

it.each([
  ['metric', 'nope', 'job_starts'],
  ['metric', '', 'job_starts'],
  ['programme', 'Restart', 'restart'],
  ['age_band', '16-25', '16-24'],
  ['priority_group', 'care_leaver', 'CARE_LEAVER'],
])('a %s is never %j, and it is said what there is', (place, value, known) => {
  expect(refusalOf({ [place]: value })).toMatchObject({ status: 400, code: 'UNKNOWN_VALUE', place, known: expect.arrayContaining([known]) as unknown });
});

it.each([
  ['month', '2026-13', 'a month such as 2026-03'],
  ['month', '2026-3', 'a month such as 2026-03'],
  ['district', 'Oldham', 'a GSS code, or unknown'],
])('a %s is never %j', (place, value, expected) => {
  expect(refusalOf({ [place]: value })).toMatchObject({ status: 400, code: 'UNKNOWN_VALUE', place, expected });
});

it('a metric is one that these rules count', () => {
  expect(refusalOf({ metric: 'earnings_outcome' }, RULES_2026_1)).toMatchObject({ code: 'UNKNOWN_VALUE', place: 'metric', known: RULES_2026_1.metrics });
});
