import type { SampleSubmission } from '@throughline/local';
import { deploymentOf, planCampaign, TARGETS } from './campaign-plan.js';

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
const plan = (seed: string, faults = TARGETS.length) => planCampaign({ seed, faults, submissions });

describe('the plan of a campaign', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(plan('a')).toEqual(plan('a'));
    expect(plan('a')).not.toEqual(plan('b'));
  });

  it('kills everybody once before anybody again', () => {
    const struck = plan('a', 2 * TARGETS.length).flatMap(({ fault }) => fault.targets);
    expect(struck.slice(0, TARGETS.length).sort()).toEqual([...TARGETS].sort());
    expect(struck.slice(TARGETS.length).sort()).toEqual([...TARGETS].sort());
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
