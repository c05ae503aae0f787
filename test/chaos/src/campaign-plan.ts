import { SERVICES } from '@throughline/local';
import type { SampleSubmission } from '@throughline/local';
import { isBroker, REDIS, targetsOf } from './fault.js';
import type { Fault, Harm, Strike } from './fault.js';
import { randomOf } from './random.js';
import type { Random } from './random.js';

/** Submissions sent while one fault is under way: for each partner in order. */
export interface Wave {
  readonly fault: Fault;
  readonly byDeployment: ReadonlyMap<string, readonly SampleSubmission[]>;
}

export interface PlanOptions {
  /** The same seed, submissions and number of faults give the same plan. */
  readonly seed: string;
  readonly faults: number;
  /** Of Kafka. The disk of one is wiped only where there are three: fewer have nobody to copy from. */
  readonly brokers: number;
  /** Which there may be. Default: all. */
  readonly harms?: readonly Harm[];
  /** In order of arrival. */
  readonly submissions: readonly SampleSubmission[];
  /** Share of faults that kill another process beside the first. Default 0. */
  readonly twoAtOnce?: number;
}

/** How often a harm comes while each target is struck once with every other. */
const TIMES: Readonly<Record<Harm, number>> = { killed: 2, paused: 1, wiped: 1, 'put back': 1 };

const adapterOf = (target: string): string | undefined => SERVICES.find(({ name }) => name === target)?.adapter?.deployment;

/** The deployment whose receipts a fault waits for; undefined: anybody's. */
export const deploymentOf = ({ strikes }: Pick<Fault, 'strikes'>): string | undefined => strikes.map(({ target }) => adapterOf(target)).find((deployment) => deployment !== undefined);

const canBe = (target: string, harm: Harm, brokers: number): boolean => {
  if (harm === 'wiped') return target === REDIS || (isBroker(target) && brokers >= 3);
  return harm !== 'put back' || target === REDIS;
};

/** Every target is killed once before anything else; then whatever else can be done to each, in any order, and again. */
function drawn(random: Random, { faults, brokers, harms = ['killed', 'paused', 'wiped', 'put back'] }: PlanOptions): Strike[] {
  const targets = targetsOf(brokers);
  const deck: Strike[] = random.shuffled(targets).map((target) => ({ target, harm: 'killed' }));
  const hand = harms.flatMap((harm) => Array.from({ length: TIMES[harm] }, () => targets.filter((target) => canBe(target, harm, brokers)).map((target): Strike => ({ target, harm }))).flat());
  while (deck.length < faults) deck.push(...random.shuffled(hand));
  return deck.slice(0, faults);
}

/**
 * Deals the submissions over as many waves as there are faults, so that each fault strikes while new submissions are on
 * their way. Each partner ends each wave with something it sent before, so that somebody meets whoever is down.
 */
export function planCampaign(options: PlanOptions): Wave[] {
  const { seed, faults, brokers, submissions, twoAtOnce = 0 } = options;
  const random = randomOf(seed);
  const deployments = [...new Set(submissions.map(({ deployment }) => deployment))];
  return drawn(random, options).map((strike, wave) => {
    const strikes = [strike, ...(random.chance(twoAtOnce) ? another(random, strike, brokers) : [])];
    const byDeployment = new Map(
      deployments.map((deployment) => {
        const own = submissions.filter((each) => each.deployment === deployment);
        const end = Math.ceil(((wave + 1) * own.length) / faults);
        const fresh = own.slice(Math.ceil((wave * own.length) / faults), end);
        return [deployment, [...fresh, ...own.slice(0, end).slice(random.below(end) || 0).slice(0, 1)]] as const;
      }),
    );
    const deployment = deploymentOf({ strikes });
    const expected = deployment === undefined ? [...byDeployment.values()].flat().length : (byDeployment.get(deployment)?.length ?? 1);
    // Never the last receipt: something must still be on its way.
    const atReceipt = 1 + random.below(Math.max(1, expected - 1));
    return { fault: { strikes, atReceipt, downFor: 2 + random.below(8) }, byDeployment };
  });
}

/** Killed beside it. A broker without its disk has to find all others there. */
function another(random: Random, { target, harm }: Strike, brokers: number): Strike[] {
  const others = targetsOf(brokers).filter((each) => each !== target && !(harm === 'wiped' && isBroker(target) && isBroker(each)));
  const other = others[random.below(others.length)];
  return other === undefined ? [] : [{ target: other, harm: 'killed' }];
}
