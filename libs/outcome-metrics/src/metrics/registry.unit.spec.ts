import { LATEST_RULES, RULE_SETS, RULES_2026_1 } from '../rules/index.js';
import { circumstances, claim, counted, earnings, jobStart, jobSustained, learning, referral, support, thrownBy } from '../testing/index.js';
import { metricsOf, OUTCOME_METRICS, unverifiedRulesOf } from './registry.js';

describe('the registry', () => {
  it('holds each metric once, with what it says of itself', () => {
    expect(new Set(OUTCOME_METRICS.map(({ id }) => id)).size).toBe(OUTCOME_METRICS.length);
  });

  it('has every metric that a version counts, and no metric that none does', () => {
    for (const rules of RULE_SETS) expect(metricsOf(rules).map(({ id }) => id).sort()).toEqual([...rules.metrics].sort());
    expect(new Set(RULE_SETS.flatMap(({ metrics }) => metrics))).toEqual(new Set(OUTCOME_METRICS.map(({ id }) => id)));
  });

  it.each([
    ['a metric that there is not', (rules: typeof RULES_2026_1) => rules.metrics.push('made_up'), 'metrics'],
    ['a metric whose number it does not state', (rules: typeof RULES_2026_1) => rules.metrics.push('self_employed_6_months'), 'numbers.selfEmploymentMonths'],
    ['a metric whose table it does not state', (rules: typeof RULES_2026_1) => rules.metrics.push('job_starts_at_real_living_wage'), 'realLivingWage'],
  ])('refuses a version with %s', (_, change, place) => {
    const rules = structuredClone(RULES_2026_1);
    change(rules);
    expect(thrownBy(() => metricsOf(rules))).toMatchObject({ code: 'invalid-rule-set', faults: [{ place }] });
  });

  it('names what decides a metric and was not verified, that of attribution among it', () => {
    const metric = (id: string) => OUTCOME_METRICS.find((each) => each.id === id)!;
    expect(unverifiedRulesOf(metric('referrals'), LATEST_RULES)).toEqual([]);
    expect(unverifiedRulesOf(metric('job_starts'), LATEST_RULES)).toEqual(['sameJobWindowDays', 'openSupportDays', 'selfEmploymentApart']);
    const verified = structuredClone(LATEST_RULES);
    verified.numbers.sameJobWindowDays.verified = true;
    verified.selfEmploymentApart.verified = true;
    expect(unverifiedRulesOf(metric('job_starts'), verified)).toEqual(['openSupportDays']);
    expect(unverifiedRulesOf(metric('job_starts_at_real_living_wage'), verified)).toEqual(['openSupportDays', 'realLivingWage']);
  });

  it('says of attribution what the counts do', () => {
    const facts = [
      referral('r', '2026-01-01'), support('s', '2026-01-01'), learning('l', '2026-01-02'),
      circumstances('c', '2026-01-01', { status: 'INACTIVE' }), claim('e', '2026-03-01', { claimStart: '2026-01-01' }),
      jobStart('j', '2026-01-05', { hours: '16-24', contract: 'PERMANENT', hourlyPayPence: 1_400 }),
      jobSustained('k', '2026-07-10', { job: 'j', hours: '30-', hourlyPayPence: 1_500 }),
      jobSustained('l', '2027-01-10', { job: 'j', hours: '30-', hourlyPayPence: 1_500 }),
      earnings('p', '2026-01-31', { amountPence: 900_000 }),
      jobStart('own', '2026-01-06', { work: 'SELF_EMPLOYED', system: 'ilr' }), jobStart('paid', '2026-01-05', { work: 'EMPLOYED', system: 'hmrc-rti' }),
      jobSustained('m', '2027-01-10', { job: 'own', system: 'ilr' }),
      support('open', '2026-01-01', { programme: 'workwell' }),
    ];
    const vague = [
      jobStart('v', '2026-01-05'), jobSustained('w', '2027-01-01', { job: 'v' }), support('open', '2026-01-01', { programme: 'workwell' }),
      support('old', '2016-01-01', { programme: 'workwell' }), earnings('p', '2016-01-31', { amountPence: 1 }),
    ];
    for (const { id, attributed } of OUTCOME_METRICS) {
      const programmes = counted(id, ...(id.endsWith('evidence_insufficient') ? vague : facts)).map(({ programme }) => programme);
      expect([id, programmes.includes('no programme')]).toEqual([id, !attributed]);
      expect([id, programmes.length > 0]).toEqual([id, true]);
    }
  });
});
