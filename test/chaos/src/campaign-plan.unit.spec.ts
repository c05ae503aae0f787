import type { SampleSubmission } from '@throughline/local';
import { deploymentOf, planCampaign } from './campaign-plan.js';
import type { PlanOptions } from './campaign-plan.js';
import { isBroker, strikeText, targetsOf } from './fault.js';

const submissions = ['nhs', 'dwp', 'college', 'council'].flatMap((deployment, index) =>
  Array.from({ length: 9 + index * 14 }, (_, file): SampleSubmission => ({
    file: `${deployment}-${file}`,
    deployment,
    feed: 'x',
    part: null,
    asOf: null,
    programme: null,
    fullExtract: false,
    mediaType: 'text/csv',
    refusedWhole: false,
  })),
);
const TARGETS = targetsOf(3);
const plan = (seed: string, faults = TARGETS.length, more: Partial<PlanOptions> = {}) => planCampaign({ seed, faults, brokers: 3, submissions, ...more });
const struck = (waves: ReturnType<typeof plan>) => waves.flatMap(({ fault }) => fault.strikes);

describe('the plan of a campaign', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(plan('a')).toEqual(plan('a'));
    expect(plan('a')).not.toEqual(plan('b'));
  });

  it('kills everybody once, and then does whatever can be done to each', () => {
    const strikes = struck(plan('a', 200));
    expect(strikes.slice(0, TARGETS.length).map(strikeText).sort()).toEqual(TARGETS.map((target) => `${target} killed`).sort());
    const done = new Set(strikes.map(strikeText));
    for (const target of TARGETS) expect([...done]).toEqual(expect.arrayContaining([`${target} killed`, `${target} paused`]));
    expect([...done].filter((text) => text.endsWith('wiped')).sort()).toEqual(['Kafka 1 wiped', 'Kafka 2 wiped', 'Kafka 3 wiped', 'Redis wiped']);
    expect([...done].filter((text) => text.endsWith('put back'))).toEqual(['Redis put back']);
  });

  it('only does what it is asked to do', () => {
    expect(new Set(struck(plan('a', 60, { harms: ['killed'] })).map(({ harm }) => harm))).toEqual(new Set(['killed']));
  });

  it('never wipes the disk of a broker that has nobody to copy from', () => {
    const faults = plan('a', 400, { twoAtOnce: 0.5 }).map(({ fault }) => fault.strikes);
    const wipes = faults.filter((strikes) => strikes.some(({ target, harm }) => harm === 'wiped' && isBroker(target)));
    expect(wipes.some((strikes) => strikes.length === 2)).toBe(true);
    for (const strikes of wipes) expect(strikes.filter(({ target }) => isBroker(target))).toHaveLength(1);
    expect(struck(plan('a', 200, { brokers: 1 })).filter(({ target, harm }) => harm === 'wiped' && isBroker(target))).toEqual([]);
  });

  it.each([1, 5, TARGETS.length, 40])('sends everything with %i faults, each partner’s in order, and something again in each wave', (faults) => {
    const waves = plan('a', faults);
    for (const deployment of new Set(submissions.map((each) => each.deployment))) {
      const own = submissions.filter((each) => each.deployment === deployment);
      const sent = waves.flatMap(({ byDeployment }) => byDeployment.get(deployment) ?? []);
      expect([...new Set(sent)]).toEqual(own);
      expect(sent).toHaveLength(own.length + faults);
    }
  });

  it('strikes before the last receipt that the fault waits for, where there is more than one', () => {
    for (const { fault, byDeployment } of plan('a')) {
      const deployment = deploymentOf(fault);
      const expected = deployment === undefined ? [...byDeployment.values()].flat().length : (byDeployment.get(deployment)?.length ?? 0);
      expect(expected).toBeGreaterThan(1);
      expect(fault.atReceipt).toBeLessThan(expected);
    }
  });
});
